package projections

import "strings"

// Indicator is one of the numbers that are computed for each state, on a day,
// as known at an index. Its figures carry its number.
type Indicator struct {
	Number    int      `json:"number"`
	Name      string   `json:"name"`
	Class     string   `json:"class"`
	Path      string   `json:"path"` // what the paths of its figures begin with
	Unit      string   `json:"unit"`
	Formula   string   `json:"formula"`
	Events    []string `json:"events"`            // types that it rests on
	NotEnough string   `json:"not_enough_data"`   // when there is no number
	Source    string   `json:"source"`            // of the duty, or why it is measured
	General   bool     `json:"general_knowledge"` // the source was not compared with the original
	Figures   []string `json:"figures"`           // their whole paths; {regime} and the like stand for what each is of
	also      []string // further paths
}

// Indicators lists all of them, by number. A figure of any exists for any state
// watched: a number, or the reason why there is none.
func Indicators() []Indicator {
	out := append(listIndicators(), dutyIndicators()...)
	out = append(out, activityIndicators()...)
	out = append(out, recordIndicators()...)
	sorted := make([]Indicator, len(out))
	for _, i := range out {
		for _, base := range append([]string{i.Path}, i.also...) {
			i.Figures = append(i.Figures, wholePaths(base)...)
		}
		sorted[i.Number-1] = i
	}
	return sorted
}

// wholePaths lists how the figures of a path go on.
func wholePaths(base string) []string {
	var more []string
	switch base {
	case "duties.transposition", "duties.lag_per_entry", "duties.lag_per_notice", "duties.backlog", "duties.removal_lag", "duties.modes", "duties.coverage":
		more = []string{"{regime}"}
	case "duties.benchmark":
		more = []string{"{benchmark}"}
	case "duties.overdue", "duties.completeness", "duties.followup_overdue", "duties.petroleum_notices":
		more = []string{"{obligation}"}
	case "duties.response":
		more = []string{"deflag", "port_denial"}
	case "duties.petroleum_cap":
		more = []string{"{year}.{product}.{band}.{regime}"}
	case "duties.workers":
		more = []string{"remaining", "repatriated"}
	case "differences.measures":
		more = []string{"port_entry_ban", "deflag"}
	case "activity.interdictions":
		more = []string{"{outcome}"}
	case "activity.enforcement":
		more = []string{"{kind}"}
	case "activity.frozen":
		more = []string{"{currency}"}
	case "activity.cyber":
		more = []string{"attributed.{unit}", "recovered.{unit}", "frozen.{unit}"}
	case "activity.requests":
		more = []string{"answered", "days"}
	case "activity.funnel":
		more = []string{"reports", "investigated", "covered", "cases", "acted", "closed"}
	case "activity.permits":
		more = []string{"{family}.{ground}", "{family}_value.{currency}"}
	default:
		return []string{base}
	}
	for k := range more {
		more[k] = base + "." + more[k]
	}
	return more
}

// indicatorsOf returns the numbers whose figures may have a path.
func indicatorsOf(path string) []int {
	var out []int
	for _, i := range Indicators() {
		for _, p := range append(i.also, i.Path) {
			if under(path, p) {
				out = append(out, i.Number)
				break
			}
		}
	}
	return out
}

// under reports whether a path is another or goes on from it.
func under(path, of string) bool { return strings.HasPrefix(path+".", of+".") }

const (
	unDecisions = "resolution 1718 (2006), paragraph 8 (d): \"immediately\"; no number of days is law"
	ownMeasure  = "a measure of the coalition; no duty"
)

