package process

import (
	"fmt"
	"strconv"
	"strings"
	"syscall"
)

// The real-time signals as C libraries number them for applications.
const (
	rtMin = 34
	rtMax = 64
)

var names = map[string]syscall.Signal{
	"SIGHUP": syscall.SIGHUP, "SIGINT": syscall.SIGINT, "SIGQUIT": syscall.SIGQUIT, "SIGILL": syscall.SIGILL,
	"SIGTRAP": syscall.SIGTRAP, "SIGABRT": syscall.SIGABRT, "SIGBUS": syscall.SIGBUS, "SIGFPE": syscall.SIGFPE,
	"SIGKILL": syscall.SIGKILL, "SIGUSR1": syscall.SIGUSR1, "SIGSEGV": syscall.SIGSEGV, "SIGUSR2": syscall.SIGUSR2,
	"SIGPIPE": syscall.SIGPIPE, "SIGALRM": syscall.SIGALRM, "SIGTERM": syscall.SIGTERM, "SIGSTKFLT": syscall.SIGSTKFLT,
	"SIGCHLD": syscall.SIGCHLD, "SIGCONT": syscall.SIGCONT, "SIGSTOP": syscall.SIGSTOP, "SIGTSTP": syscall.SIGTSTP,
	"SIGTTIN": syscall.SIGTTIN, "SIGTTOU": syscall.SIGTTOU, "SIGURG": syscall.SIGURG, "SIGXCPU": syscall.SIGXCPU,
	"SIGXFSZ": syscall.SIGXFSZ, "SIGVTALRM": syscall.SIGVTALRM, "SIGPROF": syscall.SIGPROF, "SIGWINCH": syscall.SIGWINCH,
	"SIGIO": syscall.SIGIO, "SIGPWR": syscall.SIGPWR, "SIGSYS": syscall.SIGSYS,
}

// ParseSignal reads an image's stop signal: a name with or without SIG, SIGRTMIN+n, SIGRTMAX-n or a number. Empty is SIGTERM.
func ParseSignal(text string) (syscall.Signal, error) {
	name := strings.ToUpper(strings.TrimSpace(text))
	if name == "" {
		return syscall.SIGTERM, nil
	}
	if number, err := strconv.Atoi(name); err == nil {
		return inRange(text, number)
	}
	if !strings.HasPrefix(name, "SIG") {
		name = "SIG" + name
	}
	if sig, ok := names[name]; ok {
		return sig, nil
	}
	if rest := strings.TrimPrefix(name, "SIGRTMIN"); rest != name {
		return realTime(text, rtMin, rest, "+")
	}
	if rest := strings.TrimPrefix(name, "SIGRTMAX"); rest != name {
		return realTime(text, rtMax, rest, "-")
	}
	return 0, fmt.Errorf("unknown signal %q", text)
}

func realTime(text string, base int, offset, sign string) (syscall.Signal, error) {
	if offset == "" {
		return syscall.Signal(base), nil
	}
	distance, err := strconv.ParseUint(strings.TrimPrefix(offset, sign), 10, 8)
	if err != nil || !strings.HasPrefix(offset, sign) || distance > rtMax-rtMin {
		return 0, fmt.Errorf("unknown signal %q", text)
	}
	if sign == "-" {
		return syscall.Signal(base - int(distance)), nil
	}
	return syscall.Signal(base + int(distance)), nil
}

func inRange(text string, number int) (syscall.Signal, error) {
	if number < 1 || number > rtMax {
		return 0, fmt.Errorf("unknown signal %q", text)
	}
	return syscall.Signal(number), nil
}

// SignalName is the inverse of ParseSignal.
func SignalName(sig syscall.Signal) string {
	for name, value := range names {
		if value == sig {
			return name
		}
	}
	if sig >= rtMin && sig <= rtMax {
		return fmt.Sprintf("SIGRTMIN+%d", int(sig)-rtMin)
	}
	return fmt.Sprintf("signal %d", int(sig))
}
