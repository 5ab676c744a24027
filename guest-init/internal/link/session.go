package link

import (
	"context"
	"fmt"
	"time"

	"containr.io/guest-init/internal/wire"
)

const (
	batchBytes      = 256 << 10
	batchesInFlight = 4
	// batchPause is the least time between two batches. A line after a silence goes at once; of an application that writes a few lines
	// for each request those of some requests go together, since each batch costs the agent and the broker the same.
	batchPause      = 50 * time.Millisecond
	welcomePatience = 15 * time.Second
)

// connect makes one connection and serves it to its end.
func (l *Link) connect(ctx context.Context) error {
	conn, err := l.address.dial(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	over, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		<-over.Done()
		conn.Close()
	}()
	acked, err := l.greet(conn)
	if err != nil {
		return err
	}
	l.attach(conn)
	defer l.attach(nil)
	welcomed := time.Now()
	defer func() {
		if time.Since(welcomed) > longestRetry { // an agent that welcomes and then fails is not to be hammered
			l.retry = firstRetry
		}
	}()
	failed := make(chan error, 1)
	go func() { failed <- l.receive(conn) }()
	return l.transmit(over, conn, acked, failed)
}

// greet says hello and takes the answer; it gives the number of the last line the agent has.
func (l *Link) greet(conn *wire.Conn) (acked uint64, err error) {
	if err := conn.Write(l.guest.Hello()); err != nil {
		return 0, err
	}
	message, err := conn.Read(welcomePatience)
	if err != nil {
		return 0, err
	}
	switch answer := message.(type) {
	case *wire.Refused:
		return 0, errRefused{reason: answer.Reason, retry: answer.Retry}
	case *wire.Welcome:
		confirm, err := l.guest.Welcomed(answer)
		if err != nil {
			failed := wire.State{Type: "state", State: wire.Failed, Reason: err.Error(), At: wire.Stamp(time.Now())}
			if writing := conn.Write(failed); writing != nil {
				err = fmt.Errorf("%w (and the agent could not be told: %v)", err, writing)
			}
			return 0, err
		}
		if confirm {
			if err := conn.Write(wire.Confirm{Type: "confirm"}); err != nil {
				return 0, err
			}
		}
		if err := l.spool.ContinueAfter(answer.Acked); err != nil {
			return 0, err
		}
		l.spool.Ack(answer.Acked)
		return answer.Acked, nil
	default:
		return 0, fmt.Errorf("the agent answered hello with %T", message)
	}
}

func (l *Link) attach(conn *wire.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn = conn
	if conn != nil {
		l.states.reconnected()
	}
}

func (l *Link) receive(conn *wire.Conn) error {
	for {
		message, err := conn.Read(wire.Silence)
		if err != nil {
			return err
		}
		switch m := message.(type) {
		case *wire.Ack:
			l.spool.Ack(m.Seq)
		case *wire.Hosts:
			l.guest.Hosts(m)
		case *wire.Run:
			l.guest.Run(m)
		case *wire.Stop:
			l.guest.Stop(m)
		case *wire.Refused:
			return errRefused{reason: m.Reason, retry: m.Retry}
		}
	}
}

// transmit sends lines, states and pings. Lines of several batches may be unacknowledged, so that one slow answer does not
// hold up the next lines; the batches grow by themselves while the agent is slow.
func (l *Link) transmit(ctx context.Context, conn *wire.Conn, sent uint64, failed <-chan error) error {
	ping := time.NewTicker(l.ping)
	defer ping.Stop()
	flush := l.flush
	var inFlight []uint64
	var rested time.Time // when the next batch may go
	for {
		acked := l.spool.Acked()
		for len(inFlight) > 0 && inFlight[0] <= acked {
			inFlight = inFlight[1:]
		}
		moved := false
		state, wait := l.nextState(sent)
		rest := time.Until(rested)
		if flush == nil || wait > 0 || state != nil { // the end, or a state, goes after the lines that are there
			rest = 0
		}
		if rest <= 0 && len(inFlight) < batchesInFlight {
			newest := l.spool.Last()
			last, err := l.sendLines(conn, sent)
			if err != nil {
				return err
			}
			if moved = last > sent; moved {
				sent = last
				inFlight = append(inFlight, last)
				if last >= newest { // not a batch of many that wait
					rested = time.Now().Add(l.rest)
				}
			}
		}
		if state != nil {
			if err := conn.Write(state); err != nil {
				return err
			}
			moved = true
		}
		if moved {
			continue
		}
		if flush == nil && wait == 0 && l.spool.Empty() {
			close(l.done)
			return nil
		}
		if rest > 0 && sent < l.spool.Last() { // nothing else may wake it then
			wait = rest
		}
		if err := l.sleep(ctx, conn, wait, ping.C, failed, &flush); err != nil {
			return err
		}
	}
}

// sleep waits for a reason to look again.
func (l *Link) sleep(ctx context.Context, conn *wire.Conn, wait time.Duration, ping <-chan time.Time, failed <-chan error,
	flush *chan struct{}) error {
	var due <-chan time.Time
	if wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-failed:
		return err
	case <-ping:
		return conn.Write(wire.Ping{Type: "ping"})
	case <-*flush:
		*flush = nil
	case <-l.spool.Changed():
	case <-l.poke:
	case <-due:
	}
	return nil
}

func (l *Link) sendLines(conn *wire.Conn, sent uint64) (last uint64, err error) {
	batch, last, err := l.spool.After(sent, batchBytes)
	if err != nil || len(batch) == 0 {
		return sent, err
	}
	return last, conn.Write(wire.Logs{Type: "logs", Lines: batch})
}

func (l *Link) nextState(sent uint64) (*wire.State, time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.states.ready(sent, time.Now())
}
