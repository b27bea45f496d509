package domain

// Subjects lists whom and what a matter describes, so that views find it by
// their identifiers. Types that describe somebody say so below.
func (m Matter) Subjects() []Subject { return nil }

// Subjects is the ship, by its number.
func (b VesselIdentityChanged) Subjects() []Subject {
	return []Subject{{Kind: "vessel", Identifiers: []Identifier{{Scheme: "imo", Value: b.IMO}}}}
}

// Subjects is the ship.
func (b VesselObserved) Subjects() []Subject { return []Subject{b.Vessel} }

// Subjects are the ships.
func (b ShipToShipTransferReported) Subjects() []Subject {
	out := make([]Subject, len(b.Vessels))
	for i, v := range b.Vessels {
		out[i] = v.Vessel
	}
	return out
}

// Subjects is the ship.
func (b VesselInspected) Subjects() []Subject { return []Subject{b.Vessel} }

// Subjects is the ship.
func (b VesselMeasure) Subjects() []Subject { return []Subject{b.Vessel} }

// Subjects are the carrier and those who sent and were to receive the goods.
func (b CargoSeized) Subjects() []Subject { return present(b.Carrier, b.Consignor, b.Consignee) }

// Subjects are the parties.
func (b PetroleumTransferReported) Subjects() []Subject { return parties(b.Parties) }

// Subjects are the parties.
func (b TradeViolationReported) Subjects() []Subject { return parties(b.Parties) }

// Subjects are the parties.
func (b ArmsTransferReported) Subjects() []Subject { return parties(b.Parties) }

// Subjects are the parties.
func (b TechnologyTransferReported) Subjects() []Subject { return parties(b.Parties) }

// Subjects are who paid and who was to be paid.
func (b TransactionRejected) Subjects() []Subject { return present(b.Originator, b.Counterparty) }

// Subjects is the holder.
func (b AccountClosed) Subjects() []Subject { return present(b.Holder) }

// Subjects are the victim and the actor.
func (b CyberTheftReported) Subjects() []Subject { return present(&b.Victim, b.Actor) }

// Subjects is the beneficiary.
func (b LicenceGranted) Subjects() []Subject { return present(b.Beneficiary) }

// Subjects is the applicant.
func (b LicenceRefused) Subjects() []Subject { return present(b.Applicant) }

// Subjects is the beneficiary.
func (b ExemptionGranted) Subjects() []Subject { return present(b.Beneficiary) }

// Subjects are who acted and who served it.
func (b ExceptionReliedOn) Subjects() []Subject { return present(b.Beneficiary, b.Provider) }

func present(all ...*Subject) []Subject {
	var out []Subject
	for _, s := range all {
		if s != nil {
			out = append(out, *s)
		}
	}
	return out
}

func parties(list []Party) []Subject {
	out := make([]Subject, len(list))
	for i, p := range list {
		out[i] = p.Subject
	}
	return out
}