// listIndicators are about designations and how they take effect.
func listIndicators() []Indicator {
	lists := []string{"designation.adopted", "designation.transposed", "implementation.declared"}
	return []Indicator{
		{
			Number: 1, Name: "UN designations transposed", Class: ClassDuty, Path: "duties.transposition", Unit: "designations",
			Formula: "UN designations listed on the day that an act of the state gives effect / those and the open ones; without a declared way of implementing the number alone, because nothing says what is open", Events: lists,
			NotEnough: "no act of this state on a UN designation is recorded, nor that it acts by an act for each", Source: unDecisions,
		},
		{
			Number: 2, Name: "Time to transpose", Class: ClassDuty, Path: "duties.lag_per_entry", also: []string{"duties.lag_per_notice", "duties.benchmark"}, Unit: "days",
			Formula: "median and p90 of national effect - listing, per entry and per notice", Events: append(lists, "benchmark.adopted"),
			NotEnough: "no act of this state and its listing are both dated to the day", Source: unDecisions + "; a benchmark is adopted by quorum and labelled",
		},
		{
			Number: 3, Name: "Open transposition backlog", Class: ClassDuty, Path: "duties.backlog", Unit: "designations",
			Formula: "UN designations listed on the day, under an act of its own for each, without one; with their age", Events: lists,
			NotEnough: "it is not recorded that this state acts by an act for each designation", Source: unDecisions,
		},
		{
			Number: 4, Name: "Loopholes", Class: ClassDifference, Path: "differences.gaps", also: []string{"differences.not_recorded"}, Unit: "designations",
			Formula: "designations listed on the day, held by at least one state and not here; a gap by the state's own word or act, else not recorded; at a real state those of invented lists are named in the text and not counted", Events: lists,
			NotEnough: "no designation is listed on the day", Source: ownMeasure,
		},
		{
			Number: 5, Name: "Measure gap", Class: ClassDifference, Path: "differences.measures", Unit: "vessels",
			Formula: "vessels frozen here without a port ban, or without deflagging, on the same vessel / vessels frozen here; a gap only by the state's own word", Events: lists,
			NotEnough: "no freeze of a vessel is recorded here", Source: "resolution 2321 (2016), paragraph 12 (a), (c) and (d), names the measures apart",
		},
		{
			Number: 27, Name: "Delisting lag", Class: ClassDuty, Path: "duties.removal_lag", Unit: "days",
			Formula: "median and p90 of national removal - UN removal", Events: []string{"designation.removed"},
			NotEnough: "no designation of this state that rests on a removed UN designation was removed", Source: "the UN's decision to delist, which ends the duty",
		},
		{
			Number: 28, Name: "Mode of implementation", Class: ClassDuty, Path: "duties.modes", also: []string{"duties.coverage"}, Unit: "measures",
			Formula: "measures of a UN regime for which the state declared how it implements them / measures of the regime; not recorded is a value of its own; not in the headline", Events: []string{"implementation.declared"},
			NotEnough: "no regime of the UN is adopted", Source: "as each state declares",
		},
	}
}

