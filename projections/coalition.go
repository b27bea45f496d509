package projections

import "github.com/coalition-ledger/coalition-ledger/domain"

// Summary is the coalition at a glance.
type Summary struct {
	Scope
	Members      int             `json:"members"`
	States       int             `json:"states"` // watched: members and addressees
	Regimes      []RegimeSummary `json:"regimes"`
	Events       map[string]int  `json:"events"` // known, by type
	Disputed     int             `json:"disputed"`
	Withdrawn    int             `json:"withdrawn"`
	Corrected    int             `json:"corrected"`
	Loopholes    Differences     `json:"differences"`
	Conflicts    int             `json:"date_conflicts"`
	Violations   Violations      `json:"violations"`
	Illustrative int             `json:"illustrative"`
	Notice       string          `json:"notice"`
}

// RegimeSummary counts designations and how states implement them.
type RegimeSummary struct {
	Regime    string         `json:"regime"`
	Name      string         `json:"name"`
	Authority domain.Country `json:"authority"`
	Listed    int            `json:"listed"`
	Removed   int            `json:"removed"`
	Suspended int            `json:"suspended"`
	Annulled  int            `json:"annulled"`
	ByKind    map[string]int `json:"by_kind"`
	StateCounts
	Illustrative *StateCounts `json:"illustrative,omitempty"` // of states that stand for nobody real
}

// StateCounts counts how states implement a regime.
type StateCounts struct {
	States     map[string]int `json:"states"`      // states by mode; "not_recorded" is one
	CellCounts Counts         `json:"cell_counts"` // over all of them
}

// Differences counts pairs of a designation and a state; those of an authority
// or a state that stands for nobody real apart.
type Differences struct {
	DifferenceCounts
	Illustrative DifferenceCounts `json:"illustrative"`
}

// DifferenceCounts counts pairs of a designation and a state.
type DifferenceCounts struct {
	Gaps        int `json:"gaps"` // the state declared not in force, or acts by its own act and has not
	NotRecorded int `json:"not_recorded"`
	ByCourt     int `json:"by_court"` // a court's ruling ended the effect
	Partial     int `json:"partial"`  // it is in force there, and not with all its measures
}

// Matrix is states by regimes by measures.
type Matrix struct {
	Scope
	States  []domain.Country `json:"states"`
	Regimes []string         `json:"regimes"`
	Rows    []MatrixRow      `json:"rows"`
}

// MatrixRow counts one state's cells for one measure of one regime. The
// events are the declarations; those of single acts stand in the register.
type MatrixRow struct {
	Country domain.Country `json:"country"`
	Regime  string         `json:"regime"`
	Measure string         `json:"measure"`
	Modes   []string       `json:"modes"`
	Through *ThroughEU     `json:"through_eu,omitempty"` // of the EU alone, for the regime
	Counts  Counts         `json:"counts"`
	Events  Events         `json:"events"`
}

// MatrixQuery selects a part of the matrix.
type MatrixQuery struct {
	Query
	Regime string
	State  domain.Country
}

// LoopholeQuery selects differences. MinHolders 0 means 1.
type LoopholeQuery struct {
	Query
	Page
	MinHolders int
	Regime     string
	Kind       string
	State      domain.Country // only where it is not recorded at this state
	GapsOnly   bool
}

// LoopholePage is one page of designations that some states hold and others
// do not, or have not recorded.
type LoopholePage struct {
	Scope
	Loopholes []Loophole  `json:"loopholes"`
	Total     int         `json:"total"`
	Pairs     Differences `json:"pairs"` // of a designation and a state, over all pages
	Next      string      `json:"next,omitempty"`
	Notice    string      `json:"notice"`
}

// Loophole is one designation.
type Loophole struct {
	Designation string         `json:"designation"`
	Name        string         `json:"name"`
	Regime      string         `json:"regime"`
	Authority   domain.Country `json:"authority"`
	Kind        string         `json:"kind"`
	ListedOn    domain.Date    `json:"listed_on,omitempty"`
	HolderCounts
	Holders  []StateCell  `json:"holders"`
	Missing  []Difference `json:"missing"`
	Partial  []Difference `json:"partial"` // in force, and not with all measures: frozen but not port-banned
	Measures []string     `json:"measures"`
	Marks    Marks        `json:"marks"`
	Events   []uint64     `json:"events"`
}

// HolderCounts says in how many states something is in force, the EU and its
// states once, and those that stand for nobody real apart.
type HolderCounts struct {
	HolderCount         int `json:"holder_count"`
	IllustrativeHolders int `json:"illustrative_holder_count,omitempty"`
}

func (h HolderCounts) atLeast(n int) bool {
	return max(h.HolderCount, h.IllustrativeHolders) >= max(n, 1)
}

// Difference is a state that does not hold what others hold. Call is "gap"
// when the state's own word or act makes it one, "by court" where a ruling ended
// the effect, else "not recorded".
type Difference struct {
	StateCell
	Call     string        `json:"call"`
	Through  *ThroughEU    `json:"through_eu,omitempty"` // of the EU alone, for the regime
	Measures []MeasureCell `json:"measures"`             // each that the designation bears
}

// MeasureCell is one measure of a designation in a state.
type MeasureCell struct {
	Measure string `json:"measure"`
	State   string `json:"state"`
	Mode    string `json:"mode,omitempty"`
	Call    string `json:"call,omitempty"` // "" where it is in force; else as of a Difference
}

// DivergenceQuery selects measures that some states apply to a designation and
// others do not.
type DivergenceQuery struct {
	LoopholeQuery
	Measure string
}

// DivergencePage is one page of them, by designation and measure.
type DivergencePage struct {
	Scope
	Divergences []Divergence `json:"divergences"`
	Total       int          `json:"total"`
	Pairs       Differences  `json:"pairs"` // of a row and a state, over all pages
	Next        string       `json:"next,omitempty"`
	Notice      string       `json:"notice"`
}

// Divergence is one measure of one designation.
type Divergence struct {
	Designation string         `json:"designation"`
	Measure     string         `json:"measure"`
	Name        string         `json:"name"`
	Regime      string         `json:"regime"`
	Authority   domain.Country `json:"authority"`
	Kind        string         `json:"kind"`
	ListedOn    domain.Date    `json:"listed_on,omitempty"`
	HolderCounts
	InForce     []domain.Country `json:"in_force"`
	Lacking     []StateCall      `json:"lacking"` // by their own word or act, or a court's
	NotRecorded []domain.Country `json:"not_recorded"`
	Marks       Marks            `json:"marks"`
	Events      []uint64         `json:"events"`
}

// StateCall is a state's cell for one measure, and what that is called.
type StateCall struct {
	StateCell
	Call string `json:"call"`
}

// ConflictPage lists pairs of dates that cannot both be right.
type ConflictPage struct {
	Scope
	Conflicts []DateConflict `json:"date_conflicts"`
	Total     int            `json:"total"`
	Next      string         `json:"next,omitempty"`
}

// ConflictQuery selects date conflicts.
type ConflictQuery struct {
	Query
	Page
	Regime string
	State  domain.Country
}
