package domain

import "fmt"

var decisionKinds = []kind{
	define[MemberAdmitted]("member.admitted", 1),
	define[MemberSuspended]("member.suspended", 1),
	define[MemberReinstated]("member.reinstated", 1),
	define[RootReplaced]("member.root_replaced", 1),
	define[RegimeAdopted]("regime.adopted", 1),
	define[CustodianAppointed]("custodian.appointed", 1),
	define[BenchmarkAdopted]("benchmark.adopted", 1),
	define[RulesAdopted]("rules.adopted", 1),
	define[WitnessPolicyAdopted]("witness_policy.adopted", 1),
	define[LogKeyAdopted]("log_key.adopted", 1),
}

// MemberAdmitted seats a new member, which then accepts with its root key.
type MemberAdmitted struct {
	Member Founding `json:"member"`
}

func (b MemberAdmitted) concerns() Country { return b.Member.Code }

func (b MemberAdmitted) admit(s *State, f Fact) *Refusal {
	m := b.Member
	if r := first(decided(s, f), checkCountry("member.code", m.Code), checkVotes("member.votes", m.Votes), checkKey("member.root", m.Root)); r != nil {
		return r
	}
	if old, ok := s.members.get(m.Code); ok && !old.Withdrew {
		return refuse("member.duplicate", "member.code", string(m.Code)+" is a member already")
	}
	if _, ok := s.keys.get(m.Root.Thumbprint()); ok {
		return refuse("key.duplicate", "member.root", "this key is registered already: a member's root key is its own")
	}
	votes := s.votes()
	votes[m.Code] = m.Votes
	return checkEUVotes("member.votes", votes)
}

func (b MemberAdmitted) apply(s *State, f Fact) {
	enacted(s, f)
	for _, k := range s.Keys(b.Member.Code) { // who returns, returns with its new root key alone
		s.revoke(k.KeyID, f.Index, "")
	}
	for _, k := range s.EncryptionKeys() {
		if k.Agency.Member() == b.Member.Code {
			s.revokeEncryption(k.Recipient, f.Index, "")
		}
	}
	s.seat(Member{Code: b.Member.Code, Name: b.Member.Name, Votes: b.Member.Votes}, b.Member.Root, f.Index)
}

// MemberSuspended stops a member's events until it is reinstated.
type MemberSuspended struct {
	Member Country `json:"member"`
	Reason string  `json:"reason"`
}

func (b MemberSuspended) concerns() Country { return b.Member }

func (b MemberSuspended) admit(s *State, f Fact) *Refusal {
	return first(decided(s, f), standing(s, b.Member))
}

func standing(s *State, c Country) *Refusal {
	if m, ok := s.members.get(c); !ok || m.Withdrew {
		return refuse("member.unknown", "member", string(c)+" is no member of this coalition")
	}
	return nil
}

func (b MemberSuspended) apply(s *State, f Fact) {
	enacted(s, f)
	s.setSuspended(b.Member, true)
}

func (b MemberSuspended) assume(s *State, _ Fact) {
	s.members.put(b.Member, Member{Code: b.Member})
}

func (s *State) setSuspended(c Country, suspended bool) {
	m, _ := s.members.get(c)
	m.Suspended = suspended
	s.members.put(c, m)
}

// MemberReinstated lifts a member's suspension.
type MemberReinstated struct {
	Member Country `json:"member"`
	Reason string  `json:"reason,omitempty"`
}

func (b MemberReinstated) concerns() Country { return b.Member }

func (b MemberReinstated) admit(s *State, f Fact) *Refusal {
	return first(decided(s, f), standing(s, b.Member))
}

func (b MemberReinstated) apply(s *State, f Fact) {
	enacted(s, f)
	s.setSuspended(b.Member, false)
}

func (b MemberReinstated) assume(s *State, _ Fact) {
	s.members.put(b.Member, Member{Code: b.Member})
}

// RootReplaced gives a member that lost its root key a new one.
type RootReplaced struct {
	Member           Country   `json:"member"`
	Root             PublicKey `json:"root"`
	Proof            string    `json:"proof"` // of possession, as in key.registered
	CompromisedSince Date      `json:"compromised_since,omitempty"`
}

func (b RootReplaced) concerns() Country { return b.Member }

func (b RootReplaced) admit(s *State, f Fact) *Refusal {
	return first(decided(s, f), standing(s, b.Member), checkDate("compromised_since", b.CompromisedSince),
		checkNewKey(s, RootAgency(b.Member), b.Root, "root", b.Proof))
}

func (b RootReplaced) apply(s *State, f Fact) {
	enacted(s, f)
	m, _ := s.members.get(b.Member)
	s.revoke(m.RootKey, f.Index, b.CompromisedSince)
	s.addKey(RootAgency(b.Member), b.Root, f.Index)
	m.RootKey = b.Root.Thumbprint()
	s.members.put(b.Member, m)
}

func (b RootReplaced) assume(s *State, _ Fact) {
	s.members.put(b.Member, Member{Code: b.Member})
}

// Regime is a set of measures of one authority, with the agency that
// transcribes the authority's list and the states whose implementation the
// coalition records.
type Regime struct {
	ID         string       `json:"id"` // UN-DPRK
	Name       string       `json:"name"`
	Authority  Country      `json:"authority"`
	Custodian  AgencyID     `json:"custodian"`
	Basis      []LegalBasis `json:"basis,omitempty"`
	Measures   []string     `json:"measures"`
	Addressees []Country    `json:"addressees,omitempty"` // states watched beside the members
}

