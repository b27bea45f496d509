package integration

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
)

// member is a member's witness: a process behind its proxy, whose address stays.
type member struct {
	name, vkey, dir string
	web             *httptest.Server
	backend         atomic.Pointer[url.URL]
	delay           atomic.Int64
	*process
}

func newMember(t *testing.T, f *founded, name string) *member {
	t.Helper()
	m := &member{name: name, dir: filepath.Join(f.dir, name)}
	line, stderr, code := try(t.Context(), t, "ledger", "witness", "--key", m.dir+".key", "--new-key", name+".example")
	if code != 0 {
		t.Fatal(stderr)
	}
	m.vkey = strings.Fields(line)[2]
	proxy := &httputil.ReverseProxy{
		Rewrite:      func(r *httputil.ProxyRequest) { r.SetURL(m.backend.Load()) },
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	m.web = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(time.Duration(m.delay.Load()))
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(m.web.Close)
	m.start(t, f)
	return m
}

func (m *member) start(t *testing.T, f *founded) {
	t.Helper()
	addr := m.dir + ".addr"
	_ = os.Remove(addr)
	m.process = run(t, "ledger", "witness", "--key", m.dir+".key", "--data", m.dir, "--log", f.LogKey, "--listen", "127.0.0.1:0", "--addr-file", addr)
	m.waitFor(t, "address", func() bool {
		text, err := os.ReadFile(addr)
		return err == nil && strings.HasSuffix(string(text), "\n")
	})
	u, err := url.Parse(readFile(t, addr))
	if err != nil {
		t.Fatal(err)
	}
	m.backend.Store(u)
}

// disk is the file with what the witness cosigned last.
func (m *member) disk(t *testing.T) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(m.dir, "*", "checkpoint"))
	if err != nil || len(found) != 1 {
		t.Fatalf("%v, %v", found, err)
	}
	return found[0]
}

// putBack restarts the witness on an older copy of its disk.
func (m *member) putBack(t *testing.T, f *founded, old string) {
	t.Helper()
	m.stop(t)
	writeFile(t, 0o600, old, m.disk(t))
	m.start(t, f)
}

// colluder cosigns whatever the operator asks it to.
func colluder(t *testing.T, name string) *member {
	t.Helper()
	skey, vkey, err := witness.GenerateKey(name + ".example")
	if err != nil {
		t.Fatal(err)
	}
	key, err := witness.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	m := &member{name: name, vkey: vkey}
	m.web = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, checkpoint, _ := strings.Cut(string(body), "\n\n")
		text, _, err := translog.SplitNote([]byte(checkpoint))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		fmt.Fprintln(w, key.Cosign(text, time.Now().Unix()))
	}))
	t.Cleanup(m.web.Close)
	return m
}

// adopt makes the members agree on a policy of five of the seven.
func adopt(t *testing.T, f *founded, all []*member) string {
	t.Helper()
	policy, group := "log "+f.LogKey+"\n", "group q 5"
	for _, m := range all {
		policy += fmt.Sprintf("witness %s %s %s\n", m.name, m.vkey, m.web.URL)
		group += " " + m.name
	}
	policy += group + "\nquorum q\n"
	text := encode(t, domain.WitnessPolicyAdopted{Policy: policy})
	p := f.post(t, f.Sign("XA", "proposal.made", domain.ProposalMade{
		Title: "witnesses", ExpiresOn: domain.DateOf(f.Time.AddDate(0, 1, 0)), Drafts: []domain.Draft{{Type: "witness_policy.adopted", Version: 1, Payload: text}},
	}))
	for _, m := range f.Members {
		f.post(t, f.SignRoot(m, "proposal.endorsed", domain.ProposalEndorsed{Proposal: domain.Ref{Index: p.Index, Leaf: p.Leaf}}))
	}
	f.post(t, f.Sign("XA", "witness_policy.adopted", []byte(text)))
	return policy
}

// said is what the ledger tells of its witnesses.
type said struct {
	EffectiveSize uint64 `json:"effective_size"`
	Witnesses     []struct {
		Witness  string `json:"witness"`
		Outcome  string `json:"outcome"`
		Size     uint64 `json:"size"`
		Restored bool   `json:"restored"`
	} `json:"witnesses"`
}

func (s said) outcomes() string {
	var out []string
	for _, w := range s.Witnesses {
		out = append(out, w.Witness+" "+w.Outcome)
	}
	return strings.Join(out, ", ")
}

