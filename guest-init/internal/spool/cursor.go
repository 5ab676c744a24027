package spool

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
)

// cursor remembers where reading stopped, so that reading on needs no search.
type cursor struct {
	seg    *segment
	file   *os.File
	offset int64
	next   uint64
}

// After gives encoded lines with numbers above seq, oldest first, at most maxBytes of them (but one at least), and the number of
// the last one. Without such a line it gives nothing and seq.
func (s *Spool) After(seq uint64, maxBytes int64) ([]json.RawMessage, uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.seek(seq + 1); err != nil || s.cursor.seg == nil {
		return nil, seq, err
	}
	c := &s.cursor
	chunk := c.seg.size - c.offset
	if chunk > maxBytes {
		chunk = maxBytes
	}
	data := make([]byte, chunk)
	if _, err := c.file.ReadAt(data, c.offset); err != nil && err != io.EOF {
		return nil, seq, err
	}
	var found []json.RawMessage
	for {
		end := bytes.IndexByte(data, '\n')
		if end < 0 {
			break
		}
		found = append(found, json.RawMessage(data[:end]))
		data = data[end+1:]
		c.offset += int64(end) + 1
		c.next++
	}
	return found, c.next - 1, nil
}

// seek moves to the line with this number, or to the first one after it; without one there is no segment afterwards.
func (s *Spool) seek(number uint64) error {
	if s.cursor.seg != nil && s.cursor.next == number && number <= s.cursor.seg.last {
		return nil
	}
	s.cursor.close()
	for _, seg := range s.segments {
		if seg.last < number || seg.size == 0 {
			continue
		}
		file, err := os.Open(filepath.Join(s.dir, segmentName(seg.first)))
		if err != nil {
			return err
		}
		s.cursor = cursor{seg: seg, file: file, next: seg.first}
		return s.cursor.skipTo(number)
	}
	return nil
}

func (c *cursor) skipTo(number uint64) error {
	reader := bufio.NewReader(io.NewSectionReader(c.file, 0, c.seg.size))
	for c.next < number {
		part, err := reader.ReadSlice('\n')
		c.offset += int64(len(part))
		if err == bufio.ErrBufferFull {
			continue
		}
		if err != nil {
			c.close()
			return err
		}
		c.next++
	}
	return nil
}

func (c *cursor) forget(gone *segment) {
	if c.seg == gone {
		c.close()
	}
}

func (c *cursor) close() {
	if c.file != nil {
		c.file.Close()
	}
	*c = cursor{}
}
