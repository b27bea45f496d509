package domain

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/gob"
	"fmt"
	"slices"
)

// State is what has been recorded before index Next. It is not safe for
// concurrent use: one goroutine applies, and readers hold a lock of their own.
type State struct {
	parent *State
	head   head
	disk   *disk // where events and ids are kept; nil: in memory

	members        *keyed[Country, Member]
	agencies       *keyed[AgencyID, Agency]
	keys           *keyed[string, KeyRecord]
	regimes        *keyed[string, Regime]
	benchmarks     *keyed[string, uint64]
	designations   *keyed[string, Designation]
	transpositions *keyed[string, uint64]
	links          *keyed[string, opening]
	freezes        *keyed[uint64, Freeze]
	events         *keyed[uint64, Record]
	ids            *keyed[[16]byte, uint64]
	proposals      *keyed[Hash, Proposal]
	drafts         *keyed[Hash, Hash]
	skipped        *keyed[uint64, skipped]
	encryption     *keyed[string, EncryptionKey]
	sealed         *keyed[SealedRef, SealedItem]
	bound          *keyed[Hash, SealedRef] // commitments and ciphertexts
	subjects       *keyed[string, uint64]
	gaps           *keyed[string, opening]
	permits        *keyed[string, opening] // licences and exemptions
	cases          *keyed[string, Case]
	obligations    *keyed[string, Obligation]
	disputes       *keyed[uint64, uint64] // a dispute, and the event it disputes
	once           *keyed[onceKey, uint64]
	likenesses     *keyed[string, []likeness] // in the order of their events
}

// head is the part of State that is one value.
type head struct {
	Next          uint64
	LastRecorded  int64
	Genesis       Hash
	Name          string
	Origin        string
	LogKey        string
	LogKeyBefore  string // the one that LogKey replaced
	WitnessPolicy string
	Rules         int
	Open          bool   // a quorum of founders has accepted
	Pending       uint64 // records refused and not voided
	Oldest        uint64 // of them, when there are any
}

// Record is what the state keeps of every event.
type Record struct {
	Type      string
	Issuer    AgencyID
	KeyID     string
	Leaf      Hash
	Key       string // Statement.Key of statements
	Statement bool
	Withdrawn bool
	Closed    bool // of a dispute
}

// NewState returns the state before genesis.
func NewState() *State { return newState(nil) }

func newState(p *State) *State {
	if p == nil {
		p = &State{}
	}
	s := &State{head: p.head, disk: p.disk}
	s.members, s.agencies, s.keys = newKeyed(p.members), newKeyed(p.agencies), newKeyed(p.keys)
	s.regimes, s.benchmarks = newKeyed(p.regimes), newKeyed(p.benchmarks)
	s.designations, s.transpositions = newKeyed(p.designations), newKeyed(p.transpositions)
	s.links, s.freezes, s.events = newKeyed(p.links), newKeyed(p.freezes), newKeyed(p.events)
	s.ids, s.proposals, s.drafts = newKeyed(p.ids), newKeyed(p.proposals), newKeyed(p.drafts)
	s.skipped, s.encryption = newKeyed(p.skipped), newKeyed(p.encryption)
	s.sealed, s.bound = newKeyed(p.sealed), newKeyed(p.bound)
	s.subjects, s.gaps, s.permits = newKeyed(p.subjects), newKeyed(p.gaps), newKeyed(p.permits)
	s.cases, s.disputes, s.once = newKeyed(p.cases), newKeyed(p.disputes), newKeyed(p.once)
	s.obligations, s.likenesses = newKeyed(p.obligations), newKeyed(p.likenesses)
	return s
}

// tables are the parts of the state that are not one value, in the order in
// which a snapshot holds them.
func (s *State) tables() []table {
	return []table{
		s.members, s.agencies, s.keys, s.regimes, s.benchmarks, s.designations, s.transpositions, s.links, s.freezes,
		s.events, s.ids, s.proposals, s.drafts, s.skipped, s.encryption, s.sealed, s.bound,
		s.subjects, s.gaps, s.permits,
		s.cases, s.disputes, s.once, s.obligations, s.likenesses,
	}
}

// Fork lays an overlay over s: reads fall through to s, writes stay above it.
// While the overlay lives, s must change only by Merge of this overlay.
func (s *State) Fork() *State {
	o := newState(s)
	o.parent = s
	return o
}

// Merge folds an overlay into the state it was forked from.
func (s *State) Merge() {
	if s.parent == nil {
		return
	}
	s.parent.head = s.head
	for _, t := range s.tables() {
		t.merge()
	}
}

// Next returns the index that the next fact will have: facts applied and
// records skipped so far.
func (s *State) Next() uint64 { return s.head.Next }

// LastRecordedAt returns the recorded time of the newest fact, microseconds.
func (s *State) LastRecordedAt() int64 { return s.head.LastRecorded }

