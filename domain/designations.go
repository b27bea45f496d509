package domain

import "fmt"

var designationKinds = []kind{
	define[DesignationAdopted]("designation.adopted", 1),
	define[DesignationAmended]("designation.amended", 1),
	define[DesignationRemoved]("designation.removed", 1),
	define[DesignationTransposed]("designation.transposed", 1),
	define[DesignationSuspended]("designation.suspended", 1).from(3),
	define[DesignationReinstated]("designation.reinstated", 1).from(3),
}

// Designation is what the state keeps of one: enough for the rules.
type Designation struct {
	ID        string
	Regime    string
	Authority Country
	Kind      string
	AdoptedAt uint64
	Withdrawn bool
	Standing  // removed, suspended, reinstated
}

// DesignationAdopted puts a subject under a regime. Authority is who decided;
// the signer is the authority's own agency, or the custodian transcribing.
type DesignationAdopted struct {
	Common
	Designation string   `json:"designation"` // id: authority and list reference, UN:KPe.001
	Regime      string   `json:"regime"`
	Authority   Country  `json:"authority"`
	ListRef     string   `json:"list_ref"`
	Subject     Subject  `json:"subject"`
	Measures    []string `json:"measures"`
	AdoptedOn   Date     `json:"adopted_on,omitempty"`  // of the decision, as the list states it
	InForceOn   Date     `json:"in_force_on,omitempty"` // where it differs
	AmendedOn   []Date   `json:"amended_on,omitempty"`  // as the list states it
	Instrument  string   `json:"instrument,omitempty"`
	Reason      *Text    `json:"reason,omitempty"`
	Basis       string   `json:"basis,omitempty"` // designation that this one rests on
}

// Key is the designation's id.
func (b DesignationAdopted) Key() string { return b.Designation }

func (b DesignationAdopted) admit(s *State, f Fact) *Refusal {
	if d, ok := s.designations.get(b.Designation); ok && !d.Withdrawn {
		return refuse("designation.duplicate", "designation", fmt.Sprintf("%s was recorded at index %d: amend or correct that event; if it was removed and is listed again, reinstate it (designation.reinstated)", b.Designation, d.AdoptedAt))
	}
	if i, ok := s.Subject(b.Designation); ok {
		return refuse("designation.duplicate", "designation", fmt.Sprintf("%s is the id of the subject registered at index %d: take the list's reference", b.Designation, i))
	}
	return b.check(s, f)
}

func (b DesignationAdopted) check(s *State, f Fact) *Refusal {
	r := first(checkID("designation", b.Designation), required("list_ref", b.ListRef), checkCountry("authority", b.Authority),
		knownRegime(s, b.Regime), mayTranscribe(s, f, b.Regime, b.Authority), b.Subject.check("subject"), checkMeasures(s, "measures", b.Measures),
		checkDate("adopted_on", b.AdoptedOn), checkDate("in_force_on", b.InForceOn), checkDates("amended_on", b.AmendedOn),
		b.notInvented("authority", b.Authority))
	if r != nil {
		return r
	}
	if regime, _ := s.regimes.get(b.Regime); regime.Authority != b.Authority {
		return refuse("designation.authority", "authority", fmt.Sprintf("regime %s is %s's, not %s's", b.Regime, regime.Authority, b.Authority))
	}
	if b.Basis != "" {
		return knownDesignation(s, "basis", b.Basis)
	}
	return nil
}

func (b DesignationAdopted) apply(s *State, f Fact) {
	s.designations.put(b.Designation, Designation{ID: b.Designation, Regime: b.Regime, Authority: b.Authority, Kind: b.Subject.Kind, AdoptedAt: f.Index})
}

func (b DesignationAdopted) assume(s *State, f Fact) {
	s.assumeRegime(f, b.Regime, b.Authority)
	s.assumeDesignations(f, b.Basis)
	s.designations.put(b.Designation, Designation{ID: b.Designation, Withdrawn: true})
}

func (b DesignationAdopted) mayRevise(*State, uint64) *Refusal { return nil }

func (b DesignationAdopted) revise(s *State, _ Fact, target uint64) {
	if d, _ := s.designations.get(b.Designation); d.AdoptedAt == target {
		d.Regime, d.Authority, d.Kind = b.Regime, b.Authority, b.Subject.Kind
		s.designations.put(b.Designation, d)
	}
}

func (b DesignationAdopted) retract(s *State, key string, index uint64) {
	if d, ok := s.designations.get(key); ok && d.AdoptedAt == index {
		d.Withdrawn = true
		s.designations.put(key, d)
	}
}

func knownDesignation(s *State, field, id string) *Refusal {
	if d, ok := s.designations.get(id); !ok || d.Withdrawn {
		return refuse("designation.unknown", field, fmt.Sprintf("no designation %q is recorded: check the reference, or record the designation first", id))
	}
	return nil
}

// maintains lets the designation's authority or its regime's custodian act.
func maintains(s *State, f Fact, id string) *Refusal {
	if r := knownDesignation(s, "designation", id); r != nil {
		return r
	}
	d, _ := s.designations.get(id)
	return mayTranscribe(s, f, d.Regime, d.Authority)
}

// DesignationAmended changes what a list says of a subject.
type DesignationAmended struct {
	Common
	Designation string   `json:"designation"`
	Subject     *Subject `json:"subject,omitempty"`  // whole, as it reads now
	Measures    []string `json:"measures,omitempty"` // whole, as they stand now
	Changes     []Change `json:"changes,omitempty"`
	Substantive bool     `json:"substantive"`
	AmendedOn   Date     `json:"amended_on,omitempty"`
	InForceOn   Date     `json:"in_force_on,omitempty"`
}

