package process

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"syscall"

	"containr.io/guest-init/internal/wire"
)

// DefaultPath is searched, and given to the process, where the specification names no PATH.
const DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// Command is a program to start, as a specification describes it.
type Command struct {
	Argv    []string
	Env     []wire.EnvVar // the last of a name counts
	User    string
	Workdir string // created where it is missing; empty is "/"
}

// Start runs the command with these files as 0, 1 and 2. The files stay the caller's; root is where etc/passwd is looked up.
func (c Command) Start(reaper *Reaper, root string, stdio [3]*os.File) (*Process, error) {
	id, err := ResolveUser(root, c.User)
	if err != nil {
		return nil, err
	}
	env := environment(c.Env, id.Home)
	dir := c.Workdir
	if dir == "" {
		dir = "/"
	}
	if err := ensureDir(dir); err != nil {
		return nil, err
	}
	path, err := lookPath(c.Argv[0], dir, env["PATH"])
	if err != nil {
		return nil, err
	}
	attr := &syscall.ProcAttr{Dir: dir, Env: flatten(env), Sys: &syscall.SysProcAttr{Credential: credential(id)}}
	for _, file := range stdio {
		if err := give(file, id); err != nil {
			return nil, err
		}
		attr.Files = append(attr.Files, file.Fd())
	}
	process, err := reaper.Start(path, c.Argv, attr)
	if err != nil {
		return nil, fmt.Errorf("exec %s: %w", path, err)
	}
	return process, nil
}

func environment(vars []wire.EnvVar, home string) map[string]string {
	env := map[string]string{"PATH": DefaultPath, "HOME": home}
	for _, v := range vars {
		env[v.Name] = string(v.Value)
	}
	return env
}

func flatten(env map[string]string) []string {
	flat := make([]string, 0, len(env))
	for name, value := range env {
		flat = append(flat, name+"="+value)
	}
	sort.Strings(flat)
	return flat
}

// credential is nil where nothing is to change: a process that is not root may start its like.
func credential(id Identity) *syscall.Credential {
	if os.Geteuid() != 0 && int(id.UID) == os.Geteuid() && int(id.GID) == os.Getegid() {
		return nil
	}
	return &syscall.Credential{Uid: id.UID, Gid: id.GID, Groups: id.Groups}
}

func ensureDir(dir string) error {
	info, err := os.Stat(dir)
	if errors.Is(err, os.ErrNotExist) {
		err = os.MkdirAll(dir, 0o755)
	} else if err == nil && !info.IsDir() {
		err = syscall.ENOTDIR
	}
	if err != nil {
		return fmt.Errorf("working directory %s: %w", dir, bare(err))
	}
	return nil
}

// lookPath finds the program as execvp would, in the process's own PATH and working directory.
func lookPath(name, dir, path string) (string, error) {
	if strings.Contains(name, "/") {
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		if err := executable(name); err != nil {
			return "", fmt.Errorf("exec %s: %w", name, err)
		}
		return name, nil
	}
	reason := error(syscall.ENOENT)
	for _, place := range filepath.SplitList(path) {
		if !filepath.IsAbs(place) {
			place = filepath.Join(dir, place)
		}
		candidate := filepath.Join(place, name)
		err := executable(candidate)
		if err == nil {
			return candidate, nil
		}
		if errors.Is(err, syscall.EACCES) {
			reason = err
		}
	}
	return "", fmt.Errorf("exec %s: %w in PATH %s", name, reason, path)
}

func executable(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return bare(err)
	}
	if info.IsDir() || info.Mode()&0o111 == 0 {
		return syscall.EACCES
	}
	return nil
}

// bare takes the path off an error that is going to be told with it.
func bare(err error) error {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno
	}
	return err
}

// give makes a pipe the user's own: some programs open /dev/stdout anew, by name.
func give(file *os.File, id Identity) error {
	info, err := file.Stat()
	if err != nil || info.Mode()&os.ModeNamedPipe == 0 || os.Geteuid() != 0 {
		return err
	}
	return file.Chown(int(id.UID), int(id.GID))
}
