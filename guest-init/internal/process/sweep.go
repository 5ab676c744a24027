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
// sessions of its own. Keep is asked after the processes were listed, so that one just started is kept. Without /proc only
// process groups are known, and nothing is done.
func KillStrays(keep func() map[int]bool) error {
	if os.Getpid() != 1 {
		return nil
	}
	for sweep := 0; sweep < maxSweeps; sweep++ {
		sessions, err := listSessions()
		if err != nil {
			return err
		}
		kept, strays := keep(), 0
		for pid, session := range sessions {
			if kept[pid] || kept[session] {
				continue
			}
			strays++
			if err := ignoreGone(syscall.Kill(pid, syscall.SIGKILL)); err != nil {
				return err
			}
		}
		if strays == 0 {
			return nil
		}
	}
	return nil
}

// listSessions gives the session of every living process but PID 1.
func listSessions() (map[int]int, error) {
	entries, err := os.ReadDir("/proc")
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	sessions := map[int]int{}
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil || pid == 1 {
			continue
		}
		if state, session, ok := stat(pid); ok && state != 'Z' {
			sessions[pid] = session
		}
	}
	return sessions, nil
}

// stat reads state and session; a process that is gone meanwhile is not ok. The name before them may contain anything.
func stat(pid int) (state byte, session int, ok bool) {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, 0, false
	}
	fields := bytes.Fields(data[bytes.LastIndexByte(data, ')')+1:])
	if len(fields) < 4 {
		return 0, 0, false
	}
	session, err = strconv.Atoi(string(fields[3]))
	return fields[0][0], session, err == nil
}
