package wire

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Bounds and defaults of a specification that leaves a value out.
const (
	DefaultLogBuffer = 8 << 20
	MinLogBuffer     = 256 << 10
	defaultGrace     = 10 * time.Second
	defaultMinDelay  = 500 * time.Millisecond
	defaultMaxDelay  = 30 * time.Second
)

// Spec says what the guest runs and how.
type Spec struct {
	Argv           []string `json:"argv"`
	Env            []EnvVar `json:"env"`
	User           string   `json:"user"`
	Workdir        string   `json:"workdir"`
	StopSignal     string   `json:"stopSignal"`
	GraceMillis    *int64   `json:"graceMillis,omitempty"`
	Restart        Restart  `json:"restart"`
	Hostname       string   `json:"hostname"`
	Hosts          []Host   `json:"hosts"`
	Nameservers    []string `json:"nameservers"`
	SearchDomains  []string `json:"searchDomains"`
	LogBufferBytes int64    `json:"logBufferBytes"`
}

// EnvVar is an environment variable; its value is any bytes but NUL.
type EnvVar struct {
	Name  string `json:"name"`
	Value []byte `json:"value"`
}

// Restart is the policy for an application that ended by itself.
type Restart struct {
	Policy           string `json:"policy"`
	MinBackoffMillis int64  `json:"minBackoffMillis"`
	MaxBackoffMillis int64  `json:"maxBackoffMillis"`
}

// Host is a line of /etc/hosts.
type Host struct {
	Address string   `json:"address"`
	Names   []string `json:"names"`
}

// Restart policies.
const (
	RestartAlways    = "always"
	RestartOnFailure = "on-failure"
	RestartNever     = "never"
)

// Validate finds what no guest could run.
func (s *Spec) Validate() error {
	if len(s.Argv) == 0 || s.Argv[0] == "" {
		return errors.New("argv is empty")
	}
	for _, arg := range s.Argv {
		if strings.IndexByte(arg, 0) >= 0 {
			return errors.New("argv contains a NUL")
		}
	}
	if err := ValidateEnv(s.Env); err != nil {
		return err
	}
	switch s.Restart.Policy {
	case "", RestartAlways, RestartOnFailure, RestartNever:
		return nil
	default:
		return fmt.Errorf("unknown restart policy %q", s.Restart.Policy)
	}
}

// ValidateEnv finds names and values that no process could be given. Values never appear in the error.
func ValidateEnv(env []EnvVar) error {
	for _, v := range env {
		if v.Name == "" || strings.ContainsAny(v.Name, "=\x00") {
			return fmt.Errorf("environment variable name %q is not possible", v.Name)
		}
		for _, b := range v.Value {
			if b == 0 {
				return fmt.Errorf("environment variable %s contains a NUL", v.Name)
			}
		}
	}
	return nil
}

// Grace is the time between the stop signal and SIGKILL.
func (s *Spec) Grace() time.Duration {
	if s.GraceMillis == nil || *s.GraceMillis < 0 {
		return defaultGrace
	}
	return time.Duration(*s.GraceMillis) * time.Millisecond
}

// Backoff gives the shortest and the longest delay before a restart.
func (s *Spec) Backoff() (shortest, longest time.Duration) {
	shortest, longest = defaultMinDelay, defaultMaxDelay
	if s.Restart.MinBackoffMillis > 0 {
		shortest = time.Duration(s.Restart.MinBackoffMillis) * time.Millisecond
	}
	if s.Restart.MaxBackoffMillis > 0 {
		longest = time.Duration(s.Restart.MaxBackoffMillis) * time.Millisecond
	}
	if longest < shortest {
		longest = shortest
	}
	return shortest, longest
}

// LogBuffer is the number of bytes of unacknowledged lines to keep.
func (s *Spec) LogBuffer() int64 {
	switch {
	case s.LogBufferBytes <= 0:
		return DefaultLogBuffer
	case s.LogBufferBytes < MinLogBuffer:
		return MinLogBuffer
	default:
		return s.LogBufferBytes
	}
}
