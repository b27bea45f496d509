package integration

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// ground is a whole ledger that was written honestly: its store and caches, an
// archive of it, and what witnesses saw.
type ground struct {
	t         *testing.T
	c         *ledgertest.Coalition
	store     eventstore.Store
	journal   []eventstore.Record
	marks     []eventstore.Record
	proofs    []eventstore.Record // cosigned checkpoints, which the store holds behind the marks
	dir       string              // of caches: ledger, views, sealed
	early     string              // of the views as they were before most events
	leaves    []archive.Leaf
	sizes     []uint64 // of the archive's checkpoints
	seen      []uint64 // those of them that witnesses cosigned
	shown     []uint64 // sizes of its digests
	text      []byte
	witnesses []*witness.Signer
	policy    *witness.Policy
}

const every = 7 // leaves between the archive's checkpoints

func newGround(t *testing.T) *ground {
	t.Helper()
	g := &ground{t: t, c: ledgertest.Found(t, "XA", "XB", "XC"), store: eventstore.Memory(), dir: t.TempDir(), early: t.TempDir()}
	l, err := ledger.Open(t.Context(), g.c.Config(g.store, filepath.Join(g.dir, "ledger")))
	g.must(err)
	g.witness()
	g.c.Seat(l)
	g.c.Decide(l, "witness_policy.adopted", domain.WitnessPolicyAdopted{Policy: g.policy.String()})
	founded := l.Size()
	g.c.Decide(l, "regime.adopted", domain.RegimeAdopted{Regime: domain.Regime{
		ID: "XA-TEST", Name: "Regime of the test", Authority: "XA", Custodian: "XA/desk", Measures: []string{"asset_freeze"},
	}})
	g.fold(l, g.early)
	for i := range 40 {
		g.c.Time = g.c.Time.Add(time.Minute)
		g.c.Must(l, g.event(i))
	}
	g.fold(l, filepath.Join(g.dir, "views"))
	for leaf, err := range l.Leaves(t.Context(), 0) {
		g.must(err)
		g.leaves = append(g.leaves, archive.Leaf{Index: leaf.Index, RecordedAt: leaf.RecordedAt, Envelope: leaf.Envelope})
	}
	g.must(l.Close())
	g.journal, g.marks = g.records(eventstore.Journal), g.records(eventstore.Checkpoints)
	for n := uint64(every); n < uint64(len(g.leaves)); n += every {
		g.sizes = append(g.sizes, n)
	}
	g.sizes = append(g.sizes, uint64(len(g.leaves)))
	for _, n := range g.sizes {
		if n >= founded {
			g.seen = append(g.seen, n)
		}
	}
	g.shown = []uint64{g.sizes[2] - 1, g.sizes[4]}
	g.text = g.archived(g.leaves, g.c.Log, nil)
	g.keepCosigned()
	g.seal()
	return g
}

// event is one of some kinds of statements.
func (g *ground) event(i int) []byte {
	m := g.c.Members[i%3]
	if i%4 > 0 {
		action := ledgertest.Action(i)
		return g.c.Sign(m, "enforcement.action_taken", action)
	}
	ref := fmt.Sprintf("S.%03d", i)
	return g.c.Sign("XA", "designation.adopted", domain.DesignationAdopted{
		Common: domain.Common{Illustrative: true}, Designation: "XA:" + ref, Regime: "XA-TEST", Authority: "XA", ListRef: ref, Measures: []string{"asset_freeze"},
		AdoptedOn: "2026-11-01", InForceOn: "2026-11-01", Subject: domain.Subject{Kind: "entity", Names: []domain.Name{{Text: "Fictional " + ref, Kind: "primary"}}},
	})
}

func (g *ground) must(err error) {
	g.t.Helper()
	if err != nil {
		g.t.Fatal(err)
	}
}

// fold lets the views' runner write its snapshots.
func (g *ground) fold(l *ledger.Ledger, dir string) {
	g.t.Helper()
	run, err := projections.New(projections.Config{Dir: dir, Clock: g.c.Clock})
	g.must(err)
	ctx, cancel := context.WithCancel(g.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- run.Run(ctx, l) }()
	g.must(run.Wait(g.t.Context(), l.Size()-1))
	cancel()
	g.must(<-ended)
}

func (g *ground) records(stream string) (out []eventstore.Record) {
	g.t.Helper()
	for r, err := range g.store.Read(g.t.Context(), stream, 0, eventstore.Head) {
		g.must(err)
		out = append(out, r)
	}
	return out
}

// witness makes three witnesses, and a policy that asks for all of them.
func (g *ground) witness() {
	g.t.Helper()
	var text bytes.Buffer
	for _, name := range []string{"a", "b", "c"} {
		skey, vkey, err := witness.GenerateKey("witness.example/" + name)
		g.must(err)
		s, err := witness.NewSigner(skey)
		g.must(err)
		g.witnesses = append(g.witnesses, s)
		fmt.Fprintf(&text, "witness %s %s\n", name, vkey)
	}
	text.WriteString("group q all a b c\nquorum q\n")
	var err error
	g.policy, err = witness.ParsePolicy(text.String())
	g.must(err)
}

// keepCosigned puts what is cosigned behind the checkpoints of the store.
func (g *ground) keepCosigned() {
	for item, err := range archive.ReadAll(bytes.NewReader(g.text)) {
		g.must(err)
		if item.Cosigned != nil {
			g.proofs = append(g.proofs, eventstore.Record{ID: [16]byte{2, byte(len(g.proofs))}, Type: ledger.CosignedType, Data: item.Cosigned})
		}
	}
}

