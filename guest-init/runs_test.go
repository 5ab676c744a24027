package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"containr.io/guest-init/internal/agenttest"
	"containr.io/guest-init/internal/wire"
)

// collect gives what the command wrote and its result.
func collect(t *testing.T, s *agenttest.Session, id string) (stdout, stderr string, result wire.Result) {
	t.Helper()
	for {
		m := s.Any(t)
		switch m.Type {
		case "output":
			var piece wire.Output
			m.Decode(t, &piece)
			if piece.ID != id {
				t.Fatalf("output of %q", piece.ID)
			}
			if piece.Stream == wire.Stdout {
				stdout += string(piece.Data)
			} else {
				stderr += string(piece.Data)
			}
		case "result":
			m.Decode(t, &result)
			return stdout, stderr, result
		}
	}
}

func TestACommandRunsInTheApplicationsEnvironment(t *testing.T) {
	g := newGuest(t)
	spec := script("exec sleep 60")
	spec.Env = []wire.EnvVar{{Name: "URL", Value: []byte("db://x")}, {Name: "MODE", Value: []byte("app")}}
	s := g.first(spec)
	s.State(t, wire.Running)
	s.Send(t, "run", wire.Run{ID: "r1", Argv: []string{"sh", "-c", "echo $URL $MODE; pwd; cat; echo problem >&2; exit 7"},
		Env: []wire.EnvVar{{Name: "MODE", Value: []byte("task")}}, Stdin: []byte("given\n")})
	stdout, stderr, result := collect(t, s, "r1")
	if stdout != "db://x task\n/tmp\ngiven\n" || stderr != "problem\n" {
		t.Fatalf("stdout %q, stderr %q", stdout, stderr)
	}
	want := wire.Result{Type: "result", ID: "r1", ExitCode: 7, StdoutBytes: int64(len(stdout)), StderrBytes: int64(len(stderr))}
	if result != want {
		t.Fatalf("got %+v", result)
	}
}

func TestARepeatedIdIsAnsweredAndNotRunAgain(t *testing.T) {
	g := newGuest(t)
	s := g.first(script("exec sleep 60"))
	pid := s.State(t, wire.Running).Pid
	trace := filepath.Join(g.root, "trace")
	run := wire.Run{ID: "../once", Argv: []string{"sh", "-c", "echo x >> " + trace + "; exit 4"}}
	s.Send(t, "run", run)
	_, _, first := collect(t, s, run.ID)
	s.Send(t, "run", run)
	if _, _, second := collect(t, s, run.ID); second != first || first.ExitCode != 4 {
		t.Fatalf("got %+v and %+v", first, second)
	}
	g.crash(pid)
	again := g.start().agent.Next(t)
	again.Send(t, "welcome", wire.Welcome{})
	again.Send(t, "run", run)
	if _, _, third := collect(t, again, run.ID); third != first {
		t.Fatalf("after a restart: %+v", third)
	}
	if data, err := os.ReadFile(trace); err != nil || string(data) != "x\n" {
		t.Fatalf("it ran %q times, %v", data, err)
	}
}

func TestACommandCutOffByARestartIsNotRunAgain(t *testing.T) {
	g := newGuest(t)
	s := g.first(script("exec sleep 60"))
	pid := s.State(t, wire.Running).Pid
	run := wire.Run{ID: "cut", Argv: []string{"sh", "-c", "echo $$; exec sleep 60"}}
	s.Send(t, "run", run)
	s.Expect(t, "output", nil)
	g.crash(pid)
	again := g.start().agent.Next(t)
	again.Send(t, "welcome", wire.Welcome{})
	again.Send(t, "run", run)
	if _, _, result := collect(t, again, "cut"); !strings.Contains(result.Error, "the guest restarted") {
		t.Fatalf("got %+v", result)
	}
}

func TestACommandThatTakesTooLongIsKilledWithItsChildren(t *testing.T) {
	g := newGuest(t)
	s := g.first(script("exec sleep 60"))
	s.State(t, wire.Running)
	s.Send(t, "run", wire.Run{ID: "slow", Argv: []string{"sh", "-c", "sleep 60 & sleep 60"}, TimeoutMillis: 200})
	_, _, result := collect(t, s, "slow")
	if result.Error != "timed out after 200ms" || result.ExitCode != 137 || result.Signal != "SIGKILL" {
		t.Fatalf("got %+v", result)
	}
}

func TestACommandThatCannotStartSaysWhy(t *testing.T) {
	g := newGuest(t)
	s := g.first(script("exec sleep 60"))
	s.State(t, wire.Running)
	s.Send(t, "run", wire.Run{ID: "bad", Argv: []string{"/bin/nope"}})
	_, _, result := collect(t, s, "bad")
	if result.Error != "exec /bin/nope: no such file or directory" || result.ExitCode != -1 {
		t.Fatalf("got %+v", result)
	}
}

func TestALargeOutputArrivesWhole(t *testing.T) {
	g := newGuest(t)
	s := g.first(script("exec sleep 60"))
	s.State(t, wire.Running)
	s.Send(t, "run", wire.Run{ID: "big", Argv: []string{"sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' z"}})
	stdout, _, result := collect(t, s, "big")
	if len(stdout) != 3000000 || result.StdoutBytes != 3000000 || strings.Trim(stdout, "z") != "" {
		t.Fatalf("%d bytes arrived of %d", len(stdout), result.StdoutBytes)
	}
}
