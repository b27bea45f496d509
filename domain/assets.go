package domain

import (
	"fmt"
	"strings"
)

// AssetAmount is an exact decimal amount of a crypto asset, which ISO 4217 has no
// code for. Amounts of different assets, or of an asset and a currency, are
// never added; what an asset was worth is said beside it, as Money.
type AssetAmount struct {
	Amount string `json:"amount"`
	Asset  string `json:"asset"`           // ETH, XBT, USDT
	Chain  string `json:"chain,omitempty"` // where the asset exists on several
}

// check allows 18 digits after the point, as assets have.
func (a AssetAmount) check(field string) *Refusal {
	r := first(checkAsset(field+".asset", a.Asset), checkDecimalOf(field+".amount", a.Amount, 18))
	if r == nil && a.Chain != "" {
		r = checkAsset(field+".chain", a.Chain)
	}
	return r
}

// checkAsset accepts 2 to 12 capital letters and digits that are no currency.
func checkAsset(field, code string) *Refusal {
	bad := strings.ContainsFunc(code, func(r rune) bool { return (r < 'A' || r > 'Z') && (r < '0' || r > '9') })
	if bad || len(code) < 2 || len(code) > 12 || strings.Contains(currencies, " "+code+" ") {
		return refuse("asset.code", field, fmt.Sprintf("%q is no code of a crypto asset or chain: 2 to 12 capital letters and digits, as in ETH or USDT; a currency goes into a member for money", code))
	}
	return nil
}

// checkAmounts requires some amount, and each currency and asset once.
func checkAmounts(money []Money, assets []AssetAmount) *Refusal {
	if len(money)+len(assets) == 0 {
		return required("amounts", "")
	}
	seen := map[string]bool{}
	for i, m := range money {
		at := fmt.Sprintf("amounts[%d]", i)
		if r := first(m.check(at), once(seen, at, m.Currency)); r != nil {
			return r
		}
	}
	for i, a := range assets {
		at := fmt.Sprintf("assets[%d]", i)
		if r := first(a.check(at), once(seen, at, a.Asset+" "+a.Chain)); r != nil {
			return r
		}
	}
	return nil
}

func once(seen map[string]bool, field, code string) *Refusal {
	if seen[code] {
		return refuse("amounts.repeated", field, strings.TrimSpace(code)+" stands here twice: add the two amounts")
	}
	seen[code] = true
	return nil
}

// Wallet is an address on a chain.
type Wallet struct {
	Address string `json:"address"`
	Chain   string `json:"chain"`
}

// ValidAddress reports whether a wallet may bear an address, as its chain writes it.
func ValidAddress(a string) bool {
	return a != "" && len(a) <= 128 && !strings.ContainsAny(a, " \t\r\n|")
}

func (w Wallet) check(field string) *Refusal {
	if r := checkAsset(strings.TrimPrefix(field+".chain", "."), w.Chain); r != nil {
		return r
	}
	if !ValidAddress(w.Address) {
		return refuse("wallet.address", strings.TrimPrefix(field+".address", "."), "give the address as the chain writes it, without spaces")
	}
	return nil
}
