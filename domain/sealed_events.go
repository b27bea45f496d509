package domain

import "fmt"

var sealedKinds = []kind{
	define[DetailReleased]("detail.released", 1).from(rulesSealed),
	define[DetailOpened]("detail.opened", 1).from(rulesSealed),
	define[DetailErased]("detail.erased", 1).from(rulesSealed),
}

// SealedTarget names sealed detail by its event and its place there.
type SealedTarget struct {
	Event Ref `json:"event"`
	Item  int `json:"item"` // place in the event's sealed, from 0
}

func (b SealedTarget) ref() SealedRef { return SealedRef{b.Event.Index, b.Item} }

// own finds the detail, which only the agency that sealed it disposes of, or
// its member's root key.
func (b SealedTarget) own(s *State, f Fact) (SealedItem, *Refusal) {
	if _, r := s.target("event", b.Event); r != nil {
		return SealedItem{}, r
	}
	i, ok := s.sealed.get(b.ref())
	if !ok {
		return i, refuse("detail.unknown", "item", fmt.Sprintf("the event at index %d bound no sealed item %d: a correction that repeats an item leaves it with the event that bound it", b.Event.Index, b.Item))
	}
	if !s.disposes(f.Issuer, i.Issuer) {
		return i, refuse("detail.foreign", "event", fmt.Sprintf("%s sealed this: it, its recorded successor or its member's root key releases, opens or erases it", i.Issuer))
	}
	return i, nil
}

// DetailReleased gives sealed detail to further agencies, or again to one that
// changed its key: a new ciphertext of the same commitment. It also ends an
// embargo. Nothing that was released can be called back.
type DetailReleased struct {
	SealedTarget
	Ciphertext Hash       `json:"ciphertext"`
	Size       int64      `json:"size"`
	ReleasedTo []AgencyID `json:"released_to"`
	Reason     string     `json:"reason,omitempty"`
}

func (b DetailReleased) admit(s *State, f Fact) *Refusal {
	if _, r := b.own(s, f); r != nil {
		return r
	}
	if len(b.ReleasedTo) == 0 {
		return refuse("value.missing", "released_to", "name the agencies that may read it now")
	}
	return first(checkCiphertext(s, b.Ciphertext, b.Size), checkAudience(s, b.ReleasedTo))
}

func (b DetailReleased) apply(s *State, f Fact) {
	s.addCopy(b.ref(), SealedCopy{Ciphertext: b.Ciphertext, Size: b.Size, To: b.ReleasedTo, BoundAt: f.Index})
}

func (b DetailReleased) assume(s *State, f Fact) {
	s.assumeSealed(f, b.SealedTarget, SealedItem{})
	s.assumeAudience(b.ReleasedTo)
}

// DetailOpened publishes sealed detail to all. Anyone can check that this is
// what was committed to.
type DetailOpened struct {
	SealedTarget
	Salt Hash   `json:"salt"`
	Text string `json:"text,omitempty"`
	Data []byte `json:"data,omitempty"` // base64, in place of text when the detail is a file
}

// Content returns the detail's bytes.
func (b DetailOpened) Content() []byte {
	if b.Text != "" {
		return []byte(b.Text)
	}
	return b.Data
}

func (b DetailOpened) admit(s *State, f Fact) *Refusal {
	i, r := b.own(s, f)
	switch {
	case r != nil:
		return r
	case i.OpenedAt != 0:
		return refuse("detail.opened_before", "event", fmt.Sprintf("this detail was opened at index %d", i.OpenedAt))
	case (b.Text == "") == (len(b.Data) == 0):
		return refuse("detail.content", "text", "give the detail once: as text, or as data in base64")
	case Commitment(b.Salt, b.Content()) != i.Commitment:
		return refuse("detail.commitment", "text", "salt and text are not what the event committed to: copy both as ledger open gives them")
	}
	return nil
}

func (b DetailOpened) apply(s *State, f Fact) {
	if i, ok := s.sealed.get(b.ref()); ok {
		i.OpenedAt = f.Index
		s.sealed.put(b.ref(), i)
	}
}

func (b DetailOpened) assume(s *State, f Fact) {
	s.assumeSealed(f, b.SealedTarget, SealedItem{Commitment: Commitment(b.Salt, b.Content())})
}

// DetailErased has every ciphertext of some detail removed from the side store.
// The commitment stays recorded and every proof valid.
type DetailErased struct {
	SealedTarget
	Reason string `json:"reason"`
}

func (b DetailErased) admit(s *State, f Fact) *Refusal {
	i, r := b.own(s, f)
	if r = first(r, required("reason", b.Reason)); r != nil {
		return r
	}
	for _, c := range i.Copies {
		if c.ErasedAt == 0 {
			return nil
		}
	}
	return refuse("detail.erased_before", "event", "every copy of this detail was erased already")
}

func (b DetailErased) apply(s *State, f Fact) {
	i, ok := s.sealed.get(b.ref())
	if !ok {
		return
	}
	copies := make([]SealedCopy, len(i.Copies))
	for n, c := range i.Copies {
		if c.ErasedAt == 0 {
			c.ErasedAt = f.Index
		}
		copies[n] = c
	}
	i.Copies = copies
	s.sealed.put(b.ref(), i)
}

func (b DetailErased) assume(s *State, f Fact) {
	s.assumeSealed(f, b.SealedTarget, SealedItem{Copies: []SealedCopy{{}}})
}
