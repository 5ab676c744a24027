package link

import (
	"time"

	"containr.io/guest-init/internal/wire"
)

const (
	mostStates = 32
	// stateDelay bounds how long a state waits for its lines: an agent that acknowledges nothing must still learn of an exit.
	stateDelay = 2 * time.Second
)

// stateQueue holds the states to send on this connection, and the latest one for the next.
type stateQueue struct {
	pending []pendingState
	latest  *pendingState
}

type pendingState struct {
	state wire.State
	after uint64 // the newest line when it came
	due   time.Time
}

func (q *stateQueue) add(state wire.State, after uint64, now time.Time) {
	next := pendingState{state: state, after: after, due: now.Add(stateDelay)}
	q.latest = &next
	q.pending = append(q.pending, next)
	if len(q.pending) > mostStates {
		q.pending = q.pending[1:]
	}
}

// reconnected leaves the latest state alone to send.
func (q *stateQueue) reconnected() {
	q.pending = nil
	if q.latest != nil {
		q.pending = append(q.pending, *q.latest)
	}
}

// ready gives the next state that may be sent now, and how long to wait for one that may not yet.
func (q *stateQueue) ready(sent uint64, now time.Time) (state *wire.State, wait time.Duration) {
	if len(q.pending) == 0 {
		return nil, 0
	}
	next := q.pending[0]
	if next.after > sent && now.Before(next.due) {
		return nil, next.due.Sub(now)
	}
	q.pending = q.pending[1:]
	return &next.state, 0
}
