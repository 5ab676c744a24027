package guest

import (
	"os"
	"os/signal"
	"syscall"
)

// sigPowerOff is SIGRTMIN+3, by which container hosts ask an init to halt.
const sigPowerOff = syscall.Signal(37)

// Signals are those that PID 1 receives.
type Signals struct {
	Stop    chan syscall.Signal
	Forward chan syscall.Signal
}

// Listen begins to receive. It must come first in a program's life: the kernel drops a signal that PID 1 does not handle.
func Listen() *Signals {
	s := &Signals{Stop: make(chan syscall.Signal, 4), Forward: make(chan syscall.Signal, 16)}
	relay(s.Stop, syscall.SIGTERM, syscall.SIGINT, syscall.SIGPWR, sigPowerOff)
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) // a console that is gone must not end PID 1
	relay(s.Forward, syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGWINCH, syscall.SIGQUIT)
	return s
}

func relay(to chan<- syscall.Signal, which ...os.Signal) {
	from := make(chan os.Signal, cap(to))
	signal.Notify(from, which...)
	go func() {
		for sig := range from {
			if number, ok := sig.(syscall.Signal); ok {
				to <- number
			}
		}
	}()
}
