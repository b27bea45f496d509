package projections

import (
	"cmp"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// keptRecord is a fact as a snapshot keeps it: enough to fold it again.
type keptRecord struct {
	At       int64
	Type     string
	Version  int // as signed
	Shape    int // of Payload: the newest version that the program knew; 0 is Version
	Issuer   domain.AgencyID
	EventID  string
	Key      string
	Leaf     domain.Hash
	Envelope domain.Hash // of genesis only
	Payload  []byte
}

// Save writes every fact, in order; what was folded from them is not written.
func (h *history) Save(w io.Writer) error {
	out := gob.NewEncoder(w)
	for i := range h.rows {
		rec := &h.rows[i]
		if rec.kind == "" { // voided
			continue
		}
		payload, err := json.Marshal(rec.body)
		if err != nil {
			return fmt.Errorf("encode event %d: %w", i, err)
		}
		_, shape, _ := domain.New(rec.kind)
		kept := keptRecord{
			At: rec.at, Type: rec.kind, Version: int(rec.version), Shape: shape, Issuer: rec.issuer, EventID: rec.eventID,
			Key: rec.key, Leaf: rec.leaf, Payload: payload,
		}
		if i == 0 {
			kept.Envelope = h.genesis
		}
		if err := out.Encode(kept); err != nil {
			return fmt.Errorf("encode event %d: %w", i, err)
		}
	}
	return nil
}

// Load folds saved facts into an empty history.
func (h *history) Load(r io.Reader) error {
	fresh := newHistory()
	in := gob.NewDecoder(r)
	for {
		i := fresh.size()
		var k keptRecord
		err := in.Decode(&k)
		if errors.Is(err, io.EOF) {
			*h = *fresh
			return nil
		}
		if err != nil {
			return fmt.Errorf("decode event %d: %w", i, err)
		}
		header := domain.Header{Type: k.Type, Version: cmp.Or(k.Shape, k.Version), Issuer: k.Issuer, EventID: k.EventID, KeyID: k.Key}
		event, refusal := domain.Decode(header, k.Payload)
		if refusal != nil {
			return fmt.Errorf("decode event %d: %w", i, refusal)
		}
		event.Version = k.Version
		if b, ok := event.Body.(domain.JournalVoided); ok {
			_, i = b.Span()
		}
		fresh.Fold(domain.Fact{Event: event, Index: i, RecordedAt: k.At, Leaf: k.Leaf, Envelope: k.Envelope})
	}
}
