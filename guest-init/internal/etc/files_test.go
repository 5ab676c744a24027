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
	if !strings.HasPrefix(hosts, "# containr begin\n127.0.0.1\tlocalhost\n") || !strings.Contains(hosts, "\tweb-demo\n") ||
		!strings.HasSuffix(hosts, "10.0.0.3\tdb db.internal\n# containr end\n") {
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

func TestTheTableIsReplacedAndTheApplicationsOwnLinesStay(t *testing.T) {
	root := t.TempDir()
	first := &wire.Spec{Hosts: []wire.Host{
		{Address: "10.0.0.3", Names: []string{"db.internal", "db"}}, {Address: "10.0.0.4", Names: []string{"api.internal", "api"}},
	}}
	Write(root, first, failOn(t))
	path := filepath.Join(root, "etc/hosts")
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	own := "192.0.2.7\tlegacy\n" + read(t, root, "hosts") + "192.0.2.8\tother\n"
	if err := os.WriteFile(path, []byte(own), 0o644); err != nil {
		t.Fatal(err)
	}
	Write(root, &wire.Spec{Hosts: []wire.Host{{Address: "10.0.0.5", Names: []string{"db.internal", "db"}}}}, failOn(t))
	got := read(t, root, "hosts")
	if !strings.HasPrefix(got, "192.0.2.7\tlegacy\n# containr begin\n") || !strings.HasSuffix(got, "# containr end\n192.0.2.8\tother\n") ||
		!strings.Contains(got, "\n10.0.0.5\tdb.internal db\n") || strings.Contains(got, "10.0.0.3") || strings.Contains(got, "api") {
		t.Errorf("hosts: %q", got)
	}
	after, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(before, after) {
		t.Error("the file was replaced; under a container engine it is a mount, and cannot be")
	}
}

func TestAFileOfSomebodyElseGoes(t *testing.T) {
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "etc"), 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root, "etc/hosts")
	if err := os.WriteFile(path, []byte(strings.Repeat("10.9.9.9\tengine\n", 100)+"# containr begin\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	Write(root, &wire.Spec{}, failOn(t))
	if got := read(t, root, "hosts"); strings.Contains(got, "engine") || !strings.HasSuffix(got, "# containr end\n") {
		t.Errorf("hosts: %q", got)
	}
}

func TestWhatIsNoNameOrAddressMakesNoLine(t *testing.T) {
	root := t.TempDir()
	Write(root, &wire.Spec{Hosts: []wire.Host{
		{Address: "10.0.0.3", Names: []string{"a\n10.6.6.6\tlocalhost"}}, {Address: "10.0.0.3 evil", Names: []string{"b"}},
		{Address: "10.0.0.3", Names: []string{"c#"}}, {Address: "10.0.0.3"}, {Address: "10.0.0.9", Names: []string{"fine"}},
	}}, failOn(t))
	got := read(t, root, "hosts")
	if strings.Contains(got, "6.6.6") || strings.Contains(got, "evil") || strings.Contains(got, "c#") || strings.Contains(got, "10.0.0.3") ||
		!strings.Contains(got, "10.0.0.9\tfine\n") {
		t.Errorf("hosts: %q", got)
	}
}

func TestAReaderNeverSeesAFileWithoutWhatBothVersionsHave(t *testing.T) {
	root := t.TempDir()
	tables := [][]wire.Host{nil, {}}
	for i := 0; i < 40; i++ {
		tables[1] = append(tables[1], wire.Host{Address: "10.0.0.3", Names: []string{"db.internal", "db"}})
	}
	Write(root, &wire.Spec{}, failOn(t))
	over := make(chan struct{})
	go func() {
		defer close(over)
		for i := 0; i < 500; i++ {
			Write(root, &wire.Spec{Hosts: tables[i%2]}, failOn(t))
		}
	}()
	for {
		if got := read(t, root, "hosts"); !strings.Contains(got, "127.0.0.1\tlocalhost\n") {
			t.Fatalf("hosts: %q", got)
		}
		select {
		case <-over:
			return
		default:
		}
	}
}
