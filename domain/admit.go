package domain

import "fmt"

// RulesVersion is the newest version of the rules that this program knows; it
// knows all before it as well. Version 2 brought sealed detail, version 3 the
// rest of what the Panel of Experts watched, cases, duties and courts. Version 4
// refuses links of what cannot be one, characters that nobody sees, days that
// cannot be, and states that implement through the EU outside of their time in it;
// it leaves each agency the gaps that it observed itself, and has three more words
// for measures.
const RulesVersion = 4

// Admit decides whether f may stand at index s.Next(). It is pure, holds every
// rule of the ledger, and answers nil or the refusal that names the rule. The
// signature itself was checked before, against the key named by f.KeyID.
func Admit(s *State, f Fact) *Refusal {
	if f.Body == nil {
		e, r := Decode(f.Header, f.Payload)
		if r != nil {
			return r
		}
		f.Event = e
	}
	if r := first(admitEnvelope(s, f), checkCharacters(s, f)); r != nil {
		return r
	}
	if st, ok := f.Body.(Statement); ok {
		if r := first(st.Base().checkCommon(f), checkSealed(s, f, st, false)); r != nil {
			return r
		}
	}
	r := f.Body.admit(s, f)
	if p, ok := f.Body.(portrait); ok && r == nil {
		r = s.keepsLinks(f.Body, p.Key(), f.Index, p.portrays())
	}
	return r
}

// Apply records a fact. It is total: rules ran before recording, and a fact
// whose payload this program cannot decode is recorded without effect.
func (s *State) Apply(f Fact) {
	if f.Body == nil {
		f.Body, _ = decodeBody(f.Type, f.Version, f.Payload)
	}
	rec := Record{Type: f.Type, Issuer: f.Issuer, KeyID: f.KeyID, Leaf: f.Leaf}
	if st, ok := f.Body.(Statement); ok {
		rec.Statement, rec.Key = true, st.Key()
	}
	s.events.put(f.Index, rec)
	s.ids.put(idKey(f.Issuer, f.EventID), f.Index)
	s.head.Next, s.head.LastRecorded = f.Index+1, f.RecordedAt
	if f.Body != nil {
		f.Body.apply(s, f)
		s.portray(f.Body, f.Index)
		s.bindSealed(f)
	}
}

func admitEnvelope(s *State, f Fact) *Refusal {
	if f.Index != s.Next() {
		return refuse("index.gap", "", fmt.Sprintf("the next index is %d, not %d", s.Next(), f.Index))
	}
	if s.head.Pending > 0 && f.Type != voidedType {
		return refuse("journal.not_voided", "", fmt.Sprintf("the record at index %d is not admissible and stands in the journal: nothing is recorded until a quorum of the members voids it (journal.voided)", s.head.Oldest))
	}
	if f.RecordedAt < s.LastRecordedAt() {
		return refuse("recorded_at.backwards", "", "recorded time never runs backwards: check the ledger's clock")
	}
	if f.RecordedAt/1e6 >= f.ExpiresAt {
		return refuse("envelope.expired", "exp", "the envelope expired before it was recorded: sign the event again")
	}
	if f.Index == 0 || f.Type == foundedType {
		return admitGenesis(s, f)
	}
	if f.Ledger != s.Genesis() {
		return refuse("envelope.other_ledger", "led", fmt.Sprintf("the envelope was signed for ledger %s, this is %s: sign it for this one", f.Ledger, s.Genesis()))
	}
	if i, ok := s.EventIndex(f.Issuer, f.EventID); ok {
		return refuse("event.duplicate_id", "eid", fmt.Sprintf("%s already recorded another event with this id at index %d: take a new id", f.Issuer, i))
	}
	return first(adopted(s, f.Type, f.Version), admitSigner(s, f))
}

// knownRules lets in the versions of the rules that this program knows.
func knownRules(field string, version int) *Refusal {
	if version >= 1 && version <= RulesVersion {
		return nil
	}
	return refuse("rules.unknown_version", field, fmt.Sprintf("this program knows rules versions 1 to %d: use a newer program", RulesVersion))
}

