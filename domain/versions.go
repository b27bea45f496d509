package domain

import "fmt"

// old is the struct of a version before the newest. It keeps that version's own
// words and limits for ever; upcast says the same in the newest shape.
type old interface {
	upcast() (Body, *Refusal)
}

// upcast reads a version before the newest, through its own struct. Rules and
// views see the newest shape alone.
func upcast[T old](version int) kind {
	return kind{version: version, decode: func(payload []byte) (Body, *Refusal) {
		body, r := strictly[T](payload)
		if r != nil {
			return nil, r
		}
		return body.upcast()
	}}
}

// after names the versions that came before the newest. They stay admissible:
// programs in the field still sign them.
func (k kind) after(older ...kind) kind {
	k.older = older
	return k
}

// at returns one version of a type.
func (k kind) at(version int) (kind, bool) {
	if k.version == version {
		return k, true
	}
	for _, o := range k.older {
		if o.version == version {
			return o, true
		}
	}
	return kind{}, false
}

// adopted keeps out what the coalition has not adopted yet: a type, or a
// version of one, that came with rules that are not in force.
func adopted(s *State, wireName string, version int) *Refusal {
	k, _ := kinds[wireName].at(version)
	if k.rules <= s.Rules() {
		return nil
	}
	return refuse("rules.not_adopted", "", fmt.Sprintf("version %d of %s came with version %d of the rules, version %d is in force: a quorum adopts the newer first (rules.adopted)", version, wireName, k.rules, s.Rules()))
}
