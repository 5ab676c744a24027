// Package wire holds the messages of the guest protocol (docs/guest-protocol.md) and their framing: one JSON object a line.
package wire

import (
	"encoding/json"
	"time"
)

// Protocol is the version of the guest protocol spoken here.
const Protocol = 1

// TimeLayout is RFC 3339 in UTC with microseconds, the form of every time on the wire.
const TimeLayout = "2006-01-02T15:04:05.000000Z"

// Streams a log line or a piece of output may belong to.
const (
	Stdout = "stdout"
	Stderr = "stderr"
	System = "system"
)

// Kinds of token a hello may carry.
const (
	KindFirst   = "first"
	KindSession = "session"
)

// States of the application.
const (
	Running  = "running"
	Exited   = "exited"
	Failed   = "failed"
	Stopping = "stopping"
)

// Hello is the first line of every connection, from guest to agent.
type Hello struct {
	Type     string `json:"type"`
	Protocol int    `json:"protocol"`
	Instance string `json:"instance"`
	Token    string `json:"token"`
	Kind     string `json:"kind"`
	Version  string `json:"version"`
}

// Welcome accepts a guest. Session and Spec are absent where the guest already has them.
type Welcome struct {
	Session string `json:"session,omitempty"`
	Spec    *Spec  `json:"spec,omitempty"`
	Acked   uint64 `json:"acked"`
}

// Refused turns a guest away; without Retry its token will never be good again.
type Refused struct {
	Reason string `json:"reason"`
	Retry  bool   `json:"retry"`
}

// Confirm says that the session token and the specification are stored.
type Confirm struct {
	Type string `json:"type"`
}

// Line is one line of the application, or of guest-init itself (stream "system").
type Line struct {
	Seq     uint64 `json:"seq"`
	Time    string `json:"time"`
	Stream  string `json:"stream"`
	Text    string `json:"text"`
	Partial bool   `json:"partial,omitempty"`
}

// Logs is a batch of lines, each an encoded Line.
type Logs struct {
	Type  string            `json:"type"`
	Lines []json.RawMessage `json:"lines"`
}

// Ack says that every line up to and including Seq is stored durably.
type Ack struct {
	Seq uint64 `json:"seq"`
}

// State is what the application is doing; which fields are set depends on it.
type State struct {
	Type            string `json:"type"`
	State           string `json:"state"`
	Pid             int    `json:"pid,omitempty"`
	ExitCode        *int   `json:"exitCode,omitempty"`
	Signal          string `json:"signal"`
	Reason          string `json:"reason,omitempty"`
	Restarts        int    `json:"restarts"`
	NextStartMillis *int64 `json:"nextStartMillis,omitempty"`
	At              string `json:"at"`
}

// Run asks for a one-off command beside the application.
type Run struct {
	ID            string   `json:"id"`
	Argv          []string `json:"argv"`
	Env           []EnvVar `json:"env"`
	User          string   `json:"user"`
	Workdir       string   `json:"workdir"`
	TimeoutMillis int64    `json:"timeoutMillis"`
	Stdin         []byte   `json:"stdin"`
}

// Stop ends the application for good, and PID 1 with it.
type Stop struct {
	GraceMillis *int64 `json:"graceMillis"`
}

// Output is a piece of what a one-off command wrote.
type Output struct {
	Type   string `json:"type"`
	ID     string `json:"id"`
	Stream string `json:"stream"`
	Data   []byte `json:"data"`
}

// Result ends a one-off command. The byte counts let the agent see whether pieces were lost with a connection.
type Result struct {
	Type        string `json:"type"`
	ID          string `json:"id"`
	ExitCode    int    `json:"exitCode"`
	Signal      string `json:"signal"`
	Error       string `json:"error"`
	StdoutBytes int64  `json:"stdoutBytes"`
	StderrBytes int64  `json:"stderrBytes"`
}

// Hosts is the whole table of names that the guest's project has now; it takes the place of the specification's.
type Hosts struct {
	Hosts []Host `json:"hosts"`
}

// Pong answers a ping.
type Pong struct{}

// Ping keeps a silent connection open.
type Ping struct {
	Type string `json:"type"`
}

// Stamp formats a time for the wire.
func Stamp(t time.Time) string {
	return t.UTC().Format(TimeLayout)
}

// Decode reads a line of the agent; an unknown type gives nil, which the caller ignores.
func Decode(line []byte) (any, error) {
	var head struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(line, &head); err != nil {
		return nil, err
	}
	var message any
	switch head.Type {
	case "welcome":
		message = &Welcome{}
	case "refused":
		message = &Refused{}
	case "ack":
		message = &Ack{}
	case "run":
		message = &Run{}
	case "stop":
		message = &Stop{}
	case "hosts":
		message = &Hosts{}
	case "pong":
		message = &Pong{}
	default:
		return nil, nil
	}
	if err := json.Unmarshal(line, message); err != nil {
		return nil, err
	}
	return message, nil
}
