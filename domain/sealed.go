package domain

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
)

// rulesSealed is the version of the rules that sealed detail came with.
const rulesSealed = 2

const (
	// MaxSealed is the largest ciphertext of sealed detail, in bytes.
	MaxSealed      = 8 << 20
	maxSealedItems = 16 // of one event
)

// Sealed commits to a text that is kept encrypted beside the journal. Whoever
// may read it finds the salt in front of the text.
type Sealed struct {
	Commitment Hash       `json:"commitment"`    // of salt and text, see Commitment
	Ciphertext Hash       `json:"ciphertext"`    // SHA-256 of what the side store keeps
	Size       int64      `json:"size,omitzero"` // of the ciphertext, bytes
	ReleasedTo []AgencyID `json:"released_to"`   // besides the issuer; none yet under an embargo
	Label      string     `json:"label,omitempty"`
	Handling   string     `json:"handling,omitempty"` // TLP 2.0 label of the text
}

// Commitment returns SHA-256(salt ‖ text). Without the salt, which is random,
// nobody can find out a text by guessing it.
func Commitment(salt Hash, text []byte) Hash {
	return sha256.Sum256(slices.Concat(salt[:], text))
}

// SealedRef names sealed detail: the event that bound it, and its place in that
// event's sealed, from 0.
type SealedRef struct {
	Index uint64
	Item  int
}

// SealedItem is what the state keeps of one piece of sealed detail.
type SealedItem struct {
	SealedRef
	Issuer     AgencyID
	Commitment Hash
	Copies     []SealedCopy // that of the event first, then those of releases; replaced, never changed in place
	OpenedAt   uint64       // 0 while it is not opened to all
}

// SealedCopy is one ciphertext and who it was encrypted to.
type SealedCopy struct {
	Ciphertext Hash
	Size       int64
	To         []AgencyID // besides the issuer of the event
	BoundAt    uint64     // index of the event or release
	ErasedAt   uint64     // 0 while it is not erased
}

// ReadableBy returns the copies that had been released to an agency, and not
// erased, when the event at index asOf had been recorded.
func (i SealedItem) ReadableBy(a AgencyID, asOf uint64) []SealedCopy {
	var out []SealedCopy
	for _, c := range i.Copies {
		erased := c.ErasedAt != 0 && c.ErasedAt <= asOf
		if c.BoundAt <= asOf && !erased && i.Released(c, a) {
			out = append(out, c)
		}
	}
	return out
}

// Released reports whether a copy was encrypted to an agency: the one that
// sealed it, or one that it was released to.
func (i SealedItem) Released(c SealedCopy, a AgencyID) bool {
	return a == i.Issuer || slices.Contains(c.To, a)
}

// Copy returns the copy whose ciphertext has this hash.
func (i SealedItem) Copy(ciphertext Hash) (SealedCopy, bool) {
	n := slices.IndexFunc(i.Copies, func(c SealedCopy) bool { return c.Ciphertext == ciphertext })
	if n < 0 {
		return SealedCopy{}, false
	}
	return i.Copies[n], true
}

// Sealed returns one piece of sealed detail.
func (s *State) Sealed(at SealedRef) (SealedItem, bool) { return s.sealed.get(at) }

// SealedBy returns the sealed detail that the event at an index bound.
func (s *State) SealedBy(index uint64) []SealedItem {
	var out []SealedItem
	for n := range maxSealedItems { // a correction binds only what is new in it
		if i, ok := s.sealed.get(SealedRef{index, n}); ok {
			out = append(out, i)
		}
	}
	return out
}

// SealedFor returns the sealed detail that was ever released to an agency, or
// that it sealed, in the order of the journal.
func (s *State) SealedFor(a AgencyID) []SealedItem {
	all := sorted(s.sealed, func(a, b SealedItem) int {
		return cmp.Or(cmp.Compare(a.Index, b.Index), cmp.Compare(a.Item, b.Item))
	})
	return slices.DeleteFunc(all, func(i SealedItem) bool {
		return i.Issuer != a && !slices.ContainsFunc(i.Copies, func(c SealedCopy) bool { return slices.Contains(c.To, a) })
	})
}

// SealedIn returns the sealed detail of which this is the hash of a ciphertext.
func (s *State) SealedIn(ciphertext Hash) (SealedItem, bool) {
	at, ok := s.bound.get(ciphertext)
	if !ok {
		return SealedItem{}, false
	}
	i, _ := s.sealed.get(at)
	_, ok = i.Copy(ciphertext)
	return i, ok
}

// maySeal reports whether statements of this type may hold sealed detail: acts
// and reports, never what others' duties follow from.
func maySeal(b Body) bool {
	switch b := b.(type) {
	case EnforcementActionTaken, AssetFrozen, AssetUnfrozen, InterdictionExecuted:
		return true
	case interface{ maySeal() bool }:
		return b.maySeal()
	case WorkersReported, TravelBanEnforced, JointVentureReported, ViolationReported, InformationRequested, InformationAnswered:
		return true // sources and persons need protection there
	}
	return false
}

