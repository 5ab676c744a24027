package app

import (
	"testing"
	"time"

	"containr.io/guest-init/internal/wire"
)

func TestDelaysDoubleUpToTheLongestAndBeginAnewAfterASteadyRun(t *testing.T) {
	spec := &wire.Spec{Restart: wire.Restart{Policy: wire.RestartAlways, MinBackoffMillis: 100, MaxBackoffMillis: 500}}
	var b backoff
	runs := []struct{ ran, want time.Duration }{
		{time.Second, 100 * time.Millisecond}, {time.Second, 200 * time.Millisecond}, {time.Second, 400 * time.Millisecond},
		{59 * time.Second, 500 * time.Millisecond}, {60 * time.Second, 100 * time.Millisecond}, {0, 200 * time.Millisecond},
	}
	for i, run := range runs {
		if got, again := b.next(spec, true, run.ran); !again || got != run.want {
			t.Errorf("end %d: %v, %v; want %v", i, got, again, run.want)
		}
	}
}

func TestThePolicyDecidesWhetherToRestart(t *testing.T) {
	cases := []struct {
		policy       string
		failed, want bool
	}{
		{"", false, true}, {wire.RestartAlways, false, true}, {wire.RestartAlways, true, true},
		{wire.RestartOnFailure, false, false}, {wire.RestartOnFailure, true, true},
		{wire.RestartNever, false, false}, {wire.RestartNever, true, false},
	}
	for _, c := range cases {
		var b backoff
		spec := &wire.Spec{Restart: wire.Restart{Policy: c.policy}}
		if delay, again := b.next(spec, c.failed, 0); again != c.want || again && delay != 500*time.Millisecond {
			t.Errorf("%+v: %v, %v", c, delay, again)
		}
	}
}
