package projections

import "github.com/coalition-ledger/coalition-ledger/domain"

// Status of a designation on a day.
const (
	StatusListed    = "listed"
	StatusRemoved   = "removed"
	StatusSuspended = "suspended" // by its list, or by a court's interim measures
	StatusAnnulled  = "annulled"  // by a court, whose ruling waits for nothing
	StatusPending   = "pending"   // adopted later than the day asked for
)

// RegisterQuery selects designations. Empty fields select all.
type RegisterQuery struct {
	Query
	Page
	Regime    string
	Authority domain.Country
	Kind      string // person, entity, vessel, aircraft, wallet
	Status    string // listed, removed, suspended, annulled or pending; "" is all
	Text      string // part of a name, an identifier or a reference; case, accents, width and the spaces of a name do not matter
	HeldBy    []domain.Country
	NotHeldBy []domain.Country
}

// RegisterPage is one page of designations, in the order of their ids.
type RegisterPage struct {
	Scope
	Designations []Designation `json:"designations"`
	Total        int           `json:"total"` // of all pages
	Next         string        `json:"next,omitempty"`
}

// Designation is one row of the register.
type Designation struct {
	ID          string           `json:"id"`
	Regime      string           `json:"regime"`
	Authority   domain.Country   `json:"authority"`
	ListRef     string           `json:"list_ref"`
	Kind        string           `json:"kind"`
	Name        string           `json:"name"`
	Status      string           `json:"status"`
	StatusSince domain.Date      `json:"status_since,omitempty"` // first day of the unbroken time with it: a stay breaks an annulment
	AdoptedOn   domain.Date      `json:"adopted_on,omitempty"`
	InForceOn   domain.Date      `json:"in_force_on,omitempty"`
	RemovedOn   domain.Date      `json:"removed_on,omitempty"`
	Measures    []string         `json:"measures"`
	Basis       string           `json:"basis,omitempty"`
	HeldBy      []domain.Country `json:"held_by"`
	Court       []CourtStep      `json:"court"` // about the designation and about national acts, oldest first
	Marks       Marks            `json:"marks"`
	Events      []uint64         `json:"events"`
}

// CourtStep is a challenge, a ruling or the end of a ruling's stay, as it
// stands on the day asked for. Contests tells whose act it is about: the
// designation itself, or the member's transposition of it.
type CourtStep struct {
	Index               uint64         `json:"index"`
	Type                string         `json:"type"`
	Contests            string         `json:"contests"` // designation, transposition
	Member              domain.Country `json:"member"`
	Court               string         `json:"court,omitempty"`
	CaseNumber          string         `json:"case_number,omitempty"`
	On                  domain.Date    `json:"on,omitempty"`    // filed, decided, ended
	Seeks               string         `json:"seeks,omitempty"` // of a challenge
	Relief              string         `json:"relief,omitempty"`
	Measures            []string       `json:"measures,omitempty"` // the relief concerns only these
	EffectiveFrom       domain.Date    `json:"effective_from,omitempty"`
	EffectiveTo         domain.Date    `json:"effective_to,omitempty"`
	StayedUntil         domain.Date    `json:"stayed_until,omitempty"`
	StayedPendingAppeal bool           `json:"stayed_pending_appeal,omitempty"`
	Cause               string         `json:"cause,omitempty"`     // of the end of a stay
	AppealOf            *uint64        `json:"appeal_of,omitempty"` // the ruling below
	About               *uint64        `json:"about,omitempty"`     // the challenge decided, or the ruling that waits no longer
	State               string         `json:"state"`               // of a challenge: pending, decided; of a ruling, see RulingInEffect
	Marks               Marks          `json:"marks"`
}

// DesignationDetail is a designation with its history.
type DesignationDetail struct {
	Scope
	Designation
	Subject        domain.Subject  `json:"subject"`
	Instrument     string          `json:"instrument,omitempty"`
	Reason         *domain.Text    `json:"reason,omitempty"`
	Amendments     []Amendment     `json:"amendments"`
	Removals       []Removal       `json:"removals"`
	Transpositions []Transposition `json:"transpositions"`
	Links          []Link          `json:"links"`
	Permits        []Permit        `json:"permits"` // exemptions, licences and exceptions that name it
	Cells          []StateCell     `json:"cells"`   // one per state watched
	Disputes       []Remark        `json:"disputes"`
	Explanations   []Remark        `json:"explanations"`
}

// Amendment is a change that the list's keeper recorded.
type Amendment struct {
	Index       uint64          `json:"index"`
	AmendedOn   domain.Date     `json:"amended_on,omitempty"`
	InForceOn   domain.Date     `json:"in_force_on,omitempty"`
	Substantive bool            `json:"substantive"`
	Changes     []domain.Change `json:"changes,omitempty"`
	Measures    []string        `json:"measures,omitempty"`
	Marks       Marks           `json:"marks"`
}

// Removal ends a designation.
type Removal struct {
	Index     uint64      `json:"index"`
	RemovedOn domain.Date `json:"removed_on,omitempty"`
	InForceOn domain.Date `json:"in_force_on,omitempty"`
	Reason    string      `json:"reason"`
	Marks     Marks       `json:"marks"`
}

// Transposition is the national act for one designation. LagDays counts from
// the listing that it answers to the act's effect; nil where a date lacks day
// precision.
type Transposition struct {
	Index       uint64         `json:"index"`
	Member      domain.Country `json:"member"`
	Designation string         `json:"designation"`
	NationalRef string         `json:"national_ref,omitempty"`
	Instrument  string         `json:"instrument,omitempty"`
	Notice      string         `json:"notice,omitempty"`
	NoticeOn    domain.Date    `json:"notice_on,omitempty"`
	InForceOn   domain.Date    `json:"in_force_on,omitempty"`
	EffectOn    domain.Date    `json:"effect_on"`
	InForce     bool           `json:"in_force"` // on the day asked for: false after a court's ruling, a removal, or a later act
	Measures    []string       `json:"measures,omitempty"`
	LagDays     *int           `json:"lag_days,omitempty"`
	LinkReasons []string       `json:"link_reasons,omitempty"`
	Marks       Marks          `json:"marks"`
}

// Link is a recorded decision about two designations.
type Link struct {
	Index    uint64   `json:"index"`
	A        string   `json:"a"`
	B        string   `json:"b"`
	Relation string   `json:"relation"`
	Reasons  []string `json:"reasons"`
	Marks    Marks    `json:"marks"`
}
