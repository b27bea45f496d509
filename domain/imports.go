package domain

import "fmt"

var importKinds = []kind{
	define[ListImported]("list.imported", 1).from(3),
	define[ListGapObserved]("list.gap_observed", 1).from(3),
	define[ListGapClosed]("list.gap_closed", 1).from(3),
}

// ListImported says that an agency read a published list whole, and what was
// new in it. Each change is an event of its own; this one accounts for them.
type ListImported struct {
	Common
	Source        string       `json:"source"`            // the list's own name in this ledger: UN-SC-consolidated
	Regimes       []string     `json:"regimes,omitempty"` // that it was read for; empty: all in it
	URL           string       `json:"url,omitempty"`
	SHA256        Hash         `json:"sha256"`                   // of the file as fetched
	PublisherDate Date         `json:"publisher_date,omitempty"` // that the file itself bears
	Entries       int          `json:"entries"`
	Counts        ImportCounts `json:"counts"`
	ParserVersion string       `json:"parser_version"`
	Warnings      []string     `json:"warnings,omitempty"`
}

// ImportCounts compares a list with what the ledger held. All but Gone are in
// the file, and add up to its entries.
type ImportCounts struct {
	New       int `json:"new"`
	Amended   int `json:"amended"`
	Unchanged int `json:"unchanged"`
	Relisted  int `json:"relisted"`
	Gone      int `json:"gone"` // held and not in the file: a gap, not a delisting
}

// Key is the hash of the file.
func (b ListImported) Key() string { return b.SHA256.String() }

func (b ListImported) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b ListImported) check(s *State, _ Fact) *Refusal {
	r := first(required("occurred_on", string(b.OccurredOn)), checkID("source", b.Source), checkFileHash("sha256", b.SHA256),
		checkDate("publisher_date", b.PublisherDate), required("parser_version", b.ParserVersion), b.checkCounts())
	for i, regime := range b.Regimes {
		r = first(r, knownRegimeAt(s, fmt.Sprintf("regimes[%d]", i), regime))
	}
	return r
}

func knownRegimeAt(s *State, field, id string) *Refusal {
	r := knownRegime(s, id)
	if r != nil {
		r.Field = field
	}
	return r
}

func (b ListImported) checkCounts() *Refusal {
	n := b.Counts
	if min(b.Entries, n.New, n.Amended, n.Unchanged, n.Relisted, n.Gone) < 0 || n.New+n.Amended+n.Unchanged+n.Relisted != b.Entries {
		return refuse("import.counts", "counts", fmt.Sprintf("new, amended, unchanged and relisted entries add up to the %d of the file, and none is negative: count again", b.Entries))
	}
	return nil
}

// checkFileHash refuses a hash that was left out, or is of zeros: decoded they
// are one.
func checkFileHash(field string, h Hash) *Refusal {
	if h.IsZero() {
		return refuse("value.missing", field, "give the SHA-256 of the file's bytes, as sha256sum prints it: zeros are none")
	}
	return nil
}

func (b ListImported) apply(*State, Fact) {}

func (b ListImported) assume(s *State, f Fact) {
	for _, regime := range b.Regimes {
		s.assumeRegime(f, regime, "")
	}
}

// ListGapObserved says that a list no longer holds a designation. It never
// delists: files have errors, and an authority removes by an act. From version 4
// of the rules on a gap is of the agency that observed it: several stand beside
// each other, and each closes its own.
type ListGapObserved struct {
	Common
	Designation  string `json:"designation"`
	Source       string `json:"source"`
	FirstMissing Date   `json:"first_missing"` // date of the first file without it
	Snapshot     Hash   `json:"snapshot"`      // SHA-256 of that file
	Import       *Ref   `json:"import,omitempty"`
}

// Key is the designation and the list.
func (b ListGapObserved) Key() string { return gapKey(b.Designation, b.Source) }

func gapKey(designation, source string) string { return designation + "|" + source }

func (b ListGapObserved) admit(s *State, f Fact) *Refusal {
	if g := s.gap(b.Key(), f); g.stands() {
		return refuse("gap.duplicate", "designation", fmt.Sprintf("this gap was recorded at index %d: it stands until it is closed (list.gap_closed)", g.At))
	}
	return b.check(s, f)
}

func (b ListGapObserved) check(s *State, _ Fact) *Refusal {
	return first(knownDesignation(s, "designation", b.Designation), checkID("source", b.Source),
		required("first_missing", string(b.FirstMissing)), checkDate("first_missing", b.FirstMissing),
		checkFileHash("snapshot", b.Snapshot), checkTarget(s, "import", b.Import, "list.imported"))
}

