package integration

import (
	"errors"
	"fmt"
	"iter"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/api/client"
	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
)

// startNode starts a node that speaks EventStoreDB's protocol, on disk.
func startNode(t *testing.T) *esdbnode.Node {
	t.Helper()
	node, err := esdbnode.Start(esdbnode.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = node.Close() })
	return node
}

// moveTo lets the coalition's ledger stand on a node, with the caches where
// those of Pebble would be.
func (f *founded) moveTo(t *testing.T, node *esdbnode.Node) {
	t.Helper()
	f.store = node.ConnectionString()
	t.Setenv("LEDGERD_DATA", filepath.Join(f.dir, "journal.cache"))
}

// The same as on Pebble: ledgerd killed during an import, six times.
func TestCrashOnEventStoreDB(t *testing.T) {
	f := found(t)
	f.moveTo(t, startNode(t))
	crash(t, f)
}

// replica is one of several ledgerd on one store.
type replica struct {
	*process
	caller
	flags []string
	addr  string // file
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func (f *founded) replica(t *testing.T, n int) *replica {
	t.Helper()
	in := func(name string) string { return filepath.Join(f.dir, name) }
	own, peer := in("replica-"+strconv.Itoa(n)), freeAddress(t)
	r := &replica{addr: own + ".addr"}
	r.flags = []string{
		"serve", "--genesis", f.dir, "--log-key", in("log.key"), "--auth-keys", in("tokens.json"), "--store", f.store, "--data", own,
		"--listen", "127.0.0.1:0", "--addr-file", r.addr, "--peer-listen", peer, "--peer-url", "http://" + peer,
	}
	r.start(t, f)
	return r
}

func (r *replica) start(t *testing.T, f *founded) {
	t.Helper()
	_ = os.Remove(r.addr) // of the process before
	r.process = run(t, "ledgerd", r.flags...)
	r.waitFor(t, "address", func() bool {
		text, err := os.ReadFile(r.addr)
		return err == nil && strings.HasSuffix(string(text), "\n")
	})
	r.caller = call(t, readFile(t, r.addr), f.mint(t, time.Now(), f.everyone()...))
	r.waitFor(t, "readiness", func() bool { return r.Get(t.Context(), "/readyz", new(any)) == nil })
}

// readiness is what /readyz tells of the store.
type readiness struct {
	Leading bool    `json:"leading"`
	Seconds float64 `json:"store_contact_seconds"`
	Code    string  `json:"code"`
}

// leader waits until one of the replicas, and no second, orders the events.
func leader(t *testing.T, replicas []*replica) *replica {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		var leading []*replica
		for _, r := range replicas {
			if get[readiness](t, r.caller, "/readyz").Leading {
				leading = append(leading, r)
			}
		}
		if len(leading) == 1 {
			return leading[0]
		}
	}
	t.Fatal("after 20 s it is not one replica that orders the events")
	return nil
}

// insist posts envelopes in bulk, those without an answer again, until each is
// acknowledged.
func (r *replica) insist(t *testing.T, envelopes [][]byte, each func(i int, got client.Receipt)) {
	done := make([]bool, len(envelopes))
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		var left []int
		for i := range envelopes {
			if !done[i] {
				left = append(left, i)
			}
		}
		if len(left) == 0 {
			return
		}
		all := iter.Seq2[[]byte, error](func(yield func([]byte, error) bool) {
			for _, i := range left {
				if !yield(envelopes[i], nil) {
					return
				}
			}
		})
		_ = r.Bulk(within(t, 30*time.Second), all, func(got client.Result) { // who is killed ends it
			if got.Receipt != nil {
				done[left[got.Item-1]] = true
				each(left[got.Item-1], *got.Receipt)
				return
			}
			var p *client.Error
			if !errors.As(got.Err(), &p) || p.Status < 500 {
				t.Errorf("item %d: %v", left[got.Item-1], got.Err())
			}
		})
	}
	t.Error("not all was acknowledged after 60 s")
}

