package domain

import (
	"fmt"
	"slices"
	"strings"
)

// rulesSound is the version of the rules from which links, texts and what is
// said of the EU are held to sense. Journals from before it verify as they are.
const rulesSound = 4

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
	p, ok := b.(portrait)
	if !ok {
		return
	}
	s.unportray(b, p.Key(), at)
	if x := p.portrays(); x != nil {
		said, _ := s.likenesses.get(p.Key())
		said = append(slices.Clone(said), likeness{at, x.Kind, x.numbers()})
		slices.SortFunc(said, func(a, b likeness) int { return int(a.At) - int(b.At) })
		s.likenesses.put(p.Key(), said)
	}
}

// unportray forgets what the event at an index said, of that type.
func (s *State) unportray(typ Body, id string, at uint64) {
	said, ok := s.likenesses.get(id)
	if _, is := typ.(portrait); is && ok {
		s.likenesses.put(id, slices.DeleteFunc(slices.Clone(said), func(l likeness) bool { return l.At == at }))
	}
}

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
	if s.Rules() < rulesSound || b.Relation != "same_as" || x.mayBe(y) {
		return nil
	}
	return refuse("link.kinds", "relation", fmt.Sprintf("%s is recorded as %s and %s as %s, which are not one: name the relation (owns, controls, operates, manages, represents, acts_for), or correct the kind; a ship or aircraft that a list files as an entity needs one number on both (%s)",
		b.A, x.Kind, b.B, y.Kind, strings.Join(thingSchemes, ", ")))
}
