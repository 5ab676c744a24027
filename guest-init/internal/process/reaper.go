// Package process starts, signals and reaps processes as PID 1 must.
//
// One reaper owns every wait4 of the program. It waits for any child, so orphans that the kernel hands to PID 1 are reaped too,
// and it hands the status of the processes started here to whoever waits. os/exec is not used: its Wait would compete.
package process

import (
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// Reaper starts processes and reaps all children.
type Reaper struct {
	mu    sync.Mutex // held while a process starts: it may end before it is known
	known map[int]*Process
}

// NewReaper begins to reap. There must be only one in a program.
func NewReaper() *Reaper {
	r := &Reaper{known: map[int]*Process{}}
	children := make(chan os.Signal, 1)
	signal.Notify(children, syscall.SIGCHLD)
	go func() {
		for range children {
			r.reap()
		}
	}()
	return r
}

// Process is a child in a session of its own.
type Process struct {
	Pid    int
	reaper *Reaper
	status syscall.WaitStatus
	done   chan struct{}
}

// Start runs the program at path as the leader of a new session.
func (r *Reaper) Start(path string, argv []string, attr *syscall.ProcAttr) (*Process, error) {
	if attr.Sys == nil {
		attr.Sys = &syscall.SysProcAttr{}
	}
	attr.Sys.Setsid = true
	r.mu.Lock()
	defer r.mu.Unlock()
	pid, err := syscall.ForkExec(path, argv, attr)
	if err != nil {
		return nil, err
	}
	p := &Process{Pid: pid, reaper: r, done: make(chan struct{})}
	r.known[pid] = p
	return p, nil
}

func (r *Reaper) reap() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil || pid <= 0 {
			return // ECHILD, or the rest still runs
		}
		if p := r.known[pid]; p != nil {
			delete(r.known, pid)
			p.status = status
			close(p.done)
		}
	}
}

// Done is closed when the process has ended.
func (p *Process) Done() <-chan struct{} {
	return p.done
}

// Exit gives the exit code (128 + n for a process ended by signal n) and that signal's name. Only valid after Done.
func (p *Process) Exit() (code int, signalName string) {
	if p.status.Signaled() {
		return 128 + int(p.status.Signal()), SignalName(p.status.Signal())
	}
	return p.status.ExitStatus(), ""
}

// Signal sends to the process alone; one that has ended is never hit by mistake.
func (p *Process) Signal(sig syscall.Signal) error {
	p.reaper.mu.Lock()
	defer p.reaper.mu.Unlock()
	if p.reaper.known[p.Pid] != p {
		return nil
	}
	return ignoreGone(syscall.Kill(p.Pid, sig))
}

// KillGroup ends what is left of the process's group.
func (p *Process) KillGroup() error {
	return ignoreGone(syscall.Kill(-p.Pid, syscall.SIGKILL))
}

func ignoreGone(err error) error {
	if errors.Is(err, syscall.ESRCH) {
		return nil
	}
	return err
}
