package integration

import (
	"archive/tar"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/log"
)

// docker is the daemon that containers of a test run in.
type docker struct {
	*testcontainers.DockerClient
}

// needDocker skips the test where no daemon answers. LEDGER_NEED_DOCKER, which
// CI sets, forbids that.
func needDocker(t *testing.T) docker {
	t.Helper()
	// No helper container that cleans up after us: its image may not be at
	// hand. Tests remove what they made.
	t.Setenv("TESTCONTAINERS_RYUK_DISABLED", "true")
	if os.Getenv("TESTCONTAINERS_HOST_OVERRIDE") == "" {
		t.Setenv("TESTCONTAINERS_HOST_OVERRIDE", "127.0.0.1")
	}
	log.SetDefault(silent{})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	c, err := testcontainers.NewDockerClientWithOpts(ctx)
	if err == nil {
		_, err = c.Ping(ctx, client.PingOptions{NegotiateAPIVersion: true})
	}
	if err != nil {
		if os.Getenv("LEDGER_NEED_DOCKER") != "" {
			t.Fatalf("LEDGER_NEED_DOCKER is set, and no Docker daemon answers: %v", err)
		}
		t.Skipf("no Docker daemon answers: %v", err)
	}
	t.Cleanup(func() { c.Close() })
	return docker{c}
}

// silent keeps what the library says of each step to itself.
type silent struct{}

func (silent) Printf(string, ...any) {}

// lasting is a context for cleaning up after a test.
func lasting() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), 30*time.Second)
}

