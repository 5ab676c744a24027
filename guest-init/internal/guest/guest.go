// Package guest is the whole of guest-init: it joins the agent's link, the application and the signals of PID 1.
package guest

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"containr.io/guest-init/internal/app"
	"containr.io/guest-init/internal/etc"
	"containr.io/guest-init/internal/link"
	"containr.io/guest-init/internal/oneoff"
	"containr.io/guest-init/internal/process"
	"containr.io/guest-init/internal/spool"
	"containr.io/guest-init/internal/state"
	"containr.io/guest-init/internal/wire"
)

const (
	flushPatience = 2 * time.Second
	// volatileBuffer bounds the lines kept in memory by a guest that has no disk to write to.
	volatileBuffer = 1 << 20
)

// Config is what the guest is told from outside.
type Config struct {
	Root     string // "/" as PID 1; tests give another one
	Version  string
	Instance string
	Token    string
	Agent    link.Address
	Warn     func(text string) // to the console: what no log line can tell
}

// Guest is one life of guest-init.
type Guest struct {
	config   Config
	identity *identity
	spool    *spool.Spool
	link     *link.Link
	runs     *oneoff.Runs
	reaper   *process.Reaper

	specs   chan *wire.Spec
	stops   chan *wire.Stop
	refused chan string

	app     *app.Supervisor
	appStop chan time.Duration
	appDone chan struct{}
}

// New finds the guest's state and prepares it; nothing is started yet.
func New(config Config) (*Guest, error) {
	dir, err := state.FindDir(config.Root)
	if err != nil {
		return nil, err
	}
	g := &Guest{config: config, reaper: process.NewReaper(), specs: make(chan *wire.Spec, 1), stops: make(chan *wire.Stop, 1),
		refused: make(chan string, 1), appStop: make(chan time.Duration, 1), appDone: make(chan struct{})}
	g.identity = &identity{dir: dir, instance: config.Instance, token: config.Token, version: config.Version}
	saved, err := state.Load(dir.Path, config.Instance)
	if err != nil {
		config.Warn("the stored state is of no use: " + err.Error())
	}
	if saved != nil {
		g.identity.session, g.identity.spec = saved.Session, &saved.Spec
	}
	buffer := filepath.Join(dir.Path, state.LogDir)
	if g.spool, err = spool.Open(buffer, wire.DefaultLogBuffer, time.Now, config.Warn); err != nil {
		return nil, fmt.Errorf("log buffer: %w", err)
	}
	g.link = link.New(config.Agent, (*agentSide)(g), g.spool, config.Warn)
	g.runs, err = oneoff.New(filepath.Join(dir.Path, state.RunsDir), config.Root, g.reaper, g.link.Send, g.identity.current, config.Warn)
	if err != nil {
		return nil, fmt.Errorf("one-off commands: %w", err)
	}
	return g, nil
}

// Run lives until it is told to stop, or until the agent refuses a guest that has nothing to run. It gives PID 1's exit code.
func (g *Guest) Run(signals *Signals) int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if spec := g.identity.current(); spec != nil {
		g.apply(spec)
	}
	go g.link.Run(ctx)
	for {
		select {
		case spec := <-g.specs:
			g.apply(spec)
		case sig := <-signals.Stop:
			g.spool.Say("guest-init received " + process.SignalName(sig))
			if g.stop(nil) {
				return 0
			}
		case stop := <-g.stops:
			if g.stop(stop.GraceMillis) {
				return 0
			}
		case sig := <-signals.Forward:
			if g.app != nil {
				g.app.Forward(sig)
			}
		case <-g.appDone:
			g.link.Flush(flushPatience)
			return 0
		case reason := <-g.refused:
			g.config.Warn("the agent refuses this guest for good: " + reason)
			return 1
		}
	}
}

// apply takes a specification: the files of /etc at once, the rest from the application's next start.
func (g *Guest) apply(spec *wire.Spec) {
	limit := spec.LogBuffer()
	if g.identity.dir.Volatile && limit > volatileBuffer {
		limit = volatileBuffer
	}
	g.spool.SetLimit(limit)
	etc.Write(g.config.Root, spec, g.spool.Say)
	if g.app != nil {
		g.app.Update(spec)
		return
	}
	if g.identity.dir.Volatile {
		g.spool.Say("no directory of the guest can be written to: its specification and its lines are lost when it restarts")
	}
	g.app = app.New(app.Surroundings{
		Root: g.config.Root, Reaper: g.reaper, Append: g.spool.Append, Say: g.spool.Say, Sessions: g.runs.Sessions,
		Publish: func(s wire.State) {
			s.At = wire.Stamp(time.Now())
			g.link.Publish(s)
		},
	}, spec)
	go func() {
		defer close(g.appDone)
		g.app.Run(g.appStop)
	}()
}

// stop begins the end; true means that there is nothing to wait for.
func (g *Guest) stop(graceMillis *int64) bool {
	if g.app == nil {
		return true
	}
	grace := g.app.Spec().Grace()
	if graceMillis != nil && *graceMillis >= 0 {
		grace = time.Duration(*graceMillis) * time.Millisecond
	}
	select {
	case g.appStop <- grace:
	default: // it is stopping already
	}
	return false
}
