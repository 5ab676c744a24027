package process

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Identity is whom a process runs as.
type Identity struct {
	UID    uint32
	GID    uint32
	Groups []uint32
	Home   string // from /etc/passwd; "/" for a user that is not there
}

// ResolveUser reads an image's user: empty (root), name, uid, either with ":group". Names come from etc/passwd and etc/group
// below root; a numeric user works without these files. Without a group the user's own groups apply, as in a container engine.
func ResolveUser(root, text string) (Identity, error) {
	user, group, hasGroup := strings.Cut(text, ":")
	if user == "" {
		user = "0"
	}
	id := Identity{Home: "/"}
	entry, err := find(filepath.Join(root, "etc/passwd"), 7, func(f []string) bool { return f[0] == user || f[2] == user })
	if err != nil {
		return id, err
	}
	name := ""
	if entry != nil {
		name = entry[0]
		if id.UID, err = number(entry[2]); err != nil {
			return id, err
		}
		if id.GID, err = number(entry[3]); err != nil {
			return id, err
		}
		if entry[5] != "" {
			id.Home = entry[5]
		}
	} else if id.UID, err = number(user); err != nil {
		return id, fmt.Errorf("user %q is not in /etc/passwd", user)
	}
	if hasGroup && group != "" {
		id.GID, err = resolveGroup(root, group)
		return id, err
	}
	if name != "" {
		id.Groups, err = memberships(root, name)
	}
	return id, err
}

func resolveGroup(root, group string) (uint32, error) {
	entry, err := find(filepath.Join(root, "etc/group"), 4, func(f []string) bool { return f[0] == group })
	if err != nil {
		return 0, err
	}
	if entry != nil {
		return number(entry[2])
	}
	gid, err := number(group)
	if err != nil {
		return 0, fmt.Errorf("group %q is not in /etc/group", group)
	}
	return gid, nil
}

func memberships(root, name string) ([]uint32, error) {
	var groups []uint32
	_, err := find(filepath.Join(root, "etc/group"), 4, func(f []string) bool {
		for _, member := range strings.Split(f[3], ",") {
			if gid, err := number(f[2]); err == nil && member == name {
				groups = append(groups, gid)
			}
		}
		return false
	})
	return groups, err
}

// find gives the first line of a colon-separated file that matches; nil where none does or the file is absent.
func find(path string, fields int, matches func([]string) bool) ([]string, error) {
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		entry := strings.Split(scanner.Text(), ":")
		if len(entry) >= fields && matches(entry) {
			return entry, nil
		}
	}
	return nil, scanner.Err()
}

func number(text string) (uint32, error) {
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0, fmt.Errorf("%q is not a user or group number", text)
	}
	return uint32(n), nil
}
