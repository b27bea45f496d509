package domain

import (
	"fmt"
	"strings"
)

var linkKinds = []kind{
	define[SubjectRegistered]("subject.registered", 1).from(3),
	define[SubjectLinked]("subject.linked", 2).from(3).after(upcast[subjectLinkedV1](1)),
	define[SubjectUnlinked]("subject.unlinked", 2).from(3).after(upcast[subjectUnlinkedV1](1)),
}

// subjectPrefix begins the id of every registered subject, so that it is told
// apart from a designation's.
const subjectPrefix = "subject:"

// SubjectRegistered gives a subject that no list names, or that several name,
// an id of its own, which links and reports then refer to.
type SubjectRegistered struct {
	Common
	ID      string  `json:"id"` // subject: and a name that the registering agency gives it
	Subject Subject `json:"subject"`
}

// Key is the subject's id.
func (b SubjectRegistered) Key() string { return b.ID }

func (b SubjectRegistered) admit(s *State, f Fact) *Refusal {
	if i, ok := s.Subject(b.ID); ok {
		return refuse("subject.duplicate", "id", fmt.Sprintf("%s was registered at index %d: correct that event, or take another id", b.ID, i))
	}
	if r := knownDesignation(s, "id", b.ID); r == nil {
		return refuse("subject.duplicate", "id", b.ID+" is the id of a designation: take another id")
	}
	return b.check(s, f)
}

func (b SubjectRegistered) check(*State, Fact) *Refusal {
	if !strings.HasPrefix(b.ID, subjectPrefix) || b.ID == subjectPrefix {
		return refuse("subject.id", "id", fmt.Sprintf("%q is no id of a subject: write %s and a name, as in %sXA-17", b.ID, subjectPrefix, subjectPrefix))
	}
	return first(checkID("id", b.ID), b.Subject.check("subject"))
}

func (b SubjectRegistered) apply(s *State, f Fact) { s.subjects.put(b.ID, f.Index) }

func (b SubjectRegistered) retract(s *State, key string, index uint64) {
	if i, _ := s.subjects.get(key); i == index {
		s.subjects.put(key, 0)
	}
}

// Subject returns the index at which a subject's id was registered.
func (s *State) Subject(id string) (uint64, bool) {
	i, ok := s.subjects.get(id)
	return i, ok && i != 0
}

// knownSubject accepts the id of a designation or of a registered subject.
func knownSubject(s *State, field, id string) *Refusal {
	r := knownDesignation(s, field, id)
	if r == nil || !strings.HasPrefix(id, subjectPrefix) {
		return r
	}
	if _, ok := s.Subject(id); ok {
		return nil
	}
	return refuse("subject.unknown", field, fmt.Sprintf("no subject %q is registered: check the id, or register it first (subject.registered)", id))
}

func (s *State) assumeSubjects(f Fact, ids ...string) {
	for _, id := range ids {
		if strings.HasPrefix(id, subjectPrefix) {
			s.subjects.put(id, 1)
		} else {
			s.assumeDesignations(f, id)
		}
	}
}

// basisUnstated is the basis of links from before a link had to state one.
const basisUnstated = "unstated"

// SubjectLinked records an agency's decision that two designations or
// registered subjects are one, or stand in another relation. Nothing is linked
// silently.
type SubjectLinked struct {
	Common
	A        string   `json:"a"` // ids of designations or registered subjects
	B        string   `json:"b"`
	Relation string   `json:"relation"`        // of a to b
	Basis    string   `json:"basis"`           // what the decision rests on
	Score    string   `json:"score,omitempty"` // of a matching program, 0 to 1
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
	return first(checkReasons(b.Reasons), knownSubject(s, "a", b.A), knownSubject(s, "b", b.B),
		oneOf("relation", b.Relation, "same_as", "alias", "owns", "controls", "operates", "manages", "member_of", "represents", "acts_for"),
		checkLinkBasis(b.Basis), checkScore("score", b.Score), b.checkKinds(s))
}

func checkReasons(reasons []string) *Refusal {
	if len(reasons) == 0 {
		return refuse("value.missing", "reasons", "say why: a link is a decision that others will check")
	}
	return nil
}

func checkLinkBasis(basis string) *Refusal {
	return oneOf("basis", basis, "identifier", "name", "document", "decision", basisUnstated)
}

// checkScore accepts a decimal from 0 to 1.
func checkScore(field, score string) *Refusal {
	if score == "" {
		return nil
	}
	if r := checkDecimal(field, score); r != nil {
		return r
	}
	if decimal(score).Cmp(decimal("1")) > 0 {
		return refuse("score.range", field, "a score lies between 0 and 1, as in 0.93")
	}
	return nil
}

func (b SubjectLinked) apply(s *State, f Fact) { openAt(s.links, b.Key(), f.Index) }

func (b SubjectLinked) assume(s *State, f Fact) { s.assumeSubjects(f, b.A, b.B) }

func (b SubjectLinked) retract(s *State, key string, index uint64) { unopen(s.links, key, index) }

// SubjectUnlinked ends a recorded link.
type SubjectUnlinked struct {
	Common
	A        string   `json:"a"`
	B        string   `json:"b"`
	Relation string   `json:"relation"`
	Basis    string   `json:"basis"`
	Score    string   `json:"score,omitempty"`
	Reasons  []string `json:"reasons"`
}

// Key is both ids in order and the relation.
func (b SubjectUnlinked) Key() string { return linkKey(b.A, b.B, b.Relation) }

func (b SubjectUnlinked) admit(s *State, f Fact) *Refusal {
	if l, _ := s.links.get(b.Key()); !l.stands() {
		return refuse("link.unknown", "a", "no such link is recorded")
	}
	return b.check(s, f)
}

func (b SubjectUnlinked) check(*State, Fact) *Refusal {
	return first(checkReasons(b.Reasons), checkLinkBasis(b.Basis), checkScore("score", b.Score))
}

func (b SubjectUnlinked) apply(s *State, f Fact) { endAt(s.links, b.Key(), f.Index) }

func (b SubjectUnlinked) assume(s *State, _ Fact) { openAt(s.links, b.Key(), 1) }

func (b SubjectUnlinked) retract(s *State, key string, index uint64) { unend(s.links, key, index) }
