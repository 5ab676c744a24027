package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"containr.io/guest-init/internal/wire"
)

func TestFirstContactGivesTheGuestItsApplication(t *testing.T) {
	g := newGuest(t)
	spec := script(`echo "secret is $SECRET"; env | grep CONTAINR_; pwd; exec sleep 60`)
	spec.Env = []wire.EnvVar{{Name: "SECRET", Value: []byte("two\nlines")}}
	s := g.first(spec)
	if want := (wire.Hello{Type: "hello", Protocol: 1, Instance: "instance-1", Token: "first-token", Kind: "first", Version: version}); s.Hello != want {
		t.Fatalf("hello was %+v", s.Hello)
	}
	state := s.State(t, wire.Running)
	s.Line(t, "secret is two")
	if line := s.Line(t, "lines"); line.Stream != wire.Stdout || line.Seq != 2 {
		t.Fatalf("got %+v", line)
	}
	s.Line(t, "/tmp")
	for _, line := range s.Lines {
		if strings.Contains(line.Text, "CONTAINR_") {
			t.Fatalf("the application saw %q", line.Text)
		}
	}
	info, err := os.Stat(g.stateFile())
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("state.json: %v %v", info, err)
	}
	if err := syscall.Kill(state.Pid, 0); err != nil {
		t.Fatalf("pid %d: %v", state.Pid, err)
	}
}

func TestACrashBetweenWelcomeAndConfirmLeavesTheFirstTokenInUse(t *testing.T) {
	g := newGuest(t)
	lost := g.start().agent.Next(t)
	g.crash()
	lost.Send(t, "welcome", wire.Welcome{Session: "lost", Spec: script("echo lost")})
	s := g.start().agent.Next(t)
	if s.Hello.Kind != wire.KindFirst || s.Hello.Token != "first-token" {
		t.Fatalf("hello was %+v", s.Hello)
	}
	s.Welcome(t, "session-2", script("echo found"))
	s.Line(t, "found")
}

func TestAStoredSessionIsUsedWhenTheConfirmationWasLost(t *testing.T) {
	g := newGuest(t)
	s := g.start().agent.Next(t)
	s.Send(t, "welcome", wire.Welcome{Session: "session-1", Spec: script("exec sleep 60")})
	s.Expect(t, "confirm", nil) // the agent crashes before it takes it in
	s.Close()
	again := g.agent.Next(t)
	if again.Hello.Kind != wire.KindSession || again.Hello.Token != "session-1" {
		t.Fatalf("hello was %+v", again.Hello)
	}
}

func TestARefusedGuestWithNothingToRunEnds(t *testing.T) {
	g := newGuest(t)
	g.start().agent.Next(t).Send(t, "refused", wire.Refused{Reason: "token already used"})
	if code := g.exitCode(); code != 1 {
		t.Fatalf("exit code %d", code)
	}
	if !strings.Contains(g.console.String(), "token already used") || strings.Contains(g.console.String(), "first-token") {
		t.Fatalf("console: %s", g.console.String())
	}
}

func TestARefusalThatMayPassIsTriedAgain(t *testing.T) {
	g := newGuest(t)
	g.start().agent.Next(t).Send(t, "refused", wire.Refused{Reason: "not yet", Retry: true})
	s := g.agent.Next(t)
	s.Welcome(t, "session-1", script("echo at last"))
	s.Line(t, "at last")
}

func TestARefusedSessionFallsBackToTheFirstTokenAndTheApplicationGoesOn(t *testing.T) {
	g := newGuest(t)
	s := g.first(script("exec sleep 60"))
	pid := s.State(t, wire.Running).Pid
	s.Close()
	g.agent.Next(t).Send(t, "refused", wire.Refused{Reason: "unknown session"})
	again := g.agent.Next(t)
	if again.Hello.Kind != wire.KindFirst || again.Hello.Token != "first-token" {
		t.Fatalf("hello was %+v", again.Hello)
	}
	again.Welcome(t, "session-2", script("exec sleep 60"))
	if state := again.State(t, wire.Running); state.Pid != pid || state.Restarts != 0 {
		t.Fatalf("got %+v", state)
	}
}

func TestAnImpostorGetsNoToken(t *testing.T) {
	g := newGuest(t)
	g.agent.Pin = strings.Repeat("0", 64)
	g.start()
	eventually(t, "a complaint", func() bool { return strings.Contains(g.console.String(), "CONTAINR_AGENT_PIN") })
	g.signal(syscall.SIGTERM)
	if code := g.exitCode(); code != 0 {
		t.Fatalf("exit code %d", code)
	}
}