// image builds an image FROM scratch and removes it with the test. Files are
// host paths by name in the build's context; "" makes an empty folder.
func (d docker) image(t *testing.T, tag, dockerfile string, files map[string]string) string {
	t.Helper()
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	add := func(h tar.Header, text []byte) {
		h.Size = int64(len(text))
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	add(tar.Header{Name: "Dockerfile", Mode: 0o644}, []byte(dockerfile))
	for name, path := range files {
		if path == "" {
			add(tar.Header{Name: name + "/", Mode: 0o755, Typeflag: tar.TypeDir}, nil)
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		add(tar.Header{Name: name, Mode: 0o755}, text)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	res, err := d.ImageBuild(t.Context(), &archive, client.ImageBuildOptions{Tags: []string{tag}, Remove: true, ForceRemove: true})
	if err != nil {
		t.Fatalf("build %s: %v", tag, err)
	}
	said, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil || !bytes.Contains(said, []byte("Successfully tagged")) {
		t.Fatalf("build %s: %v\n%s", tag, err, said)
	}
	t.Cleanup(func() {
		ctx, cancel := lasting()
		defer cancel()
		if _, err := d.ImageRemove(ctx, tag, client.ImageRemoveOptions{Force: true, PruneChildren: true}); err != nil {
			t.Errorf("image %s stays: %v", tag, err)
		}
	})
	return tag
}

// ledgerdImage is the last stage of deploy/Dockerfile around the commands that
// were built here: its first stage needs an image of Go.
func (d docker) ledgerdImage(t *testing.T, tag string) string {
	t.Helper()
	_, last, found := strings.Cut(readFile(t, "../deploy/Dockerfile"), "\nFROM scratch\n")
	if !found || strings.Contains(last, "\nFROM ") {
		t.Fatal("deploy/Dockerfile does not end in a stage FROM scratch")
	}
	last = strings.NewReplacer("--from=build ", "", "/out/", "").Replace(last)
	return d.image(t, tag, "FROM scratch\n"+last, map[string]string{
		"ledgerd": command("ledgerd"), "ledger": command("ledger"), "data": "", "tmp": "", "subscriptions": "",
		"ca-certificates.crt": writeFile(t, 0o644, "", t.TempDir(), "ca-certificates.crt"),
	})
}

// nodeImage holds the node that speaks EventStoreDB's protocol, and ledgerd
// for its health check.
func (d docker) nodeImage(t *testing.T, tag string) string {
	t.Helper()
	const dockerfile = `FROM scratch
COPY esdbnode ledgerd /bin/
COPY data /data
VOLUME /data
EXPOSE 2113
HEALTHCHECK --interval=1s --timeout=2s --retries=60 CMD ["/bin/ledgerd", "health", "http://127.0.0.1:2113/health/live"]
ENTRYPOINT ["/bin/esdbnode", "--listen", "0.0.0.0:2113", "--data", "/data"]
`
	return d.image(t, tag, dockerfile, map[string]string{"esdbnode": command("esdbnode"), "ledgerd": command("ledgerd"), "data": ""})
}

// network makes a network and removes it with the test.
func (d docker) network(t *testing.T, name string) string {
	t.Helper()
	if _, err := d.NetworkCreate(t.Context(), name, client.NetworkCreateOptions{Driver: "bridge"}); err != nil {
		t.Fatalf("network %s: %v", name, err)
	}
	t.Cleanup(func() {
		ctx, cancel := lasting()
		defer cancel()
		if _, err := d.NetworkRemove(ctx, name, client.NetworkRemoveOptions{}); err != nil {
			t.Errorf("network %s stays: %v", name, err)
		}
	})
	return name
}

// box is a container that is there until its test ends, running or not.
type box struct {
	docker
	name string // by which others on its networks know it
	id   string
	port string // on 127.0.0.1, the same after each start
}

// boxed says what runs in a box.
type boxed struct {
	name     string
	image    string
	command  []string
	env      map[string]string
	port     int               // published
	folders  map[string]string // of the host, by path in the box
	networks []string
}

// start runs a container. A failed test shows the end of its log.
func (d docker) start(t *testing.T, b boxed) *box {
	t.Helper()
	out := &box{docker: d, name: b.name, port: freePort(t)}
	inside := network.MustParsePort(fmt.Sprintf("%d/tcp", b.port))
	aliases := map[string][]string{}
	for _, n := range b.networks[1:] { // the first one is for the port alone
		aliases[n] = []string{b.name}
	}
	c, err := testcontainers.GenericContainer(t.Context(), testcontainers.GenericContainerRequest{Started: true, ContainerRequest: testcontainers.ContainerRequest{
		Image: b.image, Cmd: b.command, Env: b.env, Networks: b.networks, NetworkAliases: aliases, ExposedPorts: []string{inside.String()},
		ConfigModifier: func(c *container.Config) {
			if len(b.folders) > 0 { // they belong to who runs the test
				c.User = fmt.Sprintf("%d:%d", os.Getuid(), os.Getgid())
			}
		},
		HostConfigModifier: func(h *container.HostConfig) {
			h.PortBindings = network.PortMap{inside: {{HostIP: netip.MustParseAddr("127.0.0.1"), HostPort: out.port}}}
			for to, from := range b.folders {
				h.Binds = append(h.Binds, from+":"+to)
			}
		},
	}})
	if c != nil {
		out.id = c.GetContainerID()
		t.Cleanup(func() { out.remove(t, c) })
	}
	if err != nil {
		t.Fatalf("start %s: %v", b.name, err)
	}
	return out
}

func (b *box) remove(t *testing.T, c testcontainers.Container) {
	ctx, cancel := lasting()
	defer cancel()
	if t.Failed() {
		t.Logf("%s wrote:\n%s", b.name, b.log(ctx))
	}
	if err := c.Terminate(ctx, testcontainers.StopTimeout(0)); err != nil {
		t.Errorf("container %s stays: %v", b.name, err)
	}
}

// log is the end of what a box wrote.
func (b *box) log(ctx context.Context) string {
	r, err := b.ContainerLogs(ctx, b.id, client.ContainerLogsOptions{ShowStdout: true, ShowStderr: true, Tail: "40"})
	if err != nil {
		return err.Error()
	}
	defer r.Close()
	var text bytes.Buffer
	_, _ = stdcopy.StdCopy(&text, &text, r) // what there is
	return text.String()
}

func (b *box) url() string { return "http://127.0.0.1:" + b.port }

// The faults. Each returns what Docker says of it.

func (b *box) kill(ctx context.Context) error { // -9
	_, err := b.ContainerKill(ctx, b.id, client.ContainerKillOptions{Signal: "KILL"})
	return err
}

func (b *box) revive(ctx context.Context) error {
	_, err := b.ContainerStart(ctx, b.id, client.ContainerStartOptions{})
	return err
}

func (b *box) restart(ctx context.Context) error { // SIGTERM, and start
	grace := 15
	_, err := b.ContainerRestart(ctx, b.id, client.ContainerRestartOptions{Timeout: &grace})
	return err
}

func (b *box) pause(ctx context.Context) error {
	_, err := b.ContainerPause(ctx, b.id, client.ContainerPauseOptions{})
	return err
}

func (b *box) resume(ctx context.Context) error {
	_, err := b.ContainerUnpause(ctx, b.id, client.ContainerUnpauseOptions{})
	return err
}

func (b *box) cut(ctx context.Context, from string) error {
	_, err := b.NetworkDisconnect(ctx, from, client.NetworkDisconnectOptions{Container: b.id, Force: true})
	return err
}

func (b *box) join(ctx context.Context, to string) error {
	_, err := b.NetworkConnect(ctx, to, client.NetworkConnectOptions{
		Container: b.id, EndpointConfig: &network.EndpointSettings{Aliases: []string{b.name}},
	})
	return err
}

// freePort is a port of 127.0.0.1 that nobody listens on now. Docker would
// choose another one at each start of a container.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// getURL asks without a token and returns the body of a good answer.
func getURL(ctx context.Context, url string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= 300 {
		err = fmt.Errorf("%s: %s: %s", url, res.Status, text)
	}
	return string(text), err
}

// awaitURL waits until a URL has a good answer.
func awaitURL(t *testing.T, url string) {
	t.Helper()
	await(t, url, func(ctx context.Context) error {
		_, err := getURL(ctx, url)
		return err
	})
}

// await tries until it succeeds, for a minute.
func await(t *testing.T, what string, try func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var told error // of the last attempt that had its time
	for {
		attempt, end := context.WithTimeout(ctx, 5*time.Second)
		err := try(attempt)
		end()
		if err == nil {
			return
		}
		if ctx.Err() != nil {
			t.Fatalf("%s: nothing good after a minute: %v", what, told)
		}
		told = err
		time.Sleep(100 * time.Millisecond)
	}
}