// seal keeps some ciphertexts as a ledger does. What is in them does not matter.
func (g *ground) seal() {
	g.t.Helper()
	for i := range 4 {
		data := bytes.Repeat([]byte{byte(i), 7, 9}, 300)
		sum := (&seal.Envelope{Raw: data}).Hash()
		g.must(os.MkdirAll(filepath.Join(g.dir, "sealed", "XA_desk"), 0o700))
		g.must(os.WriteFile(filepath.Join(g.dir, "sealed", "XA_desk", sum.String()), data, 0o600))
	}
}

// cosigned is a checkpoint with all witnesses' cosignatures of a time.
func (g *ground) cosigned(checkpoint []byte, at int64, by ...*witness.Signer) []byte {
	g.t.Helper()
	text, lines, err := translog.SplitNote(checkpoint)
	g.must(err)
	for _, w := range by {
		lines = append(lines, w.Cosign(text, at))
	}
	return translog.JoinNote(text, lines...)
}

// archived writes leaves with checkpoints and digests, all signed by a log key,
// and what witnesses, who saw the honest history, cosigned of them. lie, if not
// nil, may change digests before they are signed.
func (g *ground) archived(leaves []archive.Leaf, log note.Signer, lie func(*translog.Digests)) []byte {
	g.t.Helper()
	honest := g.tree()
	return g.written(leaves, log, lie, func(tree *translog.Tree) []byte {
		for honest.Size() < min(tree.Size(), uint64(len(g.leaves))) {
			g.grow(honest, g.leaves[honest.Size()])
		}
		if honest.Root() != tree.Root() {
			return nil
		}
		return g.cosigned(g.signed(tree, log), g.leaves[tree.Size()-1].RecordedAt/1_000_000+1, g.witnesses...)
	})
}

// written is archived with what witnesses make of the tree at the sizes at which
// they look: nil for nothing.
func (g *ground) written(leaves []archive.Leaf, log note.Signer, lie func(*translog.Digests), cosign func(*translog.Tree) []byte) []byte {
	g.t.Helper()
	var out bytes.Buffer
	w, tree, views := archive.NewWriter(&out), g.tree(), folded{projections.NewViews()}
	for i, l := range leaves {
		l.Index = uint64(i)
		g.must(w.Leaf(l))
		g.grow(tree, l)
		fact, err := ledger.FactOf(ledger.Leaf{Index: l.Index, RecordedAt: l.RecordedAt, Envelope: l.Envelope, Hash: translog.LeafHash(l.RecordedAt, l.Envelope)})
		g.must(err)
		views.Fold(fact)
		size := l.Index + 1
		if slices.Contains(g.sizes, size) || int(size) == len(leaves) {
			g.must(w.Checkpoint(g.signed(tree, log)))
		}
		if slices.Contains(g.seen, size) {
			if text := cosign(tree); text != nil {
				g.must(w.AddCosigned(text))
			}
		}
		if slices.Contains(g.shown, size) {
			list, err := views.Digests()
			g.must(err)
			d := translog.Digests{Origin: log.Name(), Size: size, Root: tree.Root(), Views: list}
			if lie != nil {
				lie(&d)
			}
			text, err := translog.SignDigests(d, log)
			g.must(err)
			g.must(w.Digests(text))
		}
	}
	g.must(w.Flush())
	return out.Bytes()
}

func (g *ground) tree() *translog.Tree {
	g.t.Helper()
	tree, err := translog.NewTree(translog.MemoryHashes())
	g.must(err)
	return tree
}

func (g *ground) grow(tree *translog.Tree, l archive.Leaf) {
	g.t.Helper()
	staged, err := tree.Stage([]domain.Hash{translog.LeafHash(l.RecordedAt, l.Envelope)})
	g.must(err)
	g.must(tree.Commit(staged))
}

func (g *ground) signed(tree *translog.Tree, log note.Signer) []byte {
	g.t.Helper()
	text, err := translog.SignCheckpoint(translog.Checkpoint{Origin: log.Name(), Size: tree.Size(), Root: tree.Root()}, log)
	g.must(err)
	return text
}

// headOf is the checkpoint of some leaves.
func (g *ground) headOf(leaves []archive.Leaf) translog.Checkpoint {
	g.t.Helper()
	tree := g.tree()
	for _, l := range leaves {
		g.grow(tree, l)
	}
	return translog.Checkpoint{Origin: g.c.Log.Name(), Size: tree.Size(), Root: tree.Root()}
}

// next is the size of the first checkpoint that covers an index.
func (g *ground) next(index uint64) uint64 {
	i, _ := slices.BinarySearch(g.sizes, index+1)
	return g.sizes[min(i, len(g.sizes)-1)]
}

func (g *ground) verify(ctx context.Context, text []byte, more func(*archive.Options)) (uint64, string, error) {
	o := archive.Options{Genesis: g.c.Ledger, Views: folded{projections.NewViews()}, Workers: 1}
	if more != nil {
		more(&o)
	}
	_, err := archive.Verify(ctx, bytes.NewReader(text), o)
	return judged(err)
}

// folded digests views as the log signs them.
type folded struct{ *projections.Views }

// Digests returns the views' digests.
func (f folded) Digests() ([]translog.ViewDigest, error) {
	list, err := f.Views.Digests()
	out := make([]translog.ViewDigest, 0, len(list))
	for _, d := range list {
		out = append(out, translog.ViewDigest(d))
	}
	return out, err
}
