// Package spool keeps log lines on disk until the agent has stored them, within a fixed number of bytes.
//
// Lines lie in segment files named by their first sequence number. The oldest segment goes when the buffer is full; what was
// lost is said in a line of stream "system". Sequence numbers never repeat, not even after a power failure (see reservation).
package spool

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"containr.io/guest-init/internal/lines"
	"containr.io/guest-init/internal/wire"
)

const segmentsPerBuffer = 8

// Spool is a bounded queue of lines on disk. It is safe for use by several goroutines.
type Spool struct {
	dir  string
	now  func() time.Time
	warn func(string)

	mu       sync.Mutex
	limit    int64
	segments []*segment // oldest first; the last one is written to
	active   *os.File
	next     uint64
	acked    uint64
	lost     uint64 // lines that could not be written, not yet told
	bound    reservation
	cursor   cursor
	changed  chan struct{}
}

// Open finds the lines that an earlier life of the guest left in dir. Warn is told what a line cannot tell, such as a full disk.
func Open(dir string, limit int64, now func() time.Time, warn func(string)) (*Spool, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	segments, err := loadSegments(dir)
	if err != nil {
		return nil, err
	}
	s := &Spool{dir: dir, now: now, warn: warn, limit: limit, segments: segments, next: 1, changed: make(chan struct{}, 1)}
	if n := len(segments); n > 0 {
		s.next = segments[n-1].last + 1
	}
	if s.bound, err = openReservation(dir); err != nil {
		return nil, err
	}
	s.next = s.bound.firstUnused(s.next)
	if err := s.rotate(); err != nil {
		return nil, err
	}
	return s, nil
}

// SetLimit changes how many bytes are kept.
func (s *Spool) SetLimit(limit int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limit = limit
	s.tellLoss(s.trim())
}

// Append adds pieces of one stream. A line that cannot be written is counted and told once writing works again.
func (s *Spool) Append(stream string, pieces []lines.Piece) {
	if len(pieces) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, piece := range pieces {
		s.tellLoss(s.append(stream, piece))
	}
	s.signal()
}

// Say adds a line of stream "system".
func (s *Spool) Say(text string) {
	s.Append(wire.System, []lines.Piece{{Text: text}})
}

// Ack forgets lines up to seq: they are stored elsewhere.
func (s *Spool) Ack(seq uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if seq <= s.acked {
		return
	}
	s.acked = seq
	for len(s.segments) > 1 && s.segments[0].last <= seq {
		s.remove(s.segments[0])
	}
	s.signal()
}

// ContinueAfter makes the next line's number greater than seq. A guest that lost its buffer learns seq from the agent.
func (s *Spool) ContinueAfter(seq uint64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if seq < s.next {
		return nil
	}
	s.next = seq + 1
	return s.rotate()
}

// Changed receives after lines were appended or acknowledged.
func (s *Spool) Changed() <-chan struct{} {
	return s.changed
}

// Last is the number of the newest line, 0 where there is none.
func (s *Spool) Last() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.next - 1
}

// Acked is the highest number the agent has stored.
func (s *Spool) Acked() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.acked
}

// Empty says whether every line is acknowledged.
func (s *Spool) Empty() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.acked >= s.next-1
}

// append writes one line and gives the number of older lines that had to go for it.
func (s *Spool) append(stream string, piece lines.Piece) uint64 {
	if err := s.bound.cover(s.next); err != nil {
		s.warn("log buffer: " + err.Error())
	}
	record, err := json.Marshal(wire.Line{
		Seq: s.next, Time: wire.Stamp(s.now()), Stream: stream, Text: piece.Text, Partial: piece.Partial,
	})
	if err != nil {
		s.fail(err)
		return 0
	}
	record = append(record, '\n')
	var dropped uint64
	if s.current().size > 0 && s.current().size+int64(len(record)) > s.limit/segmentsPerBuffer {
		if err := s.rotate(); err != nil {
			s.fail(err)
			return 0
		}
		dropped = s.trim()
	}
	current := s.current()
	if _, err := s.active.WriteAt(record, current.size); err != nil {
		s.fail(err)
		return dropped
	}
	current.size += int64(len(record))
	current.last = s.next
	s.next++
	return dropped
}

func (s *Spool) fail(err error) {
	if s.lost == 0 {
		s.warn("log buffer: lines are lost: " + err.Error())
	}
	s.lost++
}

// tellLoss appends a line about lines that are gone; it stays silent while nothing can be written.
func (s *Spool) tellLoss(dropped uint64) {
	if dropped > 0 {
		s.append(wire.System, lines.Piece{Text: fmt.Sprintf(
			"%d lines were dropped: the log buffer of %d bytes was full before the agent had stored them", dropped, s.limit)})
	}
	if s.lost > 0 {
		before := s.lost
		s.append(wire.System, lines.Piece{Text: fmt.Sprintf("%d lines were lost: the disk could not take them", before)})
		if s.lost == before {
			s.lost = 0
		}
	}
}

// rotate begins a new segment at the next number.
func (s *Spool) rotate() error {
	var empty *segment
	if s.active != nil && s.current().size == 0 {
		if empty = s.current(); empty.first == s.next {
			return nil
		}
	}
	file, err := os.OpenFile(filepath.Join(s.dir, segmentName(s.next)), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if s.active != nil {
		s.active.Close()
	}
	s.active = file
	s.segments = append(s.segments, &segment{first: s.next, last: s.next - 1})
	if empty != nil {
		s.remove(empty)
	}
	return nil
}

// trim removes the oldest segments that do not fit and gives the number of unacknowledged lines lost with them.
func (s *Spool) trim() uint64 {
	var total int64
	for _, seg := range s.segments {
		total += seg.size
	}
	var dropped uint64
	for len(s.segments) > 1 && total > s.limit-s.limit/segmentsPerBuffer {
		oldest := s.segments[0]
		dropped += oldest.countAfter(s.acked)
		total -= oldest.size
		s.remove(oldest)
	}
	return dropped
}

func (s *Spool) remove(gone *segment) {
	if err := os.Remove(filepath.Join(s.dir, segmentName(gone.first))); err != nil && !os.IsNotExist(err) {
		s.warn("log buffer: " + err.Error())
	}
	for i, seg := range s.segments {
		if seg == gone {
			s.segments = append(s.segments[:i], s.segments[i+1:]...)
			break
		}
	}
	s.cursor.forget(gone)
}

func (s *Spool) current() *segment {
	return s.segments[len(s.segments)-1]
}

func (s *Spool) signal() {
	select {
	case s.changed <- struct{}{}:
	default:
	}
}
