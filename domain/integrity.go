package domain

import "fmt"

var integrityKinds = []kind{
	define[FindingRecorded]("finding.recorded", 1).from(rulesReported),
	define[EventReaffirmed]("event.reaffirmed", 1).from(rulesReported),
	define[AgencySucceeded]("agency.succeeded", 1).from(rulesReported),
}

// FindingRecorded is what an auditor found in a range of events. Both indexes
// are inclusive.
type FindingRecorded struct {
	Common
	FromIndex      uint64 `json:"from_index"`
	ToIndex        uint64 `json:"to_index"`
	Severity       string `json:"severity"` // information, minor, major, critical
	Text           Text   `json:"text"`
	Recommendation *Text  `json:"recommendation,omitempty"`
}

// Key is empty: a correction may change everything.
func (b FindingRecorded) Key() string { return "" }

func (b FindingRecorded) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b FindingRecorded) check(_ *State, f Fact) *Refusal {
	if b.FromIndex > b.ToIndex || b.ToIndex >= f.Index {
		return refuse("finding.range", "to_index", fmt.Sprintf("give a range of recorded indexes below %d, from before to", f.Index))
	}
	return first(oneOf("severity", b.Severity, "information", "minor", "major", "critical"), required("text.text", b.Text.Text))
}

func (b FindingRecorded) apply(*State, Fact) {}

// EventReaffirmed says that an agency stands by an event of its own although
// the key that signed it is called compromised, or the event was repudiated. It
// needs another key: that key's word is what is in doubt.
type EventReaffirmed struct {
	Common
	Target Ref   `json:"target"`
	Reason *Text `json:"reason,omitempty"`
}

// Key is empty: it is about its target.
func (b EventReaffirmed) Key() string { return "" }

func (b EventReaffirmed) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b EventReaffirmed) check(s *State, f Fact) *Refusal {
	rec, r := s.target("target", b.Target)
	switch {
	case r != nil:
		return r
	case rec.Withdrawn:
		return refuse("reaffirmation.withdrawn", "target", "the event was withdrawn: post it anew")
	case !s.disposes(f.Issuer, rec.Issuer):
		return refuse("reaffirmation.foreign", "target", fmt.Sprintf("%s issued this: it, its successor or its member's root key stands by it; others endorse it", rec.Issuer))
	case f.KeyID == rec.KeyID:
		return refuse("reaffirmation.same_key", "target", "this key signed the event itself, and its word is what is in doubt: sign with another key of the agency, or with the root key")
	}
	return nil
}

func (b EventReaffirmed) apply(*State, Fact) {}

func (b EventReaffirmed) assume(s *State, f Fact) {
	s.assumeEvent(b.Target, Record{Issuer: f.Issuer, Statement: true})
}

// AgencySucceeded says that one agency of a member takes over from another: what
// that one said is from now on its successor's to correct, withdraw, answer for
// and unseal, the lists it keeps are its successor's to keep, and it speaks no
// more. Signed by the member's root key, which may name another successor later.
type AgencySucceeded struct {
	Agency    AgencyID `json:"agency"`
	Successor AgencyID `json:"successor"`
	Reason    string   `json:"reason"`
}

func (b AgencySucceeded) admit(s *State, f Fact) *Refusal {
	r := first(rootOnly(f), ownAgency(f, b.Agency), knownAgency(s, b.Agency), b.checkSuccessor(s, f), required("reason", b.Reason))
	if r != nil {
		return r
	}
	if b.Agency.IsRoot() {
		return refuse("succession.root", "agency", "the root agency is the member itself and has no successor")
	}
	if a, _ := s.agencies.get(b.Agency); a.SucceededBy == b.Successor {
		return refuse("succession.recorded_before", "successor", string(b.Successor)+" is recorded as the successor already")
	}
	if s.Holder(b.Successor) != b.Successor {
		return refuse("succession.of_predecessor", "successor", fmt.Sprintf("%s was itself succeeded: name %s", b.Successor, s.Holder(b.Successor)))
	}
	if b.Successor == b.Agency {
		return refuse("succession.self", "successor", "an agency does not succeed itself")
	}
	return nil
}

func (b AgencySucceeded) checkSuccessor(s *State, f Fact) *Refusal {
	r := first(ownAgency(f, b.Successor), knownAgency(s, b.Successor))
	if r != nil {
		r.Field = "successor"
	}
	return r
}

func (b AgencySucceeded) apply(s *State, _ Fact) {
	a, _ := s.agencies.get(b.Agency)
	a.ID, a.SucceededBy = b.Agency, b.Successor
	s.agencies.put(b.Agency, a)
}

func (b AgencySucceeded) assume(s *State, _ Fact) {
	s.agencies.put(b.Agency, Agency{ID: b.Agency})
	s.agencies.put(b.Successor, Agency{ID: b.Successor})
}

// maxSuccessions bounds a chain of successors, which no admitted journal makes
// into a ring, and Apply records whatever stands.
const maxSuccessions = 64

// Holder returns the agency that speaks for what a said: its last recorded
// successor, or a itself.
func (s *State) Holder(a AgencyID) AgencyID {
	for range maxSuccessions {
		next, ok := s.agencies.get(a)
		if !ok || next.SucceededBy == "" {
			return a
		}
		a = next.SucceededBy
	}
	return a
}

// owns reports whether what one agency said is another's to correct.
func (s *State) owns(issuer, said AgencyID) bool { return s.Holder(said) == issuer }

// disposes is owns, or the root key of the member.
func (s *State) disposes(issuer, said AgencyID) bool {
	return s.owns(issuer, said) || issuer == RootAgency(said.Member())
}
