package archive

import (
	"errors"
	"slices"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// Items come one by one; what is covered is known before the next is asked for.
func TestWhoFeedsItemsLearnsHowFarTheyAreGood(t *testing.T) {
	b := newBook(t)
	b.must(b.w.Checkpoint(b.checkpoint()))
	b.agency("a")
	b.must(b.w.Checkpoint(b.checkpoint()))
	b.add("XA/root", "agency.registered", `{"agency":"XA/a","name":"Again"}`, b.root) // not admissible
	b.must(b.w.Checkpoint(b.checkpoint()))
	var covered, atNext []uint64
	o := Options{Genesis: b.genesis, Covered: func(c translog.Checkpoint) { covered = append(covered, c.Size) }}
	_, err := VerifyItems(t.Context(), func(yield func(Item, error) bool) {
		for item, err := range Read(&b.out) {
			if !yield(item, err) {
				return
			}
			if item.Checkpoint != nil {
				atNext = append(atNext, uint64(len(covered)))
			}
		}
	}, o)
	var bad *Bad
	if !errors.As(err, &bad) || bad.Index != 3 || !slices.Equal(covered, []uint64{2, 3}) || !slices.Equal(atNext, []uint64{1, 2, 2}) {
		t.Errorf("%v: covered %v, at the next item %v", err, covered, atNext)
	}
}
