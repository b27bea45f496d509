package domain

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const why = "written past the ledger"

// approval is a member's, by the key of that name.
func approval(member, key string, text []byte) Approval {
	return Approval{Member: Country(member), Signature: b64(ed25519.Sign(private(key), text))}
}

// voiding names all that is pending, with the approvals of these members.
func (l *ledger) voiding(members ...string) JournalVoided {
	b := JournalVoided{Leaves: VoidLeaves(l.s.Pending()), Reason: why}
	for _, m := range members {
		b.Approvals = append(b.Approvals, approval(m, m+"/root", VoidText(l.s.Genesis(), b.Leaves, why)))
	}
	return b
}

func text(t testing.TB, b Body) string {
	t.Helper()
	out, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func voidingRefusals() []refusal {
	// changed attempts a voiding that two members approved and that was then edited.
	changed := func(edit func(l *ledger, b *JournalVoided)) func(*ledger, string) {
		return func(l *ledger, rule string) {
			l.rogue()
			l.rogue()
			b := l.voiding("XA", "XB")
			edit(l, &b)
			l.expect(rule, "XC/mof", voidedType, text(l.t, b))
		}
	}
	by := func(members ...string) func(*ledger, string) {
		return func(l *ledger, rule string) {
			l.rogue()
			l.expect(rule, "XC/mof", voidedType, text(l.t, l.voiding(members...)))
		}
	}
	return []refusal{
		{"journal.not_voided", func(l *ledger, rule string) {
			l.rogue()
			l.expect(rule, "XA/mof", "asset.frozen", freeze)
			l.expect(rule, "XA/root", "member.withdrew", `{}`)
			l.expect(rule, "XA/root", "coalition.founded", genesis(founder("XA", 1)))
			l.expect("index.gap", "XA/mof", "asset.frozen", freeze, func(f *Fact) { f.Index-- })
		}},
		{"journal.nothing_to_void", func(l *ledger, rule string) {
			l.rogue()
			b := text(l.t, l.voiding("XA", "XB"))
			l.given("XC/mof", voidedType, b)
			l.expect(rule, "XC/mof", voidedType, b)
		}},
		{"journal.void_empty", changed(func(_ *ledger, b *JournalVoided) { b.Leaves = nil })},
		{"journal.void_empty", changed(func(_ *ledger, b *JournalVoided) { b.Approvals = nil })},
		{"value.missing", changed(func(_ *ledger, b *JournalVoided) { b.Reason = "" })},
		{"journal.void_leaves", changed(func(_ *ledger, b *JournalVoided) { b.Leaves = b.Leaves[:1] })},
		{"journal.void_leaves", changed(func(_ *ledger, b *JournalVoided) { b.Leaves[0], b.Leaves[1] = b.Leaves[1], b.Leaves[0] })},
		{"journal.void_leaves", changed(func(_ *ledger, b *JournalVoided) { b.Leaves = append(b.Leaves, b.Leaves[1]) })},
		{"journal.void_leaves", changed(func(_ *ledger, b *JournalVoided) { b.Leaves[1].Index++ })},
		{"journal.void_leaves", changed(func(_ *ledger, b *JournalVoided) { b.Leaves[1].LeafHash[0]++ })},
		{"journal.void_leaves", changed(func(l *ledger, _ *JournalVoided) { l.rogue() })},
		{"journal.void_signature", changed(func(_ *ledger, b *JournalVoided) { b.Reason += "." })},
		{"journal.void_signature", changed(func(_ *ledger, b *JournalVoided) { b.Approvals[1].Signature += "=" })},
		{"journal.void_signature", changed(func(_ *ledger, b *JournalVoided) { b.Approvals[1].Signature = "\n" + b.Approvals[1].Signature })},
		{"journal.void_signature", changed(func(_ *ledger, b *JournalVoided) { b.Approvals[1].Member = "XC" })},
		{"journal.void_signature", changed(func(l *ledger, b *JournalVoided) { // an agency's key is not the member's
			b.Approvals[1] = approval("XB", "XB/mof", VoidText(l.s.Genesis(), b.Leaves, why))
		})},
		{"journal.void_signature", changed(func(_ *ledger, b *JournalVoided) { // for another ledger
			b.Approvals[1] = approval("XB", "XB/root", VoidText(Hash{}, b.Leaves, why))
		})},
		{"journal.void_signature", func(l *ledger, rule string) { // the root key before this one
			l.decide("member.root_replaced", fill(`{"member":"XC","root":$1,"proof":"$2"}`, jwk("new"), proof("XC/root", "new")))
			by("XA", "XC")(l, rule)
		}},
		{"journal.void_twice", by("XA", "XA")},
		{"journal.void_member", by("XA", "XZ")},
		{"journal.void_member", func(l *ledger, rule string) {
			l.decide("member.suspended", `{"member":"XC","reason":"r"}`)
			l.rogue()
			l.expect(rule, "XA/mof", voidedType, text(l.t, l.voiding("XA", "XC")))
		}},
		{"journal.void_member", func(l *ledger, rule string) {
			l.given("XB/root", "member.withdrew", `{}`)
			by("XA", "XB")(l, rule)
		}},
		{"journal.void_member", func(l *ledger, rule string) { // seated, and has not accepted
			l.decide("member.admitted", `{"member":`+founder("XD", 1)+`}`)
			by("XA", "XB", "XD")(l, rule)
		}},
		{"journal.void_member", func(l *ledger, rule string) {
			l.decide("member.admitted", `{"member":`+founder("XD", 0)+`}`)
			l.given("XD/root", "member.accepted", `{}`)
			by("XA", "XB", "XD")(l, rule)
		}},
		{"decision.no_quorum", by("XA")},
		{"agency.suspended", func(l *ledger, rule string) { // who posts it must be able to speak
			l.given("XC/mof", "agency.suspended", `{"agency":"XC/mof","reason":"theft"}`)
			by("XA", "XB")(l, rule)
		}},
		{"proposal.not_a_decision", func(l *ledger, rule string) {
			l.rogue()
			b := text(l.t, l.voiding("XA", "XB"))
			l.given("XA/mof", voidedType, b)
			l.expect(rule, "XA/root", "proposal.made", proposal(draft(voidedType, b)))
		}},
	}
}

func TestVoidedRecordsKeepTheirPlaceWithoutEffect(t *testing.T) {
	l := listed(t)
	before, first := deep(t, l.s), l.s.Next()
	refs := []Ref{l.rogue(), l.rogue()}
	if d := cmp.Diff(refs, l.s.Pending()); d != "" {
		t.Errorf("pending: %s", d)
	}
	after := deep(t, l.s)
	h := before["head"].(head)
	h.Next, h.Pending, h.Oldest = first+2, 2, first
	before["head"], before["skipped"] = h, after["skipped"]
	same(t, "a skipped record had an effect", before, after)
	if l.s.Voided(first) {
		t.Error("a pending record is called voided")
	}
	by := l.given("XC/mof", voidedType, text(t, l.voiding("XA", "XB")))
	want := []Voided{{Ref: refs[0], By: first + 2}, {Ref: refs[1], By: first + 2}}
	if d := cmp.Diff(want, l.s.AllVoided()); d != "" || l.s.Pending() != nil || !l.s.Voided(first+1) || l.s.Voided(first+2) {
		t.Errorf("pending %v, voided %s", l.s.Pending(), d)
	}
	l.expect("target.unknown", "XC/mof", "event.disputed", fill(`{"target":{"index":$1,"leaf":"$2"},"grounds":{"text":"x"}}`, fmt.Sprint(first), refs[0].Leaf.String()))
	// What its true author signs is recorded under the id that the rogue record bore.
	l.given("XA/root", "member.withdrew", `{}`, func(f *Fact) { f.EventID = fmt.Sprintf("event-%d", first) })
	if !strings.Contains(by, fmt.Sprint(first+2)) {
		t.Errorf("voided by %s", by)
	}
}

func TestVoidingAsManyRecordsAsAStoreHolds(t *testing.T) {
	for _, n := range []int{maxNamed, maxNamed + 1, 5000} {
		l := listed(t)
		first := l.s.Next()
		for range n {
			f := l.fact("XA/mof", "asset.frozen", freeze)
			l.s.Skip(f.Index, f.Leaf)
		}
		b := l.voiding("XA", "XB", "XC")
		if n > maxNamed && (len(b.Leaves) != 1 || b.Leaves[0].Index != first || b.Leaves[0].Through != l.s.Next()-1) {
			t.Errorf("%d records are named %v", n, b.Leaves)
		}
		if from, to := b.Span(); from != first || to != l.s.Next() {
			t.Errorf("%d records span %d to %d", n, from, to)
		}
		if size := len(text(t, b)); size > 40<<10 {
			t.Errorf("%d records: the payload has %d bytes, an envelope takes 40 KiB", n, size)
		}
		other := b
		other.Leaves = []VoidedLeaves{b.Leaves[0]}
		other.Leaves[0].LeafHash[0]++
		l.expect("journal.void_leaves", "XA/mof", voidedType, text(t, other))
		l.given("XA/mof", voidedType, text(t, b))
		if got := len(l.s.AllVoided()); got != n {
			t.Errorf("%d of %d are voided", got, n)
		}
	}
}

// The text is fixed for ever: journals hold signatures of it.
func TestVoidText(t *testing.T) {
	got := string(VoidText(Hash{1}, []VoidedLeaves{{Index: 7, LeafHash: Hash{2}}, {Index: 8, Through: 900, LeafHash: Hash{3}}}, "a\nb"))
	z := strings.Repeat("00", 31)
	want := "coalition-ledger/void/v1\n01" + z + "\n7 02" + z + "\n8-900 03" + z + "\n" +
		"7e18f737311b2dc3b2f269dd78396b0351f14fb66efa879f768cb23181883c78\n"
	if got != want {
		t.Errorf("got %q", got)
	}
}

// Wherever rogue records are put into a journal and voided, on overlays or not,
// stored and loaded or not: all that replay come to the same state.
func TestVoidedJournalReplaysAlike(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		l := listed(t)
		for range rapid.IntRange(1, 4).Draw(rt, "rounds") {
			for range rapid.IntRange(1, 3).Draw(rt, "rogues") {
				l.rogue()
			}
			l.given("XC/mof", voidedType, text(t, l.voiding("XB", "XC")))
			l.given("XB/mof", "asset.frozen", freeze)
		}
		s := NewState()
		for _, f := range l.facts {
			over := s
			if rapid.Bool().Draw(rt, "overlay") {
				over = s.Fork()
			}
			take(over, f)
			over.Merge()
			if rapid.Bool().Draw(rt, "stored") {
				s = reload(t, s)
			}
		}
		same(rt, "replayed", l.s.snapshot(), s.snapshot())
		if d := cmp.Diff(l.s.AllVoided(), s.AllVoided()); d != "" {
			rt.Fatal(d)
		}
	})
}
