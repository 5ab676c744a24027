package etc

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"containr.io/guest-init/internal/wire"
)

func read(t *testing.T, root, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "etc", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func failOn(t *testing.T) func(string) {
	return func(text string) { t.Error(text) }
}

func TestTheFilesFollowTheSpecification(t *testing.T) {
	root := t.TempDir()
	Write(root, &wire.Spec{
		Hostname: "web-demo", Nameservers: []string{"10.0.0.1", "10.0.0.2"}, SearchDomains: []string{"a.test", "b.test"},
		Hosts: []wire.Host{{Address: "10.0.0.3", Names: []string{"db", "db.internal"}}},
	}, failOn(t))
	if got := read(t, root, "resolv.conf"); got != "nameserver 10.0.0.1\nnameserver 10.0.0.2\nsearch a.test b.test\n" {
		t.Errorf("resolv.conf: %q", got)
	}
	if got := read(t, root, "hostname"); got != "web-demo\n" {
		t.Errorf("hostname: %q", got)
	}
	hosts := read(t, root, "hosts")
	if !strings.HasPrefix(hosts, "127.0.0.1\tlocalhost\n") || !strings.Contains(hosts, "\tweb-demo\n") ||
		!strings.HasSuffix(hosts, "10.0.0.3\tdb db.internal\n") {
		t.Errorf("hosts: %q", hosts)
	}
}

func TestWithoutNameServersTheResolverStaysAsItIs(t *testing.T) {
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "etc"), 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root, "etc/resolv.conf")
	if err := os.WriteFile(path, []byte("nameserver 192.0.2.1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	Write(root, &wire.Spec{}, failOn(t))
	if got := read(t, root, "resolv.conf"); got != "nameserver 192.0.2.1\n" {
		t.Errorf("resolv.conf: %q", got)
	}
}

func TestALinkToNowhereGivesWayToAFile(t *testing.T) {
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "etc"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../run/resolver/stub.conf", filepath.Join(root, "etc/resolv.conf")); err != nil {
		t.Fatal(err)
	}
	Write(root, &wire.Spec{Nameservers: []string{"10.0.0.1"}}, failOn(t))
	if got := read(t, root, "resolv.conf"); got != "nameserver 10.0.0.1\n" {
		t.Errorf("resolv.conf: %q", got)
	}
}

func TestAFileThatCannotBeWrittenIsToldAndTheOthersAreWritten(t *testing.T) {
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, "etc/hosts"), 0o755); err != nil {
		t.Fatal(err)
	}
	var told []string
	Write(root, &wire.Spec{Hostname: "web"}, func(text string) { told = append(told, text) })
	if len(told) != 1 || !strings.Contains(told[0], "etc/hosts") {
		t.Errorf("told %q", told)
	}
	if got := read(t, root, "hostname"); got != "web\n" {
		t.Errorf("hostname: %q", got)
	}
}
