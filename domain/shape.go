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
	if st, ok := f.Body.(Statement); ok {
		if r := st.Base().checkCommon(f); r != nil {
			return r
		}
	}
	if b, ok := f.Body.(JournalVoided); ok { // its signatures are under keys that only the journal holds
		return b.shape()
	}
	return f.Body.admit(s, f)
}

const anyRegime = "any"

// assume returns a state that holds what the event refers to.
func assume(f Fact) *State {
	s := NewState()
	s.head.Genesis = f.Ledger
	if b, ok := f.Body.(EventCorrected); ok {
		rec := Record{Type: b.Type, Issuer: f.Issuer, Leaf: b.Target.Leaf, Statement: true}
		if st, r := b.Body(); r == nil {
			rec.Key = st.Key()
			s.assumeStatement(f, st)
		}
		s.events.put(b.Target.Index, rec)
	}
	if _, ok := f.Body.(decision); ok {
		s.drafts.put(draftHash(f.Type, f.Version, f.Payload), Hash{1})
		s.proposals.put(Hash{1}, Proposal{ExpiresOn: "9999", Endorsers: map[Country]bool{"ZZ": true}})
		s.members.put("ZZ", Member{Code: "ZZ", Votes: 1})
	}
	s.assumeStatement(f, f.Body)
	s.assumeGovernance(f, f.Body)
	return s
}

func (s *State) assumeStatement(f Fact, body Body) {
	switch b := body.(type) {
	case DesignationAdopted:
		s.assumeRegime(f, b.Regime, b.Authority)
		s.assumeDesignations(f, b.Basis)
		s.designations.put(b.Designation, Designation{ID: b.Designation, Withdrawn: true})
	case DesignationAmended:
		s.assumeDesignations(f, b.Designation)
	case DesignationRemoved:
		s.assumeDesignations(f, b.Designation)
	case DesignationTransposed:
		s.assumeDesignations(f, b.Designation)
	case ImplementationDeclared:
		s.assumeRegime(f, b.Regime, b.Member)
	case SubjectLinked:
		s.assumeDesignations(f, b.A, b.B)
	case SubjectUnlinked:
		s.links.put(b.Key(), link{At: 1})
	case EnforcementActionTaken:
		s.assumeRegime(f, b.Regime, "")
		s.assumeDesignations(f, b.Designations...)
	case AssetFrozen:
		s.assumeRegime(f, b.Regime, "")
		s.assumeDesignations(f, b.Designations...)
	case InterdictionExecuted:
		s.assumeRegime(f, b.Regime, "")
		s.assumeDesignations(f, b.Designations...)
	case AssetUnfrozen:
		s.assumeFreeze(f, b)
	}
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

func (s *State) assumeFreeze(f Fact, b AssetUnfrozen) {
	z := Freeze{Member: f.Issuer.Member()}
	if b.Amount != nil {
		z.Currency, z.Amount = b.Amount.Currency, b.Amount.Amount
	}
	s.assumeEvent(b.Freeze, Record{Type: "asset.frozen", Statement: true})
	s.freezes.put(b.Freeze.Index, z)
}

func (s *State) assumeEvent(ref Ref, rec Record) {
	rec.Leaf = ref.Leaf
	s.events.put(ref.Index, rec)
}

func (s *State) assumeGovernance(f Fact, body Body) {
	switch b := body.(type) {
	case EventWithdrawn:
		s.assumeEvent(b.Target, Record{Issuer: f.Issuer, Statement: true})
	case EventEndorsed:
		s.assumeEvent(b.Target, Record{Statement: true})
	case EventDisputed:
		s.assumeEvent(b.Target, Record{Statement: true})
	case DisputeClosed:
		s.assumeEvent(b.Dispute, Record{Type: "event.disputed", Issuer: f.Issuer, Statement: true})
	case ExplanationGiven:
		if b.Target != nil {
			s.assumeEvent(*b.Target, Record{Statement: true})
		}
	case AgencySuspended:
		s.agencies.put(b.Agency, Agency{ID: b.Agency})
	case AgencyReinstated:
		s.agencies.put(b.Agency, Agency{ID: b.Agency, SuspendedAt: 1})
	case KeyRegistered:
		s.agencies.put(b.Agency, Agency{ID: b.Agency})
	case KeyRevoked:
		s.keys.put(b.KeyID, KeyRecord{KeyID: b.KeyID, Agency: f.Issuer})
	case EventsRepudiated:
		s.agencies.put(b.Agency, Agency{ID: b.Agency})
		s.keys.put(b.KeyID, KeyRecord{KeyID: b.KeyID, Agency: b.Agency})
	case EncryptionKeyRegistered:
		s.agencies.put(b.Agency, Agency{ID: b.Agency})
	case EncryptionKeyRevoked:
		s.encryption.put(b.Recipient, EncryptionKey{Recipient: b.Recipient, Agency: f.Issuer})
	case DetailReleased:
		s.assumeSealed(f, b.SealedTarget, SealedItem{})
		s.assumeAudience(b.ReleasedTo)
	case DetailOpened:
		s.assumeSealed(f, b.SealedTarget, SealedItem{Commitment: Commitment(b.Salt, b.Content())})
	case DetailErased:
		s.assumeSealed(f, b.SealedTarget, SealedItem{Copies: []SealedCopy{{}}})
	case ProposalEndorsed:
		s.assumeVote(f, b)
	default:
		s.assumeDecision(body)
	}
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

func (s *State) assumeVote(f Fact, b ProposalEndorsed) {
	s.assumeEvent(b.Proposal, Record{})
	s.proposals.put(b.Proposal.Leaf, Proposal{ExpiresOn: "9999"})
	s.members.put(f.Issuer.Member(), Member{Code: f.Issuer.Member(), Votes: 1})
}

func (s *State) assumeDecision(body Body) {
	switch b := body.(type) {
	case MemberSuspended:
		s.members.put(b.Member, Member{Code: b.Member})
	case MemberReinstated:
		s.members.put(b.Member, Member{Code: b.Member})
	case RootReplaced:
		s.members.put(b.Member, Member{Code: b.Member})
	case RegimeAdopted:
		s.agencies.put(b.Custodian, Agency{ID: b.Custodian})
	case CustodianAppointed:
		s.agencies.put(b.Custodian, Agency{ID: b.Custodian})
		s.regimes.put(b.Regime, Regime{ID: b.Regime})
	case BenchmarkAdopted:
		s.regimes.put(b.Regime, Regime{ID: b.Regime})
	}
}
