package projections

import (
	"fmt"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// sayGoods words what was said of goods, arms and what they are for.
func sayGoods(who string, body domain.Body) string {
	switch b := body.(type) {
	case domain.CargoSeized:
		return fmt.Sprintf("%s reported that %s seized %s%s%s%s", who, actor(who, b.Act), goods(b.Items), lead("from", named(b.Carrier)), near(b.Place), on(b.OccurredOn))
	case domain.PetroleumTransferReported:
		return fmt.Sprintf("%s reported %s %s of %s petroleum%s%s (%s%s)", who, b.Quantity.Amount, b.Quantity.Unit, b.Product, route(&domain.Route{From: b.Supplier, To: b.Receiver}), during(b.Period), b.Status, barrels(b.Converted))
	case domain.TradeViolationReported:
		return fmt.Sprintf("%s reported%s a trade violation (%s)%s%s%s", who, sure(b.Confidence), plainly(b.Category), amount(b.Value), route(b.Route), on(b.OccurredOn))
	case domain.ArmsTransferReported:
		return fmt.Sprintf("%s reported%s a transfer of arms%s%s%s", who, sure(b.Confidence), route(&b.Route), between(b.Containers), on(b.OccurredOn))
	case domain.TechnologyTransferReported:
		what := "a transfer of technology"
		if b.CoProduction {
			what = "co-production"
		}
		return fmt.Sprintf("%s reported%s %s (%s)%s%s", who, sure(b.Confidence), what, plainly(b.Field), route(&b.Route), on(b.OccurredOn))
	case domain.ProliferationActivityObserved:
		return fmt.Sprintf("%s reported%s an activity (%s)%s%s, seen by %s", who, sure(b.Confidence), plainly(b.Kind), where(b.Position, &b.Site), on(b.OccurredOn), plainly(b.Source))
	}
	return ""
}

func goods(items []domain.CargoItem) string {
	switch len(items) {
	case 0:
		return "cargo"
	case 1:
		return items[0].Description
	}
	return fmt.Sprintf("%s and %d more kinds of goods", items[0].Description, len(items)-1)
}

func route(r *domain.Route) string {
	if r == nil {
		return ""
	}
	return lead("from", string(r.From)) + lead("to", string(r.To)) + lead("by", plainly(r.Means))
}

func barrels(c *domain.Conversion) string {
	if c == nil {
		return ""
	}
	return ", " + c.Barrels + " bbl"
}

func between(r *domain.Range) string {
	switch {
	case r == nil:
		return ""
	case r.Low == r.High:
		return ", " + r.Low + " " + r.Unit
	}
	return ", " + r.Low + " to " + r.High + " " + r.Unit
}
