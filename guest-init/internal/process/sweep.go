package process

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
)

// maxSweeps bounds the fight against processes that fork while they are being killed.
const maxSweeps = 20

// KillAll ends every process but this one. It does so only as PID 1; elsewhere the whole machine would go.
func KillAll() error {
	if os.Getpid() != 1 {
		return nil
	}
	return ignoreGone(syscall.Kill(-1, syscall.SIGKILL))
}

// KillStrays ends, as PID 1, every process outside the sessions to keep: what an application that ended has left behind in
// sessions of its own. Whoever entered from outside (an operator's shell) is left alone. Keep is asked after the processes were
// listed, so that one just started is kept. Without /proc only process groups are known, and nothing is done.
func KillStrays(keep func() map[int]bool) error {
	if os.Getpid() != 1 {
		return nil
	}
	for sweep := 0; sweep < maxSweeps; sweep++ {
		inside, err := listInside()
		if err != nil {
			return err
		}
		kept, strays := keep(), 0
		for _, p := range inside {
			if kept[p.pid] || kept[p.session] {
				continue
			}
			strays++
			if err := ignoreGone(syscall.Kill(p.pid, syscall.SIGKILL)); err != nil {
				return err
			}
		}
		if strays == 0 {
			return nil
		}
	}
	return nil
}

// entry is what /proc says about a living process. Parent and session are 0 where they are outside of the guest.
type entry struct {
	pid, parent, session int
}

// listInside gives every living process but PID 1 and those of sessions that were brought in from outside.
func listInside() ([]entry, error) {
	names, err := os.ReadDir("/proc")
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []entry
	outside := map[int]bool{0: true}
	for _, name := range names {
		pid, err := strconv.Atoi(name.Name())
		if err != nil || pid == 1 {
			continue
		}
		if p, ok := stat(pid); ok {
			all = append(all, p)
			outside[p.session] = outside[p.session] || p.parent == 0
		}
	}
	inside := all[:0]
	for _, p := range all {
		if !outside[p.session] {
			inside = append(inside, p)
		}
	}
	return inside, nil
}

// stat reads a process's entry; one that is gone or a zombie is not ok. The name before the fields may contain anything.
func stat(pid int) (entry, bool) {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return entry{}, false
	}
	fields := bytes.Fields(data[bytes.LastIndexByte(data, ')')+1:])
	if len(fields) < 4 || fields[0][0] == 'Z' {
		return entry{}, false
	}
	parent, err := strconv.Atoi(string(fields[1]))
	if err != nil {
		return entry{}, false
	}
	session, err := strconv.Atoi(string(fields[3]))
	return entry{pid: pid, parent: parent, session: session}, err == nil
}
