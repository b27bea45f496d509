package main

import (
	"crypto/sha256"

	"github.com/google/uuid"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// newEventID returns a fresh id, ordered by time.
func newEventID() (string, error) {
	id, err := uuid.NewV7()
	return id.String(), err
}

// eventID derives an id (UUIDv8) from what an event is: the same row, or the
// same entry of a list, has the same id at every run, so that posting it again
// adds nothing.
func eventID(ledger domain.Hash, issuer domain.AgencyID, kind string, names ...string) string {
	h := sha256.New()
	for _, s := range append([]string{"coalition-ledger/event-id/v1", ledger.String(), string(issuer), kind}, names...) {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	var id uuid.UUID
	copy(id[:], h.Sum(nil))
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return id.String()
}
