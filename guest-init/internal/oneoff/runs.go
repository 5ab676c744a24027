// Package oneoff runs commands of the agent beside the application, each at most once.
package oneoff

import (
	"fmt"
	"sync"
	"time"

	"containr.io/guest-init/internal/process"
	"containr.io/guest-init/internal/wire"
)

const (
	atOnce         = 8
	defaultTimeout = time.Minute
	drainPatience  = 2 * time.Second
)

// Runs answers run messages.
type Runs struct {
	root    string
	reaper  *process.Reaper
	send    func(message any) error
	spec    func() *wire.Spec
	warn    func(text string)
	journal *journal

	mu     sync.Mutex
	active map[string]*process.Process // nil while it starts
}

// New opens the journal in dir. Send must block while the connection is slow and fail while there is none.
func New(dir, root string, reaper *process.Reaper, send func(any) error, spec func() *wire.Spec, warn func(string)) (*Runs, error) {
	journal, err := openJournal(dir)
	if err != nil {
		return nil, err
	}
	return &Runs{root: root, reaper: reaper, send: send, spec: spec, warn: warn, journal: journal,
		active: map[string]*process.Process{}}, nil
}

// Handle starts the command and returns; output and result follow through send. An id seen before gives its result again.
func (r *Runs) Handle(run *wire.Run) {
	if proceed, known := r.admit(run); !proceed {
		if known != nil {
			r.answer(*known)
		}
		return
	}
	go func() {
		result := r.execute(run)
		if err := r.journal.end(result); err != nil {
			r.warn("one-off command: its result is not kept: " + err.Error())
		}
		r.mu.Lock()
		delete(r.active, run.ID)
		r.mu.Unlock()
		r.answer(result)
	}()
}

// Sessions are those of the commands that run now.
func (r *Runs) Sessions() map[int]bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	sessions := map[int]bool{}
	for _, p := range r.active {
		if p != nil {
			sessions[p.Pid] = true
		}
	}
	return sessions
}

// admit decides whether a command is to be run; where it is not, known is the answer to give now, if any.
func (r *Runs) admit(run *wire.Run) (proceed bool, known *wire.Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, running := r.active[run.ID]; running {
		return false, nil
	}
	found, err := r.journal.find(run.ID)
	switch {
	case err != nil:
		return false, refusal(run.ID, err.Error())
	case found != nil && found.Result != nil:
		return false, found.Result
	case found != nil:
		return false, refusal(run.ID, "interrupted: the guest restarted while the command ran")
	case len(r.active) >= atOnce:
		return false, refusal(run.ID, fmt.Sprintf("%d commands run already", atOnce))
	}
	if err := r.journal.begin(run.ID); err != nil {
		return false, refusal(run.ID, err.Error())
	}
	r.active[run.ID] = nil
	return true, nil
}

func (r *Runs) execute(run *wire.Run) wire.Result {
	command, err := r.command(run)
	if err != nil {
		return *refusal(run.ID, err.Error())
	}
	pipes, err := process.NewPipes(len(run.Stdin) > 0)
	if err != nil {
		return *refusal(run.ID, err.Error())
	}
	r.mu.Lock() // Sessions must know the process as soon as it is there
	p, err := command.Start(r.reaper, r.root, pipes.Stdio)
	if err == nil {
		r.active[run.ID] = p
	}
	r.mu.Unlock()
	if err != nil {
		pipes.Close()
		return *refusal(run.ID, err.Error())
	}
	pipes.Started()
	if len(run.Stdin) > 0 {
		pipes.Feed(run.Stdin)
	}
	var written [3]int64
	streams := [3]string{1: wire.Stdout, 2: wire.Stderr}
	pipes.Collect(func(fd int, data []byte) {
		if data != nil {
			written[fd] += int64(len(data))
			// Without a connection the piece is lost; the counts of the result tell.
			_ = r.send(wire.Output{Type: "output", ID: run.ID, Stream: streams[fd], Data: data})
		}
	})
	problem := r.await(run, p)
	pipes.Drain(drainPatience)
	code, sig := p.Exit()
	return wire.Result{Type: "result", ID: run.ID, ExitCode: code, Signal: sig, Error: problem,
		StdoutBytes: written[1], StderrBytes: written[2]}
}

// await waits for the end of the command, or ends it when its time is over. What it left in its group goes with it.
func (r *Runs) await(run *wire.Run, p *process.Process) (problem string) {
	timeout := defaultTimeout
	if run.TimeoutMillis > 0 {
		timeout = time.Duration(run.TimeoutMillis) * time.Millisecond
	}
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	select {
	case <-p.Done():
	case <-timer.C:
		problem = fmt.Sprintf("timed out after %v", timeout)
	}
	if err := p.KillGroup(); err != nil {
		r.warn("one-off command: " + err.Error())
	}
	<-p.Done()
	return problem
}

// command completes a run with what it leaves to the application's specification: user, working directory, environment.
func (r *Runs) command(run *wire.Run) (process.Command, error) {
	if len(run.Argv) == 0 || run.Argv[0] == "" {
		return process.Command{}, fmt.Errorf("argv is empty")
	}
	if err := wire.ValidateEnv(run.Env); err != nil {
		return process.Command{}, err
	}
	c := process.Command{Argv: run.Argv, User: run.User, Workdir: run.Workdir}
	if spec := r.spec(); spec != nil {
		c.Env = append(c.Env, spec.Env...)
		if c.User == "" {
			c.User = spec.User
		}
		if c.Workdir == "" {
			c.Workdir = spec.Workdir
		}
	}
	c.Env = append(c.Env, run.Env...)
	return c, nil
}

// answer sends a result; where it cannot, the agent asks again by the id.
func (r *Runs) answer(result wire.Result) {
	_ = r.send(result)
}

func refusal(id, problem string) *wire.Result {
	return &wire.Result{Type: "result", ID: id, ExitCode: -1, Error: problem}
}
