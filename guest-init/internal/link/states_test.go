package link

import (
	"testing"
	"time"

	"containr.io/guest-init/internal/wire"
)

func TestAStateWaitsForItsLinesButNotForEver(t *testing.T) {
	now := time.Now()
	var q stateQueue
	q.add(wire.State{State: wire.Exited}, 10, now)
	if state, wait := q.ready(9, now); state != nil || wait != stateDelay {
		t.Fatalf("before its lines: %v, %v", state, wait)
	}
	if state, _ := q.ready(9, now.Add(stateDelay)); state == nil {
		t.Fatal("it waits longer than it may")
	}
	q.add(wire.State{State: wire.Running}, 12, now)
	if state, _ := q.ready(12, now); state == nil || state.State != wire.Running {
		t.Fatalf("after its lines: %v", state)
	}
	if state, wait := q.ready(12, now); state != nil || wait != 0 {
		t.Fatalf("without a state: %v, %v", state, wait)
	}
}

func TestTheLatestStateIsRepeatedAfterAReconnect(t *testing.T) {
	now := time.Now()
	var q stateQueue
	for _, name := range []string{wire.Running, wire.Exited, wire.Failed} {
		q.add(wire.State{State: name}, 0, now)
	}
	for reconnect := 0; reconnect < 2; reconnect++ {
		q.reconnected()
		if state, _ := q.ready(0, now); state == nil || state.State != wire.Failed {
			t.Fatalf("got %v", state)
		}
		if state, _ := q.ready(0, now); state != nil {
			t.Fatalf("an older state was sent: %v", state)
		}
	}
}

func TestStatesOfAnAgentThatIsAwayAreBounded(t *testing.T) {
	var q stateQueue
	for i := 0; i < 1000; i++ {
		q.add(wire.State{Restarts: i}, 0, time.Now())
	}
	if len(q.pending) != mostStates || q.pending[mostStates-1].state.Restarts != 999 {
		t.Fatalf("%d states are kept", len(q.pending))
	}
}
