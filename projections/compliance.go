package projections

import "github.com/coalition-ledger/coalition-ledger/domain"

// Classes of figures, never merged into one score.
const (
	ClassDuty        = "duty"
	ClassDifference  = "difference"
	ClassActivity    = "activity"
	ClassDataQuality = "data_quality"
)

// BenchmarkLabel stands with every figure that rests on a benchmark.
const BenchmarkLabel = "benchmark, not law"

// Compliance is what the record says of one state, in four classes.
type Compliance struct {
	Scope
	Country      domain.Country     `json:"country"`
	Name         string             `json:"name"`
	Member       bool               `json:"member"`
	Illustrative bool               `json:"illustrative,omitempty"` // a user-assigned code: stands for nobody real
	Recorded     bool               `json:"recorded"`               // false: nothing is recorded of how this state implements
	Notice       string             `json:"notice"`                 // how to read the figures
	Headline     []Headline         `json:"headline"`               // from duties alone
	Regimes      []RegimeCompliance `json:"regimes"`
	Duties       []Figure           `json:"duties"`
	Differences  []Figure           `json:"differences"`
	Activity     []Figure           `json:"activity"`
	DataQuality  []Figure           `json:"data_quality"`
	Explanations []Remark           `json:"explanations"` // all that the state gave, those of figures included
}

// RegimeCompliance is one regime in one state.
type RegimeCompliance struct {
	Regime        string         `json:"regime"`
	Name          string         `json:"name"`
	Authority     domain.Country `json:"authority"`
	Modes         []Mode         `json:"modes"`                // declared and in force on the day
	Through       *ThroughEU     `json:"through_eu,omitempty"` // of the EU alone
	Counts        Counts         `json:"counts"`
	Groups        []Group        `json:"groups"` // Counts, by how the state implements
	PerEntry      *Lag           `json:"lag_per_entry,omitempty"`
	PerNotice     *Lag           `json:"lag_per_notice,omitempty"`
	Backlog       *Backlog       `json:"backlog,omitempty"` // only where designations can be open
	Conflicts     []DateConflict `json:"date_conflicts"`    // the first MaxEvents
	ConflictCount int            `json:"date_conflict_count"`
	Bench         []Benchmark    `json:"benchmarks"`
}

// Mode is a declared way of implementing.
type Mode struct {
	Index      uint64      `json:"index"`
	Mode       string      `json:"mode"`
	Measures   []string    `json:"measures,omitempty"` // empty: all
	Kinds      []string    `json:"kinds,omitempty"`    // empty: all
	Instrument string      `json:"instrument,omitempty"`
	ValidFrom  domain.Date `json:"valid_from,omitempty"`
	ValidTo    domain.Date `json:"valid_to,omitempty"`
	Marks      Marks       `json:"marks"`
}

// Counts are of designations. Listed is the sum of the others.
type Counts struct {
	Listed      int `json:"listed"`
	Transposed  int `json:"transposed"` // by an act of its own
	Open        int `json:"open"`
	Covered     int `json:"covered"` // in force without an act for each
	NotInForce  int `json:"declared_not_in_force"`
	NotRecorded int `json:"not_recorded"`
}

// Group is the part of a regime that a state implements in one way. Mode is
// "" where none is declared.
type Group struct {
	Mode  string   `json:"mode"`
	Kinds []string `json:"kinds"`
	Counts
}

// LagMethod says how the percentiles are taken.
const LagMethod = "nearest rank, over lags of day precision, conflicting dates included; the median is rank ceil(n/2), p90 rank ceil(0.9 n)"

// Lag is a distribution of days from listing to national effect.
type Lag struct {
	Count     int    `json:"count"`
	Median    int    `json:"median_days"`
	P90       int    `json:"p90_days"`
	Min       int    `json:"min_days"`
	Max       int    `json:"max_days"`
	Undated   int    `json:"undated"` // left out: a date lacks day precision
	Method    string `json:"method"`
	Histogram []Bin  `json:"histogram"`
	Events    Events `json:"events"`
}

// Bin counts lags from From to To days, both included.
type Bin struct {
	From  int `json:"from"`
	To    int `json:"to"`
	Count int `json:"count"`
}

// Backlog lists designations that are open on the day, oldest first. Ages are
// in days and absent when the query names no day.
type Backlog struct {
	Open    int         `json:"open"`
	Oldest  *int        `json:"oldest_days,omitempty"`
	Median  *int        `json:"median_days,omitempty"`
	Entries []OpenEntry `json:"entries"` // the first MaxEvents
}

