// guest-init is PID 1 of every guest of Containr. See docs/guest-protocol.md and README.md.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"syscall"

	"containr.io/guest-init/internal/guest"
	"containr.io/guest-init/internal/link"
)

// version is set by the build.
var version = "dev"

func main() {
	signals := guest.Listen()
	root := flag.String("root", "/", "directory that stands for the guest's root in a test (not as PID 1)")
	showVersion := flag.Bool("version", false, "print the version and end")
	flag.Parse()
	if *showVersion {
		fmt.Println(version)
		return
	}
	os.Exit(run(signals, *root))
}

func run(signals *guest.Signals, root string) int {
	frugal()
	config, err := configure(root)
	if err != nil {
		warn(err.Error())
		return 2
	}
	g, err := guest.New(config)
	if err != nil {
		warn(err.Error())
		return 1
	}
	return g.Run(signals)
}

// configure reads the guest's environment and takes its token out of it.
func configure(root string) (guest.Config, error) {
	config := guest.Config{Root: root, Version: version, Instance: os.Getenv("CONTAINR_INSTANCE"),
		Token: os.Getenv("CONTAINR_TOKEN"), Warn: warn}
	if os.Getpid() != 1 && root == "/" {
		return config, errors.New("guest-init is the PID 1 of a guest; elsewhere it needs -root")
	}
	if config.Instance == "" {
		return config, errors.New("CONTAINR_INSTANCE is not set")
	}
	var err error
	config.Agent, err = link.ParseAddress(os.Getenv("CONTAINR_AGENT"), os.Getenv("CONTAINR_AGENT_PIN"))
	os.Clearenv()
	return config, err
}

// frugal keeps a program that mostly waits small, on hosts with many cores too, and makes orphans its children where it is not
// PID 1 (a container engine's own init may be).
func frugal() {
	runtime.GOMAXPROCS(2)
	debug.SetGCPercent(25)
	syscall.Umask(0o022)
	const setChildSubreaper = 36
	if os.Getpid() != 1 {
		if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, setChildSubreaper, 1, 0); errno != 0 {
			warn("orphans are not reaped here: " + errno.Error())
		}
	}
}

func warn(text string) {
	fmt.Fprintln(os.Stderr, "guest-init: "+text)
}
