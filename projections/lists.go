package projections

import (
	"encoding/gob"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// lists holds what is recorded of regimes, designations and how states
// implement them: rows with the interval of indexes in which each was known
// and the day from which it has effect. Everything else stands in history.
type lists struct {
	listsIndex
	byID    map[string]int32
	order   []int32 // rows by designation id
	regimes map[string]int16
	states  map[domain.Country]int16
	notices map[notice]int32
	named   map[string]int32 // numbers of lists of measures
}

// listsIndex is the part that a snapshot keeps.
type listsIndex struct {
	Rows       []row
	Acts       []act
	Where      []int32 // by event: act number + 1, or -(row number + 1), or 0
	RegimeIDs  []string
	StateIDs   []domain.Country // with transpositions
	ByState    [][]int32        // acts, beside StateIDs
	Members    []uint64         // founded, admitted, withdrew
	Regimes    map[string][]uint64
	Benchmarks map[string][]uint64 // by regime
	Declared   map[domain.Country][]uint64
	Notices    []notice            // without the first, number 0
	Measures   [][]string          // lists of measures that adoptions and acts name, without the empty one, number 0
	Links      map[string][]uint64 // linked and unlinked, by both ids and the relation
	Stays      map[uint64][]uint64 // ends of stays, by ruling
}

// Span is the interval of indexes in which a version of an event is known:
// after n facts if From < n and n <= To.
type Span struct {
	Event uint64 // first statement
	From  uint64 // that statement, or its correction
	To    uint64 // the next correction or the withdrawal; forever while it stands
}

const forever = math.MaxUint64

func (k *Span) at(n uint64) bool { return k.From < n && n <= k.To }

// row is one designation id with what is recorded about it, ascending.
type row struct {
	ID        string
	Adoptions []adoption
	Acts      []int32
	Amended   []uint64 // amended, reinstated
	Removed   []uint64 // removed, suspended, reinstated
	Court     []uint64 // challenges and rulings, of its own and of national acts
	Resting   []int32  // rows that name this one as their basis, in some version
	Linked    []string
}

// adoption is one version of a designation.
type adoption struct {
	Span
	Listed    domain.Date
	Day       int32 // last day that Listed can mean
	Authority domain.Country
	Basis     string
	Measures  int32 // number of the list that it names
	Regime    int16
	Kind      int8 // place in kinds, -1 for none of them
}

// act is one version of a transposition.
type act struct {
	Span
	Effect   domain.Date
	Day      int32 // last day that Effect can mean
	Row      int32
	Notice   int32 // number of the act that it is an entry of, from 1
	Measures int32 // number of the list that it names; 0: all
	State    int16
	Void     bool // illustrative, in a real state's name: counts for nothing
}

func newLists() *lists {
	return &lists{
		byID: map[string]int32{}, regimes: map[string]int16{}, states: map[domain.Country]int16{}, notices: map[notice]int32{}, named: map[string]int32{},
		listsIndex: listsIndex{
			Regimes: map[string][]uint64{}, Benchmarks: map[string][]uint64{},
			Declared: map[domain.Country][]uint64{}, Links: map[string][]uint64{}, Stays: map[uint64][]uint64{},
		},
	}
}

// Name returns the view's name in snapshots.
func (l *lists) Name() string { return "lists" }

// Version returns the version of the view's fold.
func (l *lists) Version() int { return 3 }

// row returns the number of a designation's row, making it if need be.
func (l *lists) row(id string) int32 {
	if n, ok := l.byID[id]; ok {
		return n
	}
	n := int32(len(l.Rows))
	l.Rows = append(l.Rows, row{ID: id})
	l.byID[id] = n
	l.order = slices.Insert(l.order, l.after(id), n)
	return n
}

// after returns where in order the ids greater than id begin.
func (l *lists) after(id string) int {
	i, found := slices.BinarySearchFunc(l.order, id, func(n int32, id string) int { return strings.Compare(l.Rows[n].ID, id) })
	if found {
		i++
	}
	return i
}

func (l *lists) regime(id string) int16 {
	n, ok := l.regimes[id]
	if !ok {
		n = int16(len(l.RegimeIDs))
		l.RegimeIDs, l.regimes[id] = append(l.RegimeIDs, id), n
	}
	return n
}

func (l *lists) state(c domain.Country) int16 {
	n, ok := l.states[c]
	if !ok {
		n = int16(len(l.StateIDs))
		l.StateIDs, l.states[c] = append(l.StateIDs, c), n
		l.ByState = append(l.ByState, nil)
	}
	return n
}

func (l *lists) notice(b domain.DesignationTransposed) int32 {
	act := noticeOf(b)
	if n, ok := l.notices[act]; ok {
		return n
	}
	l.Notices = append(l.Notices, act)
	l.notices[act] = int32(len(l.Notices))
	return int32(len(l.Notices))
}

// measures returns the number of a list of measures.
func (l *lists) measures(list []string) int32 {
	if len(list) == 0 {
		return 0
	}
	key := strings.Join(list, " ")
	n, ok := l.named[key]
	if !ok {
		l.Measures = append(l.Measures, list)
		n = int32(len(l.Measures))
		l.named[key] = n
	}
	return n
}

// measuresAt returns the list of a number.
func (l *lists) measuresAt(n int32) []string {
	if n == 0 {
		return nil
	}
	return l.Measures[n-1]
}

// actsOf returns the numbers of a state's acts.
func (l *lists) actsOf(c domain.Country) []int32 {
	if n, ok := l.states[c]; ok {
		return l.ByState[n]
	}
	return nil
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
	for n, id := range in.RegimeIDs {
		in.regimes[id] = int16(n)
	}
	for n, c := range in.StateIDs {
		in.states[c] = int16(n)
	}
	for n, act := range in.Notices {
		in.notices[act] = int32(n + 1)
	}
	for n, list := range in.Measures {
		in.named[strings.Join(list, " ")] = int32(n + 1)
	}
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
