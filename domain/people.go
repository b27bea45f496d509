package domain

var peopleKinds = []kind{
	define[WorkersReported]("workers.reported", 1).from(rulesReported),
	define[WorkersRepatriated]("workers.repatriated", 1).from(rulesReported),
	define[TravelBanEnforced]("travel_ban.enforced", 1).from(rulesReported),
	define[JointVentureReported](ventureType, 1).from(rulesReported),
	define[JointVentureClosed]("joint_venture.closed", 1).from(rulesReported),
	define[RepresentativeOfficeClosed]("representative_office.closed", 1).from(rulesReported),
}

const ventureType = "joint_venture.reported"

// Workforce is how many workers of a state work, or worked, in another. A count
// is an estimate as often as not: CountTo ends a range.
type Workforce struct {
	Host      Country  `json:"host"`             // where they work
	Origin    Country  `json:"origin,omitempty"` // whose nationals they are
	Sector    string   `json:"sector"`
	Employer  *Subject `json:"employer,omitempty"`
	Place     *Place   `json:"place,omitempty"`
	Count     int64    `json:"count"`
	CountTo   int64    `json:"count_to,omitzero"`
	Remaining *int64   `json:"remaining,omitempty"` // at the end of the period; absent: not said
	Period    Period   `json:"period,omitzero"`
}

// Whose returns the state whose affair it is.
func (w Workforce) Whose() Country { return w.Host }

func (w Workforce) checkWorkforce(s *State, f Fact, c Common, x Scope) *Refusal {
	return first(dated(c, w.Period), c.checkState("host", w.Host), c.checkStateIfSet("origin", w.Origin),
		oneOf("sector", w.Sector, "construction", "forestry", "fishing", "seafood_processing", "textiles", "manufacturing", "restaurants",
			"information_technology", "medical", "mining", "shipbuilding", "transport", "agriculture", "sport", "other", "unknown"),
		checkSubject("employer", w.Employer), checkPlaceIfSet("place", w.Place), w.Period.check("period"), w.checkCounts(),
		x.mayAssert(s, f, c, w.Host), x.checkScope(s, c))
}

func (w Workforce) checkCounts() *Refusal {
	if w.Count < 0 || w.CountTo != 0 && w.CountTo < w.Count || w.Remaining != nil && *w.Remaining < 0 {
		return refuse("workers.count", "count", "give numbers from 0, and count_to, where there is a range, from count on")
	}
	return nil
}

// WorkersReported says how many workers were found in a host state.
type WorkersReported struct {
	Common
	Scope
	Workforce
}

// Key is empty: a correction may change everything.
func (b WorkersReported) Key() string { return "" }

func (b WorkersReported) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b WorkersReported) check(s *State, f Fact) *Refusal {
	return b.checkWorkforce(s, f, b.Common, b.Scope)
}

func (b WorkersReported) apply(*State, Fact) {}

// WorkersRepatriated says how many workers a host state sent home.
type WorkersRepatriated struct {
	Common
	Scope
	Workforce
}

// Key is empty: a correction may change everything.
func (b WorkersRepatriated) Key() string { return "" }

func (b WorkersRepatriated) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b WorkersRepatriated) check(s *State, f Fact) *Refusal {
	return b.checkWorkforce(s, f, b.Common, b.Scope)
}

func (b WorkersRepatriated) apply(*State, Fact) {}

// TravelBanEnforced says that a member refused somebody entry or transit,
// removed somebody, or let somebody in under an exemption.
type TravelBanEnforced struct {
	Common
	Scope
	Member    Country `json:"member"`
	Subject   Subject `json:"subject"`
	Point     Place   `json:"point"` // of the border
	Action    string  `json:"action"`
	Exemption string  `json:"exemption,omitempty"` // reference of it, where the action is exempted
}

// Key is empty: a correction may change everything.
func (b TravelBanEnforced) Key() string { return "" }

func (b TravelBanEnforced) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b TravelBanEnforced) check(s *State, f Fact) *Refusal {
	return first(required("occurred_on", string(b.OccurredOn)), b.checkState("member", b.Member), b.Subject.check("subject"),
		checkPlaceIfSet("point", &b.Point), oneOf("action", b.Action, "refused", "removed", "exempted"), b.checkExemption(),
		mayTranscribe(s, f, b.Regime, b.Member), b.checkScope(s, b.Common))
}

// Whose returns the member that acted.
func (b TravelBanEnforced) Whose() Country { return b.Member }

