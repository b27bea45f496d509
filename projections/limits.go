package projections

import (
	"fmt"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Cap is what a recorded obligation states as the most of a product that all
// suppliers together may supply, in its own unit.
type Cap struct {
	domain.Quantity
	Per        string      `json:"per"`             // year, from 1 January
	Since      domain.Date `json:"since,omitempty"` // "" where the obligation states no start
	Until      domain.Date `json:"until,omitempty"`
	Obligation string      `json:"obligation"`
	Instrument string      `json:"instrument"`
	Paragraph  string      `json:"paragraph,omitempty"`
	Label      string      `json:"label,omitempty"` // that it was not compared with the original
	Note       string      `json:"note,omitempty"`
	Event      uint64      `json:"event"`
	Marks      Marks       `json:"marks"`
}

// limits returns the caps on a product in a calendar year: what standing
// obligations of the regime state. One that was in force as the year began ends
// those before it; several of one time are all returned. An illustrative one
// speaks of illustrative amounts alone.
func (t at) limits(regime, product string, year domain.Date, illustrative bool) []Cap {
	var out []Cap
	var newest domain.Date
	for _, e := range t.v.history.kinds["obligation.defined"] {
		b, ok := t.v.history.standing(e, t.n).(*domain.ObligationDefined)
		if !ok || b.Limit == nil || b.Regime != regime || b.Limit.Product != product || !t.happened(e) {
			continue
		}
		c := t.limitOf(b, e)
		if c.Marks.Illustrative && !illustrative || !t.by(c.Since) || c.Since > year.Latest() || c.Until != "" && c.Until.Latest() < year.Earliest() {
			continue
		}
		if out = append(out, c); c.Since <= year.Earliest() {
			newest = max(newest, c.Since)
		}
	}
	kept := out[:0]
	for _, c := range out {
		if c.Since >= newest {
			kept = append(kept, c)
		}
	}
	return kept
}

func (t at) limitOf(b *domain.ObligationDefined, e uint64) Cap {
	since := b.Trigger.From
	if since == "" {
		since = b.Trigger.On
	}
	o := owed{ObligationDefined: b, event: e}
	return Cap{
		Quantity: b.Limit.Amount, Per: b.Limit.Per, Since: since.Earliest(), Until: b.EndsOn, Obligation: b.Obligation,
		Instrument: b.Instrument, Paragraph: b.Paragraph, Label: o.label(), Note: b.Source.Note, Event: e, Marks: t.marks(e),
	}
}

// agreed returns the one cap that obligations state in a unit, nil where they
// state none or differ.
func agreed(caps []Cap, unit string) *Cap {
	var out *Cap
	for i, c := range caps {
		switch {
		case c.Unit != unit:
		case out != nil && rat(out.Amount).Cmp(rat(c.Amount)) != 0:
			return nil
		default:
			out = &caps[i]
		}
	}
	return out
}

// noCap says why there is no cap to compare with, and what records one.
func noCap(regime, product, unit string, caps []Cap) string {
	differ := 0
	for _, c := range caps {
		count(&differ, c.Unit == unit)
	}
	switch {
	case differ > 1:
		return fmt.Sprintf("%d obligations state different caps in %s for this time, and none is compared with: one of them is corrected or withdrawn", differ, unit)
	case regime == "":
		return "the reports name no regime, so no cap is held to them"
	}
	return fmt.Sprintf("no cap in %s is recorded: it is the limit (product %s) of an obligation.defined of regime %s", unit, product, regime)
}
