package exporter

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// Basis is what an export rests on.
type Basis struct {
	Ledger     string      `json:"ledger"`
	Origin     string      `json:"origin"`
	Genesis    domain.Hash `json:"genesis"`     // names the ledger
	Index      uint64      `json:"index"`       // of the last event taken into account
	RecordedAt time.Time   `json:"recorded_at"` // of that event
	Size       uint64      `json:"size"`        // of the verified checkpoint that covers it
	Root       domain.Hash `json:"root"`        // of that checkpoint
}

// Selection says what to export. The zero value is all that is TLP:CLEAR, as
// known now, on no particular day.
type Selection struct {
	projections.Query
	Regime    string         // designations under it, and acts that name it or one of them
	Authority domain.Country // the same of who decided
	Handling  string         // the strictest label that is let out; "" is TLP:CLEAR
}

// Stated is what an export says of itself.
type Stated struct {
	Basis
	On        domain.Date    `json:"on,omitempty"` // the day of which it is
	Regime    string         `json:"regime,omitempty"`
	Authority domain.Country `json:"authority,omitempty"`
	Handling  string         `json:"handling"` // the strictest label that was let out
	Withheld  int            `json:"withheld"` // selected, and labelled stricter
}

// Info is what is known of every designation of the ledger, selected or not.
type Info struct {
	ID       string
	Kind     string
	Status   string
	Event    uint64 // of the adoption
	Exported bool
	Invented bool // illustrative
}

// Source is a selected part of a ledger. It is for one goroutine.
type Source struct {
	Basis
	Selection
	Regimes  map[string]domain.Regime // by id, for their names
	Progress func()                   // called for each designation read; nil for none

	views    *projections.Views
	infos    map[string]Info
	links    []projections.Linked
	freezes  map[uint64]bool
	withheld int
}

// New reads the register once, to know what refers to what.
func New(views *projections.Views, basis Basis, selection Selection, regimes []domain.Regime) *Source {
	s := &Source{Basis: basis, Selection: selection, Regimes: map[string]domain.Regime{}, views: views, infos: map[string]Info{}}
	for _, r := range regimes {
		s.Regimes[r.ID] = r
	}
	for d := range views.Listed(projections.RegisterQuery{Query: selection.Query}) {
		chosen := (s.Regime == "" || d.Regime == s.Regime) && (s.Authority == "" || d.Authority == s.Authority)
		info := Info{ID: d.ID, Kind: d.Subject.Kind, Status: d.Status, Event: d.At.Index, Exported: chosen, Invented: d.Marks.Illustrative}
		if projections.Stricter(d.At.Handling, s.Handling) {
			info.Exported = false
			s.hold(chosen)
		}
		s.infos[d.ID] = info
		for _, t := range d.Transpositions {
			s.hold(info.Exported && projections.Stricter(t.At.Handling, s.Handling))
		}
		s.takeLinks(d)
	}
	slices.SortFunc(s.links, func(a, b projections.Linked) int { return cmp.Compare(a.At.Index, b.At.Index) })
	for a := range views.Acts(selection.Query) {
		s.hold(s.about(a) && projections.Stricter(a.At.Handling, s.Handling))
	}
	return s
}

func (s *Source) takeLinks(d projections.Listed) {
	for _, l := range d.Links {
		switch {
		case l.A != d.ID: // it is listed at both its ends
		case projections.Stricter(l.At.Handling, s.Handling):
			s.hold(true)
		default:
			s.links = append(s.links, l)
		}
	}
}

// States returns what the export says of itself.
func (s *Source) States() Stated {
	return Stated{
		Basis: s.Basis, On: s.On, Regime: s.Regime, Authority: s.Authority, Handling: cmp.Or(s.Handling, "TLP:CLEAR"), Withheld: s.withheld,
	}
}

// Part words what was selected.
func (s Stated) Part() string {
	var out []string
	add := func(what, value string) {
		if value != "" {
			out = append(out, what+" "+value)
		}
	}
	add("as in force on", string(s.On))
	add("regime", s.Regime)
	add("authority", string(s.Authority))
	add("nothing stricter than", s.Handling)
	if s.Withheld > 0 {
		add("by which was left out:", strconv.Itoa(s.Withheld))
	}
	return strings.Join(out, "; ")
}

