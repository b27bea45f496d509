package domain

import "fmt"

var linkKinds = []kind{
	define[SubjectLinked]("subject.linked", 1),
	define[SubjectUnlinked]("subject.unlinked", 1),
}

// link is where a link was recorded last, and where it was ended.
type link struct{ At, EndedAt uint64 }

func (l link) stands() bool { return l.At != 0 && l.EndedAt == 0 }

// SubjectLinked records an agency's decision that two designations concern
// the same subject, or stand in another relation. Nothing is linked silently.
type SubjectLinked struct {
	Common
	A        string   `json:"a"` // designation ids
	B        string   `json:"b"`
	Relation string   `json:"relation"`
	Reasons  []string `json:"reasons"`
}

// Key is both ids in order and the relation.
func (b SubjectLinked) Key() string { return linkKey(b.A, b.B, b.Relation) }

func linkKey(a, b, relation string) string {
	if relation == "same_as" && b < a {
		a, b = b, a
	}
	return a + "|" + b + "|" + relation
}

func (b SubjectLinked) admit(s *State, f Fact) *Refusal {
	if l, _ := s.links.get(b.Key()); l.stands() {
		return refuse("link.duplicate", "a", fmt.Sprintf("this link was recorded at index %d", l.At))
	}
	return b.check(s, f)
}

func (b SubjectLinked) check(s *State, _ Fact) *Refusal {
	if b.A == b.B {
		return refuse("link.self", "b", "a subject is not linked to itself")
	}
	if len(b.Reasons) == 0 {
		return refuse("value.missing", "reasons", "say why: a link is a decision that others will check")
	}
	return first(knownDesignation(s, "a", b.A), knownDesignation(s, "b", b.B),
		oneOf("relation", b.Relation, "same_as", "owns", "controls", "operates", "member_of"))
}

func (b SubjectLinked) apply(s *State, f Fact) { s.links.put(b.Key(), link{At: f.Index}) }

func (b SubjectLinked) assume(s *State, f Fact) {
	s.assumeDesignations(f, b.A, b.B)
}

func (b SubjectLinked) retract(s *State, key string, index uint64) {
	if l, _ := s.links.get(key); l.At == index {
		s.links.put(key, link{})
	}
}

// SubjectUnlinked ends a recorded link.
type SubjectUnlinked struct {
	Common
	A        string `json:"a"`
	B        string `json:"b"`
	Relation string `json:"relation"`
	Reason   string `json:"reason"`
}

// Key is both ids in order and the relation.
func (b SubjectUnlinked) Key() string { return linkKey(b.A, b.B, b.Relation) }

func (b SubjectUnlinked) admit(s *State, f Fact) *Refusal {
	if l, _ := s.links.get(b.Key()); !l.stands() {
		return refuse("link.unknown", "a", "no such link is recorded")
	}
	return b.check(s, f)
}

func (b SubjectUnlinked) check(*State, Fact) *Refusal { return required("reason", b.Reason) }

func (b SubjectUnlinked) apply(s *State, f Fact) {
	l, _ := s.links.get(b.Key())
	l.EndedAt = f.Index
	s.links.put(b.Key(), l)
}

func (b SubjectUnlinked) assume(s *State, _ Fact) {
	s.links.put(b.Key(), link{At: 1})
}

func (b SubjectUnlinked) retract(s *State, key string, index uint64) {
	if l, _ := s.links.get(key); l.EndedAt == index {
		l.EndedAt = 0
		s.links.put(key, l)
	}
}
