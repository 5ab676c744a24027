package link

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"time"

	"containr.io/guest-init/internal/wire"
)

const (
	dialTimeout      = 5 * time.Second
	handshakeTimeout = 10 * time.Second
)

// ErrPin means that whoever answered is not the agent.
var ErrPin = errors.New("the certificate is not the one of CONTAINR_AGENT_PIN")

// Address is where the agent's intake listens and how it proves to be the agent.
type Address struct {
	HostPort string
	pin      [sha256.Size]byte
}

// ParseAddress reads CONTAINR_AGENT and CONTAINR_AGENT_PIN.
func ParseAddress(hostPort, pin string) (Address, error) {
	a := Address{HostPort: hostPort}
	if _, _, err := net.SplitHostPort(hostPort); err != nil {
		return a, fmt.Errorf("CONTAINR_AGENT: %w", err)
	}
	digest, err := hex.DecodeString(pin)
	if err != nil || len(digest) != sha256.Size {
		return a, errors.New("CONTAINR_AGENT_PIN is not a SHA-256 in hex")
	}
	copy(a.pin[:], digest)
	return a, nil
}

// dial connects with TLS 1.3. The pin is the only trust anchor: names and chains say nothing here.
func (a Address) dial(ctx context.Context) (*wire.Conn, error) {
	dialer := net.Dialer{Timeout: dialTimeout}
	plain, err := dialer.DialContext(ctx, "tcp", a.HostPort)
	if err != nil {
		return nil, err
	}
	secured := tls.Client(plain, &tls.Config{
		MinVersion:         tls.VersionTLS13,
		InsecureSkipVerify: true, // VerifyPeerCertificate compares the pin instead
		VerifyPeerCertificate: func(raw [][]byte, _ [][]*x509.Certificate) error {
			if len(raw) == 0 {
				return ErrPin
			}
			sum := sha256.Sum256(raw[0])
			if subtle.ConstantTimeCompare(sum[:], a.pin[:]) != 1 {
				return ErrPin
			}
			return nil
		},
		SessionTicketsDisabled: true, // a resumed session would skip the comparison
	})
	bounded, cancel := context.WithTimeout(ctx, handshakeTimeout)
	defer cancel()
	if err := secured.HandshakeContext(bounded); err != nil {
		plain.Close()
		return nil, err
	}
	return wire.NewConn(secured), nil
}