// Genesis returns the SHA-256 of the genesis envelope, zero before genesis.
func (s *State) Genesis() Hash { return s.head.Genesis }

// Name returns the coalition's name.
func (s *State) Name() string { return s.head.Name }

// Origin returns the origin line of the coalition's log.
func (s *State) Origin() string { return s.head.Origin }

// LogKey returns the log's verifier key in note format.
func (s *State) LogKey() string { return s.head.LogKey }

// LogKeys returns the verifier keys that a checkpoint may be signed with: the
// one in force and, where that was changed, the one before it.
func (s *State) LogKeys() []string {
	if s.head.LogKeyBefore == "" {
		return []string{s.head.LogKey}
	}
	return []string{s.head.LogKey, s.head.LogKeyBefore}
}

// WitnessPolicy returns the adopted witness policy, "" when there is none.
func (s *State) WitnessPolicy() string { return s.head.WitnessPolicy }

// Rules returns the version of the rules in force.
func (s *State) Rules() int { return s.head.Rules }

// Open reports whether a quorum of founders has accepted.
func (s *State) Open() bool { return s.head.Open }

// Key returns a registered key, revoked or not.
func (s *State) Key(kid string) (KeyRecord, bool) { return s.keys.get(kid) }

// Record returns what is kept of the event at an index.
func (s *State) Record(index uint64) (Record, bool) { return s.events.get(index) }

// Designation returns a designation by its id.
func (s *State) Designation(id string) (Designation, bool) { return s.designations.get(id) }

// Transposition returns the index of a member's standing transposition.
func (s *State) Transposition(member Country, designation string) (uint64, bool) {
	i, ok := s.transpositions.get(transpositionKey(member, designation))
	return i, ok && i != 0
}

// Proposal returns a proposal by the leaf hash it was recorded under.
func (s *State) Proposal(leaf Hash) (Proposal, bool) { return s.proposals.get(leaf) }

// EventIndex returns where (issuer, event id) was recorded.
func (s *State) EventIndex(iss AgencyID, eid string) (uint64, bool) {
	return s.ids.get(idKey(iss, eid))
}

func idKey(iss AgencyID, eid string) [16]byte {
	sum := sha256.Sum256([]byte(string(iss) + "\n" + eid))
	return [16]byte(sum[:16])
}

// Members returns all members, by code.
func (s *State) Members() []Member {
	return sorted(s.members, func(a, b Member) int { return cmp.Compare(a.Code, b.Code) })
}

// Agencies returns the agencies of a member, by id.
func (s *State) Agencies(c Country) []Agency {
	all := sorted(s.agencies, func(a, b Agency) int { return cmp.Compare(a.ID, b.ID) })
	return slices.DeleteFunc(all, func(a Agency) bool { return a.ID.Member() != c })
}

// Keys returns the keys of a member's agencies, oldest first.
func (s *State) Keys(c Country) []KeyRecord {
	all := sorted(s.keys, func(a, b KeyRecord) int {
		return cmp.Or(cmp.Compare(a.RegisteredAt, b.RegisteredAt), cmp.Compare(a.KeyID, b.KeyID))
	})
	return slices.DeleteFunc(all, func(k KeyRecord) bool { return k.Agency.Member() != c })
}

// Regimes returns all regimes, by id.
func (s *State) Regimes() []Regime {
	return sorted(s.regimes, func(a, b Regime) int { return cmp.Compare(a.ID, b.ID) })
}

// Regime returns a regime by its id.
func (s *State) Regime(id string) (Regime, bool) { return s.regimes.get(id) }

func sorted[K comparable, V any](t *keyed[K, V], order func(a, b V) int) []V {
	var out []V
	for _, v := range t.all() {
		out = append(out, v)
	}
	slices.SortFunc(out, order)
	return out
}

// MarshalBinary encodes the whole state, overlays included, for a snapshot.
// That is a cache: its format may change with the program, and whoever loads
// one checks what it is bound to.
func (s *State) MarshalBinary() ([]byte, error) {
	var out bytes.Buffer
	e := gob.NewEncoder(&out)
	err := e.Encode(s.head)
	for _, t := range s.tables() {
		if err == nil {
			err = t.encode(e)
		}
	}
	if err == nil {
		err = s.SpillErr()
	}
	if err != nil {
		return nil, fmt.Errorf("encode state: %w", err)
	}
	return out.Bytes(), nil
}

// UnmarshalBinary replaces s by an encoded state, kept in memory.
func (s *State) UnmarshalBinary(data []byte) error {
	*s = *NewState()
	d := gob.NewDecoder(bytes.NewReader(data))
	err := d.Decode(&s.head)
	for _, t := range s.tables() {
		if err == nil {
			err = t.decode(d)
		}
	}
	if err != nil {
		return fmt.Errorf("decode state: %w", err)
	}
	return nil
}
