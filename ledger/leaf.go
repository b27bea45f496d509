package ledger

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// Leaf is a recorded envelope, byte for byte, with its place and time.
type Leaf struct {
	Index      uint64
	RecordedAt int64 // microseconds since 1970, UTC
	Envelope   []byte
	Hash       domain.Hash // RFC 6962 leaf hash
}

// meta is what stands beside the payload in the store. The compact form is
// rebuilt from it exactly: only canonical base64url was let in.
type meta struct {
	Protected  string `json:"protected"`
	Signature  string `json:"signature"`
	RecordedAt int64  `json:"recorded_at"`
}

// recordOf encodes an envelope for the store: the payload as readable JSON
// under the event's type, the rest as metadata.
func recordOf(e *seal.Envelope, index uint64, recordedAt int64, leaf domain.Hash) (eventstore.Record, error) {
	protected, signature := e.Split()
	m, err := json.Marshal(meta{Protected: protected, Signature: signature, RecordedAt: recordedAt})
	if err != nil {
		return eventstore.Record{}, fmt.Errorf("encode record %d: %w", index, err)
	}
	return eventstore.Record{ID: recordID(index, leaf), Type: e.Header.Type, Data: e.Payload, Meta: m}, nil
}

// recordID is UUIDv5 of index and leaf hash: the same bytes at the same place
// have the same id, other bytes another.
func recordID(index uint64, leaf domain.Hash) [16]byte {
	name := binary.BigEndian.AppendUint64(nil, index)
	return uuid.NewSHA1(uuid.NameSpaceOID, append(name, leaf[:]...))
}

// RecordOf returns the record that holds a leaf: what [LeafOf] turns into the
// same leaf again. It fails for a leaf that is no envelope.
func RecordOf(leaf Leaf) (eventstore.Record, error) {
	e, err := seal.Parse(leaf.Envelope)
	if err != nil {
		return eventstore.Record{}, fmt.Errorf("event %d: %w", leaf.Index, err)
	}
	r, err := recordOf(e, leaf.Index, leaf.RecordedAt, leaf.Hash)
	r.Revision = leaf.Index
	return r, err
}

// LeafOf returns the leaf that a record of the journal holds. Every record is
// a leaf: for one that no ledger wrote [seal.Foreign] stands in the place of an
// envelope, which is no event, and it has no time.
func LeafOf(r eventstore.Record) Leaf {
	var m meta
	err := json.Unmarshal(r.Meta, &m, json.RejectUnknownMembers(true))
	envelope, ours := seal.Restore(m.Protected, r.Data, m.Signature)
	if err != nil || !ours || m.RecordedAt < 0 {
		envelope, m.RecordedAt = seal.Foreign(r.Data, r.Meta), 0
	}
	return NewLeaf(r.Revision, m.RecordedAt, envelope)
}

// NewLeaf returns the leaf that an envelope is at an index.
func NewLeaf(index uint64, recordedAt int64, envelope []byte) Leaf {
	return Leaf{Index: index, RecordedAt: recordedAt, Envelope: envelope, Hash: translog.LeafHash(recordedAt, envelope)}
}

// FactOf parses and decodes a leaf. It does not verify the signature.
func FactOf(leaf Leaf) (domain.Fact, error) {
	fact, _, err := factOf(leaf)
	return fact, err
}

func factOf(leaf Leaf) (domain.Fact, *seal.Envelope, error) {
	e, err := seal.Parse(leaf.Envelope)
	if err != nil {
		return domain.Fact{}, nil, fmt.Errorf("event %d: %w", leaf.Index, err)
	}
	event, refusal := domain.Decode(e.Header, e.Payload)
	if refusal != nil {
		return domain.Fact{}, nil, fmt.Errorf("event %d: %w", leaf.Index, refusal)
	}
	return leaf.fact(event, e.Hash()), e, nil
}

func (leaf Leaf) fact(event domain.Event, envelope domain.Hash) domain.Fact {
	return domain.Fact{Event: event, Index: leaf.Index, RecordedAt: leaf.RecordedAt, Leaf: leaf.Hash, Envelope: envelope}
}

// known is factOf of a leaf that this replica may have sent to be recorded.
func (l *Ledger) known(leaf Leaf) (domain.Fact, *seal.Envelope, error) {
	if it := l.sent.get(sha256.Sum256(leaf.Envelope)); it != nil {
		return leaf.fact(it.event, it.hash), it.envelope, nil
	}
	return factOf(leaf)
}
