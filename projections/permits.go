package projections

import (
	"io"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Kinds of permissions: three different things.
const (
	PermitExemption = "exemption" // of the Committee that keeps a regime
	PermitLicence   = "licence"   // of a state, under its own law
	PermitException = "exception" // stands in the resolution or law itself, and was relied on
)

// Permit is an exemption, a licence or an exception that was relied on.
type Permit struct {
	Index        uint64         `json:"index"`
	Kind         string         `json:"kind"`
	Reference    string         `json:"reference"` // the Committee's, the state's number, or the provision
	Giver        domain.Country `json:"giver"`     // the regime's authority, the state; of an exception the state that told of it
	Regime       string         `json:"regime,omitempty"`
	Designations []string       `json:"designations"`
	Measures     []string       `json:"measures"` // that it lifts, as it says; of an exception what follows from its kind
	Ground       string         `json:"ground"`
	Scope        string         `json:"scope"`
	Beneficiary  string         `json:"beneficiary,omitempty"`
	ValueLimit   *domain.Money  `json:"value_limit,omitempty"`
	ValidFrom    domain.Date    `json:"valid_from,omitempty"`
	ValidTo      domain.Date    `json:"valid_to,omitempty"` // the day it ended, where it ended before
	EndedBy      *uint64        `json:"ended_by,omitempty"`
	Outcome      string         `json:"outcome,omitempty"` // of its end: revoked, expired …
	Valid        bool           `json:"valid"`             // on the day asked for
	Marks        Marks          `json:"marks"`
}

// Cover is a permission under which what a statement tells of was free, and
// why: it names the designation and the measure, and was valid at the time.
type Cover struct {
	Permit
	Why string `json:"why"`
}

// permits finds permissions by the designations that they name, and their ends.
type permits struct{ permitsIndex }

type permitsIndex struct {
	Named map[string][]uint64 // exemptions, licences and exceptions, by designation
	Ended map[string][]uint64 // ends, by the permission's key
}

func newPermits() *permits {
	return &permits{permitsIndex{Named: map[string][]uint64{}, Ended: map[string][]uint64{}}}
}

// Name returns the view's name in snapshots.
func (p *permits) Name() string { return "permits" }

// Version returns the version of the view's fold.
func (p *permits) Version() int { return 1 }

// Fold takes the next fact.
func (p *permits) Fold(f domain.Fact) {
	event, body := f.Index, f.Body
	if b, ok := f.Body.(domain.EventCorrected); ok {
		st, r := b.Body()
		if r != nil {
			return
		}
		event, body = b.Target.Index, st
	}
	switch b := body.(type) {
	case domain.ExemptionGranted:
		p.name(b.Designations, event)
	case domain.LicenceGranted:
		p.name(b.Designations, event)
	case domain.ExceptionReliedOn:
		p.name(b.Designations, event)
	case domain.ExemptionEnded:
		put(p.Ended, b.Key(), event)
	case domain.LicenceEnded:
		put(p.Ended, b.Key(), event)
	}
}

func (p *permits) name(designations []string, event uint64) {
	for _, id := range designations {
		put(p.Named, id, event)
	}
}

// Save writes the view.
func (p *permits) Save(w io.Writer) error { return save(w, p.permitsIndex) }

// Load replaces the view by a saved one.
func (p *permits) Load(r io.Reader) error {
	in := newPermits()
	if err := load(r, &in.permitsIndex); err != nil {
		return err
	}
	*p = *in
	return nil
}