// OpenEntry is a designation that a state has yet to transpose.
type OpenEntry struct {
	Designation string      `json:"designation"`
	Name        string      `json:"name"`
	ListedOn    domain.Date `json:"listed_on,omitempty"`
	AgeDays     *int        `json:"age_days,omitempty"`
	Event       uint64      `json:"event"`
}

// DateConflict is a pair of published dates that cannot both be right or lie
// more than 30 days apart. It is about the record, not about the state.
type DateConflict struct {
	Country     domain.Country `json:"country"`
	Designation string         `json:"designation"`
	Name        string         `json:"name"`
	ListedOn    domain.Date    `json:"listed_on"`
	EffectOn    domain.Date    `json:"effect_on"`
	Days        int            `json:"days"`
	Reason      string         `json:"reason"` // national date first, or more than 30 days apart
	Events      []uint64       `json:"events"`
}

// Benchmark is a number that the coalition adopted, and how many exceed it.
type Benchmark struct {
	ID      string `json:"id"`
	Label   string `json:"label"` // BenchmarkLabel
	Measure string `json:"measure"`
	Days    int    `json:"days"`
	Text    string `json:"text"`
	Over    int    `json:"over"`
	Of      int    `json:"of"`
	Event   uint64 `json:"event"`
	Events  Events `json:"events"` // of what is over
}

// Figure is one number with what it rests on. Either Count or Value is set, or
// one of the reasons why there is no number: NotEnoughData is never a zero, and
// NotApplicable is never overdue. Of is what Count is counted out of.
type Figure struct {
	Path         string   `json:"path"` // duties.transposition.UN-DPRK: what an explanation names
	Class        string   `json:"class"`
	Indicator    int      `json:"indicator,omitempty"` // number in the list of indicators
	Name         string   `json:"name"`
	Regime       string   `json:"regime,omitempty"`
	Count        *int     `json:"count,omitempty"`
	Of           *int     `json:"of,omitempty"`
	Value        string   `json:"value,omitempty"`    // exact decimal
	OfValue      string   `json:"of_value,omitempty"` // what Value is measured against, in its unit
	Unit         string   `json:"unit,omitempty"`     // days, designations, a currency …
	Formula      string   `json:"formula"`
	Label        string   `json:"label,omitempty"`
	Text         string   `json:"text"` // "12, of which 3 disputed"; "9 days, median of 155 values, of which 1 disputed"
	Events       Events   `json:"events"`
	OfEvents     *Events  `json:"of_events,omitempty"` // those that Of counts, where Events are a part of them
	Disputed     int      `json:"disputed"`            // of the events; so are those that follow
	Contested    int      `json:"contested"`
	Repudiated   int      `json:"repudiated"`
	Transcribed  int      `json:"transcribed"`
	Illustrative int      `json:"illustrative"`
	Explanations []Remark `json:"explanations"`

	Values         int `json:"values,omitzero"`          // of a median: how many it is of
	ValuesDisputed int `json:"values_disputed,omitzero"` // those that rest on a disputed event

	NotEnoughData string   `json:"not_enough_data,omitempty"`
	NotApplicable string   `json:"not_applicable,omitempty"`
	Details       []Detail `json:"details,omitempty"` // the parts of a figure asked for alone
}

// Detail is a part of a figure: a designation, a ship, a case of a duty.
type Detail struct {
	What   string      `json:"what"`            // its id or kind
	Name   string      `json:"name,omitempty"`  // of whom or what
	State  string      `json:"state,omitempty"` // in the words of the figure
	On     domain.Date `json:"on,omitempty"`
	Days   *int        `json:"days,omitempty"`
	Value  string      `json:"value,omitempty"`
	Unit   string      `json:"unit,omitempty"`
	Events []uint64    `json:"events"`
}

// CountriesPage is one line for each state watched: members, and the
// addressees of regimes.
type CountriesPage struct {
	Scope
	Countries []CountryRow `json:"countries"`
}

// CountryRow is a state and its counts by regime.
type CountryRow struct {
	Country      domain.Country `json:"country"`
	Name         string         `json:"name"`
	Member       bool           `json:"member"`
	EUMember     bool           `json:"eu_member"`
	Illustrative bool           `json:"illustrative,omitempty"`
	Recorded     bool           `json:"recorded"`
	Regimes      []RegimeCounts `json:"regimes"`
}

// RegimeCounts is a regime's counts in one state.
type RegimeCounts struct {
	Regime  string     `json:"regime"`
	Modes   []string   `json:"modes"`
	Through *ThroughEU `json:"through_eu,omitempty"` // of the EU alone
	Counts  Counts     `json:"counts"`
}
