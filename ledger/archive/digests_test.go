package archive

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// counted is a view that counts.
type counted struct{ facts int }

func (c *counted) Fold(domain.Fact) { c.facts++ }

func (c *counted) Digests() ([]translog.ViewDigest, error) {
	return []translog.ViewDigest{{View: "count", Version: 2, Sum: domain.Hash{byte(c.facts)}}}, nil
}

func (b *book) digests(views ...translog.ViewDigest) {
	b.t.Helper()
	text, err := translog.SignDigests(translog.Digests{Origin: origin, Size: b.tree.Size(), Root: b.tree.Root(), Views: views}, b.signer)
	b.must(err)
	b.must(b.w.Digests(text))
}

// A view is recomputed and compared; one that is not known is reported.
func TestViewsAreRecomputed(t *testing.T) {
	for _, c := range []struct {
		name           string
		view           translog.ViewDigest
		rule           string
		agree, unknown int
	}{
		{"the same", translog.ViewDigest{View: "count", Version: 2, Sum: domain.Hash{3}}, "", 1, 0},
		{"a lie", translog.ViewDigest{View: "count", Version: 2, Sum: domain.Hash{4}}, RuleView, 0, 0},
		{"another version", translog.ViewDigest{View: "count", Version: 3, Sum: domain.Hash{4}}, "", 0, 1},
		{"another view", translog.ViewDigest{View: "weather", Version: 2, Sum: domain.Hash{3}}, "", 0, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBook(t)
			b.agency("a")
			b.digests(c.view)
			b.agency("b")
			b.must(b.w.Checkpoint(b.checkpoint()))
			r, err := Verify(t.Context(), bytes.NewReader(b.out.Bytes()), Options{Genesis: b.genesis, Views: &counted{}})
			var bad *Bad
			errors.As(err, &bad)
			if (bad == nil) != (c.rule == "") || bad != nil && (bad.Rule != c.rule || bad.Index != 3) || r.Digests != c.agree || len(r.Unknown) != c.unknown {
				t.Errorf("got %v, %d agree, %d unknown", err, r.Digests, len(r.Unknown))
			}
			if _, err := b.verify(b.out.Bytes()); err != nil {
				t.Errorf("without views: %v", err)
			}
		})
	}
}

// What depends on the first fault is told: later events and checkpoints, who
// names it, who had seen it, and whose key it registered.
func TestWhatElseIsAffected(t *testing.T) {
	b := newBook(t)
	b.agency("mof")
	b.must(b.w.Checkpoint(b.checkpoint()))
	at := b.w.Next()
	b.add("XA/root", "key.registered", b.registration("XA/nobody", b.root), b.root) // refused: no such agency
	leaf, err := b.tree.Leaf(at)
	b.must(err)
	b.must(b.w.Checkpoint(b.checkpoint()))
	b.agency("late")
	b.record(b.sign("XA/root", "event.withdrawn", fmt.Sprintf(`{"target":{"index":%d,"leaf":"%s"},"reason":"x"}`, at, leaf), b.root, fmt.Sprintf("%d:%s", at+1, b.tree.Root())))
	b.must(b.w.Checkpoint(b.checkpoint()))
	r, err := b.verify(b.out.Bytes())
	var bad *Bad
	if !errors.As(err, &bad) || bad.Index != at || r.Affected == nil {
		t.Fatalf("got %v, %+v", err, r.Affected)
	}
	a := r.Affected
	if a.From != at || a.Leaves != 3 || a.Checkpoints != 1 || a.Covering != at+3 || a.Anchored != 1 || a.Naming != 1 || a.Named[0] != at+2 || a.Partial {
		t.Errorf("affected %+v", a)
	}
}

// Recorded times lie between what witnesses saw before and after.
func TestTimesLieInTheirBrackets(t *testing.T) {
	b := newBook(t)
	b.agency("a")
	b.agency("b")
	b.must(b.w.Checkpoint(b.checkpoint()))
	const at = 1_700_000_001 // seconds, of all leaves
	for _, c := range []struct {
		times []Time
		index uint64
		ok    bool
	}{
		{[]Time{{Size: 2, At: at}, {Size: 4, At: at + 1}}, 0, true},
		{[]Time{{Size: 2, At: at + 60}}, 0, true}, // within the tolerance
		{[]Time{{Size: 2, At: at + 61 + 1}}, 2, false},
		{[]Time{{Size: 2, At: at - 60 - 2}}, 0, false},
		{[]Time{{Size: 3, At: at}, {Size: 4, At: at - 120}}, 3, false},
	} {
		_, err := Verify(t.Context(), bytes.NewReader(b.out.Bytes()), Options{Genesis: b.genesis, Times: c.times, Tolerance: time.Minute})
		var bad *Bad
		if errors.As(err, &bad) == c.ok || bad != nil && (bad.Rule != RuleTime || bad.Index != c.index) {
			t.Errorf("%v: got %v", c.times, err)
		}
	}
}
