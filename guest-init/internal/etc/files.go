// Package etc writes the few files that Proxmox leaves to an unmanaged guest: resolv.conf, hosts and hostname.
package etc

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"strings"

	"containr.io/guest-init/internal/wire"
)

// The marks around our lines of the hosts file: the table changes while the application runs, and its own lines are not ours.
const (
	hostsBegin = "# containr begin\n"
	hostsEnd   = "# containr end\n"
)

// Write brings the files below root up to date. Each failure is told to warn and ends nothing. Without name servers in the
// specification resolv.conf stays as it is.
func Write(root string, spec *wire.Spec, warn func(text string)) {
	dir := filepath.Join(root, "etc")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		warn(err.Error())
		return
	}
	path := filepath.Join(dir, "hosts")
	contents := map[string]string{"hosts": around(path, hosts(spec, ownAddress()))}
	if spec.Hostname != "" {
		contents["hostname"] = spec.Hostname + "\n"
	}
	if len(spec.Nameservers) > 0 {
		contents["resolv.conf"] = resolver(spec)
	}
	for name, content := range contents {
		if err := replace(filepath.Join(dir, name), []byte(content)); err != nil {
			warn(err.Error())
		}
	}
}

func resolver(spec *wire.Spec) string {
	var text strings.Builder
	for _, server := range spec.Nameservers {
		text.WriteString("nameserver " + server + "\n")
	}
	if len(spec.SearchDomains) > 0 {
		text.WriteString("search " + strings.Join(spec.SearchDomains, " ") + "\n")
	}
	return text.String()
}

func hosts(spec *wire.Spec, own string) string {
	var text strings.Builder
	text.WriteString(hostsBegin + "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n")
	if spec.Hostname != "" {
		text.WriteString(own + "\t" + spec.Hostname + "\n")
	}
	for _, host := range spec.Hosts {
		if net.ParseIP(host.Address) != nil && len(host.Names) > 0 && plain(host.Names) {
			text.WriteString(host.Address + "\t" + strings.Join(host.Names, " ") + "\n")
		}
	}
	return text.String() + hostsEnd
}

// plain refuses what would be more than names: white space, a comment, or a line of its own.
func plain(names []string) bool {
	for _, name := range names {
		if name == "" || strings.IndexFunc(name, func(r rune) bool { return r <= ' ' || r == '#' || r > '~' }) >= 0 {
			return false
		}
	}
	return true
}

// around keeps what the application itself has put before or behind our lines. A file without our marks is another's, and goes.
func around(path, ours string) string {
	old, err := os.ReadFile(path)
	if err != nil {
		return ours
	}
	before, rest, found := strings.Cut(string(old), hostsBegin)
	if !found {
		return ours
	}
	_, after, found := strings.Cut(rest, hostsEnd)
	if !found {
		return ours
	}
	return before + ours + after
}

// ownAddress is what the host name means to the guest itself: its first address, so that peers given the name reach it.
func ownAddress() string {
	addresses, err := net.InterfaceAddrs()
	if err == nil {
		for _, address := range addresses {
			if network, ok := address.(*net.IPNet); ok && network.IP.IsGlobalUnicast() {
				return network.IP.String()
			}
		}
	}
	return "127.0.1.1"
}

// replace writes in place: under a container engine these files are mounts and cannot be renamed over. A link (often a dangling
// one, to a resolver that does not run here) gives way to a file.
func replace(path string, content []byte) error {
	info, err := os.Lstat(path)
	if err == nil && info.Mode()&os.ModeSymlink != 0 {
		if err := os.Remove(path); err != nil {
			return err
		}
	} else if err == nil {
		if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, content) {
			return nil
		}
	}
	if err := overwrite(path, content); err != nil {
		return err
	}
	return os.Chmod(path, 0o644) // whatever the umask
}

// overwrite never leaves the file empty or half old, half new, for who reads it meanwhile: one write brings the whole content, with
// empty lines over what was there beyond its end, and those are cut off.
func overwrite(path string, content []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	padded := content
	if beyond := int(info.Size()) - len(content); beyond > 0 {
		padded = append(append([]byte(nil), content...), bytes.Repeat([]byte("\n"), beyond)...)
	}
	if _, err := file.WriteAt(padded, 0); err != nil {
		return err
	}
	return file.Truncate(int64(len(content)))
}