func TestAChangedSpecificationIsStoredAndUsedFromTheNextStart(t *testing.T) {
	g := newGuest(t)
	spec := script("echo old; exec sleep 60")
	s := g.first(spec)
	pid := s.State(t, wire.Running).Pid
	s.Line(t, "old")
	s.Close()
	again := g.agent.Next(t)
	changed := script("echo new; exec sleep 60")
	changed.Hosts = []wire.Host{{Address: "10.0.0.3", Names: []string{"db", "db.internal"}}}
	again.Send(t, "welcome", wire.Welcome{Spec: changed, Acked: s.Lines[len(s.Lines)-1].Seq})
	again.Expect(t, "confirm", nil)
	eventually(t, "the new hosts", func() bool {
		hosts, err := os.ReadFile(filepath.Join(g.root, "etc/hosts"))
		return err == nil && strings.Contains(string(hosts), "10.0.0.3\tdb db.internal\n")
	})
	g.crash(pid)
	third := g.start().agent.Next(t)
	third.Send(t, "welcome", wire.Welcome{Acked: s.Lines[len(s.Lines)-1].Seq})
	third.Line(t, "new")
}

func TestNamesArePushedStoredAndKeptByARestart(t *testing.T) {
	g := newGuest(t)
	spec := script("exec sleep 60")
	spec.Hosts = []wire.Host{{Address: "10.0.0.3", Names: []string{"db.internal", "db"}}}
	s := g.first(spec)
	pid := s.State(t, wire.Running).Pid
	hosts := func() string {
		text, _ := os.ReadFile(filepath.Join(g.root, "etc/hosts"))
		return string(text)
	}
	if !strings.Contains(hosts(), "10.0.0.3\tdb.internal db\n") {
		t.Fatalf("hosts at the start: %q", hosts())
	}
	s.Send(t, "hosts", wire.Hosts{Hosts: []wire.Host{{Address: "10.0.0.4", Names: []string{"db.internal", "db"}}}})
	eventually(t, "the new address", func() bool {
		return strings.Contains(hosts(), "10.0.0.4\tdb.internal db\n") && !strings.Contains(hosts(), "10.0.0.3")
	})
	g.crash(pid)
	if err := os.Remove(filepath.Join(g.root, "etc/hosts")); err != nil {
		t.Fatal(err)
	}
	again := g.start()
	eventually(t, "the stored address, before the agent answers", func() bool {
		return strings.Contains(hosts(), "10.0.0.4\tdb.internal db\n")
	})
	third := again.agent.Next(t)
	third.Send(t, "welcome", wire.Welcome{})
	third.State(t, wire.Running)
	third.Send(t, "hosts", wire.Hosts{})
	eventually(t, "an empty table", func() bool { return !strings.Contains(hosts(), "db.internal") })
}

func TestACloneStartsAnew(t *testing.T) {
	g := newGuest(t)
	s := g.first(script("echo original; exec sleep 60"))
	pid := s.State(t, wire.Running).Pid
	s.Line(t, "original")
	g.crash(pid)
	data, err := os.ReadFile(g.stateFile())
	if err != nil {
		t.Fatal(err)
	}
	var saved map[string]any
	if err := json.Unmarshal(data, &saved); err != nil {
		t.Fatal(err)
	}
	saved["instance"] = "another"
	if data, err = json.Marshal(saved); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(g.stateFile(), data, 0o600); err != nil {
		t.Fatal(err)
	}
	again := g.start().agent.Next(t)
	if again.Hello.Kind != wire.KindFirst {
		t.Fatalf("hello was %+v", again.Hello)
	}
	again.Welcome(t, "session-2", script("echo copy"))
	if line := again.Line(t, "copy"); line.Seq != 1 {
		t.Fatalf("got %+v", line)
	}
}

func TestAnImpossibleSpecificationIsReported(t *testing.T) {
	g := newGuest(t)
	s := g.start().agent.Next(t)
	s.Send(t, "welcome", wire.Welcome{Session: "s", Spec: &wire.Spec{}})
	if state := s.State(t, wire.Failed); state.Reason != "specification: argv is empty" {
		t.Fatalf("got %+v", state)
	}
	g.agent.Next(t).Welcome(t, "session-1", script("true"))
}
