package translog

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

const (
	leafPrefix = "coalition-ledger/leaf/v1\n"
	leafHeader = len(leafPrefix) + 8

	// MaxEntry is the longest leaf entry in bytes: an entry bundle gives the
	// length 16 bits.
	MaxEntry = math.MaxUint16
	// MaxEnvelope is the longest envelope in bytes that fits a leaf entry.
	MaxEnvelope = MaxEntry - leafHeader
)

// LeafEntry is the bytes that a leaf commits to: a line that names the format,
// recordedAt (microseconds since 1970 UTC) as 8 bytes big-endian, and the
// envelope as received. The position is not part of it, so a journal survives
// being moved to another store.
func LeafEntry(recordedAt int64, envelope []byte) []byte {
	entry := make([]byte, 0, leafHeader+len(envelope))
	entry = append(entry, leafPrefix...)
	entry = binary.BigEndian.AppendUint64(entry, uint64(recordedAt))
	return append(entry, envelope...)
}

// LeafHash is the RFC 6962 leaf hash of LeafEntry(recordedAt, envelope).
func LeafHash(recordedAt int64, envelope []byte) domain.Hash {
	var head [1 + leafHeader]byte
	copy(head[1:], leafPrefix)
	binary.BigEndian.PutUint64(head[1+len(leafPrefix):], uint64(recordedAt))
	h := sha256.New()
	h.Write(head[:])
	h.Write(envelope)
	var sum domain.Hash
	h.Sum(sum[:0])
	return sum
}

// EntryHash is the RFC 6962 leaf hash of an entry taken from a bundle.
func EntryHash(entry []byte) domain.Hash {
	h := sha256.New()
	h.Write([]byte{0})
	h.Write(entry)
	var sum domain.Hash
	h.Sum(sum[:0])
	return sum
}

// ParseLeafEntry is the inverse of LeafEntry. The envelope aliases entry and is
// not looked into. It fails with ErrMalformed.
func ParseLeafEntry(entry []byte) (recordedAt int64, envelope []byte, err error) {
	if len(entry) < leafHeader || len(entry) > MaxEntry {
		return 0, nil, fmt.Errorf("%w leaf entry: %d bytes, want %d to %d", ErrMalformed, len(entry), leafHeader, MaxEntry)
	}
	rest, ok := bytes.CutPrefix(entry, []byte(leafPrefix))
	if !ok {
		return 0, nil, fmt.Errorf("%w leaf entry: does not start with the line coalition-ledger/leaf/v1", ErrMalformed)
	}
	at := binary.BigEndian.Uint64(rest)
	if at > math.MaxInt64 {
		return 0, nil, fmt.Errorf("%w leaf entry: recorded before 1970", ErrMalformed)
	}
	return int64(at), rest[8:], nil
}
