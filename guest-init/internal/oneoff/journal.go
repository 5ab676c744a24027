package oneoff

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"sort"
	"time"

	"containr.io/guest-init/internal/state"
	"containr.io/guest-init/internal/wire"
)

// remembered is how many commands keep their results.
const remembered = 128

// journal remembers on disk which commands were begun and how they ended, so that none runs twice, even over a restart.
type journal struct {
	dir string
}

type entry struct {
	ID     string       `json:"id"`
	Result *wire.Result `json:"result,omitempty"`
}

func openJournal(dir string) (*journal, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return &journal{dir: dir}, nil
}

// find gives the entry of a command, nil for one never begun.
func (j *journal) find(id string) (*entry, error) {
	data, err := os.ReadFile(j.path(id))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var found entry
	if err := json.Unmarshal(data, &found); err != nil {
		return nil, err
	}
	return &found, nil
}

func (j *journal) begin(id string) error {
	if err := j.forgetOldest(); err != nil {
		return err
	}
	return j.write(entry{ID: id})
}

func (j *journal) end(result wire.Result) error {
	return j.write(entry{ID: result.ID, Result: &result})
}

func (j *journal) write(e entry) error {
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return state.WriteDurably(j.path(e.ID), data)
}

// path hides the id in a hash: it is any text.
func (j *journal) path(id string) string {
	sum := sha256.Sum256([]byte(id))
	return filepath.Join(j.dir, hex.EncodeToString(sum[:]))
}

func (j *journal) forgetOldest() error {
	entries, err := os.ReadDir(j.dir)
	if err != nil || len(entries) < remembered {
		return err
	}
	changed := make(map[string]time.Time, len(entries))
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			return err
		}
		changed[e.Name()] = info.ModTime()
	}
	sort.Slice(entries, func(i, k int) bool { return changed[entries[i].Name()].Before(changed[entries[k].Name()]) })
	for _, e := range entries[:len(entries)-remembered+1] {
		if err := os.Remove(filepath.Join(j.dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}
