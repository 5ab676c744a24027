package process

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"containr.io/guest-init/internal/wire"
)

var reaper = NewReaper()

func run(t *testing.T, root string, c Command) (output string, code int, signalName string) {
	t.Helper()
	pipes, err := NewPipes(false)
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Start(reaper, root, pipes.Stdio)
	if err != nil {
		pipes.Close()
		t.Fatal(err)
	}
	pipes.Started()
	var mu sync.Mutex
	var all strings.Builder
	pipes.Collect(func(_ int, data []byte) {
		mu.Lock()
		defer mu.Unlock()
		all.Write(data)
	})
	<-p.Done()
	pipes.Drain(5 * time.Second)
	code, signalName = p.Exit()
	return all.String(), code, signalName
}

func shell(script string) Command {
	return Command{Argv: []string{"sh", "-c", script}}
}

func TestExitCodesAndSignalsAreTold(t *testing.T) {
	if _, code, sig := run(t, "/", shell("exit 3")); code != 3 || sig != "" {
		t.Fatalf("got %d %q", code, sig)
	}
	if _, code, sig := run(t, "/", shell("kill -9 $$")); code != 137 || sig != "SIGKILL" {
		t.Fatalf("got %d %q", code, sig)
	}
}

func TestManyShortProcessesAreAllReaped(t *testing.T) {
	var all sync.WaitGroup
	for worker := 0; worker < 8; worker++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := 0; i < 25; i++ {
				if _, code, _ := run(t, "/", Command{Argv: []string{"true"}}); code != 0 {
					t.Errorf("exit code %d", code)
				}
			}
		}()
	}
	all.Wait()
}

func TestTheEnvironmentIsTheSpecifiedOneAlone(t *testing.T) {
	t.Setenv("CONTAINR_TOKEN", "secret")
	c := Command{Argv: []string{"env"}, Env: []wire.EnvVar{
		{Name: "A", Value: []byte("first")}, {Name: "A", Value: []byte("two\nlines")}, {Name: "HOME", Value: []byte("/h")},
	}}
	output, _, _ := run(t, "/", c)
	if want := "A=two\nlines\nHOME=/h\nPATH=" + DefaultPath + "\n"; output != want {
		t.Fatalf("got %q", output)
	}
}

func TestTheProgramIsSearchedInItsOwnPath(t *testing.T) {
	dir := t.TempDir()
	script := filepath.Join(dir, "tool")
	if err := os.WriteFile(script, []byte("#!/bin/sh\necho found; pwd\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	c := Command{Argv: []string{"tool"}, Workdir: dir, Env: []wire.EnvVar{{Name: "PATH", Value: []byte(dir)}}}
	if output, _, _ := run(t, "/", c); output != "found\n"+dir+"\n" {
		t.Fatalf("got %q", output)
	}
}

func TestWhatCannotRunIsNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "plain")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	cases := map[string]Command{
		"exec /bin/nope: no such file or directory":                   {Argv: []string{"/bin/nope"}},
		"exec nope: no such file or directory in PATH " + DefaultPath: {Argv: []string{"nope"}},
		"exec " + file + ": permission denied":                        {Argv: []string{file}},
		"working directory " + file + ": not a directory":             {Argv: []string{"true"}, Workdir: file},
		`user "nobodyknows" is not in /etc/passwd`:                    {Argv: []string{"true"}, User: "nobodyknows"},
		`group "nogrp" is not in /etc/group`:                          {Argv: []string{"true"}, User: "0:nogrp"},
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	for want, c := range cases {
		if _, err := c.Start(reaper, "/", [3]*os.File{null, null, null}); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestUsersAreThoseOfTheGuest(t *testing.T) {
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "etc"), 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(root, "etc", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("passwd", "root:x:0:0:root:/root:/bin/sh\nbroken\napp:x:1000:1001::/srv/app:/bin/sh\n")
	write("group", "root:x:0:\napp:x:1001:\nlogs:x:50:other,app\nweb:x:60:app\n")
	cases := map[string]Identity{
		"":          {Home: "/root"},
		"app":       {UID: 1000, GID: 1001, Groups: []uint32{50, 60}, Home: "/srv/app"},
		"1000":      {UID: 1000, GID: 1001, Groups: []uint32{50, 60}, Home: "/srv/app"},
		"app:web":   {UID: 1000, GID: 60, Home: "/srv/app"},
		"app:77":    {UID: 1000, GID: 77, Home: "/srv/app"},
		"4242:4343": {UID: 4242, GID: 4343, Home: "/"},
		":web":      {GID: 60, Home: "/root"},
	}
	for text, want := range cases {
		if got, err := ResolveUser(root, text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got %+v, %v", text, got, err)
		}
	}
	if got, err := ResolveUser(t.TempDir(), "4242"); err != nil || got.UID != 4242 || got.GID != 0 {
		t.Errorf("without /etc/passwd: %+v, %v", got, err)
	}
}

func TestANumericUserRunsWithItsOwnStandardOutput(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can change users; the container test covers it")
	}
	c := shell("id -u; id -g; id -G; echo again > /dev/stdout")
	c.User = "4242:4343"
	if output, code, _ := run(t, t.TempDir(), c); output != "4242\n4343\n4343\nagain\n" || code != 0 {
		t.Fatalf("got %q, exit code %d", output, code)
	}
}

func TestStopSignalsOfImages(t *testing.T) {
	cases := map[string]syscall.Signal{
		"": syscall.SIGTERM, "SIGQUIT": syscall.SIGQUIT, "quit": syscall.SIGQUIT, "15": syscall.SIGTERM,
		"SIGRTMIN+3": 37, "RTMIN": 34, "SIGRTMAX-1": 63, "37": 37,
	}
	for text, want := range cases {
		if got, err := ParseSignal(text); err != nil || got != want {
			t.Errorf("%q: got %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"SIGNOPE", "0", "65", "SIGRTMIN-1", "SIGRTMIN+99", "-1"} {
		if got, err := ParseSignal(text); err == nil {
			t.Errorf("%q was taken for %d", text, got)
		}
	}
	if name := SignalName(37); name != "SIGRTMIN+3" {
		t.Errorf("37 is called %s", name)
	}
}
