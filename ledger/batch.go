package ledger

import (
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// An append holds at most maxBatchBytes, one event that went over it, and the
// checkpoint: with the largest event still less than eventstore.MaxAppend.
const (
	maxBatch      = 1024
	maxBatchBytes = 900 << 10
)

// batch is what one append makes durable. Items that were refused or had been
// recorded before travel with it: their answers rest on its overlay.
type batch struct {
	first   uint64 // index of the first leaf
	items   []*item
	stored  uint64              // leaves that stand in the journal already
	records []eventstore.Record // for the leaves above those
	leaves  []domain.Hash
	entries []entry // one for each leaf, unless they are too many to keep
	proof   []byte  // a cosigned checkpoint to keep, nil for none
	bytes   int
	err     error
	text    []byte // signed checkpoint once committed
	size    uint64
}

func (b *batch) full() bool  { return len(b.items) >= maxBatch || b.bytes >= maxBatchBytes }
func (b *batch) empty() bool { return len(b.items) == 0 }

// signs reports whether there is something that no checkpoint covers.
func (b *batch) signs() bool { return len(b.leaves) > 0 }

// witnessed returns the record of the cosigned checkpoint, if there is one.
func (b *batch) witnessed() []eventstore.Record {
	if b.proof == nil {
		return nil
	}
	return []eventstore.Record{{Type: CosignedType, Data: b.proof}}
}

func (b *batch) end() uint64 { return b.first + uint64(len(b.leaves)) }

// add takes an admitted event, to be written.
func (b *batch) add(r eventstore.Record, e entry) {
	b.records = append(b.records, r)
	b.bytes += len(r.Data) + len(r.Meta) + len(r.Type)
	if len(b.leaves) == len(b.entries) {
		b.entries = append(b.entries, e)
	}
	b.leaves = append(b.leaves, e.leaf.Hash)
}

// keep takes an event that stands in the journal.
func (b *batch) keep(e entry) error {
	if len(b.leaves) == len(b.entries) && len(b.entries) < recentEvents {
		b.entries = append(b.entries, e)
	}
	b.leaves = append(b.leaves, e.leaf.Hash)
	return nil
}

// envelope returns that of an event in the batch, nil where it is not at hand.
func (b *batch) envelope(index uint64) []byte {
	if b == nil || index < b.first || index-b.first >= uint64(len(b.entries)) {
		return nil
	}
	return b.entries[index-b.first].leaf.Envelope
}
