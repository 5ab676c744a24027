package process

import (
	"io"
	"os"
	"sync"
	"time"
)

// Pipes connect a process to this program: an empty standard input (or one that is fed) and two streams that are read.
type Pipes struct {
	Stdio   [3]*os.File // the process's ends
	ours    [3]*os.File
	reading sync.WaitGroup
}

// NewPipes opens the pipes. With fed the process reads what Feed is given, else its standard input is empty.
func NewPipes(fed bool) (*Pipes, error) {
	p := &Pipes{}
	for fd := range p.Stdio {
		reader, writer, err := os.Pipe()
		if err != nil {
			p.Close()
			return nil, err
		}
		p.Stdio[fd], p.ours[fd] = writer, reader
		if fd == 0 {
			p.Stdio[fd], p.ours[fd] = reader, writer
		}
	}
	if fed {
		return p, nil
	}
	p.ours[0].Close()
	p.ours[0] = nil
	if null, err := os.Open(os.DevNull); err == nil { // absent in odd guests: the closed pipe is as empty
		p.Stdio[0].Close()
		p.Stdio[0] = null
	}
	return p, nil
}

// Started closes the process's ends here, so that the streams end with the process.
func (p *Pipes) Started() {
	for _, file := range p.Stdio {
		file.Close()
	}
}

// Feed writes all of data to the process's standard input and ends it. A process that does not read it all is no error.
func (p *Pipes) Feed(data []byte) {
	go func() {
		defer p.ours[0].Close()
		_, _ = p.ours[0].Write(data) // EPIPE: the process has had enough
	}()
}

// Collect reads both streams until they end. It gives each piece to take with its file descriptor, 1 or 2; take may be called by
// two goroutines, but never twice at once for one stream. The bytes are valid during the call; nil ends the stream.
func (p *Pipes) Collect(take func(fd int, data []byte)) {
	for fd := 1; fd <= 2; fd++ {
		p.reading.Add(1)
		go func(fd int) {
			defer p.reading.Done()
			defer p.ours[fd].Close()
			buffer := make([]byte, 16<<10)
			for {
				n, err := p.ours[fd].Read(buffer)
				if n > 0 {
					take(fd, buffer[:n])
				}
				if err != nil && err != io.ErrNoProgress {
					take(fd, nil)
					return
				}
			}
		}(fd)
	}
}

// Drain waits until both streams have ended, then cuts them off: a stray process may hold them open for ever.
func (p *Pipes) Drain(patience time.Duration) {
	ended := make(chan struct{})
	go func() {
		p.reading.Wait()
		close(ended)
	}()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-ended:
		return
	case <-timer.C:
	}
	for _, file := range p.ours[1:] {
		file.Close()
	}
	<-ended
}

// Close gives up all ends, for a process that did not start.
func (p *Pipes) Close() {
	for _, file := range append(p.Stdio[:], p.ours[:]...) {
		if file != nil {
			file.Close()
		}
	}
}
