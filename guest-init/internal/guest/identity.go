package guest

import (
	"errors"
	"reflect"
	"sync"
	"time"

	"containr.io/guest-init/internal/state"
	"containr.io/guest-init/internal/wire"
)

// askAgain is the pause of a guest that runs its application although the agent refuses it.
const askAgain = time.Minute

// identity is what the guest is to the agent: its tokens and its specification, and whether they are stored.
type identity struct {
	dir      state.Dir
	instance string
	token    string // first contact; from the environment
	version  string

	mu       sync.Mutex
	session  string // stored, and so good for reconnecting
	spec     *wire.Spec
	tryFirst bool // the session was refused: a new first-contact token may have been given
}

func (i *identity) hello() wire.Hello {
	i.mu.Lock()
	defer i.mu.Unlock()
	hello := wire.Hello{Type: "hello", Protocol: wire.Protocol, Instance: i.instance, Version: i.version,
		Kind: wire.KindSession, Token: i.session}
	if i.session == "" || i.tryFirst {
		hello.Kind, hello.Token = wire.KindFirst, i.token
	}
	return hello
}

// welcomed stores what is new. Changed is the specification where it differs. A guest that cannot store goes on without
// confirming: its first-contact token stays good, and it uses it again.
func (i *identity) welcomed(welcome *wire.Welcome, warn func(string)) (changed *wire.Spec, confirm bool, err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if welcome.Spec == nil {
		if i.spec == nil {
			return nil, false, errors.New("the agent sent no specification")
		}
		if welcome.Session == "" {
			return nil, false, nil
		}
	}
	saved := state.Saved{Instance: i.instance, Session: i.session}
	if welcome.Session != "" {
		saved.Session = welcome.Session
	}
	if saved.Session == "" {
		return nil, false, errors.New("the agent sent no session token")
	}
	if welcome.Spec != nil {
		if err := welcome.Spec.Validate(); err != nil {
			return nil, false, errors.New("specification: " + err.Error())
		}
		i.spec = welcome.Spec
	}
	saved.Spec = *i.spec
	if i.dir.Volatile {
		return welcome.Spec, false, nil
	}
	if err := saved.Store(i.dir.Path); err != nil {
		warn("the specification is not stored: " + err.Error())
		return welcome.Spec, false, nil
	}
	i.session, i.tryFirst = saved.Session, false
	return welcome.Spec, true, nil
}

// hosts stores the names that the agent pushed, so that a guest boots with the latest it heard of; nil where they are those it has.
// They are used even where they cannot be stored: the agent sends them again after each welcome.
func (i *identity) hosts(hosts []wire.Host, warn func(string)) *wire.Spec {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.spec == nil || reflect.DeepEqual(i.spec.Hosts, hosts) || len(i.spec.Hosts)+len(hosts) == 0 {
		return nil
	}
	changed := *i.spec
	changed.Hosts = hosts
	i.spec = &changed
	if i.session != "" && !i.dir.Volatile {
		saved := state.Saved{Instance: i.instance, Session: i.session, Spec: changed}
		if err := saved.Store(i.dir.Path); err != nil {
			warn("the names of other services are not stored: " + err.Error())
		}
	}
	return i.spec
}

// refused says when to ask again; false means never: there is nothing this guest could do.
func (i *identity) refused() (pause time.Duration, goOn bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.spec == nil {
		return 0, false
	}
	if i.session == "" {
		return askAgain, true
	}
	i.tryFirst = !i.tryFirst && i.token != ""
	if i.tryFirst {
		return 0, true
	}
	return askAgain, true
}

func (i *identity) current() *wire.Spec {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.spec
}