// effective posts an event and waits until the witnesses stand behind it.
func effective(t *testing.T, f *founded, n int) (size uint64, took time.Duration) {
	t.Helper()
	begun := time.Now()
	r := f.post(t, f.Sign("XA", "enforcement.action_taken", ledgertest.Action(n)))
	f.waitFor(t, "quorum of witnesses", func() bool { return get[said](t, f.caller, "/v1/witnesses").EffectiveSize > r.Index })
	return r.Index + 1, time.Since(begun)
}

// forged is another history under the log's own key: the events up to same,
// then others, up to size.
func forged(t *testing.T, f *founded, same, size uint64) witness.Round {
	t.Helper()
	var leaves []domain.Hash
	if same > 0 {
		leaves = recorded(t, f, same)
	}
	for uint64(len(leaves)) < size {
		leaves = append(leaves, translog.LeafHash(int64(len(leaves)), []byte("what suits the operator better")))
	}
	tree, err := translog.NewTree(translog.MemoryHashes())
	if err != nil {
		t.Fatal(err)
	}
	staged, err := tree.Stage(leaves)
	if err == nil {
		err = tree.Commit(staged)
	}
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(readFile(t, f.dir, "log.key"))
	if err != nil {
		t.Fatal(err)
	}
	checkpoint, err := translog.SignCheckpoint(translog.Checkpoint{Origin: signer.Name(), Size: size, Root: tree.Root()}, signer)
	if err != nil {
		t.Fatal(err)
	}
	return witness.Round{Checkpoint: checkpoint, Tree: tree}
}

// recorded is the leaf hashes of the ledger's first events.
func recorded(t *testing.T, f *founded, size uint64) (leaves []domain.Hash) {
	t.Helper()
	for l, err := range f.Leaves(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if leaves = append(leaves, translog.LeafHash(l.RecordedAt, []byte(l.Envelope))); l.Index+1 == size {
			break
		}
	}
	return leaves
}

// ask asks all witnesses of a policy and returns when all have answered.
func ask(t *testing.T, policy string, r witness.Round) (out witness.Result) {
	t.Helper()
	var err error
	if r.Policy, err = witness.ParsePolicy(policy); err != nil {
		t.Fatal(err)
	}
	g := witness.NewGatherer(witness.Options{Patience: 15 * time.Second, Clock: time.Now})
	defer g.Close()
	late := make(chan witness.Result, 1)
	r.Late = func(res witness.Result, _ error) { late <- res }
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if _, err := g.Gather(ctx, r); err == nil {
		t.Error("the forged history has its quorum")
	} else if !errors.Is(err, witness.ErrQuorum) && !errors.Is(err, witness.ErrForked) {
		t.Error(err)
	}
	return <-late
}

// evidence fetches the first proof that a witness holds, and has it checked by
// somebody who knows the log's key and nothing else.
func (m *member) evidence(t *testing.T, f *founded, origin string) {
	t.Helper()
	base := m.web.URL + "/" + originHash(origin) + "/evidence"
	names := strings.Fields(fetch(t, base))
	if len(names) == 0 {
		t.Fatalf("%s holds no evidence", m.name)
	}
	path := writeFile(t, 0o644, fetch(t, base+"/"+names[0]), f.dir, m.name+".evidence")
	stdout, stderr, code := try(t.Context(), t, "ledger", "prove-fork", "--verify", path, "--log", f.LogKey)
	if code != 0 || !strings.Contains(stdout, "signed two histories") {
		t.Errorf("%s: exit %d: %s%s", m.name, code, stdout, stderr)
	}
}

func originHash(origin string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(origin))) }

func fetch(t *testing.T, address string) string {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d, %v", address, res.StatusCode, err)
	}
	return string(text)
}

