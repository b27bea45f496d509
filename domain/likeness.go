package domain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// rulesSound is the version of the rules from which links, texts, days and what is
// said of the EU are held to sense, and gaps are of who observed them. Journals
// from before it verify as they are.
const rulesSound = 4

// Sound reports whether a version of the rules is one that holds events to sense;
// 0, where nothing is founded yet, stands for the newest.
func Sound(rules int) bool { return rules == 0 || rules >= rulesSound }

// sound is the first of refusals that came with those rules.
func (s *State) sound(refusals ...*Refusal) *Refusal {
	if !Sound(s.Rules()) {
		return nil
	}
	return first(refusals...)
}

// likeness is what one statement says a subject is.
type likeness struct {
	At      uint64
	Kind    string
	Numbers []string
}

// portrait is a statement that says what a designation or registered subject
// is; nil where it leaves that as it was.
type portrait interface {
	Key() string
	portrays() *Subject
}

func (b DesignationAdopted) portrays() *Subject    { return &b.Subject }
func (b DesignationAmended) portrays() *Subject    { return b.Subject }
func (b DesignationReinstated) portrays() *Subject { return b.Subject }
func (b SubjectRegistered) portrays() *Subject     { return &b.Subject }

// portray keeps what a statement says a subject is, in place of what the event
// at that index said before a correction.
func (s *State) portray(b Body, at uint64) {
	if p, ok := b.(portrait); ok {
		s.likenesses.put(p.Key(), s.said(p.Key(), at, p.portrays()))
	}
}

// unportray forgets what the event at an index said, of that type.
func (s *State) unportray(typ Body, id string, at uint64) {
	if _, is := typ.(portrait); is {
		s.likenesses.put(id, s.said(id, at, nil))
	}
}

// said returns what statements say of a subject, with x as the word of the event
// at an index; nil where that says nothing.
func (s *State) said(id string, at uint64, x *Subject) []likeness {
	before, _ := s.likenesses.get(id)
	out := slices.DeleteFunc(slices.Clone(before), func(l likeness) bool { return l.At == at })
	if x != nil {
		out = append(out, likeness{at, x.Kind, x.numbers()})
		slices.SortFunc(out, func(a, b likeness) int { return cmp.Compare(a.At, b.At) })
	}
	return out
}

// keepsLinks refuses, from version 4 of the rules on, a word on a subject by which
// it would no longer be one with what it is linked to.
func (s *State) keepsLinks(typ Body, id string, at uint64, x *Subject) *Refusal {
	if _, is := typ.(portrait); !is || !Sound(s.Rules()) {
		return nil
	}
	now, next := s.likeness(id), likeness{}
	if said := s.said(id, at, x); len(said) > 0 {
		next = said[len(said)-1]
	}
	lost := func(n string) bool { return !slices.Contains(next.Numbers, n) }
	if next.Kind == now.Kind && !slices.ContainsFunc(now.Numbers, lost) {
		return nil
	}
	if other := s.contradicted(id, next); other != "" {
		return refuse("link.kinds", "subject", fmt.Sprintf("%s is linked as one with %s, which is recorded as %s: end that link first (subject.unlinked)", id, other, s.likeness(other).Kind))
	}
	return nil
}

// contradicted returns the first subject that one is linked with as the same and,
// being so, cannot be; "" for none. It is asked only where a kind or number goes.
func (s *State) contradicted(id string, being likeness) string {
	first := ""
	for key, l := range s.links.all() {
		p := strings.Split(key, "|") // ids hold no bar
		if !l.stands() || len(p) != 3 || !oneness(p[2]) || p[0] != id && p[1] != id {
			continue
		}
		other := p[0]
		if other == id {
			other = p[1]
		}
		if !being.mayBe(s.likeness(other)) && (first == "" || other < first) {
			first = other
		}
	}
	return first
}

// oneness reports whether a relation says that two are one.
func oneness(relation string) bool { return relation == "same_as" || relation == "alias" }

// likeness returns what a designation or subject was last said to be.
func (s *State) likeness(id string) likeness {
	said, _ := s.likenesses.get(id)
	if len(said) == 0 {
		return likeness{}
	}
	return said[len(said)-1]
}

// numbers are those by which a ship or an aircraft is known, also where a list
// files it as an entity.
func (s Subject) numbers() []string {
	var out []string
	for _, id := range s.Identifiers {
		if slices.Contains(thingSchemes, id.Scheme) {
			out = append(out, id.Scheme+" "+strings.ToUpper(unspaced.Replace(id.Value)))
		}
	}
	return out
}

var (
	thingSchemes = []string{"imo", "mmsi", "call_sign", "registration", "un_ref"}
	unspaced     = strings.NewReplacer(" ", "", "-", "", ".", "")
)

// MayBeOne reports whether two subjects can be the same: of one kind, or a ship
// or aircraft and what another list files as an entity, if both bear one number.
func MayBeOne(a, b Subject) bool {
	return likeness{Kind: a.Kind, Numbers: a.numbers()}.mayBe(likeness{Kind: b.Kind, Numbers: b.numbers()})
}

func (l likeness) mayBe(o likeness) bool {
	if l.Kind == o.Kind || l.Kind == "" || o.Kind == "" {
		return true
	}
	shared := slices.ContainsFunc(l.Numbers, func(n string) bool { return slices.Contains(o.Numbers, n) })
	return shared && (l.isThing() && o.Kind == "entity" || o.isThing() && l.Kind == "entity")
}

func (l likeness) isThing() bool { return l.Kind == "vessel" || l.Kind == "aircraft" }

// checkKinds keeps what contradicts itself from being one.
func (b SubjectLinked) checkKinds(s *State) *Refusal {
	x, y := s.likeness(b.A), s.likeness(b.B)
	if !Sound(s.Rules()) || !oneness(b.Relation) || x.mayBe(y) {
		return nil
	}
	return refuse("link.kinds", "relation", fmt.Sprintf("%s is recorded as %s and %s as %s, which are not one: name the relation (owns, controls, operates, manages, represents, acts_for), or correct the kind; a ship or aircraft that a list files as an entity needs one number on both (%s)",
		b.A, x.Kind, b.B, y.Kind, strings.Join(thingSchemes, ", ")))
}