func (s *Source) hold(yes bool) {
	if yes {
		s.withheld++
	}
}

// Withheld counts the statements that were selected and are labelled stricter
// than the selection allows.
func (s *Source) Withheld() int { return s.withheld }

// Info returns what is known of a designation; false if it is not recorded.
func (s *Source) Info(id string) (Info, bool) {
	i, ok := s.infos[id]
	return i, ok
}

// Infos yields what is known of every designation, in no order.
func (s *Source) Infos() iter.Seq[Info] {
	return func(yield func(Info) bool) {
		for _, i := range s.infos {
			if !yield(i) {
				return
			}
		}
	}
}

// AllLinks are the links that may be let out, in the order of the journal,
// whether or not their ends are exported.
func (s *Source) AllLinks() []projections.Linked { return s.links }

// Links yields those of which both ends are exported.
func (s *Source) Links() iter.Seq[projections.Linked] {
	return func(yield func(projections.Linked) bool) {
		for _, l := range s.links {
			if s.infos[l.A].Exported && s.infos[l.B].Exported && !yield(l) {
				return
			}
		}
	}
}

// Designations yields what is exported of the register, in the order of ids.
func (s *Source) Designations() iter.Seq[projections.Listed] {
	q := projections.RegisterQuery{Query: s.Query, Regime: s.Regime, Authority: s.Authority}
	return func(yield func(projections.Listed) bool) {
		for d := range s.views.Listed(q) {
			if s.Progress != nil {
				s.Progress()
			}
			if !s.infos[d.ID].Exported {
				continue
			}
			d.Transpositions = slices.DeleteFunc(d.Transpositions, func(t projections.Transposed) bool {
				return projections.Stricter(t.At.Handling, s.Handling)
			})
			if !yield(d) {
				return
			}
		}
	}
}

// Count returns how many designations are exported.
func (s *Source) Count() int {
	n := 0
	for _, i := range s.infos {
		if i.Exported {
			n++
		}
	}
	return n
}

// Acts yields the acts that are exported, in the order of the journal.
func (s *Source) Acts() iter.Seq[projections.Act] {
	return func(yield func(projections.Act) bool) {
		for a := range s.views.Acts(s.Query) {
			if s.about(a) && !projections.Stricter(a.At.Handling, s.Handling) && !yield(a) {
				return
			}
		}
	}
}

// Journal yields the place of every record that the export rests on.
func (s *Source) Journal() iter.Seq2[projections.Recorded, string] { return s.views.Journal(s.Query) }

// about reports whether an act is selected. A release is where its freeze is.
func (s *Source) about(a projections.Act) bool {
	regime, designations := "", []string(nil)
	switch b := a.Body.(type) {
	case *domain.EnforcementActionTaken:
		regime, designations = b.Regime, b.Designations
	case *domain.AssetFrozen:
		regime, designations = b.Regime, b.Designations
	case *domain.InterdictionExecuted:
		regime, designations = b.Regime, b.Designations
	case *domain.AssetUnfrozen:
		return s.freezes[b.Freeze.Index]
	default:
		return false
	}
	chosen := s.Regime == "" && s.Authority == "" || s.names(regime) ||
		slices.ContainsFunc(designations, func(id string) bool { return s.infos[id].Exported })
	if _, ok := a.Body.(*domain.AssetFrozen); ok && chosen {
		if s.freezes == nil {
			s.freezes = map[uint64]bool{}
		}
		s.freezes[a.At.Index] = true
	}
	return chosen
}

func (s *Source) names(regime string) bool {
	r, ok := s.Regimes[regime]
	return ok && (s.Regime == "" || r.ID == s.Regime) && (s.Authority == "" || r.Authority == s.Authority)
}

// RegimeName returns the name of a regime, or its id where none is known.
func (s *Source) RegimeName(id string) string {
	if r, ok := s.Regimes[id]; ok && r.Name != "" {
		return r.Name
	}
	return id
}
