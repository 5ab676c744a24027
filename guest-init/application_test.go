package main

import (
	"bytes"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"containr.io/guest-init/internal/wire"
)

func TestTheApplicationStartsWithoutTheAgent(t *testing.T) {
	g := newGuest(t)
	marker := filepath.Join(g.root, "started")
	s := g.first(script("echo x >> " + marker + "; exec sleep 60"))
	state := s.State(t, wire.Running)
	started := func(times int) func() bool {
		return func() bool {
			data, err := os.ReadFile(marker)
			return err == nil && bytes.Count(data, []byte("x")) == times
		}
	}
	eventually(t, "a first start", started(1))
	g.crash(state.Pid)
	s.Close()
	g.startAt("127.0.0.1:1") // nobody listens there
	eventually(t, "a second start", started(2))
	g.signal(syscall.SIGTERM)
	if code := g.exitCode(); code != 0 {
		t.Fatalf("exit code %d", code)
	}
}

func TestAFailingApplicationRestartsWithGrowingDelays(t *testing.T) {
	g := newGuest(t)
	spec := script("exit 3")
	spec.Restart = wire.Restart{Policy: wire.RestartOnFailure, MinBackoffMillis: 20, MaxBackoffMillis: 50}
	s := g.first(spec)
	for i, want := range []int64{20, 40, 50, 50} {
		state := s.State(t, wire.Exited)
		if *state.ExitCode != 3 || state.Restarts != i || *state.NextStartMillis != want {
			t.Fatalf("exit %d: %+v, next start in %d", i, state, *state.NextStartMillis)
		}
	}
}

func TestAnApplicationThatSucceedsIsNotRestartedOnFailure(t *testing.T) {
	g := newGuest(t)
	spec := script("echo done")
	spec.Restart.Policy = wire.RestartOnFailure
	s := g.first(spec)
	state := s.State(t, wire.Exited)
	if *state.ExitCode != 0 || state.NextStartMillis != nil {
		t.Fatalf("got %+v", state)
	}
	if last := s.Lines[0]; last.Text != "done" {
		t.Fatalf("the exit came before the line: %+v", s.Lines)
	}
	s.Send(t, "stop", wire.Stop{})
	s.State(t, wire.Stopping)
	if code := g.exitCode(); code != 0 {
		t.Fatalf("exit code %d", code)
	}
}

func TestAProgramThatIsNotThereIsAFailureWithItsReason(t *testing.T) {
	g := newGuest(t)
	s := g.first(&wire.Spec{Argv: []string{"/bin/nope"}, Restart: wire.Restart{Policy: wire.RestartNever}})
	if state := s.State(t, wire.Failed); state.Reason != "exec /bin/nope: no such file or directory" {
		t.Fatalf("got %+v", state)
	}
}

func TestTheImagesStopSignalReachesTheApplication(t *testing.T) {
	g := newGuest(t)
	spec := script(`trap 'echo leaving; exit 0' QUIT; echo ready; while :; do sleep 0.05; done`)
	spec.StopSignal = "SIGQUIT"
	s := g.first(spec)
	s.Line(t, "ready")
	g.signal(syscall.SIGTERM)
	s.State(t, wire.Stopping)
	state := s.State(t, wire.Exited)
	if *state.ExitCode != 0 || state.NextStartMillis != nil {
		t.Fatalf("got %+v", state)
	}
	s.Line(t, "leaving")
	s.Closed(t)
	if code := g.exitCode(); code != 0 {
		t.Fatalf("exit code %d", code)
	}
}

func TestAnApplicationThatWillNotStopIsKilledAfterItsGrace(t *testing.T) {
	g := newGuest(t)
	s := g.first(script(`trap '' TERM; echo ready; while :; do sleep 0.05; done`))
	s.Line(t, "ready")
	began := time.Now()
	s.Send(t, "stop", wire.Stop{GraceMillis: millis(300)})
	state := s.State(t, wire.Exited)
	if *state.ExitCode != 137 || state.Signal != "SIGKILL" {
		t.Fatalf("got %+v", state)
	}
	if took := time.Since(began); took < 300*time.Millisecond {
		t.Fatalf("killed after %v", took)
	}
	if code := g.exitCode(); code != 0 {
		t.Fatalf("exit code %d", code)
	}
}

func TestOtherSignalsAreForwarded(t *testing.T) {
	g := newGuest(t)
	s := g.first(script(`trap 'echo hup' HUP; trap 'echo winch' WINCH; echo ready; while :; do sleep 0.05; done`))
	s.Line(t, "ready")
	g.signal(syscall.SIGHUP)
	s.Line(t, "hup")
	g.signal(syscall.SIGWINCH)
	s.Line(t, "winch")
}
