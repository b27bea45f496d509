package ledger_test

import (
	"errors"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

const origin = "test.example/ledger"

// answered is an envelope and what Submit said to it.
type answered struct {
	envelope []byte
	receipt  ledger.Receipt
	err      error
}

// audit re-runs everything as an outsider would: rules and signatures from
// genesis on, every checkpoint, a receipt for every event, and every answer
// given: receipts prove their envelope, refusals come out the same on the
// journal that they were decided on.
func audit(t *testing.T, c *ledgertest.Coalition, l *ledger.Ledger, store eventstore.Store, answers []answered) {
	t.Helper()
	v := verifier(t, c)
	tree, err := translog.NewTree(translog.MemoryHashes())
	if err != nil {
		t.Fatal(err)
	}
	refusals := refusalsBySize(t, v, answers)
	state := domain.NewState()
	for leaf, err := range l.Leaves(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		checkRefusals(t, state, leaf.RecordedAt, refusals[leaf.Index])
		admitLeaf(t, state, leaf)
		staged, err := tree.Stage([]domain.Hash{translog.LeafHash(leaf.RecordedAt, leaf.Envelope)})
		if err := errors.Join(err, tree.Commit(staged)); err != nil {
			t.Fatal(err)
		}
		r, err := l.Receipt(t.Context(), leaf.Index)
		if err != nil {
			t.Fatal(err)
		}
		proves(t, v, answered{envelope: leaf.Envelope, receipt: r})
	}
	checkRefusals(t, state, c.Time.UnixMicro(), refusals[state.Next()])
	if state.Next() != l.Size() {
		t.Fatalf("%d leaves, size %d", state.Next(), l.Size())
	}
	auditCheckpoints(t, v, tree, l, store)
	for _, a := range answers {
		if a.err == nil {
			proves(t, v, a)
		}
	}
}

func verifier(t *testing.T, c *ledgertest.Coalition) note.Verifier {
	t.Helper()
	v, err := note.NewVerifier(c.LogKey)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func admitLeaf(t *testing.T, state *domain.State, leaf ledger.Leaf) {
	t.Helper()
	fact, err := ledger.FactOf(leaf)
	if err != nil {
		t.Fatal(err)
	}
	if refusal := domain.Admit(state, fact); refusal != nil {
		t.Fatalf("event %d is not admissible: %v", leaf.Index, refusal)
	}
	if key, ok := state.Key(fact.KeyID); ok {
		e, err := seal.Parse(leaf.Envelope)
		if err == nil {
			err = e.Verify(key.Key)
		}
		if err != nil {
			t.Fatalf("event %d: %v", leaf.Index, err)
		}
	} else if leaf.Index != 0 {
		t.Fatalf("event %d: its key is not registered", leaf.Index)
	}
	state.Apply(fact)
}

func proves(t *testing.T, v note.Verifier, a answered) {
	t.Helper()
	_, index, err := translog.VerifyReceipt(a.receipt.Proof, a.receipt.RecordedAt, a.envelope, origin, v)
	if err != nil || index != a.receipt.Index {
		t.Fatalf("receipt of %d: index %d, %v", a.receipt.Index, index, err)
	}
}

// auditCheckpoints checks every stored checkpoint, that sizes grow, and that
// the newest is the one served and covers everything.
func auditCheckpoints(t *testing.T, v note.Verifier, tree *translog.Tree, l *ledger.Ledger, store eventstore.Store) {
	t.Helper()
	var last uint64
	var newest []byte
	for r, err := range store.Read(t.Context(), eventstore.Checkpoints, 0, eventstore.Head) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Type != "checkpoint" {
			continue
		}
		cp, err := translog.OpenCheckpoint(r.Data, origin, v)
		if err != nil || cp.Size <= last {
			t.Fatalf("checkpoint %d: size %d after %d, %v", r.Revision, cp.Size, last, err)
		}
		if root, err := tree.RootAt(cp.Size); err != nil || root != cp.Root {
			t.Fatalf("checkpoint %d of size %d: root %s, want %s, %v", r.Revision, cp.Size, cp.Root, root, err)
		}
		last, newest = cp.Size, r.Data
	}
	if last != tree.Size() || string(newest) != string(l.Checkpoint()) {
		t.Fatalf("the newest checkpoint covers %d of %d events", last, tree.Size())
	}
}

func refusalsBySize(t *testing.T, v note.Verifier, answers []answered) map[uint64][]answered {
	t.Helper()
	out := map[uint64][]answered{}
	for _, a := range answers {
		var refused *ledger.Refused
		if !errors.As(a.err, &refused) {
			continue
		}
		r, err := translog.OpenRefusal(refused.Signed, origin, v)
		if err != nil || r.Rule != refused.Refusal.Rule {
			t.Fatalf("refusal %s: signed for %s, %v", refused.Refusal.Rule, r.Rule, err)
		}
		out[r.Size] = append(out[r.Size], a)
	}
	return out
}

func checkRefusals(t *testing.T, state *domain.State, at int64, refused []answered) {
	t.Helper()
	for _, a := range refused {
		e, err := seal.Parse(a.envelope)
		if err != nil {
			t.Fatal(err)
		}
		var want *ledger.Refused
		if key, ok := state.Key(e.Header.KeyID); ok && e.Verify(key.Key) != nil {
			continue // refused for its signature
		}
		event, refusal := domain.Decode(e.Header, e.Payload)
		if refusal == nil {
			refusal = domain.Admit(state, domain.Fact{Event: event, Index: state.Next(), RecordedAt: at, Envelope: e.Hash()})
		}
		if !errors.As(a.err, &want) || refusal == nil || refusal.Rule != want.Refusal.Rule {
			t.Fatalf("refused with %v, on the same journal the rules say %v", a.err, refusal)
		}
	}
}
