// Package interop_test holds other people's programs against ours: torchwood,
// transparency-dev/formats and Tessera read our policies and cosignatures, we
// read theirs, and a log that is not ours is witnessed by our witnesses.
package interop_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/torchwood"
	formats "github.com/transparency-dev/formats/note"
	formatswitness "github.com/transparency-dev/formats/witness"
	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
)

const origin = "ledger.example/interop"

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// log is a log of ours with a checkpoint of 9 leaves.
type log struct {
	signer     note.Signer
	key        note.Verifier
	vkey       string
	tree       *translog.Tree
	checkpoint []byte
}

func newLog(t *testing.T) log {
	t.Helper()
	skey, vkey, err := translog.GenerateLogKey(origin)
	if err != nil {
		t.Fatal(err)
	}
	l := log{vkey: vkey, signer: must(note.NewSigner(skey))(t), key: must(note.NewVerifier(vkey))(t), tree: must(translog.NewTree(translog.MemoryHashes()))(t)}
	var leaves []domain.Hash
	for i := range 9 {
		leaves = append(leaves, translog.EntryHash([]byte{byte(i)}))
	}
	if err := l.tree.Commit(must(l.tree.Stage(leaves))(t)); err != nil {
		t.Fatal(err)
	}
	size, root := l.tree.Head()
	l.checkpoint = must(translog.SignCheckpoint(translog.Checkpoint{Origin: origin, Size: size, Root: root}, l.signer))(t)
	return l
}

// ours are witnesses of ours that run, and a policy of k of them.
func ours(t *testing.T, k, n int, logs ...note.Verifier) (policy string) {
	t.Helper()
	group := fmt.Sprintf("group q %d", k)
	for i := range n {
		name := fmt.Sprintf("w%d", i)
		skey, vkey, err := witness.GenerateKey(name + ".example")
		if err != nil {
			t.Fatal(err)
		}
		s := must(witness.NewServer(witness.Config{Key: must(witness.NewSigner(skey))(t), Logs: logs, Dir: t.TempDir(), Clock: time.Now}))(t)
		web := httptest.NewServer(s.Handler())
		t.Cleanup(func() { web.Close(); _ = s.Close() })
		policy += fmt.Sprintf("witness %s %s %s\n", name, vkey, web.URL)
		group += " " + name
	}
	return policy + group + "\nquorum q\n"
}

func gather(t *testing.T, policy string, l log) witness.Result {
	t.Helper()
	g := witness.NewGatherer(witness.Options{Patience: 20 * time.Second, Clock: time.Now})
	t.Cleanup(g.Close)
	return must(g.Gather(t.Context(), witness.Round{Policy: must(witness.ParsePolicy(policy))(t), Log: []note.Verifier{l.key}, Checkpoint: l.checkpoint, Tree: l.tree}))(t)
}

func TestOthersAcceptWhatOurWitnessesCosigned(t *testing.T) {
	l := newLog(t)
	policy := ours(t, 2, 3, l.key)
	res := gather(t, policy, l)
	withLog := []byte("log " + l.vkey + "\n" + policy)

	theirs := must(torchwood.ParsePolicy(withLog))(t)
	c, n, err := torchwood.VerifyCheckpoint(res.Note, theirs)
	if err != nil || c.N != 9 || c.Origin != origin {
		t.Fatalf("torchwood: %+v, %v", c, err)
	}
	at, err := torchwood.CosignatureTimestamp(n.Sigs[1])
	if err != nil || at != res.Cosignatures[0].Time {
		t.Errorf("torchwood reads the time %d, %v, want %d", at, err, res.Cosignatures[0].Time)
	}
	if _, _, err := torchwood.VerifyCheckpoint(l.checkpoint, theirs); err == nil {
		t.Error("torchwood accepts the checkpoint without cosignatures")
	}

	group := must(formatswitness.ParsePolicy(withLog))(t)
	if !group.Satisfied(res.Note) || group.Satisfied(l.checkpoint) {
		t.Error("formats does not agree on who is enough")
	}
	tg := must(tessera.NewWitnessGroupFromPolicy(withLog))(t)
	if !tg.Satisfied(res.Note) || tg.Satisfied(l.checkpoint) {
		t.Error("tessera does not agree on who is enough")
	}
}

