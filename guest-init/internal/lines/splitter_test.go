package lines

import (
	"strings"
	"testing"
)

func texts(pieces []Piece) string {
	var all []string
	for _, p := range pieces {
		text := p.Text
		if p.Partial {
			text += "+"
		}
		all = append(all, text)
	}
	return strings.Join(all, "|")
}

func TestLinesAreCollectedOverReads(t *testing.T) {
	var s Splitter
	if got := texts(s.Feed([]byte("one\ntw"))); got != "one" {
		t.Fatalf("got %q", got)
	}
	if got := texts(s.Feed([]byte("o\r\n\nthree"))); got != "two|" {
		t.Fatalf("got %q", got)
	}
	if got := texts(s.Flush()); got != "three" {
		t.Fatalf("got %q", got)
	}
	if got := s.Flush(); got != nil {
		t.Fatalf("a second flush gave %v", got)
	}
}

func TestALongLineIsSplitWithoutLoss(t *testing.T) {
	var s Splitter
	long := strings.Repeat("0123456789", 5000)
	var pieces []Piece
	for rest := long + "\nnext\n"; rest != ""; {
		n := 7001
		if n > len(rest) {
			n = len(rest)
		}
		pieces = append(pieces, s.Feed([]byte(rest[:n]))...)
		rest = rest[n:]
	}
	var joined strings.Builder
	for i, p := range pieces[:len(pieces)-1] {
		if len(p.Text) > MaxBytes {
			t.Fatalf("piece %d has %d bytes", i, len(p.Text))
		}
		if last := i == len(pieces)-2; p.Partial == last {
			t.Fatalf("piece %d of %d: partial=%v", i, len(pieces)-1, p.Partial)
		}
		joined.WriteString(p.Text)
	}
	if joined.String() != long {
		t.Fatal("the pieces are not the line")
	}
	if got := texts(pieces[len(pieces)-1:]); got != "next" {
		t.Fatalf("after the long line came %q", got)
	}
}

func TestALineOfExactlyTheLimitIsWhole(t *testing.T) {
	var s Splitter
	pieces := s.Feed([]byte(strings.Repeat("x", MaxBytes) + "\n"))
	if len(pieces) != 1 || pieces[0].Partial || len(pieces[0].Text) != MaxBytes {
		t.Fatalf("got %d pieces", len(pieces))
	}
}

func TestASplitNeverCutsARune(t *testing.T) {
	var s Splitter
	line := "x" + strings.Repeat("€", MaxBytes)
	pieces := append(s.Feed([]byte(line)), s.Flush()...)
	var joined strings.Builder
	for _, p := range pieces {
		joined.WriteString(p.Text)
	}
	if joined.String() != line {
		t.Fatal("runes were damaged")
	}
}

func TestWhatIsNoTextBecomesTheReplacementCharacter(t *testing.T) {
	var s Splitter
	pieces := s.Feed([]byte("a\xff\xfeb\x00c\n\xe2\x82\n"))
	if got := texts(pieces); got != "a\uFFFD\uFFFDb\uFFFDc|\uFFFD\uFFFD" {
		t.Fatalf("got %q", got)
	}
}
