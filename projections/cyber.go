package projections

import (
	"cmp"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

const cyberNotice = "Losses as each member reports them: two members may report one theft, so what they say is never added, nor are currencies, assets, or stated, alleged and disputed amounts. The same loss may stand as an asset and as what it was worth. What was frozen alone is not recovered: it stands apart, and the events say how each amount was."

// howFrozen says that a part of a loss is held, and not taken back yet.
const howFrozen = "frozen"

// CyberPage holds losses over networks and what was recovered.
type CyberPage struct {
	Scope
	Losses []CyberLoss `json:"losses"`
	Notice string      `json:"notice"`
}

// CyberLoss is what one member reports in one band and one currency or asset.
type CyberLoss struct {
	Reporter          domain.Country `json:"reporter"`
	Illustrative      bool           `json:"illustrative"`                // invented for teaching, or of a code that stands for nobody real
	Band              string         `json:"band"`                        // stated, alleged, disputed
	Unit              string         `json:"unit"`                        // a currency, or an asset with its chain
	Asset             bool           `json:"asset"`                       // the unit is a crypto asset
	Lost              string         `json:"lost,omitempty"`              // absent: none stated in this unit
	Attributed        string         `json:"attributed"`                  // of Lost: an actor is named
	Recovered         string         `json:"recovered"`                   // seized, returned, forfeited or otherwise, as How says
	Frozen            string         `json:"frozen"`                      // alone, and not in Recovered
	RecoveredDisputed string         `json:"recovered_disputed"`          // told, and disputed: in neither
	Rate              string         `json:"recovered_percent,omitempty"` // of Recovered alone
	How               []HowRecovered `json:"how"`
	Thefts            Events         `json:"thefts"`
	Recoveries        Events         `json:"recoveries"`
}

// HowRecovered is what one event tells of an amount.
type HowRecovered struct {
	Index    uint64 `json:"index"`
	How      string `json:"how"` // seized, frozen, returned, forfeited, other
	Amount   string `json:"amount"`
	Disputed bool   `json:"disputed"`
}

// lossKey is what a row is about.
type lossKey struct {
	reporter domain.Country
	band     string
	unit     string
	asset    bool
	invented bool
}

type loss struct {
	lost, attributed, recovered, frozen, disputed *big.Rat
	stated                                        bool
	thefts, recoveries                            []uint64
	how                                           []HowRecovered // the first MaxEvents
}

// Cyber returns losses over networks and recoveries.
func (v *Views) Cyber(q Query) CyberPage {
	t := v.at(q)
	rows := map[lossKey]*loss{}
	for _, e := range t.known(v.history.kinds["cyber_theft.reported"]) {
		if b, ok := t.v.history.standing(e, t.n).(domain.CyberTheftReported); ok && t.happened(e) {
			t.addLoss(rows, e, b)
		}
	}
	for _, e := range t.known(v.history.kinds["cyber_theft.recovered"]) {
		if b, ok := t.v.history.standing(e, t.n).(domain.CyberTheftRecovered); ok && t.happened(e) {
			t.addRecovery(rows, e, b)
		}
	}
	page := CyberPage{Scope: t.scope(), Losses: []CyberLoss{}, Notice: cyberNotice}
	keys := slices.SortedFunc(maps.Keys(rows), func(a, b lossKey) int {
		return cmp.Or(cmp.Compare(a.reporter, b.reporter), cmp.Compare(a.band, b.band), cmp.Compare(a.unit, b.unit), realFirst(a.invented, b.invented))
	})
	for _, key := range keys {
		page.Losses = append(page.Losses, rows[key].show(key))
	}
	return page
}

func lossOf(rows map[lossKey]*loss, key lossKey) *loss {
	if rows[key] == nil {
		rows[key] = &loss{lost: new(big.Rat), attributed: new(big.Rat), recovered: new(big.Rat), frozen: new(big.Rat), disputed: new(big.Rat)}
	}
	return rows[key]
}

// eachAmount calls see with amounts of money and of assets.
func eachAmount(money []domain.Money, assets []domain.AssetAmount, see func(unit string, asset bool, amount *big.Rat)) {
	for _, m := range money {
		see(m.Currency, false, rat(m.Amount))
	}
	for _, a := range assets {
		see(strings.TrimSpace(a.Asset+" "+a.Chain), true, rat(a.Amount))
	}
}

func (t at) addLoss(rows map[lossKey]*loss, e uint64, b domain.CyberTheftReported) {
	reporter, band := t.v.history.rows[e].issuer.Member(), t.band(e)
	eachAmount(b.Amounts, b.Assets, func(unit string, asset bool, amount *big.Rat) {
		row := lossOf(rows, lossKey{reporter, band, unit, asset, invented(b, reporter)})
		row.lost.Add(row.lost, amount)
		if b.Actor != nil || b.ActorID != "" {
			row.attributed.Add(row.attributed, amount)
		}
		row.stated, row.thefts = true, append(row.thefts, e)
	})
}

// addRecovery puts a recovery beside the theft that it is of, as that one's
// reporter tells it.
func (t at) addRecovery(rows map[lossKey]*loss, e uint64, b domain.CyberTheftRecovered) {
	theft := b.Theft.Index
	of, ok := t.v.history.standing(theft, t.n).(domain.CyberTheftReported)
	if !ok || !t.happened(theft) {
		return
	}
	reporter, band := t.v.history.rows[theft].issuer.Member(), t.band(theft)
	eachAmount(b.Amounts, b.Assets, func(unit string, asset bool, amount *big.Rat) {
		row := lossOf(rows, lossKey{reporter, band, unit, asset, invented(of, reporter) || b.Illustrative})
		to, disputed := row.recovered, t.flagsOf(e).disputed
		switch {
		case disputed:
			to = row.disputed
		case b.How == howFrozen:
			to = row.frozen
		}
		to.Add(to, amount)
		row.recoveries = append(row.recoveries, e)
		if len(row.how) < MaxEvents {
			row.how = append(row.how, HowRecovered{e, b.How, exact(amount), disputed})
		}
	})
}

func (l *loss) show(key lossKey) CyberLoss {
	out := CyberLoss{
		Reporter: key.reporter, Illustrative: key.invented, Band: key.band, Unit: key.unit, Asset: key.asset, Attributed: exact(l.attributed), Recovered: exact(l.recovered),
		Frozen: exact(l.frozen), How: append([]HowRecovered{}, l.how...), RecoveredDisputed: exact(l.disputed), Thefts: bounded(l.thefts), Recoveries: bounded(l.recoveries),
	}
	if l.stated {
		out.Lost, out.Rate = exact(l.lost), percent(l.recovered, l.lost)
	}
	return out
}
