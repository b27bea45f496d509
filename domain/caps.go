package domain

import (
	"fmt"
	"math/big"
)

// PetroleumTransferReported counts against a cap: what a supplier notified, or
// what others allege or dispute. The three are shown side by side, never added.
type PetroleumTransferReported struct {
	Matter
	Product    string      `json:"product"` // refined, crude
	Quantity   Quantity    `json:"quantity"`
	Converted  *Conversion `json:"converted,omitempty"`
	Period     Period      `json:"period"`
	Supplier   Country     `json:"supplier"`
	Receiver   Country     `json:"receiver,omitempty"`
	Parties    []Party     `json:"parties,omitempty"`
	Status     string      `json:"status"`                // notified, alleged, disputed
	NotifiedOn Date        `json:"notified_on,omitempty"` // to the Committee
}

// Conversion states a quantity in barrels, and how it was computed.
type Conversion struct {
	Barrels string `json:"bbl"`
	Factor  string `json:"factor"` // barrels to a unit of the quantity
	Source  string `json:"source"` // of the factor: the Committee's table, a density
}

// check allows for rounding to a whole barrel.
func (c Conversion) check(field string, q Quantity) *Refusal {
	if r := first(checkDecimal(field+".bbl", c.Barrels), checkDecimal(field+".factor", c.Factor), required(field+".source", c.Source)); r != nil {
		return r
	}
	product := new(big.Rat).Mul(decimal(q.Amount), decimal(c.Factor))
	if product.Sub(product, decimal(c.Barrels)).Abs(product).Cmp(decimal("1")) > 0 {
		return refuse("conversion.differs", field+".bbl", fmt.Sprintf("%s %s times %s are not %s barrels: compute it again", q.Amount, q.Unit, c.Factor, c.Barrels))
	}
	return nil
}

// Concerns adds supplier and receiver.
func (b PetroleumTransferReported) Concerns() []Country { return b.concerns(b.Supplier, b.Receiver) }

func (b PetroleumTransferReported) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b PetroleumTransferReported) check(s *State, f Fact) *Refusal {
	r := first(b.checkMatter(s), oneOf("product", b.Product, "refined", "crude"), b.Quantity.check("quantity"), required("period.from", string(b.Period.From)),
		required("period.to", string(b.Period.To)), b.Period.check("period"), checkCountry("supplier", b.Supplier), checkCountryIfSet("receiver", b.Receiver),
		checkParties(b.Common, "parties", b.Parties), oneOf("status", b.Status, "notified", "alleged", "disputed"), checkDate("notified_on", b.NotifiedOn))
	if r == nil && b.Converted != nil {
		r = b.Converted.check("converted", b.Quantity)
	}
	return first(r, b.checkStates(), b.checkTeller(s, f), s.sound(past(f, "notified_on", b.NotifiedOn)))
}

func (b PetroleumTransferReported) checkStates() *Refusal {
	if b.Receiver == "" {
		return b.notInvented("supplier", b.Supplier)
	}
	return first(b.notInvented("supplier", b.Supplier), b.notInvented("receiver", b.Receiver))
}

// checkTeller leaves a notification to who notified, and to the custodian that
// transcribes it. What is alleged or disputed is its asserter's word.
func (b PetroleumTransferReported) checkTeller(s *State, f Fact) *Refusal {
	if b.Status == "notified" {
		return first(required("notified_on", string(b.NotifiedOn)), b.mayTell(s, f, b.Supplier))
	}
	return asserted(b.Common)
}
