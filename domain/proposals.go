package domain

import (
	"crypto/sha256"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

var proposalKinds = []kind{
	define[ProposalMade]("proposal.made", 1),
	define[ProposalEndorsed]("proposal.endorsed", 1),
}

const maxDrafts = 64

// ProposalMade asks the members to decide. Each draft is the exact payload of
// an event that anyone of the coalition may post once a quorum has endorsed.
// A proposal signed by the root key of a member that has a vote on it counts as
// that member's endorsement.
type ProposalMade struct {
	Title     string  `json:"title"`
	Drafts    []Draft `json:"drafts"`
	ExpiresOn Date    `json:"expires_on"` // endorsements and enactment end with this day, UTC
}

// Draft is an event to be enacted: its payload is compared byte for byte.
type Draft struct {
	Type    string         `json:"type"`
	Version int            `json:"version"`
	Payload jsontext.Value `json:"payload"`
}

// Proposal is an open or decided question.
type Proposal struct {
	Index     uint64
	Leaf      Hash
	Title     string
	ExpiresOn Date
	Concerned map[Country]bool // members without a vote on it
	Endorsers map[Country]bool
}

// decision is a body that needs a quorum. It names the member that it
// concerns and that has therefore no vote, or "".
type decision interface {
	Body
	concerns() Country
}

func draftHash(wireName string, version int, payload []byte) Hash {
	return sha256.Sum256([]byte(wireName + "\n" + strconv.Itoa(version) + "\n" + string(payload)))
}

func (b ProposalMade) admit(s *State, f Fact) *Refusal {
	if r := first(required("title", b.Title), checkDate("expires_on", b.ExpiresOn), required("expires_on", string(b.ExpiresOn))); r != nil {
		return r
	}
	if b.ExpiresOn.Latest() < DateOf(f.Time()) {
		return refuse("proposal.expired", "expires_on", "this day has passed: choose a later one")
	}
	if len(b.Drafts) == 0 || len(b.Drafts) > maxDrafts {
		return refuse("proposal.drafts", "drafts", fmt.Sprintf("a proposal holds 1 to %d drafts", maxDrafts))
	}
	for i, d := range b.Drafts {
		if r := d.check(s, f, fmt.Sprintf("drafts[%d]", i)); r != nil {
			return r
		}
	}
	return nil
}

func (d Draft) check(s *State, f Fact, at string) *Refusal {
	body, r := decodeBody(d.Type, d.Version, d.Payload)
	if r != nil {
		return within(at+".payload", r)
	}
	if _, ok := body.(decision); !ok {
		return refuse("proposal.not_a_decision", at+".type", d.Type+" is not decided by proposal: post it as it is")
	}
	if r := adopted(s, d.Type, d.Version); r != nil {
		return within(at, r)
	}
	if leaf, ok := s.drafts.get(draftHash(d.Type, d.Version, d.Payload)); ok {
		if p, _ := s.proposals.get(leaf); p.ExpiresOn.Latest() >= DateOf(f.Time()) {
			return refuse("proposal.duplicate", at, fmt.Sprintf("the proposal at index %d holds the same draft: endorse that one", p.Index))
		}
	}
	return nil
}

func (b ProposalMade) assume(s *State, _ Fact) { s.head.Rules = RulesVersion }

func (b ProposalMade) apply(s *State, f Fact) {
	p := Proposal{Index: f.Index, Leaf: f.Leaf, Title: b.Title, ExpiresOn: b.ExpiresOn, Concerned: map[Country]bool{}, Endorsers: map[Country]bool{}}
	for _, d := range b.Drafts {
		s.drafts.put(draftHash(d.Type, d.Version, d.Payload), f.Leaf)
		body, r := decodeBody(d.Type, d.Version, d.Payload)
		if dec, ok := body.(decision); r == nil && ok && dec.concerns() != "" {
			p.Concerned[dec.concerns()] = true
		}
	}
	member := f.Issuer.Member()
	if m, _ := s.members.get(member); f.Issuer.IsRoot() && m.Votes > 0 && !p.Concerned[member] {
		p.Endorsers[member] = true
	}
	s.proposals.put(f.Leaf, p)
}

// ProposalEndorsed is a member's vote, signed by its root key. It names the
// leaf hash of the proposal, so that what is endorsed is what was recorded.
type ProposalEndorsed struct {
	Proposal Ref `json:"proposal"`
}

func (b ProposalEndorsed) admit(s *State, f Fact) *Refusal {
	if r := rootOnly(f); r != nil {
		return r
	}
	if _, r := s.target("proposal", b.Proposal); r != nil {
		return r
	}
	p, ok := s.proposals.get(b.Proposal.Leaf)
	member := f.Issuer.Member()
	switch {
	case !ok:
		return refuse("proposal.unknown", "proposal", fmt.Sprintf("the event at index %d is no proposal", b.Proposal.Index))
	case p.ExpiresOn.Latest() < DateOf(f.Time()):
		return refuse("proposal.expired", "proposal", "the proposal expired on "+string(p.ExpiresOn)+": make it again")
	case p.Endorsers[member]:
		return refuse("proposal.endorsed_before", "proposal", string(member)+" has endorsed this already")
	case p.Concerned[member]:
		return refuse("proposal.concerned", "proposal", "a member has no vote on what concerns itself")
	}
	if m, _ := s.members.get(member); m.Votes == 0 {
		return refuse("proposal.no_vote", "iss", string(member)+" has no vote in this coalition")
	}
	return nil
}

func (b ProposalEndorsed) apply(s *State, f Fact) {
	p, ok := s.proposals.get(b.Proposal.Leaf)
	if !ok {
		return
	}
	endorsers := map[Country]bool{f.Issuer.Member(): true}
	for c := range p.Endorsers {
		endorsers[c] = true
	}
	p.Endorsers = endorsers
	s.proposals.put(p.Leaf, p)
}

func (b ProposalEndorsed) assume(s *State, f Fact) {
	s.assumeEvent(b.Proposal, Record{})
	s.proposals.put(b.Proposal.Leaf, Proposal{ExpiresOn: "9999"})
	s.members.put(f.Issuer.Member(), Member{Code: f.Issuer.Member(), Votes: 1})
}

// Votes returns the votes that stand for a proposal and the votes it needs,
// which are never none: where nobody votes any more, nothing is decided.
func (s *State) Votes(p Proposal) (have, need int) {
	for c := range p.Endorsers {
		if m, ok := s.members.get(c); ok && !m.Withdrew && !m.Suspended && !p.Concerned[c] {
			have += m.Votes
		}
	}
	return have, max(1, quorum(s.votes()))
}

// decided requires that a quorum endorsed exactly this payload.
func decided(s *State, f Fact) *Refusal {
	leaf, ok := s.drafts.get(draftHash(f.Type, f.Version, f.Payload))
	if !ok {
		return refuse("decision.not_proposed", "", "this needs a quorum: put the exact payload into a proposal.made, let the members endorse it, then post it")
	}
	if leaf.IsZero() {
		return refuse("decision.enacted_before", "", "this decision has been enacted already")
	}
	p, _ := s.proposals.get(leaf)
	if p.ExpiresOn.Latest() < DateOf(f.Time()) {
		return refuse("proposal.expired", "", "the proposal expired on "+string(p.ExpiresOn)+": make it again")
	}
	if have, need := s.Votes(p); have < need {
		return refuse("decision.no_quorum", "", fmt.Sprintf("the proposal at index %d has %d of %d votes", p.Index, have, need))
	}
	return nil
}

// enacted spends a draft, so that one decision takes effect once.
func enacted(s *State, f Fact) { s.drafts.put(draftHash(f.Type, f.Version, f.Payload), Hash{}) }
