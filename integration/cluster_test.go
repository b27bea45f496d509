package integration

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
)

const (
	clusterEvents   = 20_000
	clusterReplicas = 3
	clusterPace     = 170 // events a second while faults last, so that there are always some to post
	clusterPosters  = 24
	clusterShort    = 3 * time.Second // between -9 and the next start
	clusterLong     = 7 * time.Second // of a pause or a cut: longer than the timeouts of store and replicas
	clusterBreath   = 2 * time.Second // between faults
)

// cluster is one ledger in containers: a node of the store, replicas before
// it, and three networks, so that what reaches what can be cut apart.
type cluster struct {
	*founded
	docker
	front    string // only for the ports that the test reaches
	peers    string // replica to replica
	store    string // replica to store
	node     *box
	replicas []*box
}

// serverEnv starts a real server as a single insecure node, by either family
// of names.
func serverEnv() map[string]string {
	env := map[string]string{}
	for _, prefix := range []string{"EVENTSTORE_", "KURRENTDB_"} {
		env[prefix+"CLUSTER_SIZE"], env[prefix+"INSECURE"], env[prefix+"RUN_PROJECTIONS"] = "1", "true", "None"
	}
	return env
}

// startCluster builds the images and starts everything. The first replica
// founds the ledger; the others find it founded.
func startCluster(t *testing.T) *cluster {
	t.Helper()
	d := needDocker(t)
	c := &cluster{docker: d, founded: found(t)}
	ledgerd := d.ledgerdImage(t, "coalition-ledger-test/ledgerd:cluster")
	server := boxed{name: "node", image: os.Getenv("ESDB_IMAGE"), env: serverEnv(), port: 2113}
	if server.image == "" {
		server.image, server.env = d.nodeImage(t, "coalition-ledger-test/esdbnode:cluster"), nil
	}
	// A port is published through the network whose name comes first, which is never cut.
	run := "ledgertest" + freePort(t)
	c.front, c.peers, c.store = d.network(t, run+"-a-front"), d.network(t, run+"-b-peers"), d.network(t, run+"-c-store")
	server.networks = []string{c.front, c.store}
	c.node = d.start(t, server)
	awaitURL(t, c.node.url()+"/health/live")
	for i := range clusterReplicas {
		c.replicas = append(c.replicas, c.replica(t, ledgerd, i))
		awaitURL(t, c.replicas[i].url()+"/readyz")
	}
	return c
}

func (c *cluster) replica(t *testing.T, image string, i int) *box {
	t.Helper()
	name := fmt.Sprintf("ledgerd-%d", i+1)
	return c.start(t, boxed{
		name: name, image: image, port: 8470, networks: []string{c.front, c.peers, c.store},
		folders: map[string]string{"/ledger:ro": c.dir, "/data": t.TempDir()},
		command: []string{
			"serve", "--genesis", "/ledger", "--log-key", "/ledger/log.key", "--auth-keys", "/ledger/tokens.json", "--data", "/data",
			"--store", "esdb://node:2113?tls=false", "--listen", ":8470", "--peer-listen", ":8471", "--peer-url", "http://" + name + ":8471",
		},
	})
}

// at asks one replica.
func (c *cluster) at(t *testing.T, i int) caller {
	t.Helper()
	return call(t, c.replicas[i].url(), c.mint(t, time.Now(), c.everyone()...))
}

// Three replicas on one store take 20,000 events while each replica and the
// store are killed, paused, cut off and restarted in turn. What was
// acknowledged stands once, where it was acknowledged, at every replica.
func TestClusterLosesAndDoublesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("takes three minutes")
	}
	c := startCluster(t)
	c.caller = c.at(t, 0)
	c.seat(t)
	before := c.size(t)
	envelopes := c.actions(t, clusterEvents)
	p := &posters{cluster: c, envelopes: envelopes, recorded: make([]ack, len(envelopes)), pace: rate.NewLimiter(clusterPace, clusterPosters)}
	start := time.Now()
	posted := p.start(t)
	faults := c.misfortunes(t, p)
	if left := len(envelopes) - int(p.acknowledged.Load()); left == 0 {
		t.Error("invalid: all events were posted before the last fault")
	}
	p.pace.SetLimit(rate.Inf)
	<-posted
	t.Logf("%d faults; %d events acknowledged in %s; %d answers lost or unknown, posted again until known", faults, p.acknowledged.Load(), time.Since(start).Round(time.Second), p.unknown.Load())
	if t.Failed() {
		return
	}
	c.audit(t, p, before)
}

// actions are n envelopes of enforcement actions, from the members in turn.
func (c *cluster) actions(t *testing.T, n int) [][]byte {
	t.Helper()
	out := make([][]byte, n)
	for i := range out {
		b := ledgertest.Action(i)
		b.OccurredOn = "2026-05-01"
		out[i] = c.Sign(c.Members[i%len(c.Members)], "enforcement.action_taken", b)
	}
	return out
}

// fault is something that goes wrong, and its end.
type fault struct {
	name  string
	begin func(context.Context) error
	lasts time.Duration
	end   func(context.Context) error
}

func nothing(context.Context) error { return nil }

// faults of a box: -9, a pause, networks lost, a clean restart.
func (c *cluster) faults(b *box, cuts ...string) []fault {
	out := []fault{
		{b.name + " killed", b.kill, clusterShort, b.revive},
		{b.name + " paused", b.pause, clusterLong, b.resume},
		{b.name + " restarted", b.restart, 0, nothing},
	}
	for _, n := range cuts {
		name := map[string]string{c.peers: " cut off from replicas", c.store: " cut off from the store"}[n]
		out = append(out, fault{
			b.name + name,
			func(ctx context.Context) error { return b.cut(ctx, n) },
			clusterLong,
			func(ctx context.Context) error { return b.join(ctx, n) },
		})
	}
	return out
}

// misfortunes lets everything go wrong in turn, while events are posted. The
// loss of one replica must not stop the others.
func (c *cluster) misfortunes(t *testing.T, p *posters) (count int) {
	t.Helper()
	for i, r := range c.replicas {
		cuts := []string{c.store}
		if i == 0 {
			cuts = []string{c.peers, c.store}
		}
		for _, f := range c.faults(r, cuts...) {
			count++
			if p.during(t, f) == 0 {
				t.Errorf("%s: the others acknowledged nothing", f.name)
			}
		}
	}
	for _, f := range c.faults(c.node, c.store) {
		count++
		p.during(t, f)
	}
	return count
}

// during counts the acknowledgements of the time in which a fault lasts and
// until some time after.
func (p *posters) during(t *testing.T, f fault) int64 {
	t.Helper()
	before, unknown := p.acknowledged.Load(), p.unknown.Load()
	if err := f.begin(t.Context()); err != nil {
		t.Fatalf("%s: %v", f.name, err)
	}
	time.Sleep(f.lasts)
	if err := f.end(t.Context()); err != nil {
		t.Fatalf("after %s: %v", f.name, err)
	}
	time.Sleep(clusterBreath)
	acknowledged := p.acknowledged.Load() - before
	t.Logf("%-34s %5d acknowledged meanwhile, %3d answers unknown", f.name, acknowledged, p.unknown.Load()-unknown)
	return acknowledged
}

func archivePath(c *cluster) string { return filepath.Join(c.dir, "journal.archive") }