func (b TravelBanEnforced) checkExemption() *Refusal {
	if (b.Action == "exempted") == (b.Exemption != "") {
		return nil
	}
	return refuse("travel_ban.exemption", "exemption", "name the exemption where the action is exempted, and only there")
}

func (b TravelBanEnforced) apply(*State, Fact) {}

// JointVentureReported says that a joint venture or cooperative entity exists
// in a state.
type JointVentureReported struct {
	Common
	Scope
	Country       Country   `json:"country"` // where it is
	Name          string    `json:"name,omitempty"`
	Parties       []Subject `json:"parties"`
	Sector        string    `json:"sector,omitempty"`
	EstablishedOn Date      `json:"established_on,omitempty"`
	Deadline      Date      `json:"deadline,omitempty"` // by which it must be closed
	Approval      string    `json:"approval,omitempty"` // reference of the approval under which it may go on
}

// Key is the country: another country has another venture.
func (b JointVentureReported) Key() string { return string(b.Country) }

func (b JointVentureReported) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b JointVentureReported) check(s *State, f Fact) *Refusal {
	if len(b.Parties) == 0 {
		return refuse("value.missing", "parties", "name at least one party")
	}
	return first(b.checkState("country", b.Country), checkSubjects("parties", b.Parties),
		checkDate("established_on", b.EstablishedOn), checkDate("deadline", b.Deadline),
		b.mayAssert(s, f, b.Common, b.Country), b.checkScope(s, b.Common))
}

// Whose returns the state that the venture is in.
func (b JointVentureReported) Whose() Country { return b.Country }

func (b JointVentureReported) apply(*State, Fact) {}

// Closure says that something had to be closed in a state, and was.
type Closure struct {
	Country  Country   `json:"country"`
	Parties  []Subject `json:"parties"`
	Deadline Date      `json:"deadline,omitempty"` // by which it had to be
	Manner   string    `json:"manner,omitempty"`   // in the source's words: liquidated, sold, licence withdrawn …
}

// Whose returns the state that closed it.
func (x Closure) Whose() Country { return x.Country }

func (x Closure) checkClosure(s *State, f Fact, c Common, scope Scope) *Refusal {
	if len(x.Parties) == 0 {
		return refuse("value.missing", "parties", "name who or what was closed")
	}
	return first(required("occurred_on", string(c.OccurredOn)), c.checkState("country", x.Country), checkSubjects("parties", x.Parties),
		checkDate("deadline", x.Deadline), scope.mayAssert(s, f, c, x.Country), scope.checkScope(s, c))
}

// JointVentureClosed says that a joint venture was closed. Venture is the
// report of it, where there is one.
type JointVentureClosed struct {
	Common
	Scope
	Closure
	Venture *Ref `json:"venture,omitempty"`
}

// Key is the country.
func (b JointVentureClosed) Key() string { return string(b.Country) }

func (b JointVentureClosed) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b JointVentureClosed) check(s *State, f Fact) *Refusal {
	if r := b.checkClosure(s, f, b.Common, b.Scope); r != nil || b.Venture == nil {
		return r
	}
	rec, r := s.targetOf(ventureType, "venture", *b.Venture)
	if r == nil && rec.Key != string(b.Country) {
		return refuse("closure.other_country", "country", "the venture was reported in "+rec.Key+": name that report, or the country of this one")
	}
	return r
}

func (b JointVentureClosed) apply(*State, Fact) {}

func (b JointVentureClosed) assume(s *State, f Fact) {
	b.Scope.assume(s, f)
	if b.Venture != nil {
		s.assumeEvent(*b.Venture, Record{Type: ventureType, Statement: true, Key: string(b.Country)})
	}
}

// RepresentativeOfficeClosed says that an office, branch, subsidiary or bank
// account was closed in a state.
type RepresentativeOfficeClosed struct {
	Common
	Scope
	Closure
	Kind string `json:"kind"`
}

// Key is the country.
func (b RepresentativeOfficeClosed) Key() string { return string(b.Country) }

func (b RepresentativeOfficeClosed) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b RepresentativeOfficeClosed) check(s *State, f Fact) *Refusal {
	return first(oneOf("kind", b.Kind, "representative_office", "branch", "subsidiary", "bank_account"),
		b.checkClosure(s, f, b.Common, b.Scope))
}

func (b RepresentativeOfficeClosed) apply(*State, Fact) {}
