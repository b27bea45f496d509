package projections

import (
	"encoding/gob"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// lists finds what is recorded of regimes, designations and how states
// implement them. It holds indexes of events; what they say stands in history.
type lists struct {
	listsIndex
	byID  map[string]int32
	order []int32 // rows by designation id
}

// listsIndex is the part that a snapshot keeps.
type listsIndex struct {
	Rows       []row
	Members    []uint64            // founded, admitted, withdrew
	Regimes    map[string][]uint64 // regime.adopted
	Benchmarks map[string][]uint64 // by regime
	Declared   map[domain.Country][]uint64
	Transposed map[domain.Country][]posting
	Links      map[string][]uint64 // linked and unlinked, by both ids and the relation
}

// row is one designation id with the events about it, ascending.
type row struct {
	ID         string
	Adopted    []uint64
	Amended    []uint64
	Removed    []uint64
	Transposed []holding
	Resting    []int32 // rows that name this one as their basis, in some version
	Linked     []string
}

// holding is a state's transposition; its correction keeps both.
type holding struct {
	Country domain.Country
	Event   uint64
}

// posting is a transposition and its row.
type posting struct {
	Event uint64
	Row   int32
}

func newLists() *lists {
	return &lists{byID: map[string]int32{}, listsIndex: listsIndex{
		Regimes: map[string][]uint64{}, Benchmarks: map[string][]uint64{}, Declared: map[domain.Country][]uint64{},
		Transposed: map[domain.Country][]posting{}, Links: map[string][]uint64{},
	}}
}

// Name returns the view's name in snapshots.
func (l *lists) Name() string { return "lists" }

// Version returns the version of the view's fold.
func (l *lists) Version() int { return 1 }

// Fold takes the next fact.
func (l *lists) Fold(f domain.Fact) {
	switch b := f.Body.(type) {
	case domain.CoalitionFounded, domain.MemberAdmitted, domain.MemberWithdrew:
		l.Members = append(l.Members, f.Index)
	case domain.RegimeAdopted:
		l.Regimes[b.ID] = append(l.Regimes[b.ID], f.Index)
	case domain.BenchmarkAdopted:
		l.Benchmarks[b.Regime] = append(l.Benchmarks[b.Regime], f.Index)
	case domain.ImplementationDeclared:
		l.Declared[b.Member] = append(l.Declared[b.Member], f.Index)
	case domain.SubjectLinked:
		l.link(b.Key(), b.A, b.B, f.Index)
	case domain.SubjectUnlinked:
		l.Links[b.Key()] = append(l.Links[b.Key()], f.Index)
	case domain.EventCorrected:
		l.correct(b)
	default:
		l.foldDesignation(f)
	}
}

func (l *lists) foldDesignation(f domain.Fact) {
	switch b := f.Body.(type) {
	case domain.DesignationAdopted:
		n := l.row(b.Designation)
		l.Rows[n].Adopted = append(l.Rows[n].Adopted, f.Index)
		l.rest(n, b.Basis)
	case domain.DesignationAmended:
		r := &l.Rows[l.row(b.Designation)]
		r.Amended = append(r.Amended, f.Index)
	case domain.DesignationRemoved:
		r := &l.Rows[l.row(b.Designation)]
		r.Removed = append(r.Removed, f.Index)
	case domain.DesignationTransposed:
		n := l.row(b.Designation)
		l.Rows[n].Transposed = append(l.Rows[n].Transposed, holding{b.Member, f.Index})
		l.Transposed[b.Member] = append(l.Transposed[b.Member], posting{f.Index, n})
	}
}

// correct finds what a correction names anew: only a basis can change where
// a statement is found, because a correction keeps what a statement is about.
func (l *lists) correct(b domain.EventCorrected) {
	st, r := b.Body()
	if r != nil {
		return
	}
	if a, ok := st.(domain.DesignationAdopted); ok {
		l.rest(l.row(a.Designation), a.Basis)
	}
}

func (l *lists) rest(n int32, basis string) {
	if basis == "" {
		return
	}
	r := &l.Rows[l.row(basis)]
	if !slices.Contains(r.Resting, n) {
		r.Resting = append(r.Resting, n)
	}
}

func (l *lists) link(key, a, b string, event uint64) {
	l.Links[key] = append(l.Links[key], event)
	for _, id := range []string{a, b} {
		r := &l.Rows[l.row(id)]
		if !slices.Contains(r.Linked, key) {
			r.Linked = append(r.Linked, key)
		}
	}
}

// row returns the number of a designation's row, making it if need be.
func (l *lists) row(id string) int32 {
	if n, ok := l.byID[id]; ok {
		return n
	}
	n := int32(len(l.Rows))
	l.Rows = append(l.Rows, row{ID: id})
	l.place(n)
	return n
}

func (l *lists) place(n int32) {
	id := l.Rows[n].ID
	l.byID[id] = n
	l.order = slices.Insert(l.order, l.after(id), n)
}

// after returns where in order the ids greater than id begin.
func (l *lists) after(id string) int {
	i, found := slices.BinarySearchFunc(l.order, id, func(n int32, id string) int { return strings.Compare(l.Rows[n].ID, id) })
	if found {
		i++
	}
	return i
}

// Save writes the view.
func (l *lists) Save(w io.Writer) error { return save(w, l.listsIndex) }

// Load replaces the view by a saved one.
func (l *lists) Load(r io.Reader) error {
	in := newLists()
	if err := load(r, &in.listsIndex); err != nil {
		return err
	}
	for n := range in.Rows {
		in.order = append(in.order, int32(n))
		in.byID[in.Rows[n].ID] = int32(n)
	}
	slices.SortFunc(in.order, func(a, b int32) int { return strings.Compare(in.Rows[a].ID, in.Rows[b].ID) })
	*l = *in
	return nil
}

func save(w io.Writer, value any) error {
	if err := gob.NewEncoder(w).Encode(value); err != nil {
		return fmt.Errorf("encode view: %w", err)
	}
	return nil
}

func load(r io.Reader, value any) error {
	if err := gob.NewDecoder(r).Decode(value); err != nil {
		return fmt.Errorf("decode view: %w", err)
	}
	return nil
}
