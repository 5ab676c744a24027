package link

import (
	"context"
	"strings"
	"testing"
	"time"

	"containr.io/guest-init/internal/agenttest"
	"containr.io/guest-init/internal/lines"
	"containr.io/guest-init/internal/spool"
	"containr.io/guest-init/internal/wire"
)

type quietGuest struct{}

func (quietGuest) Hello() wire.Hello                    { return wire.Hello{Type: "hello"} }
func (quietGuest) Welcomed(*wire.Welcome) (bool, error) { return false, nil }
func (quietGuest) Refused(string) (time.Duration, bool) { return 0, false }
func (quietGuest) Hosts(*wire.Hosts)                    {}
func (quietGuest) Run(*wire.Run)                        {}
func (quietGuest) Stop(*wire.Stop)                      {}

func start(t *testing.T, agent *agenttest.Agent, prepare func(*Link)) (*Link, <-chan struct{}) {
	t.Helper()
	address, err := ParseAddress(agent.Address(), agent.Pin)
	if err != nil {
		t.Fatal(err)
	}
	buffer, err := spool.Open(t.TempDir(), wire.MinLogBuffer, time.Now, func(text string) { t.Log(text) })
	if err != nil {
		t.Fatal(err)
	}
	l := New(address, quietGuest{}, buffer, func(string) {})
	prepare(l)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		l.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
	return l, ended
}

func TestASilentGuestPings(t *testing.T) {
	agent := agenttest.Start(t, "127.0.0.1")
	start(t, agent, func(l *Link) { l.ping = 10 * time.Millisecond })
	s := agent.Next(t)
	s.Send(t, "welcome", wire.Welcome{})
	for i := 0; i < 3; i++ {
		s.Expect(t, "ping", nil)
		s.Send(t, "pong", wire.Pong{})
	}
}

func TestLinesSoonAfterOthersGoTogetherUnlessSomethingWaitsForThem(t *testing.T) {
	agent := agenttest.Start(t, "127.0.0.1")
	l, _ := start(t, agent, func(l *Link) { l.rest = time.Hour })
	s := agent.Next(t)
	s.Send(t, "welcome", wire.Welcome{})
	say := func(texts ...string) {
		for _, text := range texts {
			l.spool.Append("stdout", []lines.Piece{{Text: text}})
		}
	}
	expect := func(texts ...string) {
		t.Helper()
		var logs struct {
			Lines []struct {
				Text string `json:"text"`
			} `json:"lines"`
		}
		s.Expect(t, "logs", &logs)
		var got []string
		for _, line := range logs.Lines {
			got = append(got, line.Text)
		}
		if strings.Join(got, " ") != strings.Join(texts, " ") {
			t.Fatalf("got %v, expected %v", got, texts)
		}
	}
	say("first")
	expect("first")
	say("second")
	say("third")
	l.Publish(wire.State{State: wire.Running})
	expect("second", "third")
	s.Expect(t, "state", nil)
	say("last")
	go l.Flush(agenttest.Patience)
	expect("last")
	select {
	case <-l.done:
	case <-time.After(agenttest.Patience):
		t.Fatal("the end is still waited for")
	}
}

func TestAReconnectedAgentGetsTheLinesBeforeTheState(t *testing.T) {
	agent := agenttest.Start(t, "127.0.0.1")
	l, _ := start(t, agent, func(*Link) {})
	s := agent.Next(t)
	s.Send(t, "welcome", wire.Welcome{})
	l.Publish(wire.State{Type: "state", State: wire.Running})
	s.State(t, wire.Running)
	l.spool.Append("stdout", []lines.Piece{{Text: "one"}, {Text: "two"}})
	s.Line(t, "two")
	s.Close()
	again := agent.Next(t)
	again.Send(t, "welcome", wire.Welcome{Acked: 1})
	again.State(t, wire.Running)
	if len(again.Lines) != 1 || again.Lines[0].Text != "two" {
		t.Fatalf("before the state came %+v", again.Lines)
	}
}

func TestTheLinkEndsWhenTheGuestGivesUp(t *testing.T) {
	agent := agenttest.Start(t, "127.0.0.1")
	_, ended := start(t, agent, func(*Link) {})
	agent.Next(t).Send(t, "refused", wire.Refused{Reason: "gone"})
	select {
	case <-ended:
	case <-time.After(agenttest.Patience):
		t.Fatal("it goes on")
	}
}

func TestSendingFailsWithoutAWelcome(t *testing.T) {
	agent := agenttest.Start(t, "127.0.0.1")
	l, _ := start(t, agent, func(*Link) {})
	agent.Next(t)
	if err := l.Send(wire.Ping{Type: "ping"}); err != ErrNotConnected {
		t.Fatalf("got %v", err)
	}
}

func TestPausesGrowAndAreNeverMoreThanTheLongestAndAHalf(t *testing.T) {
	l := &Link{retry: firstRetry}
	for i, expected := 0, firstRetry; i < 10; i++ {
		if pause := l.pause(); pause < expected/2 || pause > expected*3/2 {
			t.Fatalf("pause %d is %v, around %v was expected", i, pause, expected)
		}
		if expected *= 2; expected > longestRetry {
			expected = longestRetry
		}
	}
}

func TestAnAddressNeedsAPortAndAPin(t *testing.T) {
	pin := strings.Repeat("ab", 32)
	if _, err := ParseAddress("[fd00::1]:8108", pin); err != nil {
		t.Fatal(err)
	}
	for _, bad := range [][2]string{{"10.0.0.1", pin}, {"10.0.0.1:1", pin[2:]}, {"10.0.0.1:1", "x" + pin[1:]}, {"", ""}} {
		if _, err := ParseAddress(bad[0], bad[1]); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
