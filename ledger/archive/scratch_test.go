package archive

import (
	"bytes"
	"errors"
	"iter"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// varied is an archive of several kinds of leaves: a key, anchors, a record
// that is refused, an event about another, an id used twice.
func varied(t testing.TB, bad bool) (*book, []byte) {
	t.Helper()
	b := newBook(t)
	b.agency("mof")
	b.must(b.w.Checkpoint(b.checkpoint()))
	seen := b.tree.Root()
	b.agency("late")
	b.record(b.sign("XA/root", "agency.suspended", `{"agency":"XA/mof","reason":"x"}`, b.root, "3:"+seen.String()))
	if bad {
		b.add("XA/root", "key.registered", b.registration("XA/nobody", b.root), b.root)
	}
	b.must(b.w.Checkpoint(b.checkpoint()))
	return b, b.out.Bytes()
}

// An archive is verified alike whether the state stands in memory or on disk,
// and nothing is left in the folder.
func TestVerifiedAlikeOnDisk(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for _, bad := range []bool{false, true} {
		b, text := varied(t, bad)
		want, wantErr := b.verify(text)
		spill, remove, err := ScratchSpill()
		b.must(err)
		got, gotErr := Verify(t.Context(), bytes.NewReader(text), Options{Genesis: b.genesis, Spill: spill})
		if d := cmp.Diff(fault(wantErr), fault(gotErr)); d != "" || bad == (gotErr == nil) {
			t.Errorf("(-memory +disk) %s; %v", d, gotErr)
		}
		encoded, err := got.State.MarshalBinary()
		b.must(err)
		var loaded domain.State
		b.must(loaded.UnmarshalBinary(encoded))
		for i := range want.State.Next() {
			a, okA := want.State.Record(i)
			c, okC := loaded.Record(i)
			if a != c || okA != okC {
				t.Errorf("record %d: %+v in memory, %+v on disk", i, a, c)
			}
		}
		want.State, got.State = nil, nil
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("(-memory +disk) %s", d)
		}
		remove()
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func fault(err error) *Bad {
	var bad *Bad
	errors.As(err, &bad)
	return bad
}

var errDisk = errors.New("no space left on device")

// weak is a spill and a store of hashes that fail together from an operation
// on.
type weak struct {
	domain.Spill
	translog.HashStore
	left int
}

func (w *weak) err() error {
	if w.left--; w.left < 0 {
		return errDisk
	}
	return nil
}

func (w *weak) Get(key []byte) ([]byte, bool, error) {
	if err := w.err(); err != nil {
		return nil, false, err
	}
	return w.Spill.Get(key)
}

func (w *weak) Put(key, value []byte) error {
	if err := w.err(); err != nil {
		return err
	}
	return w.Spill.Put(key, value)
}

func (w *weak) All() iter.Seq2[domain.Entry, error] { return w.Spill.All() }

func (w *weak) Append(hashes []tlog.Hash) error {
	if err := w.err(); err != nil {
		return err
	}
	return w.HashStore.Append(hashes)
}

func (w *weak) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	if err := w.err(); err != nil {
		return nil, err
	}
	return w.HashStore.ReadHashes(indexes)
}

// Whenever the scratch disk fails, nothing is told of an archive, be it good or
// bad; the same fault as without the failure may have been found before.
func TestFailureOfTheScratchDiskIsNoVerdict(t *testing.T) {
	for _, bad := range []bool{false, true} {
		b, text := varied(t, bad)
		want, wantErr := b.verify(text)
		pins := []translog.Checkpoint{{Origin: origin, Size: 2, Root: domain.Hash{}}}
		if !bad {
			root, err := b.tree.RootAt(2)
			b.must(err)
			pins[0].Root = root
		}
		for n := 0; ; n++ {
			spill, remove, err := ScratchSpill()
			b.must(err)
			w := &weak{Spill: spill, HashStore: translog.MemoryHashes(), left: n}
			r, err := Verify(t.Context(), bytes.NewReader(text), Options{Genesis: b.genesis, Spill: w, Hashes: w, Pins: pins})
			remove()
			if w.left >= 0 {
				if d := cmp.Diff(fault(wantErr), fault(err)); d != "" || r.Size != want.Size {
					t.Errorf("without a failure: %v", err)
				}
				break
			}
			if errors.Is(err, ErrScratch) && errors.Is(err, errDisk) && fault(err) == nil {
				continue
			}
			if d := cmp.Diff(fault(wantErr), fault(err)); d != "" || err == nil {
				t.Errorf("bad %t, the disk failed after %d operations: %v", bad, n, err)
			}
		}
	}
}
