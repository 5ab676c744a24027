package state

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Dir is where a guest keeps its files. A volatile one does not survive the guest's restart.
type Dir struct {
	Path     string
	Volatile bool
}

// memoryPlaces are file systems in memory that a guest with a read-only root still has.
var memoryPlaces = []string{"run", "dev/shm", "dev"}

// FindDir gives a directory that only this user can read: .containr below root, else one in memory.
func FindDir(root string) (Dir, error) {
	home := filepath.Join(root, ".containr")
	err := secure(home)
	if err == nil {
		return Dir{Path: home}, nil
	}
	tried := []string{err.Error()}
	for _, place := range memoryPlaces {
		path := filepath.Join(root, place, ".containr")
		if err := secure(path); err == nil {
			return Dir{Path: path, Volatile: true}, nil
		} else {
			tried = append(tried, err.Error())
		}
	}
	return Dir{}, fmt.Errorf("no place for the guest's state: %s", strings.Join(tried, "; "))
}

// secure makes path a private directory of ours that can be written to.
func secure(path string) error {
	if err := os.Mkdir(path, 0o700); err != nil && !os.IsExist(err) {
		return err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || !ok || int(owner.Uid) != os.Geteuid() {
		return fmt.Errorf("%s is not a directory of user %d", path, os.Geteuid())
	}
	if info.Mode().Perm() != 0o700 {
		if err := os.Chmod(path, 0o700); err != nil {
			return err
		}
	}
	probe := filepath.Join(path, ".probe")
	if err := os.WriteFile(probe, nil, 0o600); err != nil {
		return err
	}
	return os.Remove(probe)
}
