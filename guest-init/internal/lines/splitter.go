// Package lines turns a stream of bytes into lines of valid text.
package lines

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// MaxBytes is the longest piece of a line; what is longer is split.
const MaxBytes = 16 << 10

// Piece is a line, or (Partial) a part of one that goes on in the next piece.
type Piece struct {
	Text    string
	Partial bool
}

// Splitter collects bytes into pieces. It holds back at most MaxBytes.
type Splitter struct {
	rest []byte
}

// Feed takes bytes and gives the pieces they complete.
func (s *Splitter) Feed(data []byte) []Piece {
	var pieces []Piece
	for len(data) > 0 {
		end := bytes.IndexByte(data, '\n')
		if end >= 0 && len(s.rest)+end <= MaxBytes {
			pieces = append(pieces, whole(append(s.rest, data[:end]...)))
			s.rest = s.rest[:0]
			data = data[end+1:]
			continue
		}
		room := MaxBytes - len(s.rest)
		if len(data) <= room {
			s.rest = append(s.rest, data...)
			break
		}
		s.rest = append(s.rest, data[:room]...)
		data = data[room:]
		cut := runeBoundary(s.rest)
		pieces = append(pieces, Piece{Text: clean(s.rest[:cut]), Partial: true})
		s.rest = s.rest[:copy(s.rest, s.rest[cut:])]
	}
	return pieces
}

// Flush gives the last line where the stream ended without a newline.
func (s *Splitter) Flush() []Piece {
	if len(s.rest) == 0 {
		return nil
	}
	piece := whole(s.rest)
	s.rest = nil
	return []Piece{piece}
}

func whole(line []byte) Piece {
	return Piece{Text: clean(bytes.TrimSuffix(line, []byte{'\r'}))}
}

// clean makes text that every receiver can store: NUL and bytes that are no UTF-8 become U+FFFD.
func clean(line []byte) string {
	if utf8.Valid(line) && bytes.IndexByte(line, 0) < 0 {
		return string(line)
	}
	var text strings.Builder
	for len(line) > 0 {
		r, size := utf8.DecodeRune(line)
		if r == 0 {
			r = utf8.RuneError
		}
		text.WriteRune(r)
		line = line[size:]
	}
	return text.String()
}

// runeBoundary is the length of the longest prefix that does not end inside a rune.
func runeBoundary(line []byte) int {
	for back := 1; back < utf8.UTFMax && back < len(line); back++ {
		at := len(line) - back
		if utf8.RuneStart(line[at]) {
			if utf8.FullRune(line[at:]) {
				return len(line)
			}
			return at
		}
	}
	return len(line)
}
