// Package agenttest is an agent for tests: a real TLS server that a test scripts message by message.
package agenttest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"net"
	"testing"
	"time"

	"containr.io/guest-init/internal/wire"
)

// Patience bounds every wait for the guest.
const Patience = 15 * time.Second

// Agent listens on a free port.
type Agent struct {
	Pin      string
	listener net.Listener
	accepted chan *Session
}

// Start makes a certificate and listens on host until the test ends.
func Start(t testing.TB, host string) *Agent {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "agent"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	must(t, err)
	sum := sha256.Sum256(certificate)
	listener, err := tls.Listen("tcp", net.JoinHostPort(host, "0"), &tls.Config{
		MinVersion:   tls.VersionTLS13,
		Certificates: []tls.Certificate{{Certificate: [][]byte{certificate}, PrivateKey: key}},
	})
	must(t, err)
	a := &Agent{Pin: hex.EncodeToString(sum[:]), listener: listener, accepted: make(chan *Session, 16)}
	t.Cleanup(func() { listener.Close() })
	go a.accept()
	return a
}

// Port is where the agent listens.
func (a *Agent) Port() int {
	return a.listener.Addr().(*net.TCPAddr).Port
}

// Address is the CONTAINR_AGENT of a guest on this machine.
func (a *Agent) Address() string {
	return a.listener.Addr().String()
}

func (a *Agent) accept() {
	for {
		conn, err := a.listener.Accept()
		if err != nil {
			return
		}
		go func() {
			s := &Session{conn: wire.NewConn(conn), messages: make(chan Message, 1024)}
			if line, err := s.conn.ReadLine(Patience); err == nil && json.Unmarshal(line, &s.Hello) == nil {
				a.accepted <- s
				s.receive()
			}
		}()
	}
}

// Next is the next guest that says hello.
func (a *Agent) Next(t testing.TB) *Session {
	t.Helper()
	select {
	case s := <-a.accepted:
		t.Cleanup(s.Close)
		return s
	case <-time.After(Patience):
		t.Fatal("no guest came")
		return nil
	}
}

// Message is what a guest sent.
type Message struct {
	Type string
	Raw  []byte
}

// Session is one connection of a guest.
type Session struct {
	Hello    wire.Hello
	Lines    []wire.Line // received so far
	NoAcks   bool
	conn     *wire.Conn
	messages chan Message
}

func (s *Session) receive() {
	defer close(s.messages)
	for {
		line, err := s.conn.ReadLine(time.Minute)
		if err != nil {
			return
		}
		var head struct{ Type string }
		if json.Unmarshal(line, &head) != nil {
			return
		}
		s.messages <- Message{Type: head.Type, Raw: append([]byte(nil), line...)}
	}
}

// Send sends message with its type.
func (s *Session) Send(t testing.TB, kind string, message any) {
	t.Helper()
	body, err := json.Marshal(message)
	must(t, err)
	head := []byte(`{"type":"` + kind + `"`)
	if !bytes.Equal(body, []byte("{}")) {
		head = append(head, ',')
	}
	must(t, s.conn.Write(json.RawMessage(append(head, body[1:]...))))
}

// Welcome accepts the guest for the first time and waits for its confirmation.
func (s *Session) Welcome(t testing.TB, session string, spec *wire.Spec) {
	t.Helper()
	s.Send(t, "welcome", wire.Welcome{Session: session, Spec: spec})
	s.Expect(t, "confirm", nil)
}

// Decode reads the message into a struct.
func (m Message) Decode(t testing.TB, into any) {
	t.Helper()
	must(t, json.Unmarshal(m.Raw, into))
}

// Any is the next message, whatever it is; lines are collected and acknowledged on the way.
func (s *Session) Any(t testing.TB) Message {
	t.Helper()
	select {
	case m, open := <-s.messages:
		if !open {
			t.Fatalf("the guest closed the connection; lines: %+v", s.Lines)
		}
		if m.Type == "logs" {
			s.take(t, m)
		}
		return m
	case <-time.After(Patience):
		t.Fatalf("the guest is silent; lines: %+v", s.Lines)
		return Message{}
	}
}

// Expect waits for a message of this type and decodes it; lines are collected and acknowledged on the way.
func (s *Session) Expect(t testing.TB, kind string, into any) {
	t.Helper()
	for {
		m := s.Any(t)
		if m.Type != kind {
			continue
		}
		if into != nil {
			m.Decode(t, into)
		}
		return
	}
}

// State waits for the application to be in this state.
func (s *Session) State(t testing.TB, name string) wire.State {
	t.Helper()
	for {
		var state wire.State
		s.Expect(t, "state", &state)
		if state.State == name {
			return state
		}
	}
}

// Line waits for a line with exactly this text.
func (s *Session) Line(t testing.TB, text string) wire.Line {
	t.Helper()
	seen := 0
	for {
		for ; seen < len(s.Lines); seen++ {
			if s.Lines[seen].Text == text {
				return s.Lines[seen]
			}
		}
		s.Expect(t, "logs", nil)
	}
}

// Closed waits for the guest to end the connection.
func (s *Session) Closed(t testing.TB) {
	t.Helper()
	deadline := time.After(Patience)
	for {
		select {
		case m, open := <-s.messages:
			if !open {
				return
			}
			if m.Type == "logs" {
				s.take(t, m)
			}
		case <-deadline:
			t.Fatal("the guest keeps the connection open")
		}
	}
}

// Close drops the connection.
func (s *Session) Close() {
	s.conn.Close()
}

func (s *Session) take(t testing.TB, m Message) {
	t.Helper()
	var batch struct{ Lines []wire.Line }
	must(t, json.Unmarshal(m.Raw, &batch))
	s.Lines = append(s.Lines, batch.Lines...)
	if !s.NoAcks {
		// A guest that ends may have closed already: its line is here all the same.
		_ = s.conn.Write(json.RawMessage(`{"type":"ack","seq":` + number(batch.Lines[len(batch.Lines)-1].Seq) + `}`))
	}
}

func number(n uint64) string {
	text, _ := json.Marshal(n) // a number always marshals
	return string(text)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