// Change is one field before and after.
type Change struct {
	Path string `json:"path"`
	Old  string `json:"old,omitempty"`
	New  string `json:"new,omitempty"`
}

// Key is the designation's id.
func (b DesignationAmended) Key() string { return b.Designation }

func (b DesignationAmended) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b DesignationAmended) check(s *State, f Fact) *Refusal {
	r := first(maintains(s, f, b.Designation), checkDate("amended_on", b.AmendedOn), checkDate("in_force_on", b.InForceOn))
	if r == nil && b.Subject != nil {
		r = b.Subject.check("subject")
	}
	if r == nil && b.Measures != nil {
		r = checkMeasures(s, "measures", b.Measures)
	}
	return r
}

func (b DesignationAmended) apply(*State, Fact) {}

func (b DesignationAmended) assume(s *State, f Fact) {
	s.assumeDesignations(f, b.Designation)
}

// DesignationRemoved ends a designation. It refuses only new transpositions;
// unfreezing and penalties for earlier conduct still refer to it.
type DesignationRemoved struct {
	Common
	Designation string `json:"designation"`
	RemovedOn   Date   `json:"removed_on,omitempty"`
	InForceOn   Date   `json:"in_force_on,omitempty"`
	Reason      string `json:"reason"`
}

// Key is the designation's id.
func (b DesignationRemoved) Key() string { return b.Designation }

func (b DesignationRemoved) admit(s *State, f Fact) *Refusal {
	if d, ok := s.designations.get(b.Designation); ok && d.RemovedAt != 0 {
		return refuse("designation.removed", "designation", fmt.Sprintf("%s was removed at index %d", b.Designation, d.RemovedAt))
	}
	return b.check(s, f)
}

func (b DesignationRemoved) check(s *State, f Fact) *Refusal {
	return first(maintains(s, f, b.Designation), required("reason", b.Reason),
		checkDate("removed_on", b.RemovedOn), checkDate("in_force_on", b.InForceOn))
}

func (b DesignationRemoved) apply(s *State, f Fact) {
	s.setStanding(b.Designation, turnRemoved, f.Index)
}

func (b DesignationRemoved) assume(s *State, f Fact) {
	s.assumeDesignations(f, b.Designation)
}

func (b DesignationRemoved) retract(s *State, key string, index uint64) {
	s.unsetStanding(key, index)
}

// DesignationTransposed says that a member gave a designation national effect
// by an act of its own. Entry keeps the national list's own words.
type DesignationTransposed struct {
	Common
	Designation string   `json:"designation"`
	Member      Country  `json:"member"`
	NationalRef string   `json:"national_ref,omitempty"`
	Instrument  string   `json:"instrument,omitempty"`
	Notice      string   `json:"notice,omitempty"`      // what groups entries of one act
	NoticeOn    Date     `json:"notice_on,omitempty"`   // date of the act
	InForceOn   Date     `json:"in_force_on,omitempty"` // of effect, where it differs
	AmendedOn   []Date   `json:"amended_on,omitempty"`
	Measures    []string `json:"measures,omitempty"` // empty: all of the designation's
	Entry       *Subject `json:"entry,omitempty"`
	LinkReasons []string `json:"link_reasons,omitempty"` // why this entry is that designation
}

// Key is the member and the designation.
func (b DesignationTransposed) Key() string { return transpositionKey(b.Member, b.Designation) }

func transpositionKey(member Country, designation string) string {
	return string(member) + "|" + designation
}

// EffectOn is the date from which the transposition has effect.
func (b DesignationTransposed) EffectOn() Date {
	if b.InForceOn != "" {
		return b.InForceOn
	}
	return b.NoticeOn
}

func (b DesignationTransposed) admit(s *State, f Fact) *Refusal {
	if r := b.check(s, f); r != nil {
		return r
	}
	d, _ := s.designations.get(b.Designation)
	if r := d.takesNew(b.Designation); r != nil {
		return r
	}
	if i, ok := s.Transposition(b.Member, b.Designation); ok && i > d.ReinstatedAt {
		return refuse("transposition.duplicate", "designation", fmt.Sprintf("%s transposed %s at index %d: correct or withdraw that event", b.Member, b.Designation, i))
	}
	return nil
}

func (b DesignationTransposed) check(s *State, f Fact) *Refusal {
	r := first(checkCountry("member", b.Member), knownDesignation(s, "designation", b.Designation),
		checkDate("notice_on", b.NoticeOn), checkDate("in_force_on", b.InForceOn), checkDates("amended_on", b.AmendedOn),
		b.notInvented("member", b.Member))
	if r != nil {
		return r
	}
	d, _ := s.designations.get(b.Designation)
	if r := mayTranscribe(s, f, d.Regime, b.Member); r != nil {
		return r
	}
	if b.EffectOn() == "" {
		return refuse("value.missing", "in_force_on", "give notice_on or in_force_on: a transposition has a date")
	}
	if b.Entry != nil {
		r = b.Entry.check("entry")
	}
	if r == nil && b.Measures != nil {
		r = checkMeasures(s, "measures", b.Measures)
	}
	return r
}

func (b DesignationTransposed) apply(s *State, f Fact) { s.transpositions.put(b.Key(), f.Index) }

func (b DesignationTransposed) assume(s *State, f Fact) {
	s.assumeDesignations(f, b.Designation)
}

func (b DesignationTransposed) retract(s *State, key string, index uint64) {
	if i, _ := s.transpositions.get(key); i == index {
		s.transpositions.put(key, 0)
	}
}
