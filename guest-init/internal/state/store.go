// Package state keeps what a guest must know to start without the agent: its session token and its specification.
package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"containr.io/guest-init/internal/wire"
)

// Saved is the content of state.json. It holds secrets: only root may read the file.
type Saved struct {
	Instance string    `json:"instance"`
	Session  string    `json:"session"`
	Spec     wire.Spec `json:"spec"`
}

// Load reads state.json; nil means that there is none. What another instance left (this guest is its clone) is removed.
func Load(dir, instance string) (*Saved, error) {
	data, err := os.ReadFile(filepath.Join(dir, fileName))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var saved Saved
	if err := json.Unmarshal(data, &saved); err != nil {
		return nil, err
	}
	if saved.Instance != instance {
		return nil, forget(dir)
	}
	if err := saved.Spec.Validate(); err != nil {
		return nil, fmt.Errorf("the stored specification: %w", err)
	}
	return &saved, nil
}

func forget(dir string) error {
	for _, name := range []string{LogDir, RunsDir, fileName} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// Store writes state.json so that a crash leaves the old or the new one, never half of it.
func (s *Saved) Store(dir string) error {
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return WriteDurably(filepath.Join(dir, fileName), data)
}

// What lies in the state directory.
const (
	fileName = "state.json"
	LogDir   = "log"
	RunsDir  = "runs"
)

// WriteDurably replaces a file: write beside it, fsync, rename, fsync the directory. Mode 0600.
func WriteDurably(path string, data []byte) error {
	temporary := path + ".new"
	file, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	if closing := file.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}