// dutyIndicators rest on obligations as transcribed, and on what shows that
// they were met.
func dutyIndicators() []Indicator {
	duties := []string{"obligation.defined", "report.submitted", "extension.granted", "inapplicability.declared"}
	return []Indicator{
		{
			Number: 8, Name: "Implementation reports overdue", Class: ClassDuty, Path: "duties.overdue", Unit: "reports",
			Formula: "reports past their day, extensions counted, and not submitted by the day / reports past their day; with days late", Events: duties,
			NotEnough: "no obligation to report is defined, or nothing recorded shows that it is followed for this state", Source: "each obligation's own instrument; a report within 90 days of a resolution", General: true,
		},
		{
			Number: 9, Name: "Report completeness", Class: ClassDuty, Path: "duties.completeness", Unit: "sections",
			Formula: "sections that submitted reports and their supplements have / sections that the obligation asks for", Events: duties,
			NotEnough: "no report is recorded under an obligation that lists sections", Source: "the sections that each obligation lists", General: true,
		},
		{
			Number: 10, Name: "Inspection to follow-up", Class: ClassDuty, Path: "duties.followup", also: []string{"duties.followup_overdue"}, Unit: "days",
			Formula: "median days from an inspection to its full report; overdue only under an obligation", Events: append(duties, "vessel.inspected"),
			NotEnough: "no inspection with a report is recorded", Source: "resolution 1874 (2009), paragraph 15; 30 days", General: true,
		},
		{
			Number: 13, Name: "Response to orders against ships", Class: ClassDuty, Path: "duties.response", Unit: "days",
			Formula: "median days from the order to its execution: ships struck off a flag, and denied entry to a port", Events: []string{"vessel.deregistered", "port_entry.denied"},
			NotEnough: "no such act that names a dated order is recorded", Source: "resolution 2321 (2016), paragraph 12; resolution 2371 (2017), paragraph 6; no number of days is law",
		},
		{
			Number: 16, Name: "Petroleum against the cap", Class: ClassDuty, Path: "duties.petroleum_cap", Unit: "bbl",
			Formula: "barrels supplied in the year up to the day, by band, and only what was notified by the day in that of what is notified: notified, alleged and disputed are never added, nor what several assert / the cap that an obligation names", Events: []string{"petroleum_transfer.reported", "obligation.defined"},
			NotEnough: "no transfer that this state supplied is recorded; or no obligation names a cap", Source: "the limit of the obligation, as transcribed; resolution 2397 (2017), paragraphs 4 and 5", General: true,
		},
		{
			Number: 17, Name: "Petroleum notices on time", Class: ClassDuty, Path: "duties.petroleum_notices", Unit: "notices",
			Formula: "notices on time / notices past their day; only for periods in which the state supplied", Events: append(duties, "petroleum_transfer.reported"),
			NotEnough: "no obligation to notify is defined", Source: "each obligation's own instrument: resolution 2397 (2017), paragraphs 4 and 5", General: true,
		},
		{
			Number: 18, Name: "Workers remaining and repatriated", Class: ClassDuty, Path: "duties.workers", Unit: "persons",
			Formula: "the latest number said to remain, by origin, sector and employer, added; and those said to have been sent home in periods that do not overlap", Events: []string{"workers.reported", "workers.repatriated"},
			NotEnough: "no number of workers in this state is recorded", Source: "resolution 2397 (2017), paragraph 8", General: true,
		},
		{
			Number: 19, Name: "Joint ventures open past their deadline", Class: ClassDuty, Path: "duties.joint_ventures", Unit: "joint ventures",
			Formula: "joint ventures in the state past their deadline, not closed by the day and not approved / those that have a deadline", Events: []string{"joint_venture.reported", "joint_venture.closed", "obligation.defined"},
			NotEnough: "joint ventures are recorded, but no deadline", Source: "resolution 2375 (2017), paragraph 18; 120 days", General: true,
		},
	}
}

