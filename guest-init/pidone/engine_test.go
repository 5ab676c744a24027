//go:build engine

package pidone

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"
)

// engine speaks the API of the local container engine.
type engine struct {
	t      testing.TB
	client *http.Client
}

func newEngine(t testing.TB) *engine {
	socket := strings.TrimPrefix(os.Getenv("DOCKER_HOST"), "unix://")
	if socket == "" {
		socket = "/var/run/docker.sock"
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}
	return &engine{t: t, client: &http.Client{Timeout: time.Minute, Transport: &http.Transport{DialContext: dial}}}
}

// call fails the test unless the engine answers with success.
func (e *engine) call(method, path string, body io.Reader, contentType string, into any) {
	e.t.Helper()
	request, err := http.NewRequest(method, "http://engine/v1.41"+path, body)
	if err != nil {
		e.t.Fatal(err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := e.client.Do(request)
	if err != nil {
		e.t.Fatalf("no container engine: %v", err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= 300 && response.StatusCode != http.StatusNotModified {
		e.t.Fatalf("%s %s: %s %s %v", method, path, response.Status, answer, err)
	}
	if into != nil {
		if err := json.Unmarshal(answer, into); err != nil {
			e.t.Fatal(err)
		}
	}
}

// image makes an image of these files, with guest-init as its entry point, as a prepared image has it.
func (e *engine) image(files map[string][]byte) string {
	e.t.Helper()
	var archive bytes.Buffer
	writer := tar.NewWriter(&archive)
	for name, content := range files {
		header := &tar.Header{Name: name, Mode: 0o755, Size: int64(len(content)), Typeflag: tar.TypeReg}
		if err := writer.WriteHeader(header); err != nil {
			e.t.Fatal(err)
		}
		if _, err := writer.Write(content); err != nil {
			e.t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		e.t.Fatal(err)
	}
	var created struct{ Status string }
	query := url.Values{"fromSrc": {"-"}, "changes": {`ENTRYPOINT ["/.containr/init"]`}}
	e.call("POST", "/images/create?"+query.Encode(), &archive, "application/x-tar", &created)
	id := created.Status
	e.t.Cleanup(func() { e.call("DELETE", "/images/"+id+"?force=1", nil, "", nil) })
	return id
}

// container is one guest of the engine.
type container struct {
	*engine
	id string
}

func (e *engine) container(image string, env []string, host map[string]any) *container {
	e.t.Helper()
	host["NetworkMode"] = "host" // the agent of the test listens on the loopback interface
	body, err := json.Marshal(map[string]any{"Image": image, "Env": env, "HostConfig": host})
	if err != nil {
		e.t.Fatal(err)
	}
	var created struct{ ID string }
	e.call("POST", "/containers/create", bytes.NewReader(body), "application/json", &created)
	c := &container{engine: e, id: created.ID}
	e.t.Cleanup(func() {
		if e.t.Failed() {
			e.t.Logf("console: %s", c.console())
		}
		e.call("DELETE", "/containers/"+c.id+"?force=1&v=1", nil, "", nil)
	})
	return c
}

func (c *container) post(action string) {
	c.t.Helper()
	c.call("POST", "/containers/"+c.id+"/"+action, nil, "", nil)
}

// enter runs a program in the container as an operator would, beside PID 1.
func (c *container) enter(argv ...string) {
	c.t.Helper()
	body, err := json.Marshal(map[string]any{"Cmd": argv})
	if err != nil {
		c.t.Fatal(err)
	}
	var created struct{ ID string }
	c.call("POST", "/containers/"+c.id+"/exec", bytes.NewReader(body), "application/json", &created)
	c.call("POST", "/exec/"+created.ID+"/start", strings.NewReader(`{"Detach":true}`), "application/json", nil)
}

// exitCode waits for the end of PID 1.
func (c *container) exitCode() int {
	c.t.Helper()
	var result struct{ StatusCode int }
	c.call("POST", "/containers/"+c.id+"/wait", nil, "", &result)
	return result.StatusCode
}

// memory is what the kernel counts for the whole container, in bytes, without the page cache it could drop.
func (c *container) memory() int64 {
	c.t.Helper()
	var stats struct {
		MemoryStats struct {
			Usage int64
			Stats map[string]int64
		} `json:"memory_stats"`
	}
	c.call("GET", "/containers/"+c.id+"/stats?stream=false&one-shot=true", nil, "", &stats)
	return stats.MemoryStats.Usage - stats.MemoryStats.Stats["inactive_file"]
}

func (c *container) console() string {
	response, err := c.client.Get(fmt.Sprintf("http://engine/v1.41/containers/%s/logs?stdout=1&stderr=1", c.id))
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
