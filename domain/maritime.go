package domain

import "fmt"

var maritimeKinds = []kind{
	define[VesselIdentityChanged]("vessel.identity_changed", 1).from(3),
	define[VesselObserved]("vessel.observed", 1).from(3),
	define[ShipToShipTransferReported]("ship_to_ship_transfer.reported", 1).from(3),
	define[VesselInspected]("vessel.inspected", 1).from(3),
	define[VesselDeregistered]("vessel.deregistered", 1).from(3),
	define[PortEntryDenied]("port_entry.denied", 1).from(3),
	define[VesselServiceWithdrawn]("vessel_service.withdrawn", 1).from(3),
}

// VesselIdentityChanged says that a hull took another name, flag, number or
// owner, openly or by fraud. The IMO number is what stays.
type VesselIdentityChanged struct {
	Matter
	IMO        string         `json:"imo"`
	Old        VesselIdentity `json:"old"`
	New        VesselIdentity `json:"new"`
	Fraudulent bool           `json:"fraudulent,omitzero"` // the new identity is another ship's, or nobody's
}

// VesselIdentity is what a ship is known by; empty where it is not known.
type VesselIdentity struct {
	Name     string `json:"name,omitempty"`
	Flag     string `json:"flag,omitempty"` // a code, or unknown, false, stateless
	MMSI     string `json:"mmsi,omitempty"`
	CallSign string `json:"call_sign,omitempty"`
	Owner    string `json:"owner,omitempty"`
	Operator string `json:"operator,omitempty"`
}

func (v VesselIdentity) check(c Common, field string) *Refusal {
	return first(checkFlag(c, field+".flag", v.Flag), checkMMSI(field+".mmsi", v.MMSI))
}

// Key is the IMO number.
func (b VesselIdentityChanged) Key() string { return b.IMO }

// Concerns adds the flags.
func (b VesselIdentityChanged) Concerns() []Country {
	return b.concerns(flagState(b.Old.Flag), flagState(b.New.Flag))
}

func (b VesselIdentityChanged) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b VesselIdentityChanged) check(s *State, _ Fact) *Refusal {
	if b.Old == b.New {
		return refuse("vessel.unchanged", "new", "the old and the new identity are the same: say what changed")
	}
	return first(b.checkReport(s), checkIMO("imo", b.IMO), b.Old.check(b.Common, "old"), b.New.check(b.Common, "new"))
}

// VesselObserved says that a ship was seen, or was not where its signals said.
type VesselObserved struct {
	Matter
	Vessel        Subject   `json:"vessel"`
	FlagClaimed   string    `json:"flag_claimed,omitempty"`
	Position      *Position `json:"position,omitempty"`
	Place         *Place    `json:"place,omitempty"`
	At            Instant   `json:"at,omitempty"`
	Sensor        string    `json:"sensor"`
	Activity      string    `json:"activity,omitempty"`
	AISGapMinutes int       `json:"ais_gap_minutes,omitzero"` // since its last signal
}

// Concerns adds the flag.
func (b VesselObserved) Concerns() []Country { return b.concerns(flagState(b.FlagClaimed)) }

func (b VesselObserved) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b VesselObserved) check(s *State, _ Fact) *Refusal {
	if b.Position == nil && b.Place.empty() {
		return required("position", "")
	}
	if b.AISGapMinutes < 0 {
		return refuse("ais_gap.negative", "ais_gap_minutes", "give the minutes since the ship's last signal, from 0")
	}
	return first(b.checkReport(s), checkVessel("vessel", b.Vessel), checkFlag(b.Common, "flag_claimed", b.FlagClaimed),
		checkPosition("position", b.Position), checkPlace(b.Common, "place", b.Place), checkInstant("at", b.At, b.OccurredOn),
		oneOf("sensor", b.Sensor, "ais", "radar", "satellite_optical", "satellite_radar", "aircraft", "patrol", "port_call", "other"),
		oneOf("activity", b.Activity, "", "under_way", "anchored", "moored", "drifting", "loitering", "loading", "unloading", "ship_to_ship", "fishing", "other"))
}

func (p *Place) empty() bool { return p == nil || *p == Place{} }

func checkPlace(c Common, field string, p *Place) *Refusal {
	if p == nil || p.Country == "" {
		return nil
	}
	return first(checkCountry(field+".country", p.Country), c.notInvented(field+".country", p.Country))
}

// ShipToShipTransferReported says that goods went from ship to ship.
type ShipToShipTransferReported struct {
	Matter
	Vessels   []TransferVessel `json:"vessels"`
	Position  *Position        `json:"position,omitempty"`
	Place     *Place           `json:"place,omitempty"`
	Start     Instant          `json:"start,omitempty"` // in occurred_on
	End       Instant          `json:"end,omitempty"`
	Commodity string           `json:"commodity"`
	HSCode    string           `json:"hs_code,omitempty"`
	Quantity  *Quantity        `json:"quantity,omitempty"`
}

// TransferVessel is a ship and its part in a transfer.
type TransferVessel struct {
	Role        string  `json:"role"` // supplier, receiver, unknown
	Vessel      Subject `json:"vessel"`
	FlagClaimed string  `json:"flag_claimed,omitempty"`
}

// Concerns adds the flags.
func (b ShipToShipTransferReported) Concerns() []Country {
	var flags []Country
	for _, v := range b.Vessels {
		flags = append(flags, flagState(v.FlagClaimed))
	}
	return b.concerns(flags...)
}

func (b ShipToShipTransferReported) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b ShipToShipTransferReported) check(s *State, _ Fact) *Refusal {
	r := first(b.checkReport(s), required("commodity", b.Commodity), checkHS("hs_code", b.HSCode), checkQuantity("quantity", b.Quantity),
		checkPosition("position", b.Position), checkPlace(b.Common, "place", b.Place), checkInstant("start", b.Start, b.OccurredOn))
	if r == nil && b.End != "" {
		r = first(checkInstant("end", b.End, b.End.Day()), b.checkOrder())
	}
	if r == nil && len(b.Vessels) < 2 {
		r = refuse("transfer.vessels", "vessels", "a transfer has two ships at least: of one that is not known give what was seen of it as its name")
	}
	for i, v := range b.Vessels {
		at := fmt.Sprintf("vessels[%d]", i)
		r = first(r, oneOf(at+".role", v.Role, "supplier", "receiver", "unknown"), checkVessel(at+".vessel", v.Vessel), checkFlag(b.Common, at+".flag_claimed", v.FlagClaimed))
	}
	return r
}

func (b ShipToShipTransferReported) checkOrder() *Refusal {
	if b.Start != "" && b.End < b.Start {
		return refuse("time.backwards", "end", fmt.Sprintf("the transfer ends (%s) before it starts (%s): exchange the times", b.End, b.Start))
	}
	return nil
}
