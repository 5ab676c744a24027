package guest

import (
	"time"

	"containr.io/guest-init/internal/wire"
)

// agentSide is the guest as its link sees it. Its methods run in the link's goroutines and hand over through channels.
type agentSide Guest

func (a *agentSide) Hello() wire.Hello {
	return a.identity.hello()
}

func (a *agentSide) Welcomed(welcome *wire.Welcome) (confirm bool, err error) {
	changed, confirm, err := a.identity.welcomed(welcome, a.config.Warn)
	a.changed(changed)
	return confirm, err
}

func (a *agentSide) Hosts(hosts *wire.Hosts) {
	a.changed(a.identity.hosts(hosts.Hosts, a.config.Warn))
}

// changed hands over a specification, if there is one.
func (a *agentSide) changed(spec *wire.Spec) {
	if spec == nil {
		return
	}
	select {
	case <-a.specs: // a newer one takes the place of one not yet taken
	default:
	}
	a.specs <- spec
}

func (a *agentSide) Refused(reason string) (time.Duration, bool) {
	pause, goOn := a.identity.refused()
	if !goOn {
		a.refused <- reason
	}
	return pause, goOn
}

func (a *agentSide) Run(run *wire.Run) {
	a.runs.Handle(run)
}

func (a *agentSide) Stop(stop *wire.Stop) {
	select {
	case a.stops <- stop:
	default: // one is on its way
	}
}
