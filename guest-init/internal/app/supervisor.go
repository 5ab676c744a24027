// Package app supervises the application of the guest: it starts it, takes its lines, restarts it by policy and stops it.
package app

import (
	"fmt"
	"sync"
	"syscall"
	"time"

	"containr.io/guest-init/internal/lines"
	"containr.io/guest-init/internal/process"
	"containr.io/guest-init/internal/wire"
)

// drainPatience bounds the wait for the last output of an application whose processes are all gone.
const drainPatience = 2 * time.Second

// Surroundings are what a supervisor works with.
type Surroundings struct {
	Root     string // where etc/passwd and etc/group are looked up
	Reaper   *process.Reaper
	Append   func(stream string, pieces []lines.Piece)
	Say      func(text string)
	Publish  func(wire.State)
	Sessions func() map[int]bool // of one-off commands, which outlive an application that ended
}

// Supervisor runs one application until it is stopped.
type Supervisor struct {
	with     Surroundings
	restarts int
	backoff  backoff

	mu      sync.Mutex
	spec    *wire.Spec
	running *process.Process
}

// New prepares to run what spec describes.
func New(with Surroundings, spec *wire.Spec) *Supervisor {
	return &Supervisor{with: with, spec: spec}
}

// Update changes the specification; it applies from the application's next start, its grace time at once.
func (s *Supervisor) Update(spec *wire.Spec) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spec = spec
}

// Spec is the specification in force.
func (s *Supervisor) Spec() *wire.Spec {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.spec
}

// Forward sends a signal to the application's main process, if it runs.
func (s *Supervisor) Forward(sig syscall.Signal) {
	s.mu.Lock()
	running := s.running
	s.mu.Unlock()
	if running == nil {
		return
	}
	if err := running.Signal(sig); err != nil {
		s.with.Say(fmt.Sprintf("forwarding %s failed: %v", process.SignalName(sig), err))
	}
}

// Run starts the application and starts it again as the policy says, until stop gives the grace time of its end. An application
// that is not to be restarted leaves Run waiting for stop: the guest stays reachable.
func (s *Supervisor) Run(stop <-chan time.Duration) {
	for {
		wait, again := s.once(stop)
		if !again {
			return
		}
		if wait == nil {
			<-stop
			s.with.Publish(wire.State{State: wire.Stopping, Restarts: s.restarts})
			return
		}
		timer := time.NewTimer(*wait)
		select {
		case <-stop:
			timer.Stop()
			s.with.Publish(wire.State{State: wire.Stopping, Restarts: s.restarts})
			return
		case <-timer.C:
			s.restarts++
		}
	}
}

// once runs the application one time. Again is false when it was stopped; a nil wait means that it is not to be restarted.
func (s *Supervisor) once(stop <-chan time.Duration) (wait *time.Duration, again bool) {
	spec := s.Spec()
	started := time.Now()
	p, pipes, err := s.start(spec)
	if err != nil {
		wait := s.delay(spec, true, 0)
		s.with.Say("the application cannot start: " + err.Error() + restartNote(wait))
		s.with.Publish(wire.State{State: wire.Failed, Reason: err.Error(), Restarts: s.restarts, NextStartMillis: millis(wait)})
		return wait, true
	}
	s.with.Publish(wire.State{State: wire.Running, Pid: p.Pid, Restarts: s.restarts})
	select {
	case <-p.Done():
		s.clear(p, pipes)
		code, sig := p.Exit()
		wait := s.delay(spec, code != 0, time.Since(started))
		s.with.Say("the application ended: " + ending(code, sig) + restartNote(wait))
		s.exited(code, sig, wait)
		return wait, true
	case grace := <-stop:
		s.stop(p, spec, grace)
		s.clear(p, pipes)
		code, sig := p.Exit()
		s.with.Say("the application was stopped: " + ending(code, sig))
		s.exited(code, sig, nil)
		return nil, false
	}
}

func (s *Supervisor) start(spec *wire.Spec) (*process.Process, *process.Pipes, error) {
	pipes, err := process.NewPipes(false)
	if err != nil {
		return nil, nil, err
	}
	command := process.Command{Argv: spec.Argv, Env: spec.Env, User: spec.User, Workdir: spec.Workdir}
	p, err := command.Start(s.with.Reaper, s.with.Root, pipes.Stdio)
	if err != nil {
		pipes.Close()
		return nil, nil, err
	}
	pipes.Started()
	var splitters [3]lines.Splitter
	streams := [3]string{1: wire.Stdout, 2: wire.Stderr}
	pipes.Collect(func(fd int, data []byte) {
		if data == nil {
			s.with.Append(streams[fd], splitters[fd].Flush())
			return
		}
		s.with.Append(streams[fd], splitters[fd].Feed(data))
	})
	s.mu.Lock()
	s.running = p
	s.mu.Unlock()
	return p, pipes, nil
}

// stop asks the application to end and ends it after the grace time.
func (s *Supervisor) stop(p *process.Process, spec *wire.Spec, grace time.Duration) {
	s.with.Publish(wire.State{State: wire.Stopping, Pid: p.Pid, Restarts: s.restarts})
	sig, err := process.ParseSignal(spec.StopSignal)
	if err != nil {
		s.with.Say(err.Error() + "; SIGTERM is sent instead")
		sig = syscall.SIGTERM
	}
	s.Forward(sig)
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-p.Done():
		return
	case <-timer.C:
	}
	s.with.Say(fmt.Sprintf("the application did not end within %v of %s; it is killed", grace, process.SignalName(sig)))
	s.report(p.KillGroup())
	s.report(process.KillAll())
	<-p.Done()
}

// clear ends what the main process left behind, as the end of a container would, and takes the last output.
func (s *Supervisor) clear(p *process.Process, pipes *process.Pipes) {
	s.mu.Lock()
	s.running = nil
	s.mu.Unlock()
	s.report(p.KillGroup())
	s.report(process.KillStrays(s.with.Sessions))
	pipes.Drain(drainPatience)
}

func (s *Supervisor) exited(code int, sig string, wait *time.Duration) {
	s.with.Publish(wire.State{State: wire.Exited, ExitCode: &code, Signal: sig, Restarts: s.restarts, NextStartMillis: millis(wait)})
}

func (s *Supervisor) delay(spec *wire.Spec, failed bool, ran time.Duration) *time.Duration {
	if wait, again := s.backoff.next(spec, failed, ran); again {
		return &wait
	}
	return nil
}

func (s *Supervisor) report(err error) {
	if err != nil {
		s.with.Say("ending the application's processes: " + err.Error())
	}
}

func ending(code int, sig string) string {
	if sig != "" {
		return "killed by " + sig
	}
	return fmt.Sprintf("exit code %d", code)
}

func restartNote(wait *time.Duration) string {
	if wait == nil {
		return ""
	}
	return fmt.Sprintf("; it starts again in %v", *wait)
}

func millis(wait *time.Duration) *int64 {
	if wait == nil {
		return nil
	}
	ms := wait.Milliseconds()
	return &ms
}
