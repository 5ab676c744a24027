// testapp is the only other program in the images of these tests: no shell, no C library, no /etc/passwd.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

func main() {
	switch os.Args[1] {
	case "serve":
		serve()
	case "orphans":
		orphans()
	case "parent": // starts a child and leaves it behind
		spawn("child")
	case "child":
		time.Sleep(50 * time.Millisecond)
	case "daemon": // leaves a process in a session of its own and fails
		spawn("stay")
		os.Exit(9)
	case "stay", "operator":
		time.Sleep(time.Hour)
	case "stubborn":
		signal.Ignore(syscall.SIGTERM)
		fmt.Println("ready")
		time.Sleep(time.Hour)
	case "processes":
		processes()
	}
}

func serve() {
	fmt.Printf("uid=%d gid=%d parent=%d home=%s\n", os.Getuid(), os.Getgid(), os.Getppid(), os.Getenv("HOME"))
	again, err := os.OpenFile("/proc/self/fd/1", os.O_WRONLY, 0)
	if err != nil {
		fmt.Println("stdout cannot be opened anew:", err)
	} else {
		fmt.Fprintln(again, "stdout opened anew")
	}
	if _, err := os.ReadFile("/.containr/state.json"); err == nil {
		fmt.Println("the application reads the guest's secrets")
	}
	wait()
}

// orphans makes many processes whose parents die first.
func orphans() {
	for i := 0; i < 20; i++ {
		if err := exec.Command(os.Args[0], "parent").Run(); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println("orphaned")
	wait()
}

func wait() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGQUIT)
	fmt.Println("ready")
	fmt.Println("received", <-signals)
}

func spawn(what string) {
	cmd := exec.Command(os.Args[0], what)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		fmt.Println(err)
	}
}

// processes prints state and command of every process but itself.
func processes() {
	entries, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range entries {
		data, err := os.ReadFile(path)
		if err != nil || strings.HasPrefix(string(data), fmt.Sprint(os.Getpid())+" ") {
			continue
		}
		command, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "cmdline"))
		fields := strings.Fields(string(data[strings.LastIndexByte(string(data), ')')+1:]))
		fmt.Println(fields[0], strings.TrimSpace(strings.ReplaceAll(string(command), "\x00", " ")))
	}
}