func admitGenesis(s *State, f Fact) *Refusal {
	if f.Index != 0 {
		return refuse("genesis.not_first", "", "a coalition is founded once, at index 0")
	}
	if f.Type != foundedType {
		return refuse("genesis.missing", "", "the first event of a ledger is coalition.founded")
	}
	if !f.Ledger.IsZero() {
		return refuse("envelope.other_ledger", "led", "genesis names no ledger: leave led out")
	}
	return nil
}

// admitSigner decides whether this key may speak for this issuer here.
func admitSigner(s *State, f Fact) *Refusal {
	k, ok := s.keys.get(f.KeyID)
	switch {
	case !ok:
		return refuse("key.unknown", "kid", "no such key is registered: register it with the member's root key first")
	case k.Agency != f.Issuer:
		return refuse("key.foreign_issuer", "iss", fmt.Sprintf("this key speaks for %s, not for %s", k.Agency, f.Issuer))
	case k.Alg != f.Alg:
		return refuse("key.algorithm", "alg", fmt.Sprintf("this key signs with %s, the header says %s", k.Alg, f.Alg))
	case k.RevokedAt != 0:
		return refuse("key.revoked", "kid", fmt.Sprintf("this key was revoked at index %d: sign with another", k.RevokedAt))
	case k.Purpose != "" && k.Purpose != "sign":
		return refuse("key.purpose", "kid", "this key is registered for "+k.Purpose+", not for signing")
	}
	return first(admitAgency(s, f), admitMember(s, f))
}

func admitAgency(s *State, f Fact) *Refusal {
	if a, ok := s.agencies.get(f.Issuer); ok && a.SuspendedAt != 0 {
		return refuse("agency.suspended", "iss", fmt.Sprintf("%s is suspended since index %d: its member's root key lifts that with agency.reinstated", f.Issuer, a.SuspendedAt))
	} else if a.SucceededBy != "" {
		return refuse("agency.succeeded", "iss", fmt.Sprintf("%s took over from %s: sign as %s", a.SucceededBy, f.Issuer, s.Holder(f.Issuer)))
	}
	return nil
}

func admitMember(s *State, f Fact) *Refusal {
	m, ok := s.members.get(f.Issuer.Member())
	switch {
	case !ok:
		return refuse("member.unknown", "iss", string(f.Issuer.Member())+" is no member of this coalition")
	case m.Withdrew:
		return refuse("member.withdrew", "iss", string(m.Code)+" has withdrawn from this coalition")
	case m.Suspended:
		return refuse("member.suspended", "iss", string(m.Code)+" is suspended by decision of the coalition")
	case f.Type == acceptedType:
		return nil
	case !s.Open():
		return refuse("coalition.not_open", "", "until a quorum of founders has accepted, only member.accepted is admitted")
	case !m.Accepted:
		return refuse("member.not_accepted", "iss", string(m.Code)+" has not accepted its membership yet: its root key signs member.accepted first")
	}
	return nil
}

func rootOnly(f Fact) *Refusal {
	if f.Issuer.IsRoot() {
		return nil
	}
	return refuse("root.required", "iss", fmt.Sprintf("only the member's root key signs this: issue it as %s", RootAgency(f.Issuer.Member())))
}

// target finds the recorded event that r names.
func (s *State) target(field string, r Ref) (Record, *Refusal) {
	rec, ok := s.events.get(r.Index)
	if !ok {
		return Record{}, refuse("target.unknown", field, fmt.Sprintf("no event is recorded at index %d", r.Index))
	}
	if rec.Leaf != r.Leaf {
		return Record{}, refuse("target.mismatch", field, fmt.Sprintf("the event at index %d has leaf %s: copy index and leaf from its receipt", r.Index, rec.Leaf))
	}
	return rec, nil
}
