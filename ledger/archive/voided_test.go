package archive

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// foreign is a record that is no envelope.
func (b *book) foreign(data string) {
	b.t.Helper()
	b.state.Skip(b.state.Next(), b.leaf(0, seal.Foreign([]byte(data), []byte("someone's"))))
}

// forged has the root key's name and another key's signature.
func (b *book) forged(kind, payload string) {
	b.t.Helper()
	e := b.sign("XA/root", kind, payload, b.root, "")
	other := b.sign("XA/root", kind, payload, b.root, "")
	f, err := seal.Parse(seal.Join(first(e.Split()), e.Payload, second(other.Split())))
	b.must(err)
	b.record(f)
}

func (b *book) void() {
	b.t.Helper()
	v := domain.JournalVoided{Leaves: domain.VoidLeaves(b.state.Pending()), Reason: "written past the ledger"}
	sig, err := b.root.Sign(domain.VoidText(b.genesis, v.Leaves, v.Reason))
	b.must(err)
	v.Approvals = []domain.Approval{{Member: "XA", Signature: base64.RawURLEncoding.EncodeToString(sig)}}
	payload, err := json.Marshal(v)
	b.must(err)
	b.add("XA/root", "journal.voided", string(payload), b.root)
	if len(b.state.Pending()) > 0 {
		b.t.Fatal("the voiding was refused")
	}
}

// registration is the payload of key.registered for a key.
func (b *book) registration(agency domain.AgencyID, k *seal.PrivateKey) string {
	b.t.Helper()
	payload, err := json.Marshal(domain.KeyRegistered{Agency: agency, Key: k.Public(), Proof: k.Possession(b.genesis, agency)})
	b.must(err)
	return string(payload)
}

func TestVoidedRecordsAreReported(t *testing.T) {
	b := newBook(t)
	b.agency("mof")
	b.must(b.w.Checkpoint(b.checkpoint()))
	b.foreign("hello")
	b.agency("late") // admissible but for the record before it
	b.void()         // at 5
	b.agency("navy")
	b.must(b.w.Checkpoint(b.checkpoint()))
	b.forged("agency.registered", `{"agency":"XA/forged","name":"F"}`)
	b.foreign(string(make([]byte, seal.MaxEnvelope)))
	b.void() // at 9
	b.agency("late")
	b.must(b.w.Checkpoint(b.checkpoint()))
	report, err := b.verify(b.out.Bytes())
	b.must(err)
	var got []string
	for _, v := range report.Voided {
		if leaf, _ := b.tree.Leaf(v.Index); leaf != v.Leaf {
			t.Errorf("voided %d has leaf %s, the tree %s", v.Index, v.Leaf, leaf)
		}
		got = append(got, fmt.Sprintf("%d by %d: %s", v.Index, v.By, v.Rule))
	}
	want := []string{"3 by 5: envelope.encoding", "4 by 5: journal.not_voided", "7 by 9: envelope.signature", "8 by 9: envelope.encoding"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("voided (-want +got):\n%s", d)
	}
	if report.Size != 11 || report.Root != b.tree.Root() || report.To != 1_700_000_001_000_010 {
		t.Errorf("report %+v", report)
	}
	if _, ok := report.State.Agency("XA/forged"); ok {
		t.Error("a voided record had an effect")
	}
}

// A key that a forged event registers signs nothing, though both stand in one
// chunk and the signature under it is good; at a chunk's end as within it.
func TestForgedRegistrationHasNoEffect(t *testing.T) {
	for _, before := range []int{0, 500, chunk - 4, chunk - 3, chunk - 2, chunk} {
		b := newBook(t)
		b.agency("mof")
		for i := range before {
			b.agency(fmt.Sprintf("a%d", i))
		}
		thief, err := seal.GenerateKey(domain.AlgEd25519)
		b.must(err)
		b.forged("key.registered", b.registration("XA/mof", thief))
		b.add("XA/mof", "agency.suspended", `{"agency":"XA/a0","reason":"x"}`, thief)
		b.void()
		b.agency("navy")
		b.must(b.w.Checkpoint(b.checkpoint()))
		report, err := b.verify(b.out.Bytes())
		b.must(err)
		if len(report.Voided) != 2 || report.Voided[0].Rule != seal.CodeSignature || report.Voided[1].Rule != "journal.not_voided" {
			t.Errorf("after %d: voided %+v", before, report.Voided)
		}
	}
}

// An honest log signs nothing between a refused record and its voiding.
func TestCheckpointBeforeTheVoidingIsBad(t *testing.T) {
	for voidedLater, want := range map[bool]uint64{true: 2, false: 2} {
		b := newBook(t)
		b.foreign("hello")
		b.forged("agency.registered", `{"agency":"XA/a","name":"A"}`)
		b.must(b.w.Checkpoint(b.checkpoint()))
		if voidedLater {
			b.void()
			b.must(b.w.Checkpoint(b.checkpoint()))
		}
		_, err := b.verify(b.out.Bytes())
		var bad *Bad
		if !errors.As(err, &bad) || bad.Index != want || bad.Rule != seal.CodeEncoding || bad.Line != 4 {
			t.Errorf("voided later %v: got %v", voidedLater, err)
		}
	}
}

func TestPinBetweenRecordAndVoidingIsBad(t *testing.T) {
	b := newBook(t)
	pin := func() translog.Checkpoint {
		return translog.Checkpoint{Origin: origin, Size: b.tree.Size(), Root: b.tree.Root()}
	}
	pins := []translog.Checkpoint{pin()}
	b.foreign("hello") // at 2
	pins = append(pins, pin())
	b.foreign("hello again")
	pins = append(pins, pin())
	b.void()
	pins = append(pins, pin())
	b.must(b.w.Checkpoint(b.checkpoint()))
	for i, ok := range []bool{true, false, false, true} {
		_, err := Verify(t.Context(), bytes.NewReader(b.out.Bytes()), Options{Genesis: b.genesis, Pins: pins[i : i+1]})
		var bad *Bad
		if (err == nil) != ok || err != nil && (!errors.As(err, &bad) || bad.Index != 2 || bad.Rule != seal.CodeEncoding) {
			t.Errorf("pin of size %d: %v", pins[i].Size, err)
		}
	}
}

// Whatever byte of a voided record is changed, it is found.
func TestEveryByteOfAVoidedRecord(t *testing.T) {
	b := newBook(t)
	b.foreign("hello")
	b.void()
	b.must(b.w.Checkpoint(b.checkpoint()))
	clean := b.out.Bytes()
	start := bytes.Index(clean, []byte("\n2 0 .")) + 1
	for i := start; clean[i] != '\n'; i++ {
		data := bytes.Clone(clean)
		data[i] ^= 1
		var bad *Bad
		if _, err := b.verify(data); !errors.As(err, &bad) || bad.Index != 2 || bad.Line != 4 {
			t.Errorf("byte %d (%q to %q): %v", i, clean[i], data[i], err)
		}
	}
}
