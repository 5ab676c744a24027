package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"containr.io/guest-init/internal/wire"
)

func TestAReconnectedAgentGetsTheStateAndOnlyTheLinesItLacks(t *testing.T) {
	g := newGuest(t)
	s := g.first(script(`for i in 1 2 3; do echo line $i; done; exec sleep 60`))
	s.Line(t, "line 3")
	s.Close()
	again := g.agent.Next(t)
	again.Send(t, "welcome", wire.Welcome{Acked: 1})
	if state := again.State(t, wire.Running); state.Pid == 0 {
		t.Fatalf("got %+v", state)
	}
	if texts := fmt.Sprint(again.Lines[0].Text, "|", again.Lines[1].Text); len(again.Lines) != 2 || texts != "line 2|line 3" {
		t.Fatalf("sent again: %+v", again.Lines)
	}
}

func TestLinesWrittenWhileTheAgentIsAwayArriveLater(t *testing.T) {
	g := newGuest(t)
	s := g.first(script(`trap 'echo away' USR1; echo ready; while :; do sleep 0.05; done`))
	s.Line(t, "ready")
	before := s.Lines[len(s.Lines)-1].Seq
	s.Close()
	again := g.agent.Next(t)
	g.signal(syscall.SIGUSR1)
	again.Close() // never welcomed
	third := g.agent.Next(t)
	third.Send(t, "welcome", wire.Welcome{Acked: before})
	if line := third.Line(t, "away"); line.Seq != before+1 {
		t.Fatalf("got %+v", line)
	}
}

func TestAFullBufferSaysHowMuchIsMissing(t *testing.T) {
	g := newGuest(t)
	spec := script(`i=0; while [ $i -lt 9000 ]; do echo "line $i"; i=$((i+1)); done; echo end; exec sleep 60`)
	spec.LogBufferBytes = wire.MinLogBuffer
	s := g.start().agent.Next(t)
	s.NoAcks = true
	s.Welcome(t, "session-1", spec)
	s.Expect(t, "logs", nil) // not necessarily the first lines: on a busy machine they are gone by now
	s.Close()
	eventually(t, "the buffer to overflow", func() bool {
		files, err := filepath.Glob(filepath.Join(g.root, ".containr/log/*.lines"))
		return err == nil && len(files) > 0 && !strings.Contains(files[0], "00000000000000000001.lines")
	})
	again := g.agent.Next(t)
	again.Send(t, "welcome", wire.Welcome{Acked: 1})
	again.Line(t, "end")
	if !strings.Contains(systemLines(again.Lines), "lines were dropped: the log buffer of 262144 bytes was full") {
		t.Fatalf("nothing was said: %q", systemLines(again.Lines))
	}
}
