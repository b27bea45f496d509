package projections

import (
	"maps"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

const assetsNotice = "Freezes less releases, by member and currency. Currencies are never added, nor are stated, alleged and disputed amounts."

// Bands of amounts, by how sure they are.
const (
	BandStated   = "stated"
	BandAlleged  = "alleged"
	BandDisputed = "disputed" // a dispute stands open
)

// AssetPage holds what each member froze.
type AssetPage struct {
	Scope
	Members []MemberAssets `json:"members"`
	Notice  string         `json:"notice"`
}

// MemberAssets is what one member froze and has not released.
type MemberAssets struct {
	Country      domain.Country `json:"country"`
	Name         string         `json:"name"`
	Illustrative bool           `json:"illustrative,omitempty"`
	Frozen       []MoneyBand    `json:"frozen"`
	Unstated     Events         `json:"without_amount"` // freezes that state none
	Explanations []Remark       `json:"explanations"`
}

// MoneyBand is an amount in one currency, of one band.
type MoneyBand struct {
	Band string `json:"band"`
	domain.Money
	Events Events `json:"events"`
}

// AssetQuery selects what was frozen.
type AssetQuery struct {
	Query
	State domain.Country
}

// Assets returns frozen assets by member and currency.
func (v *Views) Assets(q AssetQuery) AssetPage {
	t := v.at(q.Query)
	page := AssetPage{Scope: t.scope(), Members: []MemberAssets{}, Notice: assetsNotice}
	for _, c := range slices.Sorted(maps.Keys(v.activity.Acts)) {
		if q.State != "" && q.State != c {
			continue
		}
		if row := t.memberAssets(c); len(row.Frozen) > 0 || row.Unstated.Total > 0 {
			page.Members = append(page.Members, row)
		}
	}
	return page
}

func (t at) memberAssets(c domain.Country) MemberAssets {
	out := MemberAssets{Country: c, Name: countryName(c), Illustrative: c.UserAssigned(), Frozen: []MoneyBand{}, Explanations: []Remark{}}
	for _, m := range t.memberMoney(c) {
		out.Frozen = append(out.Frozen, MoneyBand{Band: m.Band, Money: m.Money, Events: bounded(m.events)})
	}
	var unstated []uint64
	for _, e := range t.v.activity.Acts[c] {
		if b, ok := t.acts(c, e).(*domain.AssetFrozen); ok && b.Amount == nil {
			unstated = append(unstated, e)
		}
	}
	out.Unstated = bounded(unstated)
	for _, r := range t.explained(c) {
		if r.Figure == "activity" || strings.HasPrefix(r.Figure, "activity.frozen") {
			out.Explanations = append(out.Explanations, r)
		}
	}
	return out
}

// bandMoney is an amount of one band with all its events.
type bandMoney struct {
	Band string
	moneyBehind
}

// memberMoney adds up what a state froze and has not released, by band and
// currency. A release goes with its freeze.
func (t at) memberMoney(c domain.Country) []bandMoney {
	bands := map[string][]uint64{}
	for _, e := range t.v.activity.Acts[c] {
		switch b := t.acts(c, e).(type) {
		case *domain.AssetFrozen:
			bands[t.band(e)] = append(bands[t.band(e)], e)
		case *domain.AssetUnfrozen:
			if b.Freeze.Index < t.n && t.acts(c, b.Freeze.Index) != nil {
				bands[t.band(b.Freeze.Index)] = append(bands[t.band(b.Freeze.Index)], e)
			}
		}
	}
	var out []bandMoney
	for _, band := range []string{BandStated, BandAlleged, BandDisputed} {
		for _, m := range t.frozen(bands[band]) {
			out = append(out, bandMoney{band, m})
		}
	}
	return out
}

// band says how sure a statement is: disputed while a dispute of it stands open.
func (t at) band(e uint64) string {
	if t.flagsOf(e).disputed {
		return BandDisputed
	}
	if st, ok := t.v.history.bodyAt(e, t.n).(domain.Statement); ok && st.Base().Confidence == "alleged" {
		return BandAlleged
	}
	return BandStated
}
