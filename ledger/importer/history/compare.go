package history

import (
	"fmt"
	"maps"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// Entry is one entry of a publication as the ledger would hold it.
type Entry struct {
	importer.Entry
	Designation string
	Regime      string
	Measures    []string // of the list, or else of the regime
	Stated      bool     // the list states them: another statement amends
	Basis       string   // held designation that this one rests on
}

// Snapshot is one publication of a source, to be compared with what is held.
type Snapshot struct {
	Source      string
	Title       string      // of the list, for reasons in words
	PublishedOn domain.Date // that the file bears, or that others say it is of; "" when neither is known
	BearsDate   domain.Date // that the file itself bears
	SeenOn      domain.Date // day to date gaps by: PublishedOn, or the day of the import
	SHA256      domain.Hash
	Media       string
	HeldBy      domain.AgencyID
	Entries     []Entry
	Others      map[string]bool // designations that the file lists outside of what is read
	Owns        func(id string) bool
	Reads       func(regime string) bool // which held designations the file speaks of
	Regimes     []string                 // that it was read for; none: all
	Parser      string
	Warnings    []string
}

// Change is one event to post. About and Turn make its id: the same change of
// the same designation has the same id at every run.
type Change struct {
	Type  string
	About string
	Turn  int
	Body  domain.Statement
}

// Difference is a snapshot against what is held.
type Difference struct {
	Changes  []Change // in order
	Counts   Counts
	Gone     []string // newly: gaps
	Missing  []string // since before
	Back     []string // reappeared and reinstated
	Removed  []string // whose delisting the list states
	Left     []string // listed, and removed in the ledger: decide by hand
	LeftOut  []string // rows that state a delisting of what is not held
	Warnings []string // conflicting dates and the like
	again    bool     // the file had been imported to its end
}

// Compare says what a snapshot changes. The state itself stays as it is: fold
// the bodies that were recorded.
func (s *State) Compare(snap Snapshot) (Difference, error) {
	c := comparison{State: s, Snapshot: snap, listed: make(map[string]bool, len(snap.Entries))}
	c.d.again = s.imports[snap.Source].SHA256 == snap.SHA256 && s.Imported(snap.Source, snap.SHA256, snap.Regimes)
	for _, e := range snap.Entries {
		if c.listed[e.Designation] {
			return c.d, fmt.Errorf("%s: two entries of the file would be %s: import neither before the publisher has said which is which", e.Place, e.Designation)
		}
		c.listed[e.Designation] = true
		if err := c.entry(e); err != nil {
			return c.d, err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(s.Designations)) {
		h := s.Designations[id]
		if !c.listed[id] && !snap.Others[id] && !h.Removed && snap.Owns(id) && snap.Reads(h.Regime) {
			c.gone(id)
		}
	}
	return c.d, nil
}

type comparison struct {
	*State
	Snapshot
	listed map[string]bool
	d      Difference
}

func (c *comparison) entry(e Entry) error {
	h, held := c.Designations[e.Designation]
	if e.DelistedOn != "" {
		c.delisted(e, h)
		return nil
	}
	c.dates(e, h)
	switch {
	case !held:
		c.add(New, "designation.adopted", e.Designation, 0, c.adopted(e))
	case h.Removed:
		c.reinstate(e, h)
	default:
		return c.compare(e, h)
	}
	return nil
}

// add counts what the file does, and notes its event.
func (c *comparison) add(k Kind, typ, about string, turn int, body domain.Statement) {
	c.d.Counts[k]++
	c.post(typ, about, turn, body)
}

func (c *comparison) post(typ, about string, turn int, body domain.Statement) {
	c.d.Changes = append(c.d.Changes, Change{typ, about, turn, body})
}

func (c *comparison) common() domain.Common {
	return domain.Common{PublishedOn: c.PublishedOn, Evidence: []domain.Evidence{{SHA256: c.SHA256, MediaType: c.Media, HeldBy: c.HeldBy}}}
}

func (c *comparison) adopted(e Entry) domain.DesignationAdopted {
	authority, _, _ := cut(e.Designation)
	return domain.DesignationAdopted{
		Common: c.common(), Designation: e.Designation, Regime: e.Regime, Authority: authority, ListRef: e.Ref,
		Subject: e.Subject, Measures: e.Measures, AdoptedOn: e.ListedOn, AmendedOn: e.UpdatedOn, Basis: e.Basis,
	}
}

// compare amends what reads otherwise and closes the gap of what is back.
func (c *comparison) compare(e Entry, h *Held) error {
	kind, missing := Unchanged, c.stands(e.Designation)
	amended, err := c.amended(e, h)
	if err != nil {
		return err
	}
	if missing {
		kind = Reappeared
		sum := c.SHA256
		c.post("list.gap_closed", e.Designation, h.Changes, domain.ListGapClosed{
			Common: c.common(), Designation: e.Designation, Source: c.Source, ClosedOn: c.SeenOn, Outcome: reappeared, Snapshot: &sum,
		})
	}
	if amended != nil {
		if kind == Unchanged {
			kind = Cosmetic
			if amended.Substantive {
				kind = Substantively
			}
		}
		c.post("designation.amended", e.Designation, h.Changes, *amended)
	}
	if kind == Unchanged && c.resumes(h.last) {
		kind = h.did
	}
	if kind == Reappeared {
		c.d.Back = append(c.d.Back, e.Designation)
	}
	c.d.Counts[kind]++
	return nil
}

// resumes reports whether an event was recorded by an import of this very file
// that has not come to its end.
func (c *comparison) resumes(m mark) bool {
	return m.file == c.SHA256 && m.turn > c.imports[c.Source].turn
}

func (c *comparison) stands(id string) bool { return c.Gap(id, c.Source) }

const (
	reappeared = "reappeared"
	listedOn   = "listed_on"
)

// reinstate lists a removed designation again, where the file is known to be
// later than the removal: an older one lists it still, not again.
func (c *comparison) reinstate(e Entry, h *Held) {
	if c.PublishedOn == "" || h.RemovedOn == "" || c.PublishedOn <= h.RemovedOn {
		c.d.Counts[Left]++
		c.d.Left = append(c.d.Left, fmt.Sprintf("%s: removed %s", e.Designation, h.RemovedOn))
		return
	}
	b := domain.DesignationReinstated{
		Common: c.common(), Designation: e.Designation,
		Reason: fmt.Sprintf("listed again under the same reference in %s", c.Title),
	}
	if e.ListedOn > h.RemovedOn {
		b.ReinstatedOn = e.ListedOn
	}
	if !same(e.Subject, h.Subject) {
		b.Subject = &e.Subject
	}
	if e.Stated && !sameMeasures(e.Measures, h.Measures) {
		b.Measures = e.Measures
	}
	if c.stands(e.Designation) {
		sum := c.SHA256
		c.post("list.gap_closed", e.Designation, h.Changes, domain.ListGapClosed{
			Common: c.common(), Designation: e.Designation, Source: c.Source, ClosedOn: c.SeenOn, Outcome: reappeared, Snapshot: &sum,
		})
	}
	c.d.Back = append(c.d.Back, e.Designation)
	c.add(Reinstated, "designation.reinstated", e.Designation, h.Changes, b)
}

// delisted removes what the list itself says is delisted.
func (c *comparison) delisted(e Entry, h *Held) {
	switch {
	case h == nil:
		c.d.LeftOut = append(c.d.LeftOut, fmt.Sprintf("%s: %s, delisted %s", e.Place, e.Ref, e.DelistedOn))
	case !h.Removed:
		kind := Removed
		if c.stands(e.Designation) {
			kind = Missing
			c.post("list.gap_closed", e.Designation, h.Changes, domain.ListGapClosed{
				Common: c.common(), Designation: e.Designation, Source: c.Source, ClosedOn: c.SeenOn, Outcome: "removed",
			})
		}
		c.d.Removed = append(c.d.Removed, e.Designation)
		c.add(kind, "designation.removed", e.Designation, h.Changes, domain.DesignationRemoved{
			Common: c.common(), Designation: e.Designation, RemovedOn: e.DelistedOn,
			Reason: fmt.Sprintf("%s states this date of delisting", c.Title),
		})
	case c.resumes(h.last):
		c.d.Counts[Removed]++
		c.d.Removed = append(c.d.Removed, e.Designation)
	}
}

// gone notes a gap; one that stands already is noted no more.
func (c *comparison) gone(id string) {
	if m, ok := c.gaps[gap{id, c.Source}]; ok {
		if c.resumes(m) {
			c.d.Counts[Gone]++
			c.d.Gone = append(c.d.Gone, id)
			return
		}
		c.d.Counts[Missing]++
		c.d.Missing = append(c.d.Missing, id)
		return
	}
	c.d.Gone = append(c.d.Gone, id)
	c.add(Gone, "list.gap_observed", id, c.Designations[id].Changes, domain.ListGapObserved{
		Common: c.common(), Designation: id, Source: c.Source, FirstMissing: c.SeenOn, Snapshot: c.SHA256,
	})
}
