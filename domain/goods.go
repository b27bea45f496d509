package domain

import "fmt"

var goodsKinds = []kind{
	define[CargoSeized]("cargo.seized", 1).from(3),
	define[PetroleumTransferReported]("petroleum_transfer.reported", 1).from(3),
	define[TradeViolationReported]("trade_violation.reported", 1).from(3),
	define[ArmsTransferReported]("arms_transfer.reported", 1).from(3),
	define[TechnologyTransferReported]("technology_transfer.reported", 1).from(3),
	define[ProliferationActivityObserved]("proliferation_activity.observed", 1).from(3),
}

// checkHS accepts a code of the Harmonized System, 2 to 6 digits, or of a
// national tariff that divides it further, up to 10.
func checkHS(field, code string) *Refusal {
	if code == "" || len(code) >= 2 && digits(code, 10) {
		return nil
	}
	return refuse("hs_code.invalid", field, fmt.Sprintf("%q is no HS code: 2 to 10 digits, without points", code))
}

func checkQuantity(field string, q *Quantity) *Refusal {
	if q == nil {
		return nil
	}
	return q.check(field)
}

// Route is how goods or knowledge went.
type Route struct {
	From  Country   `json:"from,omitempty"`
	To    Country   `json:"to,omitempty"`
	Via   []Country `json:"via,omitempty"`
	Means string    `json:"means,omitempty"`
	Text  *Text     `json:"text,omitempty"`
}

// states lists those on the route.
func (p *Route) states() []Country {
	if p == nil {
		return nil
	}
	return append([]Country{p.From, p.To}, p.Via...)
}

func (p *Route) check(c Common, field string) *Refusal {
	if p == nil {
		return nil
	}
	r := oneOf(field+".means", p.Means, "", "container", "rail", "road", "vessel", "air", "pipeline", "parcel", "person", "electronic", "other")
	names := []string{field + ".from", field + ".to"}
	for i, state := range p.states() {
		at := fmt.Sprintf("%s.via[%d]", field, i-2)
		if i < 2 {
			at = names[i]
		}
		if state != "" || i >= 2 {
			r = first(r, checkCountry(at, state), c.notInvented(at, state))
		}
	}
	return r
}

// Range is a quantity between two amounts, both in it; equal where it is known.
type Range struct {
	Low  string `json:"low"`
	High string `json:"high"`
	Unit string `json:"unit"`
}

func checkRange(field string, r *Range) *Refusal {
	if r == nil {
		return nil
	}
	if bad := first(Quantity{r.Low, r.Unit}.check(field), checkDecimal(field+".high", r.High)); bad != nil {
		return bad
	}
	if decimal(r.Low).Cmp(decimal(r.High)) > 0 {
		return refuse("range.backwards", field+".high", fmt.Sprintf("the range ends (%s) below where it begins (%s): exchange the amounts", r.High, r.Low))
	}
	return nil
}

func (c CargoItem) check(at string) *Refusal {
	return first(required(at+".description", c.Description), checkHS(at+".hs_code", c.HSCode), checkQuantity(at+".quantity", c.Quantity), checkMoney(at+".value", c.Value))
}

// CargoSeized says that a state took goods away, and what became of them.
type CargoSeized struct {
	Act
	Items      []CargoItem `json:"items"`
	Place      Place       `json:"place"`
	Carrier    *Subject    `json:"carrier,omitempty"` // vessel, aircraft or company
	Route      *Route      `json:"route,omitempty"`   // origin and destination
	Consignor  *Subject    `json:"consignor,omitempty"`
	Consignee  *Subject    `json:"consignee,omitempty"`
	After      *Ref        `json:"after,omitempty"` // inspection or interdiction that it followed
	Disposal   string      `json:"disposal"`
	DisposedOn Date        `json:"disposed_on,omitempty"`
}

// Concerns adds the states on the route.
func (b CargoSeized) Concerns() []Country { return b.concerns(b.Route.states()...) }

func (b CargoSeized) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b CargoSeized) check(s *State, f Fact) *Refusal {
	r := first(b.checkAct(s, f), checkPlace(b.Common, "place", &b.Place), checkSubject("carrier", b.Carrier), b.Route.check(b.Common, "route"),
		checkSubject("consignor", b.Consignor), checkSubject("consignee", b.Consignee), checkTarget(s, "after", b.After, "vessel.inspected", "interdiction.executed"),
		oneOf("disposal", b.Disposal, "held", "stored", "destroyed", "rendered_unusable", "transferred", "sold", "returned"), checkDate("disposed_on", b.DisposedOn))
	if r == nil && len(b.Items) == 0 {
		return required("items", "")
	}
	for i, item := range b.Items {
		r = first(r, item.check(fmt.Sprintf("items[%d]", i)))
	}
	return r
}

func (b CargoSeized) assume(s *State, f Fact) {
	b.Act.assume(s, f)
	s.assumeTarget(b.After, "vessel.inspected")
}

// TradeViolationReported says that goods were traded that a regime bans.
type TradeViolationReported struct {
	Matter
	Category string    `json:"category"`
	HSCode   string    `json:"hs_code,omitempty"`
	Goods    string    `json:"goods,omitempty"` // in words
	Value    *Money    `json:"value,omitempty"`
	Quantity *Quantity `json:"quantity,omitempty"`
	Route    *Route    `json:"route,omitempty"`
	Period   *Period   `json:"period,omitempty"`
	Parties  []Party   `json:"parties,omitempty"`
}

// Concerns adds the states on the route.
func (b TradeViolationReported) Concerns() []Country { return b.concerns(b.Route.states()...) }

func (b TradeViolationReported) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b TradeViolationReported) check(s *State, _ Fact) *Refusal {
	return first(b.checkReport(s), oneOf("category", b.Category, "coal", "iron", "lead", "metals", "minerals", "seafood", "fishing_rights", "textiles", "food", "wood", "petroleum",
		"machinery", "electrical", "vehicles", "vessels", "luxury", "arms", "dual_use", "other"), checkHS("hs_code", b.HSCode), checkMoney("value", b.Value),
		checkQuantity("quantity", b.Quantity), b.Route.check(b.Common, "route"), checkPeriod("period", b.Period), checkParties(b.Common, "parties", b.Parties))
}
