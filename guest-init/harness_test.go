package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"containr.io/guest-init/internal/agenttest"
	"containr.io/guest-init/internal/wire"
)

const actAsGuestInit = "GUEST_INIT_TEST_ACT"

// TestMain lets the test binary be guest-init: the tests see a real process from outside.
func TestMain(m *testing.M) {
	if os.Getenv(actAsGuestInit) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// guestProcess is a running guest-init that is not PID 1, with a directory for its root.
type guestProcess struct {
	t       *testing.T
	root    string
	agent   *agenttest.Agent
	cmd     *exec.Cmd
	console *console
	ended   chan error
}

func newGuest(t *testing.T) *guestProcess {
	t.Helper()
	return &guestProcess{t: t, root: t.TempDir(), agent: agenttest.Start(t, "127.0.0.1")}
}

func (g *guestProcess) start() *guestProcess {
	g.t.Helper()
	return g.startAt(g.agent.Address())
}

func (g *guestProcess) startAt(address string) *guestProcess {
	g.t.Helper()
	g.console = &console{}
	g.cmd = exec.Command(os.Args[0], "-root", g.root)
	g.cmd.Env = []string{actAsGuestInit + "=1", "CONTAINR_AGENT=" + address, "CONTAINR_AGENT_PIN=" + g.agent.Pin,
		"CONTAINR_INSTANCE=instance-1", "CONTAINR_TOKEN=first-token"}
	g.cmd.Stderr = g.console
	if err := g.cmd.Start(); err != nil {
		g.t.Fatal(err)
	}
	ended := make(chan error, 1)
	g.ended = ended
	cmd := g.cmd
	go func() { ended <- cmd.Wait() }()
	g.t.Cleanup(func() {
		endWithChildren(cmd.Process.Pid) // most tests have ended it
		if g.t.Failed() {
			g.t.Logf("console:\n%s", g.console.String())
		}
	})
	return g
}

// endWithChildren kills guest-init and what it runs: outside of a guest, nothing takes its orphans along.
func endWithChildren(pid int) {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	_ = syscall.Kill(pid, syscall.SIGSTOP)
	for _, task := range tasks {
		children, _ := os.ReadFile(task)
		for _, child := range strings.Fields(string(children)) {
			if group, err := strconv.Atoi(child); err == nil {
				_ = syscall.Kill(-group, syscall.SIGKILL)
			}
		}
	}
	_ = syscall.Kill(pid, syscall.SIGKILL)
}

// crash ends guest-init without any notice, as a power failure of the guest would; its application goes too.
func (g *guestProcess) crash(pids ...int) {
	g.t.Helper()
	if err := g.cmd.Process.Kill(); err != nil {
		g.t.Fatal(err)
	}
	<-g.ended
	for _, pid := range pids {
		_ = syscall.Kill(-pid, syscall.SIGKILL) // it may have ended by itself
	}
}

func (g *guestProcess) signal(sig syscall.Signal) {
	g.t.Helper()
	if err := g.cmd.Process.Signal(sig); err != nil {
		g.t.Fatal(err)
	}
}

func (g *guestProcess) exitCode() int {
	g.t.Helper()
	select {
	case err := <-g.ended:
		var exit *exec.ExitError
		if err == nil {
			return 0
		}
		if errors.As(err, &exit) {
			return exit.ExitCode()
		}
		g.t.Fatal(err)
	case <-time.After(agenttest.Patience):
		g.t.Fatal("guest-init does not end")
	}
	return -1
}

func (g *guestProcess) stateFile() string {
	return filepath.Join(g.root, ".containr", "state.json")
}

// first starts the guest and carries it through first contact.
func (g *guestProcess) first(spec *wire.Spec) *agenttest.Session {
	g.t.Helper()
	s := g.start().agent.Next(g.t)
	s.Welcome(g.t, "session-1", spec)
	return s
}

// console is what PID 1 wrote to its standard error.
type console struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (c *console) Write(data []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.text.Write(data)
}

func (c *console) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.text.String()
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(agenttest.Patience); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func script(text string) *wire.Spec {
	return &wire.Spec{Argv: []string{"/bin/sh", "-c", text}, User: "", Workdir: "/tmp",
		Restart: wire.Restart{Policy: wire.RestartNever}}
}

func millis(n int64) *int64 {
	return &n
}

func systemLines(lines []wire.Line) string {
	var all []string
	for _, line := range lines {
		if line.Stream == wire.System {
			all = append(all, line.Text)
		}
	}
	return strings.Join(all, "\n")
}