// Seven witnesses, five needed: two go down, two collude with the operator, one
// is slow, one is put back on an old disk, one is as it should be. Honest events
// become effective, another history never does, and it is proven.
func TestWitnessesHoldTheLedgerToOneHistory(t *testing.T) {
	f := found(t)
	f.serve(t)
	f.seat(t)
	down1, down2 := newMember(t, f, "down1"), newMember(t, f, "down2")
	slow, restored, good := newMember(t, f, "slow"), newMember(t, f, "restored"), newMember(t, f, "good")
	policy := adopt(t, f, []*member{down1, down2, colluder(t, "colluder1"), colluder(t, "colluder2"), slow, restored, good})
	early, _ := effective(t, f, 1)
	restored.waitFor(t, "cosignature", func() bool { return atLeast(t, restored, early) })
	old := readFile(t, restored.disk(t)) + "\n"

	// Two are down, one comes back on an old disk: the slow one is the fifth.
	effective(t, f, 2)
	down1.kill()
	down2.kill()
	restored.putBack(t, f, old)
	const delay = 700 * time.Millisecond
	slow.delay.Store(int64(delay))
	size, took := effective(t, f, 3)
	if took < delay {
		t.Errorf("effective after %s without the slow one: only four others are there", took)
	}
	s := get[said](t, f.caller, "/v1/witnesses")
	if got := s.outcomes(); got != "down1 down, down2 down, colluder1 cosigned, colluder2 cosigned, slow cosigned, restored cosigned, good cosigned" {
		t.Errorf("got %s", got)
	}
	for _, w := range s.Witnesses {
		if w.Restored != (w.Witness == "restored") {
			t.Errorf("%s: restored %v", w.Witness, w.Restored)
		}
		if w.Outcome == "cosigned" && w.Size != size {
			t.Errorf("%s stands at %d, want %d", w.Witness, w.Size, size)
		}
	}

	// The operator writes history anew from where the old disk ends.
	restored.putBack(t, f, old)
	for _, who := range []string{"two are down", "all are back"} {
		got := ask(t, policy, forged(t, f, early, size))
		by := make(map[string]witness.Outcome)
		for _, r := range got.Reports {
			by[r.Witness] = r.Outcome
		}
		if len(got.Cosignatures) != 3 || got.Satisfied || by["restored"] != witness.OutcomeCosigned || by["good"] != witness.OutcomeDisagrees || by["slow"] != witness.OutcomeDisagrees {
			t.Errorf("%s: %d cosigned, %v", who, len(got.Cosignatures), by)
		}
		if who == "all are back" {
			continue
		}
		down1.start(t, f) // they remember an earlier checkpoint than the others, and what follows from it
		down2.start(t, f)
	}
	origin, _, _ := strings.Cut(f.LogKey, "+")
	good.evidence(t, f, origin)
	slow.evidence(t, f, origin)

	// The honest replica finds its own signature on the other history, and stops.
	f.post(t, f.Sign("XA", "enforcement.action_taken", ledgertest.Action(4)))
	f.waitFor(t, "stop", func() bool { return strings.Contains(f.stderr.String(), "signed two histories") })
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err := f.Submit(ctx, f.Sign("XA", "enforcement.action_taken", ledgertest.Action(5))); err == nil {
		t.Error("the ledger signs on, although its key signed another history")
	}
}

// atLeast reports whether a witness cosigned a tree of that size.
func atLeast(t *testing.T, m *member, size uint64) bool {
	t.Helper()
	c, err := translog.PeekCheckpoint([]byte(readFile(t, m.disk(t)) + "\n"))
	return err == nil && c.Size >= size
}

// A witness is killed at any moment: what it has cosigned stands on its disk.
func TestWitnessForgetsNothingThatItCosigned(t *testing.T) {
	f := found(t)
	m := newMember(t, f, "w")
	policy, err := witness.ParsePolicy(fmt.Sprintf("log %s\nwitness w %s %s\nquorum w\n", f.LogKey, m.vkey, m.web.URL))
	if err != nil {
		t.Fatal(err)
	}
	g := witness.NewGatherer(witness.Options{Patience: 5 * time.Second, Clock: time.Now})
	defer g.Close()
	cosigned, lost := uint64(0), 0
	for size := uint64(1); size <= 300; size++ {
		if size%30 == 0 { // while it is asked
			go func() { _ = m.Process.Kill() }()
		}
		r := forged(t, f, 0, size)
		r.Policy = policy
		res, err := g.Gather(t.Context(), r)
		if err == nil {
			cosigned = size
			continue
		}
		if res.Reports[0].Outcome != witness.OutcomeDown {
			t.Fatalf("at %d: %v, %+v", size, err, res.Reports[0])
		}
		lost++
		m.kill()
		if cosigned > 0 && !atLeast(t, m, cosigned) {
			t.Fatalf("it cosigned %d, its disk has less", cosigned)
		}
		m.start(t, f)
	}
	if lost < 5 || cosigned < 290 {
		t.Errorf("killed %d times, cosigned up to %d", lost, cosigned)
	}
}