func TestWeAcceptWhatOthersCosigned(t *testing.T) {
	l := newLog(t)
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tw := must(torchwood.NewCosignatureSigner("torchwood.example", private))(t)
	skey, vkey, err := witness.GenerateKey("formats.example")
	if err != nil {
		t.Fatal(err)
	}
	fs := must(formats.NewSignerForCosignatureV1(skey))(t)
	if v := must(formats.NewVerifierForCosignatureV1(vkey))(t); v.KeyHash() != fs.KeyHash() || v.KeyHash() != must(witness.NewVerifier(vkey))(t).KeyHash() {
		t.Error("the key hashes differ")
	}
	n := must(note.Open(l.checkpoint, note.VerifierList(l.key)))(t)
	cosigned := must(note.Sign(n, tw, fs))(t)
	p := must(witness.ParsePolicy(fmt.Sprintf("witness a %s\nwitness b %s\ngroup q all a b\nquorum q\n", tw.Verifier(), vkey)))(t)
	c := must(p.Open(cosigned, origin, l.key))(t)
	if at, ok := c.Time(); !ok || time.Since(time.Unix(at, 0)) > time.Minute || time.Until(time.Unix(at, 0)) > time.Minute {
		t.Errorf("time %d, %v", at, ok)
	}
	if _, err := p.Open(must(note.Sign(n, tw))(t), origin, l.key); err == nil {
		t.Error("one of two is enough")
	}
}

// Policies on whose meaning all parsers agree.
func TestPoliciesMeanTheSameToAll(t *testing.T) {
	l := newLog(t)
	text, lines, err := translog.SplitNote(l.checkpoint)
	if err != nil {
		t.Fatal(err)
	}
	var defined string
	var keys []*witness.Signer
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		skey, vkey, err := witness.GenerateKey(name + ".example")
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, must(witness.NewSigner(skey))(t))
		defined += fmt.Sprintf("witness %s %s https://%s.example/\n", name, vkey, name)
	}
	for _, rule := range []string{
		"quorum a", "group q any a b c d e\nquorum q", "group q 3 a b c d e\nquorum q", "group q all a b c\nquorum q",
		"group o 2 b c d e\ngroup q all a o\nquorum q", "group x 2 a b c\ngroup y any d e\ngroup q all x y\nquorum q",
	} {
		policy := "log " + l.vkey + "\n" + defined + "# a rule\n" + rule + "\n"
		own := must(witness.ParsePolicy(policy))(t)
		tw, f := must(torchwood.ParsePolicy([]byte(policy)))(t), must(formatswitness.ParsePolicy([]byte(policy)))(t)
		for set := range 1 << len(keys) {
			signed := lines[:1:1]
			for i, k := range keys {
				if set>>i&1 == 1 {
					signed = append(signed, k.Cosign(text, 1_700_000_000))
				}
			}
			checkpoint := translog.JoinNote(text, signed...)
			_, errOwn := own.Open(checkpoint, origin, l.key)
			_, _, errTw := torchwood.VerifyCheckpoint(checkpoint, tw)
			if (errOwn == nil) != (errTw == nil) || (errOwn == nil) != f.Satisfied(checkpoint) {
				t.Errorf("%q, set %05b: ours %v, torchwood %v, formats %v", rule, set, errOwn, errTw, f.Satisfied(checkpoint))
			}
		}
	}
}

// Tessera keeps a log, asks our witnesses, and publishes when they are enough;
// its checkpoints are read by our policy.
func TestALogThatIsNotOursIsWitnessedByOurWitnesses(t *testing.T) {
	l := newLog(t)
	policy := ours(t, 2, 3, l.key)
	group := must(tessera.NewWitnessGroupFromPolicy([]byte(policy)))(t)
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	driver := must(posix.New(ctx, posix.Config{Path: dir}))(t)
	opts := tessera.NewAppendOptions().WithCheckpointSigner(l.signer).WithBatching(1, 10*time.Millisecond).
		WithCheckpointInterval(200*time.Millisecond).WithWitnesses(group, &tessera.WitnessOptions{Timeout: 10 * time.Second})
	appender, shutdown, reader, err := tessera.NewAppender(ctx, driver, opts)
	if err != nil {
		t.Fatal(err)
	}
	awaiter := tessera.NewPublicationAwaiter(ctx, reader.ReadCheckpoint, 20*time.Millisecond)
	p := must(witness.ParsePolicy(policy))(t)
	var last uint64
	for i := range 4 { // grows under the same witnesses: consistency proofs that Tessera made
		_, _, err := awaiter.Await(ctx, appender.Add(ctx, tessera.NewEntry(fmt.Appendf(nil, "entry %d", i))))
		if err != nil {
			t.Fatal(err)
		}
		text := must(os.ReadFile(filepath.Join(dir, "checkpoint")))(t)
		c, err := p.Open(text, origin, l.key)
		if err != nil || c.Checkpoint.Size <= last {
			t.Fatalf("size %d after %d: %v\n%s", c.Checkpoint.Size, last, err, text)
		}
		last = c.Checkpoint.Size
	}
	if err := shutdown(ctx); err != nil {
		t.Error(err)
	}
	for _, w := range p.Witnesses() {
		res := must(http.Get(must(url.JoinPath(w.URL, "/"))(t)))(t)
		body := make([]byte, 4096)
		n, _ := res.Body.Read(body)
		_ = res.Body.Close()
		if !strings.Contains(string(body[:n]), "log "+origin) {
			t.Errorf("%s says %s", w.Name, body[:n])
		}
	}
}
