//go:build engine

package pidone

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"containr.io/guest-init/internal/agenttest"
	"containr.io/guest-init/internal/wire"
)

// build compiles a program of this module as the guests get it: static, for a system without anything.
func build(t *testing.T, pkg string) []byte {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "program")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, pkg)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	content, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func spec(argv ...string) *wire.Spec {
	return &wire.Spec{Argv: append([]string{"/app"}, argv...), User: "1234:4321", Workdir: "/srv/made",
		Restart: wire.Restart{Policy: wire.RestartNever}, Hostname: "web-demo"}
}

func result(t *testing.T, s *agenttest.Session, run wire.Run) string {
	t.Helper()
	s.Send(t, "run", run)
	var output strings.Builder
	for {
		m := s.Any(t)
		switch m.Type {
		case "output":
			var piece wire.Output
			m.Decode(t, &piece)
			output.Write(piece.Data)
		case "result":
			var end wire.Result
			if m.Decode(t, &end); end.ExitCode != 0 || end.Error != "" {
				t.Fatalf("%v: %+v %s", run.Argv, end, output.String())
			}
			return output.String()
		}
	}
}

// TestGuestInitAsPidOne shares one image among its parts: building it is what takes the time.
func TestGuestInitAsPidOne(t *testing.T) {
	e := newEngine(t)
	image := e.image(map[string][]byte{".containr/init": build(t, ".."), "app": build(t, "./testapp")})
	guest := func(t *testing.T, host map[string]any) (*agenttest.Agent, *container) {
		agent := agenttest.Start(t, "127.0.0.1")
		c := newEngine(t).container(image, []string{"CONTAINR_AGENT=" + agent.Address(), "CONTAINR_AGENT_PIN=" + agent.Pin,
			"CONTAINR_INSTANCE=i-1", "CONTAINR_TOKEN=first"}, host)
		c.post("start")
		return agent, c
	}

	t.Run("runs an application as its user in an image without anything", func(t *testing.T) {
		agent, c := guest(t, map[string]any{})
		s := agent.Next(t)
		s.Welcome(t, "session-1", spec("serve"))
		s.Line(t, "uid=1234 gid=4321 parent=1 home=/")
		s.Line(t, "stdout opened anew")
		s.Line(t, "ready")
		for _, line := range s.Lines {
			if strings.Contains(line.Text, "secrets") {
				t.Fatal(line.Text)
			}
		}
		if memory := c.memory(); memory > 16<<20 {
			t.Fatalf("the guest takes %d bytes of memory", memory)
		} else {
			t.Logf("the guest takes %.1f MB of memory", float64(memory)/(1<<20))
		}
		c.post("stop?t=10")
		if state := s.State(t, wire.Exited); *state.ExitCode != 0 {
			t.Fatalf("got %+v", state)
		}
		s.Line(t, "received terminated")
		if code := c.exitCode(); code != 0 {
			t.Fatalf("exit code %d", code)
		}
	})

	t.Run("starts the application again after a power failure, at once", func(t *testing.T) {
		agent, c := guest(t, map[string]any{})
		s := agent.Next(t)
		s.Welcome(t, "session-1", spec("serve"))
		acked := s.Line(t, "ready").Seq
		c.post("kill")
		c.exitCode()
		c.post("start")
		again := agent.Next(t)
		if again.Hello.Kind != wire.KindSession || again.Hello.Token != "session-1" {
			t.Fatalf("hello was %+v", again.Hello)
		}
		again.Send(t, "welcome", wire.Welcome{Acked: acked})
		if line := again.Line(t, "ready"); line.Seq <= acked {
			t.Fatalf("got %+v", line)
		}
	})

	t.Run("reaps orphans", func(t *testing.T) {
		agent, _ := guest(t, map[string]any{})
		s := agent.Next(t)
		s.Welcome(t, "session-1", spec("orphans"))
		s.Line(t, "ready")
		deadline := time.Now().Add(agenttest.Patience)
		for i := 0; ; i++ {
			processes := result(t, s, wire.Run{ID: fmt.Sprint("look ", i), Argv: []string{"/app", "processes"}, User: "0"})
			if !strings.Contains(processes, "/app orphans") {
				t.Fatalf("the application is gone:\n%s", processes)
			}
			if !strings.Contains(processes, "Z ") && !strings.Contains(processes, "/app child") {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("not all orphans are reaped:\n%s", processes)
			}
		}
	})

	t.Run("ends what an application leaves behind, but nothing that others run", func(t *testing.T) {
		agent, c := guest(t, map[string]any{})
		s := agent.Next(t)
		failing := spec("daemon")
		failing.Restart = wire.Restart{Policy: wire.RestartAlways, MinBackoffMillis: 200, MaxBackoffMillis: 200}
		s.Welcome(t, "session-1", failing)
		s.Send(t, "run", wire.Run{ID: "long", Argv: []string{"/app", "serve"}})
		s.Expect(t, "output", nil)
		c.enter("/app", "operator")
		for exits := 0; exits < 3; exits++ {
			if state := s.State(t, wire.Exited); *state.ExitCode != 9 {
				t.Fatalf("got %+v", state)
			}
		}
		processes := result(t, s, wire.Run{ID: "look", Argv: []string{"/app", "processes"}})
		if strings.Contains(processes, "/app stay") || !strings.Contains(processes, "/app serve") || !strings.Contains(processes, "/app operator") {
			t.Fatalf("processes:\n%s", processes)
		}
	})

	t.Run("works on a root that cannot be written to", func(t *testing.T) {
		agent, c := guest(t, map[string]any{"ReadonlyRootfs": true})
		s := agent.Next(t)
		readOnly := spec("serve")
		readOnly.Workdir = "/"
		s.Send(t, "welcome", wire.Welcome{Session: "session-1", Spec: readOnly, Acked: 41})
		if line := s.Line(t, "ready"); line.Seq <= 41 {
			t.Fatalf("got %+v", line)
		}
		s.Close()
		again := agent.Next(t)
		if again.Hello.Kind != wire.KindFirst {
			t.Fatalf("hello was %+v", again.Hello)
		}
		c.post("stop?t=10")
		if code := c.exitCode(); code != 0 {
			t.Fatalf("exit code %d", code)
		}
	})

	t.Run("kills an application that does not stop", func(t *testing.T) {
		agent, c := guest(t, map[string]any{})
		s := agent.Next(t)
		s.Welcome(t, "session-1", spec("stubborn"))
		s.Line(t, "ready")
		grace := int64(100)
		s.Send(t, "stop", wire.Stop{GraceMillis: &grace})
		if state := s.State(t, wire.Exited); state.Signal != "SIGKILL" {
			t.Fatalf("got %+v", state)
		}
		if code := c.exitCode(); code != 0 {
			t.Fatalf("exit code %d", code)
		}
	})
}
