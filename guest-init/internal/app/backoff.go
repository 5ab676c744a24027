package app

import (
	"time"

	"containr.io/guest-init/internal/wire"
)

// steadyAfter is how long an application must have run for its next failure to count as the first.
const steadyAfter = time.Minute

// backoff decides whether and when an application that ended by itself starts again.
type backoff struct {
	delay time.Duration
}

// next gives the delay before the restart; false where the policy wants none.
func (b *backoff) next(spec *wire.Spec, failed bool, ran time.Duration) (time.Duration, bool) {
	switch spec.Restart.Policy {
	case wire.RestartNever:
		return 0, false
	case wire.RestartOnFailure:
		if !failed {
			return 0, false
		}
	}
	shortest, longest := spec.Backoff()
	if b.delay == 0 || ran >= steadyAfter {
		b.delay = shortest
	} else {
		b.delay *= 2
	}
	if b.delay > longest {
		b.delay = longest
	}
	return b.delay, true
}
