package domain

// VesselInspected says that a state inspected a ship, in its port or with the
// flag's consent on the high seas, or that the ship refused. The full report
// follows: report_due_on until then, and a correction adds where it is.
type VesselInspected struct {
	Act
	Vessel      Subject    `json:"vessel"`
	FlagClaimed string     `json:"flag_claimed,omitempty"`
	Place       *Place     `json:"place,omitempty"`
	HighSeas    bool       `json:"high_seas,omitzero"`
	Position    *Position  `json:"position,omitempty"`
	FlagConsent string     `json:"flag_consent,omitempty"`
	Grounds     Text       `json:"grounds"`
	Refused     bool       `json:"refused,omitzero"`
	Result      string     `json:"result,omitempty"`
	Findings    *Text      `json:"findings,omitempty"`
	ReportDueOn Date       `json:"report_due_on,omitempty"`
	ReportedOn  Date       `json:"reported_on,omitempty"`
	Report      *SourceRef `json:"report,omitempty"`
}

// Concerns adds the flag.
func (b VesselInspected) Concerns() []Country { return b.concerns(flagState(b.FlagClaimed)) }

func (b VesselInspected) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b VesselInspected) check(s *State, f Fact) *Refusal {
	return first(b.checkAct(s, f), checkVessel("vessel", b.Vessel), checkFlag(b.Common, "flag_claimed", b.FlagClaimed),
		required("grounds.text", b.Grounds.Text), b.checkWhere(), b.checkResult(), checkDate("report_due_on", b.ReportDueOn), checkDate("reported_on", b.ReportedOn),
		s.sound(inOrder("report_due_on", b.OccurredOn, b.ReportDueOn), inOrder("reported_on", b.OccurredOn, b.ReportedOn), past(f, "reported_on", b.ReportedOn)))
}

func (b VesselInspected) checkWhere() *Refusal {
	consents := []string{"given", "refused", "not_answered", "not_asked", "not_needed"}
	if b.HighSeas != b.Place.empty() {
		return refuse("inspection.place", "place", "an inspection is either at a place (place) or on the high seas (high_seas): give one")
	}
	if !b.HighSeas {
		consents = append(consents, "")
	}
	return first(oneOf("flag_consent", b.FlagConsent, consents...), checkPosition("position", b.Position), checkPlace(b.Common, "place", b.Place))
}

func (b VesselInspected) checkResult() *Refusal {
	if b.Refused && b.Result != "" {
		return refuse("inspection.refused", "result", "an inspection that was refused has no result: leave it out, or say that it was not refused")
	}
	if b.Refused {
		return nil
	}
	return oneOf("result", b.Result, "nothing_found", "goods_found", "documents_false", "identity_false", "inconclusive")
}

// VesselMeasure is what a registry, port or provider did to a ship, and the
// order that it answers.
type VesselMeasure struct {
	Act
	Vessel      Subject `json:"vessel"`
	EffectiveOn Date    `json:"effective_on,omitempty"` // where it differs from occurred_on
	Order       *Order  `json:"order,omitempty"`
}

func (b VesselMeasure) checkMeasure(s *State, f Fact) *Refusal {
	return first(b.checkAct(s, f), checkVessel("vessel", b.Vessel), checkDate("effective_on", b.EffectiveOn), b.Order.check(s, b.OccurredOn))
}

func (b VesselMeasure) assume(s *State, f Fact) {
	b.Act.assume(s, f)
	b.Order.assume(s)
}

// VesselDeregistered says that a flag's registry struck a ship off.
type VesselDeregistered struct {
	VesselMeasure
	Flag     Country `json:"flag"`
	Registry string  `json:"registry,omitempty"`
}

// Concerns adds the flag.
func (b VesselDeregistered) Concerns() []Country { return b.concerns(b.Flag) }

func (b VesselDeregistered) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b VesselDeregistered) check(s *State, f Fact) *Refusal {
	return first(b.checkMeasure(s, f), checkCountry("flag", b.Flag), b.notInvented("flag", b.Flag))
}

// PortEntryDenied says that a state did not let a ship into its port.
type PortEntryDenied struct {
	VesselMeasure
	Port        Place  `json:"port"`
	FlagClaimed string `json:"flag_claimed,omitempty"`
}

// Concerns adds the flag.
func (b PortEntryDenied) Concerns() []Country { return b.concerns(flagState(b.FlagClaimed)) }

func (b PortEntryDenied) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b PortEntryDenied) check(s *State, f Fact) *Refusal {
	return first(b.checkMeasure(s, f), checkPlace(b.Common, "port", &b.Port), checkFlag(b.Common, "flag_claimed", b.FlagClaimed))
}

// VesselServiceWithdrawn says that a ship lost its class, insurance or another
// service that it needs to sail.
type VesselServiceWithdrawn struct {
	VesselMeasure
	Service  string   `json:"service"`
	Provider *Subject `json:"provider,omitempty"`
}

func (b VesselServiceWithdrawn) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b VesselServiceWithdrawn) check(s *State, f Fact) *Refusal {
	return first(b.checkMeasure(s, f), checkSubject("provider", b.Provider),
		oneOf("service", b.Service, "class", "insurance", "certification", "bunkering", "crewing", "management", "brokering", "other"))
}
