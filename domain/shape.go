package domain

import (
	"math"
	"time"
)

// CheckShape holds an event to every rule that its own bytes decide, as if all
// that it refers to were recorded and the issuer might speak: so that a whole
// file of events is checked before the first is posted. What it lets pass
// [Admit] may still refuse; what it refuses Admit refuses at that time too.
func CheckShape(e Event, at time.Time) *Refusal {
	f := Fact{Event: e, Index: math.MaxInt64, RecordedAt: at.UnixMicro()}
	s := assume(f)
	r := checkTexts(e.Payload)
	if st, ok := f.Body.(Statement); ok && r == nil {
		r = st.Base().checkCommon(f)
	}
	if r != nil {
		return r
	}
	if b, ok := f.Body.(JournalVoided); ok { // its signatures are under keys that only the journal holds
		return b.shape()
	}
	return f.Body.admit(s, f)
}

// referrer is a body that refers to something: assume records that in s, so
// that only the body's own bytes decide.
type referrer interface {
	assume(s *State, f Fact)
}

const anyRegime = "any"

// assume returns a state that holds what the event refers to.
func assume(f Fact) *State {
	s := NewState()
	s.head.Genesis = f.Ledger
	if _, ok := f.Body.(decision); ok {
		s.drafts.put(draftHash(f.Type, f.Version, f.Payload), Hash{1})
		s.proposals.put(Hash{1}, Proposal{ExpiresOn: "9999", Endorsers: map[Country]bool{"ZZ": true}})
		s.members.put("ZZ", Member{Code: "ZZ", Votes: 1})
	}
	if a, ok := f.Body.(referrer); ok {
		a.assume(s, f)
	}
	return s
}

func (s *State) assumeRegime(f Fact, id string, authority Country) {
	if id != "" {
		s.regimes.put(id, Regime{ID: id, Authority: authority, Custodian: f.Issuer})
	}
}

func (s *State) assumeDesignations(f Fact, ids ...string) {
	s.assumeRegime(f, anyRegime, "")
	for _, id := range ids {
		if id != "" {
			s.designations.put(id, Designation{ID: id, Regime: anyRegime})
		}
	}
}

func (s *State) assumeEvent(ref Ref, rec Record) {
	rec.Leaf = ref.Leaf
	s.events.put(ref.Index, rec)
}

func (s *State) assumeSealed(f Fact, at SealedTarget, i SealedItem) {
	i.SealedRef, i.Issuer = at.ref(), f.Issuer
	s.assumeEvent(at.Event, Record{Statement: true})
	s.sealed.put(i.SealedRef, i)
}

func (s *State) assumeAudience(to []AgencyID) {
	for _, id := range to {
		s.agencies.put(id, Agency{ID: id, Recipient: "any"})
	}
}
