package fsck_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/fsck"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
)

// cosignedStore is a store in which two witnesses cosigned the last two
// checkpoints, the records one after the other behind both. For the first, their
// clocks were ahead.
func cosignedStore(t *testing.T, ahead time.Duration) (c *ledgertest.Coalition, s eventstore.Store, size uint64) {
	t.Helper()
	c, s = ledgertest.Found(t, "XA", "XB"), eventstore.Memory()
	var policy strings.Builder
	var signers []*witness.Signer
	for _, name := range []string{"a", "b"} {
		skey, vkey, err := witness.GenerateKey(name + ".example")
		must(t, err)
		signer, err := witness.NewSigner(skey)
		must(t, err)
		signers = append(signers, signer)
		fmt.Fprintf(&policy, "witness %s %s\n", name, vkey)
	}
	policy.WriteString("group q all a b\nquorum q\n")
	l, err := ledger.Open(t.Context(), c.Config(s, ""))
	must(t, err)
	c.Seat(l)
	c.Decide(l, "witness_policy.adopted", domain.WitnessPolicyAdopted{Policy: policy.String()})
	var notes [][]byte
	for _, envelope := range c.Actions(2) {
		c.Must(l, envelope)
		text, lines, err := translog.SplitNote(l.Checkpoint())
		must(t, err)
		for _, signer := range signers {
			lines = append(lines, signer.Cosign(text, c.Time.Add(ahead).Unix()))
		}
		ahead = 0
		notes = append(notes, translog.JoinNote(text, lines...))
	}
	size = l.Size()
	must(t, l.Close())
	for i, n := range notes {
		keep(t, s, byte(i+1), n)
	}
	return c, s, size
}

func keep(t *testing.T, s eventstore.Store, id byte, note []byte) {
	t.Helper()
	next, err := s.Next(t.Context(), eventstore.Checkpoints)
	must(t, err)
	must(t, s.Append(t.Context(), eventstore.Write{
		Stream: eventstore.Checkpoints, Next: next, Records: []eventstore.Record{{ID: [16]byte{1, id}, Type: ledger.CosignedType, Data: note}},
	}))
}

func TestCosignedRecordsAreChecked(t *testing.T) {
	c, s, size := cosignedStore(t, 0)
	r := look(t, s, fsck.Options{Genesis: c.Ledger})
	if len(r.Bad) > 0 || r.Cosigned != 2 || r.Effective.Size != size || r.Effective.At != c.Time.Unix() {
		t.Fatalf("report %+v", r)
	}
	count := 0
	bad := altered(t, s, eventstore.Checkpoints, 1<<20, func(r *eventstore.Record) {
		if r.Type != ledger.CosignedType {
			return
		}
		if count++; count == 1 {
			at := len(r.Data) - 20
			r.Data[at] = map[bool]byte{true: 'B', false: 'A'}[r.Data[at] == 'A']
		}
	})
	r = look(t, bad, fsck.Options{Genesis: c.Ledger})
	if len(r.Bad) != 1 || r.Bad[0].Part != eventstore.Checkpoints || r.Bad[0].Rule != "archive.cosigned" || r.Bad[0].Index != size-1 {
		t.Errorf("a forged cosignature: %v", r.Bad)
	}
	var first []byte
	for r, err := range s.Read(t.Context(), eventstore.Checkpoints, 0, eventstore.Head) {
		must(t, err)
		if r.Type == ledger.CosignedType {
			first = r.Data
			break
		}
	}
	keep(t, s, 9, first) // by another replica, late
	if r := look(t, s, fsck.Options{Genesis: c.Ledger}); len(r.Bad) > 0 || r.Cosigned != 3 {
		t.Errorf("one that stands twice: %+v", r)
	}
}

// Recorded times are held against those of the witnesses.
func TestStoredTimesAreChecked(t *testing.T) {
	c, s, size := cosignedStore(t, time.Hour)
	only(t, look(t, s, fsck.Options{Genesis: c.Ledger}), "journal", "archive.time", size-1)
	if r := look(t, s, fsck.Options{Genesis: c.Ledger, Tolerance: 2 * time.Hour}); len(r.Bad) > 0 {
		t.Errorf("within the tolerance: %v", r.Bad)
	}
}
