// Package link keeps the guest's one connection to the agent: it greets, sends lines and states, and receives commands.
package link

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"sync"
	"time"

	"containr.io/guest-init/internal/spool"
	"containr.io/guest-init/internal/wire"
)

// Backoff between two attempts to connect, with jitter.
const (
	firstRetry   = 100 * time.Millisecond
	longestRetry = 2 * time.Second
)

// ErrNotConnected is told to a sender while there is no agent.
var ErrNotConnected = errors.New("the agent is not connected")

// errRefused ends a connection that the agent turned away.
type errRefused struct {
	reason string
	retry  bool
}

func (e errRefused) Error() string {
	return "the agent refuses this guest: " + e.reason
}

// Guest is the other side of the link: what it asks of, and tells to, the rest of the program.
type Guest interface {
	// Hello gives the greeting for the next connection.
	Hello() wire.Hello
	// Welcomed takes what the agent sent; with confirm the agent is told that it is stored.
	Welcomed(welcome *wire.Welcome) (confirm bool, err error)
	// Refused is told that the token will never be good again. It says when to ask again, or false to end the link.
	Refused(reason string) (pause time.Duration, goOn bool)
	// Hosts is a new table of names.
	Hosts(hosts *wire.Hosts)
	// Run and Stop are commands; they must not block.
	Run(run *wire.Run)
	Stop(stop *wire.Stop)
}

// Link connects, and connects again, until its context ends.
type Link struct {
	address Address
	guest   Guest
	spool   *spool.Spool
	warn    func(text string)
	retry   time.Duration
	ping    time.Duration
	rest    time.Duration

	mu     sync.Mutex
	conn   *wire.Conn // nil without a welcome
	states stateQueue
	poke   chan struct{}
	flush  chan struct{} // closed by Flush
	done   chan struct{} // closed once everything is sent after Flush
}

// New prepares a link; Run starts it.
func New(address Address, guest Guest, spool *spool.Spool, warn func(string)) *Link {
	return &Link{address: address, guest: guest, spool: spool, warn: warn, retry: firstRetry, ping: wire.PingEvery, rest: batchPause,
		poke: make(chan struct{}, 1), flush: make(chan struct{}), done: make(chan struct{})}
}

// Run holds the connection until ctx ends or the agent refuses the guest for good.
func (l *Link) Run(ctx context.Context) {
	var told string
	for ctx.Err() == nil {
		err := l.connect(ctx)
		if ctx.Err() != nil {
			return
		}
		pause := l.pause()
		var refused errRefused
		if errors.As(err, &refused) && !refused.retry {
			var goOn bool
			if pause, goOn = l.guest.Refused(refused.reason); !goOn {
				return
			}
		}
		if err != nil && err.Error() != told {
			told = err.Error()
			l.warn(fmt.Sprintf("agent %s: %s", l.address.HostPort, told))
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// pause doubles from firstRetry to longestRetry, give or take a random half of it, so that many guests do not knock together. An agent that
// was away has all its guests again within the longest, and that is short: a refused connection costs next to nothing.
func (l *Link) pause() time.Duration {
	pause := l.retry/2 + time.Duration(rand.Int63n(int64(l.retry)))
	if l.retry *= 2; l.retry > longestRetry {
		l.retry = longestRetry
	}
	return pause
}

// Publish sends a state, after the lines written before it. Without a connection the latest one is kept.
func (l *Link) Publish(state wire.State) {
	state.Type = "state"
	l.mu.Lock()
	l.states.add(state, l.spool.Last(), time.Now())
	l.mu.Unlock()
	select {
	case l.poke <- struct{}{}:
	default:
	}
}

// Send sends a message at once; it blocks while the connection is slow.
func (l *Link) Send(message any) error {
	l.mu.Lock()
	conn := l.conn
	l.mu.Unlock()
	if conn == nil {
		return ErrNotConnected
	}
	return conn.Write(message)
}

// Flush waits until all lines are acknowledged and all states are sent, no longer than patience, and not at all without a
// connection: the lines stay on disk. It is called once, at the end.
func (l *Link) Flush(patience time.Duration) {
	l.mu.Lock()
	connected := l.conn != nil
	l.mu.Unlock()
	if !connected {
		return
	}
	close(l.flush)
	select {
	case <-l.done:
	case <-time.After(patience):
	}
}
