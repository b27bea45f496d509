package ledger

import (
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
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
	first     uint64 // index of the first record
	items     []*item
	envelopes []*seal.Envelope // one for each record
	records   []eventstore.Record
	leaves    []domain.Hash
	bytes     int
	err       error
	text      []byte // signed checkpoint once committed
	size      uint64
}

func (b *batch) full() bool  { return len(b.items) >= maxBatch || b.bytes >= maxBatchBytes }
func (b *batch) empty() bool { return len(b.items) == 0 }

func (b *batch) add(e *seal.Envelope, r eventstore.Record, leaf domain.Hash) {
	b.envelopes = append(b.envelopes, e)
	b.records = append(b.records, r)
	b.leaves = append(b.leaves, leaf)
	b.bytes += len(r.Data) + len(r.Meta) + len(r.Type)
}