// checkTarget requires that an event, where one is named, stands and is of one
// of the types.
func checkTarget(s *State, field string, at *Ref, types ...string) *Refusal {
	if at == nil {
		return nil
	}
	rec, r := s.target(field, *at)
	if r != nil {
		return r
	}
	for _, typ := range types {
		if rec.Type == typ && !rec.Withdrawn {
			return nil
		}
	}
	return refuse("target.other_type", field, fmt.Sprintf("index %d holds %s: name an event that stands, of one of the types %v", at.Index, rec.Type, types))
}

func (s *State) assumeTarget(at *Ref, typ string) {
	if at != nil {
		s.assumeEvent(*at, Record{Type: typ, Statement: true})
	}
}

// gap is the last one of a designation in a list: of the agency that speaks, or
// before version 4 of the rules, when one stood for all, of any.
func (s *State) gap(key string, f Fact) opening {
	if Sound(s.Rules()) {
		key = ownGap(key, f.Issuer)
	}
	g, _ := s.gaps.get(key)
	return g
}

func ownGap(key string, by AgencyID) string { return key + "|" + string(by) }

// eachGap calls do with the keys under which an event of an agency is kept.
func (s *State) eachGap(key string, by AgencyID, index uint64, do func(*keyed[string, opening], string, uint64)) {
	do(s.gaps, key, index)
	do(s.gaps, ownGap(key, by), index)
}

// issuerOf is who signed a recorded event.
func (s *State) issuerOf(index uint64) AgencyID {
	rec, _ := s.events.get(index)
	return rec.Issuer
}

func (b ListGapObserved) apply(s *State, f Fact) { s.eachGap(b.Key(), f.Issuer, f.Index, openAt) }

func (b ListGapObserved) assume(s *State, f Fact) {
	s.assumeDesignations(f, b.Designation)
	s.assumeTarget(b.Import, "list.imported")
}

func (b ListGapObserved) retract(s *State, key string, index uint64) {
	s.eachGap(key, s.issuerOf(index), index, unopen)
}

// ListGapClosed says how a gap ended: the list holds the designation again, or
// the authority did remove it.
type ListGapClosed struct {
	Common
	Designation string `json:"designation"`
	Source      string `json:"source"`
	ClosedOn    Date   `json:"closed_on"`
	Outcome     string `json:"outcome"` // reappeared, removed, error
	Snapshot    *Hash  `json:"snapshot,omitempty"`
	Import      *Ref   `json:"import,omitempty"`
}

// Key is the designation and the list.
func (b ListGapClosed) Key() string { return gapKey(b.Designation, b.Source) }

func (b ListGapClosed) admit(s *State, f Fact) *Refusal {
	if !s.gap(b.Key(), f).stands() {
		return refuse("gap.unknown", "designation", "no gap of this designation in this list stands: check both; who observed a gap closes it")
	}
	return b.check(s, f)
}

func (b ListGapClosed) check(s *State, _ Fact) *Refusal {
	return first(required("closed_on", string(b.ClosedOn)), checkDate("closed_on", b.ClosedOn),
		oneOf("outcome", b.Outcome, "reappeared", "removed", "error"), checkTarget(s, "import", b.Import, "list.imported"))
}

func (b ListGapClosed) apply(s *State, f Fact) {
	s.eachGap(b.Key(), s.whoseGap(b.Key(), f.Issuer), f.Index, endAt)
}

// whoseGap is whose own gap one who closes it ends: before version 4 of the rules
// anybody could end another's.
func (s *State) whoseGap(key string, closer AgencyID) AgencyID {
	if g, ok := s.gaps.get(key); ok && g.At != 0 && !Sound(s.Rules()) {
		return s.issuerOf(g.At)
	}
	return closer
}

func (b ListGapClosed) assume(s *State, f Fact) {
	s.eachGap(b.Key(), f.Issuer, 1, openAt)
	s.assumeTarget(b.Import, "list.imported")
}

func (b ListGapClosed) retract(s *State, key string, index uint64) {
	if g, _ := s.gaps.get(key); g.EndedAt == index { // the observer's, where another closed it
		unend(s.gaps, ownGap(key, s.issuerOf(g.At)), index)
	}
	s.eachGap(key, s.issuerOf(index), index, unend)
}
