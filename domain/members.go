package domain

import "fmt"

var memberKinds = []kind{
	define[MemberWithdrew]("member.withdrew", 1),
	define[AgencyRegistered]("agency.registered", 1),
	define[AgencySuspended]("agency.suspended", 1),
	define[AgencyReinstated]("agency.reinstated", 1),
}

// Agency speaks for its member and holds signing keys.
type Agency struct {
	ID           AgencyID
	Name         string
	RegisteredAt uint64
	SuspendedAt  uint64 // 0 when not suspended
	Recipient    string // of its encryption key in force; "" when it has none
	SucceededBy  AgencyID
}

// Agency returns a registered agency.
func (s *State) Agency(id AgencyID) (Agency, bool) { return s.agencies.get(id) }

// MemberWithdrew ends a membership; signed by the root key.
type MemberWithdrew struct {
	Reason string `json:"reason,omitempty"`
}

func (b MemberWithdrew) admit(_ *State, f Fact) *Refusal { return rootOnly(f) }

func (b MemberWithdrew) apply(s *State, f Fact) {
	m, _ := s.members.get(f.Issuer.Member())
	m.Withdrew = true
	s.members.put(f.Issuer.Member(), m)
}

// AgencyRegistered names an agency; signed by its member's root key.
type AgencyRegistered struct {
	Agency AgencyID `json:"agency"`
	Name   string   `json:"name"`
}

func (b AgencyRegistered) admit(s *State, f Fact) *Refusal {
	if r := first(rootOnly(f), ownAgency(f, b.Agency), required("name", b.Name)); r != nil {
		return r
	}
	if _, ok := s.agencies.get(b.Agency); ok {
		return refuse("agency.duplicate", "agency", string(b.Agency)+" is registered already")
	}
	return nil
}

func (b AgencyRegistered) apply(s *State, f Fact) {
	s.agencies.put(b.Agency, Agency{ID: b.Agency, Name: b.Name, RegisteredAt: f.Index})
}

func ownAgency(f Fact, a AgencyID) *Refusal {
	if !a.Valid() {
		return refuse("agency.invalid", "agency", fmt.Sprintf("%q is no agency: write CC/name, name of a-z, 0-9 and hyphens", string(a)))
	}
	if a.Member() != f.Issuer.Member() {
		return refuse("agency.foreign", "agency", fmt.Sprintf("%s does not belong to %s", a, f.Issuer.Member()))
	}
	return nil
}

// AgencySuspended stops an agency of the same member at once. Any active key
// of the member may sign it: the root key may be in a safe at three at night.
type AgencySuspended struct {
	Agency AgencyID `json:"agency"`
	Reason string   `json:"reason"`
}

func (b AgencySuspended) admit(s *State, f Fact) *Refusal {
	if r := first(ownAgency(f, b.Agency), required("reason", b.Reason), knownAgency(s, b.Agency)); r != nil {
		return r
	}
	if b.Agency.IsRoot() {
		return refuse("agency.root", "agency", "the root agency cannot be suspended by its member: the coalition replaces a root key by quorum")
	}
	return nil
}

func (b AgencySuspended) apply(s *State, f Fact) { s.suspend(b.Agency, f.Index) }

func (b AgencySuspended) assume(s *State, _ Fact) {
	s.agencies.put(b.Agency, Agency{ID: b.Agency})
}

func (s *State) suspend(id AgencyID, at uint64) {
	a, _ := s.agencies.get(id)
	a.SuspendedAt = at
	s.agencies.put(id, a)
}

func knownAgency(s *State, id AgencyID) *Refusal {
	if _, ok := s.agencies.get(id); !ok {
		return refuse("agency.unknown", "agency", fmt.Sprintf("%s is not registered: its member's root key signs agency.registered first", id))
	}
	return nil
}

// AgencyReinstated lifts a suspension; signed by the member's root key.
type AgencyReinstated struct {
	Agency AgencyID `json:"agency"`
	Reason string   `json:"reason,omitempty"`
}

func (b AgencyReinstated) admit(s *State, f Fact) *Refusal {
	if r := first(rootOnly(f), ownAgency(f, b.Agency), knownAgency(s, b.Agency)); r != nil {
		return r
	}
	if a, _ := s.agencies.get(b.Agency); a.SuspendedAt == 0 {
		return refuse("agency.not_suspended", "agency", string(b.Agency)+" is not suspended")
	}
	return nil
}

func (b AgencyReinstated) apply(s *State, _ Fact) { s.suspend(b.Agency, 0) }

func (b AgencyReinstated) assume(s *State, _ Fact) {
	s.agencies.put(b.Agency, Agency{ID: b.Agency, SuspendedAt: 1})
}
