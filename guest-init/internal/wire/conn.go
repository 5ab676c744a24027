package wire

import (
	"bufio"
	"encoding/json"
	"errors"
	"net"
	"sync"
	"time"
)

// Limits both sides keep.
const (
	MaxLine   = 1 << 20
	Silence   = 45 * time.Second
	PingEvery = 15 * time.Second
)

// ErrLineTooLong ends a connection whose peer sent more than MaxLine bytes without a newline.
var ErrLineTooLong = errors.New("line longer than 1 MiB")

// Conn carries one JSON object a line over a connection. Write may be called by several goroutines, Read by one.
type Conn struct {
	net     net.Conn
	reader  *bufio.Reader
	writing sync.Mutex
}

// NewConn frames a connection.
func NewConn(c net.Conn) *Conn {
	return &Conn{net: c, reader: bufio.NewReaderSize(c, 4096)}
}

// Write sends one message. A message that is too long is an error of the caller and sends nothing.
func (c *Conn) Write(message any) error {
	line, err := json.Marshal(message)
	if err != nil {
		return err
	}
	if len(line) >= MaxLine {
		return ErrLineTooLong
	}
	line = append(line, '\n')
	c.writing.Lock()
	defer c.writing.Unlock()
	if err := c.net.SetWriteDeadline(time.Now().Add(Silence)); err != nil {
		return err
	}
	_, err = c.net.Write(line)
	return err
}

// ReadLine gives the next line without its newline; it is valid until the next call.
func (c *Conn) ReadLine(patience time.Duration) ([]byte, error) {
	if err := c.net.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	line, err := c.reader.ReadSlice('\n')
	if err == nil {
		return line[:len(line)-1], nil
	}
	long := append([]byte(nil), line...)
	for errors.Is(err, bufio.ErrBufferFull) {
		if len(long) > MaxLine {
			return nil, ErrLineTooLong
		}
		line, err = c.reader.ReadSlice('\n')
		long = append(long, line...)
	}
	if err != nil {
		return nil, err
	}
	return long[:len(long)-1], nil
}

// Read gives the next message of a known type.
func (c *Conn) Read(patience time.Duration) (any, error) {
	for {
		line, err := c.ReadLine(patience)
		if err != nil {
			return nil, err
		}
		message, err := Decode(line)
		if err != nil {
			return nil, err
		}
		if message != nil {
			return message, nil
		}
	}
}

// Close ends the connection; a blocked Read or Write returns.
func (c *Conn) Close() error {
	return c.net.Close()
}