// checkSealed holds the sealed detail of a statement to the rules. A correction
// may repeat what its issuer bound before, unchanged.
func checkSealed(s *State, f Fact, st Statement, correction bool) *Refusal {
	items := st.Base().Sealed
	if len(items) == 0 || s.Rules() < rulesSealed {
		return nil
	}
	if !maySeal(st) {
		return refuse("sealed.type", "sealed", "events of this type seal nothing: what others rely on is said to all; seal it in the act or report that it belongs to")
	}
	if len(items) > maxSealedItems {
		return refuse("sealed.too_many", "sealed", fmt.Sprintf("one event seals at most %d items: put files together", maxSealedItems))
	}
	seen := map[Hash]bool{}
	for n, i := range items {
		at := fmt.Sprintf("sealed[%d]", n)
		if r := within(at, i.admit(s, f, correction, seen)); r != nil {
			return r
		}
	}
	return nil
}

func (i Sealed) admit(s *State, f Fact, correction bool, seen map[Hash]bool) *Refusal {
	if i.Commitment == i.Ciphertext || seen[i.Commitment] || seen[i.Ciphertext] {
		return refuse("sealed.bound", "commitment", "this event holds the item twice: keep one")
	}
	seen[i.Commitment], seen[i.Ciphertext] = true, true
	if correction && s.repeats(f.Issuer, i) {
		return nil
	}
	return first(
		checkHandling(i.Handling),
		checkUnbound(s, "commitment", i.Commitment),
		checkCiphertext(s, i.Ciphertext, i.Size),
		checkAudience(s, i.ReleasedTo),
	)
}

// repeats reports whether the issuer bound exactly this before.
func (s *State) repeats(issuer AgencyID, i Sealed) bool {
	old, ok := s.SealedIn(i.Ciphertext)
	if !ok || !s.owns(issuer, old.Issuer) || old.Commitment != i.Commitment {
		return false
	}
	c := old.Copies[0]
	return c.Ciphertext == i.Ciphertext && c.Size == i.Size && slices.Equal(c.To, i.ReleasedTo)
}

// checkUnbound keeps one agency from binding what another bound, which it may
// have copied, and one ciphertext from standing in two events, of which one
// might erase it.
func checkUnbound(s *State, field string, h Hash) *Refusal {
	if h.IsZero() {
		return refuse("sealed.incomplete", field, "give the hashes that ledger seal printed")
	}
	if at, ok := s.bound.get(h); ok {
		return refuse("sealed.bound", field, fmt.Sprintf("item %d of the event at index %d has this hash: seal the text again, with a fresh salt", at.Item, at.Index))
	}
	return nil
}

func checkCiphertext(s *State, h Hash, size int64) *Refusal {
	if size < 1 || size > MaxSealed {
		return refuse("sealed.size", "size", fmt.Sprintf("give the ciphertext's size, from 1 to %d bytes", MaxSealed))
	}
	return checkUnbound(s, "ciphertext", h)
}

// checkAudience requires agencies that can read: each once, at work, with an
// encryption key in force.
func checkAudience(s *State, to []AgencyID) *Refusal {
	for n, id := range to {
		a, ok := s.agencies.get(id)
		m, _ := s.members.get(id.Member())
		if !ok || a.Recipient == "" || a.SuspendedAt != 0 || a.SucceededBy != "" || m.Suspended || m.Withdrew || slices.Contains(to[:n], id) {
			return refuse("sealed.recipient", fmt.Sprintf("released_to[%d]", n), fmt.Sprintf("%q is no agency at work with an encryption key in force, or stands here twice: it registers its key first (encryption_key.registered)", string(id)))
		}
	}
	return nil
}

// bindSealed records the sealed detail that a statement, or the replacement of
// one, brings.
func (s *State) bindSealed(f Fact) {
	if s.Rules() < rulesSealed {
		return
	}
	st, ok := f.Body.(Statement)
	if c, corrects := f.Body.(EventCorrected); corrects {
		body, r := c.Body()
		st, ok = body, r == nil
	}
	if !ok || !maySeal(st) {
		return
	}
	for n, i := range st.Base().Sealed {
		at := SealedRef{f.Index, n}
		if _, bound := s.bound.get(i.Commitment); bound || n >= maxSealedItems {
			continue
		}
		s.sealed.put(at, SealedItem{SealedRef: at, Issuer: f.Issuer, Commitment: i.Commitment})
		s.bound.put(i.Commitment, at)
		s.addCopy(at, SealedCopy{Ciphertext: i.Ciphertext, Size: i.Size, To: i.ReleasedTo, BoundAt: f.Index})
	}
}

func (s *State) addCopy(at SealedRef, c SealedCopy) {
	i, ok := s.sealed.get(at)
	if _, bound := s.bound.get(c.Ciphertext); !ok || bound {
		return
	}
	i.Copies = append(slices.Clone(i.Copies), c)
	s.sealed.put(at, i)
	s.bound.put(c.Ciphertext, at)
}
