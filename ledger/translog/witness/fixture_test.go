package witness

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

const testOrigin = "ledger.example/test"

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func clock() time.Time { return start }

// testLog is a log with a key, whose tree grows.
type testLog struct {
	signer note.Signer
	key    note.Verifier
	vkey   string
	tree   *translog.Tree
	seed   string // of its leaves
}

func newLog(t testing.TB) *testLog {
	t.Helper()
	skey, vkey, err := translog.GenerateLogKey(testOrigin)
	if err != nil {
		t.Fatal(err)
	}
	l := &testLog{vkey: vkey}
	if l.signer, err = note.NewSigner(skey); err != nil {
		t.Fatal(err)
	}
	if l.key, err = note.NewVerifier(vkey); err != nil {
		t.Fatal(err)
	}
	l.tree = newTree(t)
	return l
}

func newTree(t testing.TB) *translog.Tree {
	t.Helper()
	tree, err := translog.NewTree(translog.MemoryHashes())
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// other is a log with the same key and, from some size on, other leaves.
func (l *testLog) other(t testing.TB, same uint64) *testLog {
	t.Helper()
	o := &testLog{signer: l.signer, key: l.key, vkey: l.vkey, tree: newTree(t)}
	o.grow(t, same)
	o.seed = "other"
	return o
}

// grow adds leaves up to size and returns the signed checkpoint.
func (l *testLog) grow(t testing.TB, size uint64) []byte {
	t.Helper()
	var leaves []domain.Hash
	for i := l.tree.Size(); i < size; i++ {
		leaves = append(leaves, translog.EntryHash(fmt.Appendf(nil, "%s leaf %d", l.seed, i)))
	}
	staged, err := l.tree.Stage(leaves)
	if err == nil {
		err = l.tree.Commit(staged)
	}
	if err != nil {
		t.Fatal(err)
	}
	return l.checkpoint(t, size)
}

// checkpoint signs the tree as it was at a size.
func (l *testLog) checkpoint(t testing.TB, size uint64) []byte {
	t.Helper()
	root, err := l.tree.RootAt(size)
	if err != nil {
		t.Fatal(err)
	}
	text, err := translog.SignCheckpoint(translog.Checkpoint{Origin: testOrigin, Size: size, Root: root}, l.signer)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func (l *testLog) proof(t testing.TB, older, newer uint64) []domain.Hash {
	t.Helper()
	p, err := l.tree.Consistency(older, newer)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// testKey makes a witness's key.
func testKey(t testing.TB, name string) *Signer {
	t.Helper()
	skey, _, err := GenerateKey(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// testWitness is a witness that runs.
type testWitness struct {
	*Server
	key *Signer
	dir string
	url string
	web *httptest.Server
}

func newWitness(t testing.TB, name string, logs ...note.Verifier) *testWitness {
	t.Helper()
	w := &testWitness{key: testKey(t, name), dir: t.TempDir()}
	w.run(t, logs...)
	return w
}

func (w *testWitness) run(t testing.TB, logs ...note.Verifier) {
	t.Helper()
	s, err := NewServer(Config{Key: w.key, Logs: logs, Dir: w.dir, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	w.Server, w.web = s, httptest.NewServer(s.Handler())
	w.url = w.web.URL
	t.Cleanup(w.stop)
}

func (w *testWitness) stop() {
	w.web.Close()
	_ = w.Close()
}

// policyText is a policy of k of the witnesses.
func policyText(k int, all ...*testWitness) string {
	var b strings.Builder
	names := ""
	for i, w := range all {
		fmt.Fprintf(&b, "witness w%d %s %s\n", i+1, w.key.Verifier(), w.url)
		names += fmt.Sprintf(" w%d", i+1)
	}
	return fmt.Sprintf("%sgroup q %d%s\nquorum q\n", &b, k, names)
}

func mustPolicy(t testing.TB, text string) *Policy {
	t.Helper()
	p, err := ParsePolicy(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return p
}