// activityIndicators say how much was done: never a ranking.
func activityIndicators() []Indicator {
	return []Indicator{
		{
			Number: 11, Name: "Interdictions", Class: ClassActivity, Path: "activity.interdictions", Unit: "interdictions",
			Formula: "interdictions that stand and had happened by the day, by outcome; parted by flag claimed, state of the port and quarter", Events: []string{"interdiction.executed"},
			NotEnough: "no interdiction by this state is recorded", Source: ownMeasure,
		},
		{
			Number: 12, Name: "Flag hopping", Class: ClassActivity, Path: "activity.flag_changes", Unit: "flag changes",
			Formula: "changes of flag in the 24 months up to the day of ships that took or left this state's flag, none after a ship left it, by IMO number; a change that several report counts once", Events: []string{"vessel.identity_changed"},
			NotEnough: "no change of flag that involves this state's registry is recorded in the 24 months, or no day is asked for", Source: ownMeasure,
		},
		{
			Number: 14, Name: "Frozen assets", Class: ClassActivity, Path: "activity.frozen", also: []string{"activity.frozen_without_amount"}, Unit: "a currency",
			Formula: "freezes - releases as of the day, in each currency alone", Events: []string{"asset.frozen", "asset.unfrozen"},
			NotEnough: "no freeze by this state is recorded", Source: ownMeasure,
		},
		{
			Number: 15, Name: "Freeze latency", Class: ClassActivity, Path: "activity.freeze_latency", Unit: "days",
			Formula: "median days from a designation's effect here, or its listing where no act is recorded, to the first freeze that names it", Events: []string{"asset.frozen", "designation.adopted", "designation.transposed"},
			NotEnough: "no freeze that names a designation is dated to the day", Source: ownMeasure,
		},
		{
			Number: 20, Name: "Cyber loss attributed and recovered", Class: ClassActivity, Path: "activity.cyber", Unit: "a currency or an asset",
			Formula: "thefts that the state reported and attributes to an actor; and what it took back, and apart what it froze alone / all thefts that it is of; in each currency and asset alone", Events: []string{"cyber_theft.reported", "cyber_theft.recovered"},
			NotEnough: "no theft over networks is reported by this state, and none was taken back", Source: ownMeasure,
		},
		{
			Number: 21, Name: "Requests answered", Class: ClassActivity, Path: "activity.requests", Unit: "requests",
			Formula: "requests to the state answered in full / asked; partial answers and refusals apart; median days from request to answer", Events: []string{"information.requested", "information.answered"},
			NotEnough: "nobody asked this state for information", Source: ownMeasure,
		},
		{
			Number: 22, Name: "Enforcement funnel", Class: ClassActivity, Path: "activity.funnel", also: []string{"activity.enforcement"}, Unit: "reports, cases, actions",
			Formula: "violations that the state reported (not transfers between ships, arms, technology and thefts, which the evidence coverage counts too), those that a case looks into, cases that it leads, those with an action, those closed; a violation covered by a permission is shown apart", Events: []string{"violation.reported", "trade_violation.reported", "case.opened", "case.closed", "case.reopened", "enforcement.action_taken"},
			NotEnough: "no report, case or action of this state is recorded", Source: ownMeasure,
		},
		{
			Number: 23, Name: "Permissions outstanding", Class: ClassActivity, Path: "activity.permits", Unit: "permissions",
			Formula: "open on the day by ground: exemptions of the Committee, national licences and exceptions in the law apart; value limits in each currency alone", Events: []string{"licence.granted", "licence.ended", "exemption.granted", "exemption.ended", "exception.relied_on"},
			NotEnough: "no licence, exemption or exception of this state is recorded", Source: ownMeasure,
		},
	}
}

// recordIndicators are about the record, not about the state.
func recordIndicators() []Indicator {
	return []Indicator{
		{
			Number: 6, Name: "Identifier completeness", Class: ClassDataQuality, Path: "data_quality.identifiers", Unit: "entries",
			Formula: "vessels with an IMO number and persons with a date of birth or passport / the state's own entries on vessels and persons", Events: []string{"designation.adopted", "designation.transposed"},
			NotEnough: "no entry of this state's own on a vessel or person is recorded", Source: ownMeasure,
		},
		{
			Number: 7, Name: "Date conflicts", Class: ClassDataQuality, Path: "data_quality.date_conflicts", Unit: "entries",
			Formula: "entries on UN designations whose date of effect is before the listing, or more than 30 days after it", Events: []string{"designation.adopted", "designation.transposed"},
			NotEnough: "no act of this state on a UN designation is recorded", Source: ownMeasure,
		},
		{
			Number: 24, Name: "Disputed share", Class: ClassDataQuality, Path: "data_quality.disputed", Unit: "statements",
			Formula: "the state's statements that are disputed or withdrawn / all it made; not of what happened after the day", Events: []string{"event.disputed", "event.withdrawn"},
			NotEnough: "this state made no statement", Source: ownMeasure,
		},
		{
			Number: 25, Name: "Late recording", Class: ClassDataQuality, Path: "data_quality.late_recording", Unit: "days",
			Formula: "median of recorded day (UTC) - occurred_on", Events: []string{"every statement with occurred_on"},
			NotEnough: "no statement of this state says on what day it happened", Source: ownMeasure,
		},
		{
			Number: 26, Name: "Evidence coverage", Class: ClassDataQuality, Path: "data_quality.evidence", Unit: "reports",
			Formula: "reports of violations with at least one hashed document that another member holds / reports of violations by the state, of every type below and whether or not a permission covers them", Events: violationTypes(),
			NotEnough: "no report of a violation by this state is recorded", Source: ownMeasure,
		},
	}
}