// RegimeAdopted puts a regime and its custodian in place, or replaces one.
type RegimeAdopted struct {
	Regime
	SourceURL string `json:"source_url,omitempty"`
}

func (b RegimeAdopted) concerns() Country { return "" }

func (b RegimeAdopted) admit(s *State, f Fact) *Refusal {
	r := first(decided(s, f), checkID("id", b.ID), required("name", b.Name), checkCountry("authority", b.Authority),
		knownAgencyAt(s, "custodian", b.Custodian), checkMeasures(s, "measures", b.Measures))
	if r != nil {
		return r
	}
	for i, c := range b.Addressees {
		if r := checkCountry(fmt.Sprintf("addressees[%d]", i), c); r != nil {
			return r
		}
	}
	return nil
}

func (b RegimeAdopted) apply(s *State, f Fact) {
	enacted(s, f)
	s.regimes.put(b.ID, b.Regime)
}

func (b RegimeAdopted) assume(s *State, _ Fact) {
	s.agencies.put(b.Custodian, Agency{ID: b.Custodian})
}

func knownAgencyAt(s *State, field string, id AgencyID) *Refusal {
	r := knownAgency(s, id)
	if r != nil {
		r.Field = field
	}
	return r
}

// CustodianAppointed gives a regime another custodian.
type CustodianAppointed struct {
	Regime    string   `json:"regime"`
	Custodian AgencyID `json:"custodian"`
}

func (b CustodianAppointed) concerns() Country { return "" }

func (b CustodianAppointed) admit(s *State, f Fact) *Refusal {
	return first(decided(s, f), knownRegime(s, b.Regime), knownAgencyAt(s, "custodian", b.Custodian))
}

func (b CustodianAppointed) apply(s *State, f Fact) {
	enacted(s, f)
	r, _ := s.regimes.get(b.Regime)
	r.Custodian = b.Custodian
	s.regimes.put(b.Regime, r)
}

func (b CustodianAppointed) assume(s *State, _ Fact) {
	s.agencies.put(b.Custodian, Agency{ID: b.Custodian})
	s.regimes.put(b.Regime, Regime{ID: b.Regime})
}

func knownRegime(s *State, id string) *Refusal {
	if _, ok := s.regimes.get(id); !ok {
		return refuse("regime.unknown", "regime", fmt.Sprintf("no regime %q is adopted: the coalition adopts it by quorum first", id))
	}
	return nil
}

// BenchmarkAdopted says what the coalition wants measured, as in days from a
// UN listing to national effect. It is a benchmark, not law, and shown so.
type BenchmarkAdopted struct {
	ID      string `json:"id"`
	Regime  string `json:"regime"`
	Measure string `json:"measure"` // transposition_days, or obligation_days of an obligation that rests on it
	Days    int    `json:"days"`
	Text    string `json:"text"`
}

func (b BenchmarkAdopted) concerns() Country { return "" }

func (b BenchmarkAdopted) admit(s *State, f Fact) *Refusal {
	if b.Days < 1 {
		return refuse("benchmark.days", "days", "give a number of days from 1")
	}
	return first(decided(s, f), checkID("id", b.ID), knownRegime(s, b.Regime), b.checkMeasure(s), required("text", b.Text))
}

func (b BenchmarkAdopted) checkMeasure(s *State) *Refusal {
	if s.Rules() > 0 && s.Rules() < rulesReported {
		return oneOf("measure", b.Measure, "transposition_days")
	}
	return oneOf("measure", b.Measure, "transposition_days", "obligation_days")
}

func (b BenchmarkAdopted) apply(s *State, f Fact) {
	enacted(s, f)
	s.benchmarks.put(b.ID, f.Index)
}

func (b BenchmarkAdopted) assume(s *State, _ Fact) {
	s.regimes.put(b.Regime, Regime{ID: b.Regime})
}

// RulesAdopted changes the rules from its own index on.
type RulesAdopted struct {
	Version int `json:"version"`
}

func (b RulesAdopted) concerns() Country { return "" }

func (b RulesAdopted) admit(s *State, f Fact) *Refusal {
	if r := knownRules("version", b.Version); r != nil {
		return r
	}
	if b.Version < s.Rules() {
		return refuse("rules.lowered", "version", fmt.Sprintf("version %d of the rules is in force, and what it let in stays: rules are only raised", s.Rules()))
	}
	return decided(s, f)
}

func (b RulesAdopted) apply(s *State, f Fact) {
	enacted(s, f)
	s.head.Rules = b.Version
}

// WitnessPolicyAdopted changes who must cosign checkpoints (C2SP tlog-policy).
type WitnessPolicyAdopted struct {
	Policy string `json:"policy"`
}

func (b WitnessPolicyAdopted) concerns() Country { return "" }

func (b WitnessPolicyAdopted) admit(s *State, f Fact) *Refusal {
	return first(decided(s, f), required("policy", b.Policy))
}

func (b WitnessPolicyAdopted) apply(s *State, f Fact) {
	enacted(s, f)
	s.head.WitnessPolicy = b.Policy
}

// LogKeyAdopted announces the log's next verifier key; the origin stays.
type LogKeyAdopted struct {
	LogKey string `json:"log_key"`
}

func (b LogKeyAdopted) concerns() Country { return "" }

func (b LogKeyAdopted) admit(s *State, f Fact) *Refusal {
	return first(decided(s, f), checkLogKey(s, b.LogKey))
}

func (b LogKeyAdopted) apply(s *State, f Fact) {
	enacted(s, f)
	s.head.LogKeyBefore, s.head.LogKey = s.head.LogKey, b.LogKey
}
