package spool

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"containr.io/guest-init/internal/lines"
	"containr.io/guest-init/internal/wire"
)

func open(t *testing.T, dir string, limit int64) *Spool {
	t.Helper()
	s, err := Open(dir, limit, time.Now, func(text string) { t.Log(text) })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func write(s *Spool, texts ...string) {
	for _, text := range texts {
		s.Append(wire.Stdout, []lines.Piece{{Text: text}})
	}
}

func all(t *testing.T, s *Spool, after uint64) []wire.Line {
	t.Helper()
	var found []wire.Line
	for {
		batch, last, err := s.After(after, 64<<10)
		if err != nil {
			t.Fatal(err)
		}
		if len(batch) == 0 {
			return found
		}
		for _, raw := range batch {
			var line wire.Line
			if err := json.Unmarshal(raw, &line); err != nil {
				t.Fatal(err)
			}
			found = append(found, line)
		}
		if found[len(found)-1].Seq != last {
			t.Fatalf("After says %d, the last line is %d", last, found[len(found)-1].Seq)
		}
		after = last
	}
}

func TestLinesAreReadInOrderFromAnywhere(t *testing.T) {
	s := open(t, t.TempDir(), 256<<10)
	for i := 1; i <= 1000; i++ {
		write(s, fmt.Sprintf("line %d %s", i, strings.Repeat("x", 60)))
	}
	for _, after := range []uint64{0, 1, 499, 999} {
		found := all(t, s, after)
		if len(found) != int(1000-after) {
			t.Fatalf("after %d: %d lines", after, len(found))
		}
		for i, line := range found {
			if want := after + 1 + uint64(i); line.Seq != want || !strings.HasPrefix(line.Text, fmt.Sprintf("line %d ", want)) {
				t.Fatalf("got %+v, want number %d", line, want)
			}
		}
	}
	if found := all(t, s, 1000); len(found) != 0 {
		t.Fatalf("after the last: %d lines", len(found))
	}
}

func TestNumbersAndUnacknowledgedLinesSurviveARestart(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 256<<10)
	write(s, "one", "two", "three")
	s.Ack(1)
	again := open(t, dir, 256<<10)
	write(again, "four")
	found := all(t, again, 1)
	if len(found) != 3 || found[0].Text != "two" || found[2].Text != "four" || found[2].Seq != 4 {
		t.Fatalf("got %+v", found)
	}
}

func TestNumbersSurviveWhenEveryLineWasAcknowledged(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 256<<10)
	write(s, "one", "two")
	s.Ack(2)
	for life := 0; life < 3; life++ {
		s = open(t, dir, 256<<10)
	}
	write(s, "three")
	if s.Last() != 3 {
		t.Fatalf("the next line got number %d", s.Last())
	}
}

func TestAcknowledgedSegmentsLeaveTheDisk(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 256<<10)
	for i := 0; i < 1500; i++ {
		write(s, strings.Repeat("y", 100))
		s.Ack(s.Last())
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"+suffix))
	if err != nil || len(files) != 1 {
		t.Fatalf("%d files left, %v", len(files), err)
	}
	if !s.Empty() {
		t.Fatal("not empty")
	}
}

func TestAFullBufferDropsTheOldestAndSaysSo(t *testing.T) {
	dir := t.TempDir()
	const limit = 256 << 10
	s := open(t, dir, limit)
	const written = 20000
	for i := 1; i <= written; i++ {
		write(s, fmt.Sprintf("line %d", i))
	}
	found := all(t, s, 0)
	var kept, notices, told int
	for _, line := range found {
		if line.Stream != wire.System {
			kept++
			continue
		}
		var n int
		if _, err := fmt.Sscanf(line.Text, "%d lines were dropped", &n); err != nil {
			t.Fatalf("unexpected notice %q", line.Text)
		}
		notices++
		told += n
	}
	if last := found[len(found)-1]; last.Text != fmt.Sprintf("line %d", written) {
		t.Fatalf("the newest line is %+v", last)
	}
	if notices == 0 || kept == 0 || kept == written {
		t.Fatalf("kept %d, %d notices", kept, notices)
	}
	if size := diskUse(t, dir); size > limit+100<<10 {
		t.Fatalf("%d bytes on disk", size)
	}
	if told+kept > int(s.Last()) {
		t.Fatalf("%d told dropped and %d kept of %d", told, kept, s.Last())
	}
}

func diskUse(t *testing.T, dir string) int64 {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var size int64
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		size += info.Size()
	}
	return size
}

func TestATornEndIsCutOff(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 256<<10)
	write(s, "one", "two")
	path := filepath.Join(dir, segmentName(1))
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString(`{"seq":3,"text":"ha`); err != nil {
		t.Fatal(err)
	}
	file.Close()
	again := open(t, dir, 256<<10)
	write(again, "three")
	found := all(t, again, 0)
	if len(found) != 3 || found[2].Text != "three" || found[2].Seq != 3 {
		t.Fatalf("got %+v", found)
	}
}

func TestNumbersDoNotRepeatAfterAPowerFailure(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 256<<10)
	write(s, "one", "two", "three")
	if err := os.Truncate(filepath.Join(dir, segmentName(1)), 0); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "reserved"), []byte("4097 another-boot\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	again := open(t, dir, 256<<10)
	write(again, "after")
	if again.Last() != 4097 {
		t.Fatalf("numbering went on at %d", again.Last())
	}
}

func TestNumberingGoesOnWhereTheAgentStands(t *testing.T) {
	s := open(t, t.TempDir(), 256<<10)
	if err := s.ContinueAfter(500); err != nil {
		t.Fatal(err)
	}
	s.Ack(500)
	write(s, "next")
	found := all(t, s, 500)
	if len(found) != 1 || found[0].Seq != 501 {
		t.Fatalf("got %+v", found)
	}
}
