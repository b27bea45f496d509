package domain

import (
	"fmt"
	"strings"
)

const (
	foundedType  = "coalition.founded"
	acceptedType = "member.accepted"
)

var governanceKinds = []kind{
	define[CoalitionFounded](foundedType, 1),
	define[MemberAccepted](acceptedType, 1),
}

// CoalitionFounded is genesis, index 0, signed by one founder's root key. The
// SHA-256 of its envelope is the ledger's identity.
type CoalitionFounded struct {
	Name          string     `json:"name"`
	Origin        string     `json:"origin"` // of the log, as in checkpoints: example.org/ledger
	Nonce         string     `json:"nonce"`  // 32 hexadecimal digits or more, so that no two genesis events are alike
	LogKey        string     `json:"log_key"`
	WitnessPolicy string     `json:"witness_policy,omitempty"`
	Rules         int        `json:"rules"`
	Members       []Founding `json:"members"`
}

// Founding is one founder: its code, name, votes (0 or 1) and root key.
type Founding struct {
	Code  Country   `json:"code"`
	Name  string    `json:"name,omitempty"`
	Votes int       `json:"votes"`
	Root  PublicKey `json:"root"`
}

// Member is a state of the coalition.
type Member struct {
	Code      Country
	Name      string
	Votes     int
	RootKey   string // thumbprint of the root key in force
	Since     uint64
	Accepted  bool
	Suspended bool
	Withdrew  bool
}

// GenesisKey returns the root key that must have signed genesis.
func GenesisKey(e Event) (PublicKey, *Refusal) {
	founded, ok := e.Body.(CoalitionFounded)
	if !ok {
		return PublicKey{}, refuse("genesis.missing", "", "the first event of a ledger is coalition.founded")
	}
	for _, m := range founded.Members {
		if RootAgency(m.Code) == e.Issuer && m.Root.Thumbprint() == e.KeyID {
			return m.Root, nil
		}
	}
	return PublicKey{}, refuse("genesis.signer", "kid", "genesis is signed by the root key of one of its founders, issued as CC/root")
}

func (b CoalitionFounded) admit(_ *State, f Fact) *Refusal {
	if r := knownRules("rules", b.Rules); r != nil {
		return r
	}
	if len(b.Nonce) < 32 || strings.Trim(b.Nonce, "0123456789abcdefABCDEF") != "" {
		return refuse("genesis.nonce", "nonce", "give at least 32 random hexadecimal digits")
	}
	if r := first(required("name", b.Name), required("origin", b.Origin), required("log_key", b.LogKey)); r != nil {
		return r
	}
	root, r := GenesisKey(f.Event)
	if r != nil {
		return r
	}
	if root.Algorithm() != f.Alg {
		return refuse("key.algorithm", "alg", fmt.Sprintf("the founder's root key signs with %s, the header says %s", root.Algorithm(), f.Alg))
	}
	return b.admitMembers()
}

func (b CoalitionFounded) admitMembers() *Refusal {
	seen, roots, votes := map[Country]bool{}, map[string]bool{}, map[Country]int{}
	for i, m := range b.Members {
		at := fmt.Sprintf("members[%d]", i)
		if r := first(checkCountry(at+".code", m.Code), checkVotes(at+".votes", m.Votes), checkKey(at+".root", m.Root)); r != nil {
			return r
		}
		if seen[m.Code] || roots[m.Root.Thumbprint()] {
			return refuse("member.duplicate", at, "each founder appears once, with a root key of its own")
		}
		seen[m.Code], roots[m.Root.Thumbprint()], votes[m.Code] = true, true, m.Votes
	}
	if quorum(votes) == 0 {
		return refuse("genesis.no_votes", "members", "at least one founder needs a vote")
	}
	return checkEUVotes("members", votes)
}

func checkVotes(field string, votes int) *Refusal {
	if votes == 0 || votes == 1 {
		return nil
	}
	return refuse("member.votes", field, "a member has one vote or none")
}

// checkEUVotes keeps the EU and its states from voting twice.
func checkEUVotes(field string, votes map[Country]int) *Refusal {
	if votes["EU"] == 0 {
		return nil
	}
	for c, v := range votes {
		if v > 0 && c.EUMember() {
			return refuse("member.eu_votes_twice", field, fmt.Sprintf("the EU and %s cannot both vote: give the EU no vote, or its states none", c))
		}
	}
	return nil
}

// quorum is two thirds of all votes, rounded up.
func quorum(votes map[Country]int) int {
	n := 0
	for _, v := range votes {
		n += v
	}
	return (2*n + 2) / 3
}

func (b CoalitionFounded) apply(s *State, f Fact) {
	s.head.Genesis, s.head.Name, s.head.Origin = f.Envelope, b.Name, b.Origin
	s.head.LogKey, s.head.WitnessPolicy, s.head.Rules = b.LogKey, b.WitnessPolicy, b.Rules
	for _, m := range b.Members {
		s.seat(Member{Code: m.Code, Name: m.Name, Votes: m.Votes}, m.Root, f.Index)
	}
}

// seat puts a member and its root key in place.
func (s *State) seat(m Member, root PublicKey, at uint64) {
	m.RootKey, m.Since = root.Thumbprint(), at
	s.members.put(m.Code, m)
	s.agencies.put(RootAgency(m.Code), Agency{ID: RootAgency(m.Code), Name: m.Name, RegisteredAt: at})
	s.keys.put(m.RootKey, KeyRecord{KeyID: m.RootKey, Agency: RootAgency(m.Code), Alg: root.Algorithm(), Key: root, Purpose: "sign", RegisteredAt: at})
}

// MemberAccepted is a member's own acceptance, signed by its root key.
type MemberAccepted struct {
	Statement string `json:"statement,omitempty"`
}

func (b MemberAccepted) admit(s *State, f Fact) *Refusal {
	if r := rootOnly(f); r != nil {
		return r
	}
	if m, _ := s.members.get(f.Issuer.Member()); m.Accepted {
		return refuse("member.accepted_before", "", string(m.Code)+" has accepted already")
	}
	return nil
}

func (b MemberAccepted) apply(s *State, f Fact) {
	m, ok := s.members.get(f.Issuer.Member())
	if !ok {
		return
	}
	m.Accepted = true
	s.members.put(m.Code, m)
	if !s.head.Open {
		s.head.Open = s.acceptedVotes() >= quorum(s.votes())
	}
}

func (s *State) votes() map[Country]int {
	votes := map[Country]int{}
	for c, m := range s.members.all() {
		if !m.Withdrew {
			votes[c] = m.Votes
		}
	}
	return votes
}

func (s *State) acceptedVotes() int {
	n := 0
	for _, m := range s.members.all() {
		if m.Accepted && !m.Withdrew {
			n += m.Votes
		}
	}
	return n
}
