package domain

import "fmt"

// ArmsTransferReported says that arms went from one state to another. How much
// is seldom known exactly: quantities are ranges.
type ArmsTransferReported struct {
	Matter
	Route      Route      `json:"route"`
	Containers *Range     `json:"containers,omitempty"`
	Items      []ArmsItem `json:"items,omitempty"`
	Period     *Period    `json:"period,omitempty"`
	Parties    []Party    `json:"parties,omitempty"`
}

// ArmsItem is one kind of arms.
type ArmsItem struct {
	Description string `json:"description"`
	Category    string `json:"category,omitempty"`
	Quantity    *Range `json:"quantity,omitempty"`
}

// Concerns adds the states on the route.
func (b ArmsTransferReported) Concerns() []Country { return b.concerns(b.Route.states()...) }

func (b ArmsTransferReported) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b ArmsTransferReported) check(s *State, _ Fact) *Refusal {
	r := first(b.checkReport(s), required("route.from", string(b.Route.From)), required("route.to", string(b.Route.To)), b.Route.check(b.Common, "route"),
		checkRange("containers", b.Containers), checkPeriod("period", b.Period), checkParties(b.Common, "parties", b.Parties))
	if r == nil && b.Containers == nil && len(b.Items) == 0 {
		return required("items", "")
	}
	for i, item := range b.Items {
		at := fmt.Sprintf("items[%d]", i)
		r = first(r, required(at+".description", item.Description), checkRange(at+".quantity", item.Quantity),
			oneOf(at+".category", item.Category, "", "small_arms", "artillery", "ammunition", "missiles", "vehicles", "aircraft", "drones", "air_defence", "vessels", "parts", "other"))
	}
	return r
}

// TechnologyTransferReported says that knowledge went from one state to
// another, or that they build something together. Indicators say what points
// to it where nobody saw it.
type TechnologyTransferReported struct {
	Matter
	Field        string  `json:"field"`
	CoProduction bool    `json:"co_production,omitzero"`
	Route        Route   `json:"route"`
	Parties      []Party `json:"parties,omitempty"`
	Indicators   []Text  `json:"indicators"`
	Period       *Period `json:"period,omitempty"`
}

// Concerns adds the states on the route.
func (b TechnologyTransferReported) Concerns() []Country { return b.concerns(b.Route.states()...) }

func (b TechnologyTransferReported) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b TechnologyTransferReported) check(s *State, _ Fact) *Refusal {
	r := first(b.checkReport(s), oneOf("field", b.Field, "satellite", "missile", "nuclear", "submarine", "aircraft", "drone", "munitions", "air_defence", "electronic_warfare", "chemical", "biological", "cyber", "other"),
		b.Route.check(b.Common, "route"), checkParties(b.Common, "parties", b.Parties), checkPeriod("period", b.Period))
	if r == nil && len(b.Indicators) == 0 {
		return required("indicators", "")
	}
	for i, t := range b.Indicators {
		r = first(r, required(fmt.Sprintf("indicators[%d].text", i), t.Text))
	}
	return r
}

// ProliferationActivityObserved says that something was tested, launched, run or
// built at a site.
type ProliferationActivityObserved struct {
	Matter
	Kind     string    `json:"kind"`
	Site     Place     `json:"site"`
	Position *Position `json:"position,omitempty"`
	At       Instant   `json:"at,omitempty"`
	Source   string    `json:"source"` // what it was observed by
	Items    []Text    `json:"items,omitempty"`
}

// Concerns adds the state of the site.
func (b ProliferationActivityObserved) Concerns() []Country { return b.concerns(b.Site.Country) }

func (b ProliferationActivityObserved) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b ProliferationActivityObserved) check(s *State, _ Fact) *Refusal {
	return first(b.checkReport(s), oneOf("kind", b.Kind, "nuclear_test", "reactor_operation", "enrichment", "reprocessing", "ballistic_launch", "cruise_launch", "satellite_launch", "engine_test", "drone_flight", "construction", "display", "other"),
		checkPlace(b.Common, "site", &b.Site), checkPosition("position", b.Position), checkInstant("at", b.At, b.OccurredOn),
		oneOf("source", b.Source, "seismic", "radionuclide", "satellite_optical", "satellite_infrared", "satellite_radar", "radar", "aircraft", "announcement", "inspection", "other"))
}
