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

// Write brings the files below root up to date. Each failure is told to warn and ends nothing. Without name servers in the
// specification resolv.conf stays as it is.
func Write(root string, spec *wire.Spec, warn func(text string)) {
	dir := filepath.Join(root, "etc")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		warn(err.Error())
		return
	}
	contents := map[string]string{"hosts": hosts(spec, ownAddress())}
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
	text.WriteString("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n")
	if spec.Hostname != "" {
		text.WriteString(own + "\t" + spec.Hostname + "\n")
	}
	for _, host := range spec.Hosts {
		text.WriteString(host.Address + "\t" + strings.Join(host.Names, " ") + "\n")
	}
	return text.String()
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
	if err := os.WriteFile(path, content, 0o644); err != nil {
		return err
	}
	return os.Chmod(path, 0o644) // whatever the umask
}
