package domain

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
)

const voidedType = "journal.voided"

var voidingKinds = []kind{define[JournalVoided](voidedType, 1)}

// maxNamed is how many leaves journal.voided names one by one: with as many
// approvals as there are states they fit a payload.
const maxNamed = 256

// JournalVoided lets the ledger go on behind records that somebody wrote into
// the journal although they are not admissible. It names all of them, and holds
// the approvals of a quorum within itself: nothing else can be recorded while
// one is pending. The records stay where they are, without effect.
type JournalVoided struct {
	Leaves    []VoidedLeaves `json:"leaves"` // as VoidLeaves writes them
	Reason    string         `json:"reason"`
	Approvals []Approval     `json:"approvals"`
}

// VoidedLeaves names one pending leaf, or a run of more than 256.
type VoidedLeaves struct {
	Index    uint64 `json:"index"`
	Through  uint64 `json:"through,omitzero"` // of a run: its last index
	LeafHash Hash   `json:"leaf_hash"`        // of a run: SHA-256 of its leaf hashes
}

// Approval is a member's signature of [VoidText] by its root key, in base64url.
type Approval struct {
	Member    Country `json:"member"`
	Signature string  `json:"signature"`
}

// Voided is a record that was refused and stands in the journal without effect.
type Voided struct {
	Ref
	By uint64 // index of its journal.voided
}

// skipped is what the state keeps of a refused record.
type skipped struct {
	Leaf Hash
	By   uint64 // index of its journal.voided; 0 while it is pending
}

// Skip gives a record that was refused its place in the order: the next index
// follows it, and it has no other effect. It is pending until journal.voided
// names it. Recorded time stands still, for nobody vouches for the record's.
func (s *State) Skip(index uint64, leaf Hash) {
	if s.head.Pending == 0 {
		s.head.Oldest = index
	}
	s.skipped.put(index, skipped{Leaf: leaf})
	s.head.Next, s.head.Pending = index+1, s.head.Pending+1
}

// Pending returns the refused records that stand before Next and are not
// voided, in order. While there is one, only journal.voided is admitted.
func (s *State) Pending() []Ref {
	if s.head.Pending == 0 {
		return nil
	}
	out := make([]Ref, 0, s.head.Pending)
	for i := s.head.Oldest; i < s.head.Next; i++ {
		if r, ok := s.skipped.get(i); ok && r.By == 0 {
			out = append(out, Ref{Index: i, Leaf: r.Leaf})
		}
	}
	return out
}

// Voided reports whether the record at index was refused and then voided.
func (s *State) Voided(index uint64) bool {
	r, ok := s.skipped.get(index)
	return ok && r.By > 0
}

// AllVoided returns every voided record, in order.
func (s *State) AllVoided() []Voided {
	var out []Voided
	for i, r := range s.skipped.all() {
		if r.By > 0 {
			out = append(out, Voided{Ref: Ref{Index: i, Leaf: r.Leaf}, By: r.By})
		}
	}
	slices.SortFunc(out, func(a, b Voided) int { return cmp.Compare(a.Index, b.Index) })
	return out
}

// VoidLeaves names pending records as journal.voided must: each by itself, or
// all as one run when they are more than 256.
func VoidLeaves(pending []Ref) []VoidedLeaves {
	if len(pending) > maxNamed {
		all := sha256.New()
		for _, p := range pending {
			all.Write(p.Leaf[:])
		}
		return []VoidedLeaves{{Index: pending[0].Index, Through: pending[len(pending)-1].Index, LeafHash: Hash(all.Sum(nil))}}
	}
	out := make([]VoidedLeaves, len(pending))
	for i, p := range pending {
		out[i] = VoidedLeaves{Index: p.Index, LeafHash: p.Leaf}
	}
	return out
}

// Span returns the indexes of the leaves named: from the first up to, and
// without, the second, which is where an admitted voiding stands.
func (b JournalVoided) Span() (from, to uint64) {
	if len(b.Leaves) == 0 {
		return 0, 0
	}
	last := b.Leaves[len(b.Leaves)-1]
	return b.Leaves[0].Index, max(last.Index, last.Through) + 1
}

// String returns the line of VoidText: 5 and the hash, or 5-900 and the hash.
func (v VoidedLeaves) String() string {
	if v.Through == 0 {
		return fmt.Sprintf("%d %s", v.Index, v.LeafHash)
	}
	return fmt.Sprintf("%d-%d %s", v.Index, v.Through, v.LeafHash)
}

// VoidText returns what a root key signs to approve a voiding: a label, the
// ledger, the leaves, and the SHA-256 of the reason, a line each. It can be
// taken for no envelope, because those hold no line feed.
func VoidText(genesis Hash, leaves []VoidedLeaves, reason string) []byte {
	var text strings.Builder
	fmt.Fprintf(&text, "coalition-ledger/void/v1\n%s\n", genesis)
	for _, v := range leaves {
		fmt.Fprintf(&text, "%s\n", v)
	}
	fmt.Fprintf(&text, "%s\n", Hash(sha256.Sum256([]byte(reason))))
	return []byte(text.String())
}

func (b JournalVoided) admit(s *State, _ Fact) *Refusal {
	pending := s.Pending()
	if len(pending) == 0 {
		return refuse("journal.nothing_to_void", "", "every record of the journal is admissible or voided: there is nothing to void")
	}
	if r := b.shape(); r != nil {
		return r
	}
	if want := VoidLeaves(pending); !slices.Equal(b.Leaves, want) {
		return refuse("journal.void_leaves", "leaves", fmt.Sprintf("name all refused records and no other, in order: %d stand from index %d on; read them again and let the members approve that", len(pending), pending[0].Index))
	}
	return b.approved(s)
}

// shape holds what the payload alone decides.
func (b JournalVoided) shape() *Refusal {
	if len(b.Leaves) == 0 || len(b.Approvals) == 0 {
		return refuse("journal.void_empty", "", "name the refused records (leaves) and give the members' approvals")
	}
	return required("reason", b.Reason)
}

// approved counts approvals as a proposal's endorsements are counted.
func (b JournalVoided) approved(s *State) *Refusal {
	text, have, seen := VoidText(s.Genesis(), b.Leaves, b.Reason), 0, map[Country]bool{}
	for i, a := range b.Approvals {
		at := fmt.Sprintf("approvals[%d]", i)
		m, ok := s.members.get(a.Member)
		root, _ := s.keys.get(m.RootKey)
		switch {
		case !ok || !m.Accepted || m.Withdrew || m.Suspended || m.Votes == 0:
			return refuse("journal.void_member", at+".member", fmt.Sprintf("%q has no vote in this coalition now: leave its approval out", string(a.Member)))
		case seen[a.Member]:
			return refuse("journal.void_twice", at+".member", string(a.Member)+" stands here twice: a member approves once")
		case !root.Key.verifyText(text, a.Signature):
			return refuse("journal.void_signature", at+".signature", fmt.Sprintf("this is not a signature of exactly this voiding by %s's root key: approve it again", a.Member))
		}
		seen[a.Member] = true
		have += m.Votes
	}
	if need := max(1, quorum(s.votes())); have < need {
		return refuse("decision.no_quorum", "approvals", fmt.Sprintf("the approvals have %d of %d votes", have, need))
	}
	return nil
}

func (b JournalVoided) apply(s *State, f Fact) {
	for _, p := range s.Pending() {
		s.skipped.put(p.Index, skipped{Leaf: p.Leaf, By: f.Index})
	}
	s.head.Pending, s.head.Oldest = 0, 0
}
