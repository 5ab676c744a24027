package spool

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"containr.io/guest-init/internal/wire"
)

const suffix = ".lines"

// segment is a file of lines with consecutive numbers; an empty one has last = first-1.
type segment struct {
	first, last uint64
	size        int64
}

func segmentName(first uint64) string {
	return fmt.Sprintf("%020d%s", first, suffix)
}

func (g *segment) countAfter(acked uint64) uint64 {
	switch {
	case g.last <= acked:
		return 0
	case g.first > acked:
		return g.last - g.first + 1
	default:
		return g.last - acked
	}
}

// loadSegments reads what an earlier life left. A torn end (power failure) is cut off; an empty file is removed.
func loadSegments(dir string) ([]*segment, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var segments []*segment
	for _, entry := range entries {
		first, err := strconv.ParseUint(strings.TrimSuffix(entry.Name(), suffix), 10, 64)
		if err != nil || !strings.HasSuffix(entry.Name(), suffix) {
			continue
		}
		seg, err := loadSegment(filepath.Join(dir, entry.Name()), first)
		if err != nil {
			return nil, err
		}
		if seg.size > 0 {
			segments = append(segments, seg)
		}
	}
	sort.Slice(segments, func(i, j int) bool { return segments[i].first < segments[j].first })
	return segments, nil
}

func loadSegment(path string, first uint64) (*segment, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	seg := &segment{first: first, last: first - 1}
	reader := bufio.NewReader(file)
	for {
		record, err := reader.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return nil, err
		}
		var line wire.Line
		if err == io.EOF || json.Unmarshal(record, &line) != nil || line.Seq != seg.last+1 {
			break
		}
		seg.last++
		seg.size += int64(len(record))
	}
	if seg.size == 0 {
		return seg, os.Remove(path)
	}
	return seg, file.Truncate(seg.size)
}
