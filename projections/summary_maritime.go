package projections

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// sayMaritime words what was seen of ships and done to them.
func sayMaritime(who string, body domain.Body) string {
	switch b := body.(type) {
	case domain.VesselIdentityChanged:
		return fmt.Sprintf("%s reported%s that the vessel IMO %s changed its identity%s%s%s", who, sure(b.Confidence), b.IMO, renamed(b.Old, b.New), fraud(b.Fraudulent), on(b.OccurredOn))
	case domain.VesselObserved:
		return fmt.Sprintf("%s reported%s that %s was observed%s%s (%s)%s", who, sure(b.Confidence), named(&b.Vessel), words(b.Activity), where(b.Position, b.Place), plainly(b.Sensor), on(b.OccurredOn))
	case domain.ShipToShipTransferReported:
		return fmt.Sprintf("%s reported%s a transfer of %s between %d ships%s%s", who, sure(b.Confidence), b.Commodity, len(b.Vessels), where(b.Position, b.Place), on(b.OccurredOn))
	case domain.VesselInspected:
		return sayInspected(who, b)
	case domain.VesselDeregistered:
		return fmt.Sprintf("%s reported that %s struck %s off its registry%s%s", who, b.Flag, named(&b.Vessel), on(effective(b.VesselMeasure)), answering(b.Order))
	case domain.PortEntryDenied:
		return fmt.Sprintf("%s reported that %s denied %s entry%s%s%s", who, actor(who, b.Act), named(&b.Vessel), near(b.Port), on(effective(b.VesselMeasure)), answering(b.Order))
	case domain.VesselServiceWithdrawn:
		return fmt.Sprintf("%s reported that %s lost its %s%s%s%s", who, named(&b.Vessel), plainly(b.Service), lead("of", named(b.Provider)), on(effective(b.VesselMeasure)), answering(b.Order))
	}
	return ""
}

func sayInspected(who string, b domain.VesselInspected) string {
	place := " on the high seas"
	if !b.HighSeas && b.Place != nil {
		place = near(*b.Place)
	}
	if b.Refused {
		return fmt.Sprintf("%s reported that %s refused inspection%s%s", who, named(&b.Vessel), place, on(b.OccurredOn))
	}
	return fmt.Sprintf("%s reported that %s inspected %s%s%s: %s", who, actor(who, b.Act), named(&b.Vessel), place, on(b.OccurredOn), plainly(b.Result))
}

func effective(b domain.VesselMeasure) domain.Date { return cmp.Or(b.EffectiveOn, b.OccurredOn) }

// actor names the state whose act it is.
func actor(who string, b domain.Act) string { return string(cmp.Or(b.Member, member(who))) }

func plainly(word string) string { return strings.ReplaceAll(word, "_", " ") }

func words(word string) string {
	if word == "" {
		return ""
	}
	return " " + plainly(word)
}

// sure says how sure the asserter is, where it is less than sure.
func sure(confidence string) string {
	if confidence == "" || confidence == "confirmed" {
		return ""
	}
	return " as " + confidence
}

func fraud(fraudulent bool) string {
	if fraudulent {
		return " by fraud"
	}
	return ""
}

func renamed(was, is domain.VesselIdentity) string {
	if was.Name == is.Name {
		return ""
	}
	return lead("from", was.Name) + lead("to", is.Name)
}

func where(p *domain.Position, place *domain.Place) string {
	if place != nil && placeName(*place) != "" {
		return near(*place)
	}
	if p != nil {
		return " at " + p.Lat + ", " + p.Lon
	}
	return ""
}

func answering(o *domain.Order) string {
	if o == nil {
		return ""
	}
	return lead("as asked by", o.RequestedBy)
}