// Three replicas on one store take the same events at once, and the one that
// orders them is killed in the middle: each event stands once, all agree where.
func TestReplicas(t *testing.T) {
	f := found(t)
	node := startNode(t)
	f.moveTo(t, node)
	replicas := []*replica{f.replica(t, 0)}
	f.process, f.caller = replicas[0].process, replicas[0].caller
	f.seat(t)
	replicas = append(replicas, f.replica(t, 1), f.replica(t, 2))
	envelopes, before := import3000(t, f)[:crashEach], f.size(t)

	recorded, mu := acks{}, sync.Mutex{}
	middle := make(chan struct{})
	note := func(i int, got client.Receipt) {
		mu.Lock()
		defer mu.Unlock()
		if first, known := recorded[i]; known && (first.Index != got.Index || first.Leaf != got.Leaf || first.RecordedAt != got.RecordedAt) {
			t.Errorf("item %d was acknowledged as %d %s, then as %d %s", i, first.Index, first.Leaf, got.Index, got.Leaf)
		} else if !known {
			recorded[i] = got
		}
		if len(recorded) == len(envelopes)/3 {
			select {
			case <-middle:
			default:
				close(middle)
			}
		}
	}
	first := leader(t, replicas)
	var posting sync.WaitGroup
	for _, r := range replicas {
		if r != first {
			posting.Go(func() { r.insist(t, envelopes, note) })
		}
	}
	<-middle
	first.kill()
	posting.Wait()
	first.start(t, f)
	posting.Go(func() { first.insist(t, envelopes, note) })
	posting.Wait()
	if next := leader(t, replicas); next == first {
		t.Log("who was killed orders the events again")
	}
	for _, r := range replicas {
		f.process, f.caller = r.process, r.caller
		r.waitFor(t, "all events", func() bool { return f.size(t) == before+uint64(len(envelopes)) })
		checkJournal(t, f, envelopes, recorded, before)
	}
	loseStore(t, f, node, replicas)
	for _, r := range replicas {
		r.stop(t)
	}
}

// loseStore stops the store: replicas live, serve reads as stale and take no
// writes; when it is back they do.
func loseStore(t *testing.T, f *founded, node *esdbnode.Node, replicas []*replica) {
	t.Helper()
	node.Stop()
	for i, r := range replicas {
		r.waitFor(t, "staleness", func() bool {
			return r.send(t.Context(), t, "GET", "/v1/countries", "application/json", nil).Header.Get("Ledger-Stale") != ""
		})
		for path, status := range map[string]int{"/healthz": 200, "/readyz": 503, "/v1/countries": 200, "/v1/members": 200, "/v1/checkpoint": 200} {
			res := r.send(t.Context(), t, "GET", path, "application/json", nil)
			if seconds, err := strconv.Atoi(res.Header.Get("Ledger-Stale")); res.StatusCode != status || err != nil || seconds < 5 {
				t.Errorf("replica %d: %s answers %d with Ledger-Stale %q, want %d", i, path, res.StatusCode, res.Header.Get("Ledger-Stale"), status)
			}
		}
		var p *client.Error
		if err := r.Get(t.Context(), "/readyz", new(any)); !errors.As(err, &p) || p.Code != "store.silent" {
			t.Errorf("replica %d: readiness says %v, want store.silent", i, err)
		}
	}
	if err := node.Resume(); err != nil {
		t.Fatal(err)
	}
	for _, r := range replicas {
		r.waitFor(t, "readiness again", func() bool { return r.Get(t.Context(), "/readyz", new(any)) == nil })
	}
	for i, r := range replicas {
		envelope := f.Sign("XA", "enforcement.action_taken", ledgertest.Action(90_000+i))
		if _, err := r.Submit(within(t, 20*time.Second), envelope); err != nil {
			t.Errorf("replica %d: after the store came back: %v\n%s", i, err, r.stderr)
		}
	}
}

// A replica does not take the word of somebody without the log key.
func TestThePeerPortIsForReplicasAlone(t *testing.T) {
	f := found(t)
	f.moveTo(t, startNode(t))
	r := f.replica(t, 0)
	port := r.flags[len(r.flags)-1]
	for _, path := range []string{"/peer/v1/take", "/v1/events", "/", "/readyz", "/metrics"} {
		res, err := http.Post(port+path, "application/octet-stream", strings.NewReader("\x00"))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if want := map[bool]int{true: 401, false: 404}[path == "/peer/v1/take"]; res.StatusCode != want {
			t.Errorf("%s answers %d, want %d", path, res.StatusCode, want)
		}
	}
	second, stderr, code := try(t.Context(), t, "ledgerd", r.flags...)
	if code != 1 || !strings.Contains(stderr, "in use by another ledgerd") {
		t.Errorf("a second process with the same folder: exit %d, %s%s", code, second, stderr)
	}
	r.stop(t)
	if text := fmt.Sprint(r.stdout, r.stderr); strings.Contains(text, "panic") {
		t.Errorf("the replica said: %s", text)
	}
}
