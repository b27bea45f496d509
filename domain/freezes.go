package domain

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// Freeze is what the state keeps of a freeze: how much of it still stands.
type Freeze struct {
	Member   Country
	Currency string
	Amount   string    // frozen; "" where it was not said
	Releases []Release // that stand, in order of record; replaced, never changed in place
}

// Release is one unfreezing: its index and amount, "" for all that was left.
type Release struct {
	Index  uint64
	Amount string
}

// except returns what was released but for the release at an index, whether
// there was any such release, and whether one of those releases was of all that was left.
func (z Freeze) except(index uint64) (sum *big.Rat, some, whole bool) {
	sum = new(big.Rat)
	for _, r := range z.Releases {
		if r.Index != index {
			sum.Add(sum, decimal(r.Amount))
			some, whole = true, whole || r.Amount == ""
		}
	}
	return sum, some, whole
}

// AssetFrozen says that an institution froze an asset.
type AssetFrozen struct {
	Common
	Regime       string   `json:"regime,omitempty"`
	Designations []string `json:"designations,omitempty"`
	Holder       *Subject `json:"holder,omitempty"`
	AssetKind    string   `json:"asset_kind"`
	Institution  string   `json:"institution,omitempty"`
	Amount       *Money   `json:"amount,omitempty"`
	AccountHash  *Hash    `json:"account_hash,omitempty"`
}

// Key is empty: a correction may change everything.
func (b AssetFrozen) Key() string { return "" }

func (b AssetFrozen) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b AssetFrozen) check(s *State, f Fact) *Refusal {
	r := first(required("occurred_on", string(b.OccurredOn)),
		oneOf("asset_kind", b.AssetKind, "account", "securities", "real_estate", "vessel", "vehicle", "crypto", "goods", "other"),
		checkMoney("amount", b.Amount), checkSubject("holder", b.Holder))
	if r != nil {
		return r
	}
	return checkBasis(s, b.Common, b.Regime, b.Designations)
}

func (b AssetFrozen) apply(s *State, f Fact) { b.revise(s, f, f.Index) }

func (b AssetFrozen) assume(s *State, f Fact) {
	s.assumeRegime(f, b.Regime, "")
	s.assumeDesignations(f, b.Designations...)
}

// mayRevise keeps a corrected freeze from falling below what was released.
func (b AssetFrozen) mayRevise(s *State, target uint64) *Refusal {
	z, _ := s.freezes.get(target)
	sum, _, _ := z.except(0)
	if sum.Sign() == 0 || b.Amount != nil && b.Amount.Currency == z.Currency && decimal(b.Amount.Amount).Cmp(sum) >= 0 {
		return nil
	}
	return refuse("freeze.below_released", "amount", fmt.Sprintf("%s %s of this freeze are released already: correct or withdraw those events first", plain(sum), z.Currency))
}

func (b AssetFrozen) revise(s *State, f Fact, target uint64) {
	old, _ := s.freezes.get(target)
	z := Freeze{Member: f.Issuer.Member(), Releases: old.Releases}
	if b.Amount != nil {
		z.Currency, z.Amount = b.Amount.Currency, b.Amount.Amount
	}
	s.freezes.put(target, z)
}

// AssetUnfrozen releases all or part of a recorded freeze.
type AssetUnfrozen struct {
	Common
	Freeze Ref    `json:"freeze"`
	Amount *Money `json:"amount,omitempty"` // empty: all that is left
	Reason string `json:"reason"`
}

// Key is the index of the freeze.
func (b AssetUnfrozen) Key() string { return strconv.FormatUint(b.Freeze.Index, 10) }

func (b AssetUnfrozen) admit(s *State, f Fact) *Refusal {
	return first(b.check(s, f), b.mayRevise(s, f.Index))
}

func (b AssetUnfrozen) check(s *State, f Fact) *Refusal {
	rec, r := s.target("freeze", b.Freeze)
	if r = first(r, required("reason", b.Reason), checkMoney("amount", b.Amount)); r != nil {
		return r
	}
	z, ok := s.freezes.get(b.Freeze.Index)
	switch {
	case !ok || rec.Withdrawn:
		return refuse("unfreeze.no_freeze", "freeze", fmt.Sprintf("index %d holds no standing asset.frozen", b.Freeze.Index))
	case z.Member != f.Issuer.Member():
		return refuse("unfreeze.foreign", "freeze", "a freeze is released by the member that made it")
	case b.Amount != nil && z.Amount == "":
		return refuse("unfreeze.no_amount", "amount", "the freeze states no amount: release it whole (leave amount out), or correct the freeze first")
	case b.Amount != nil && b.Amount.Currency != z.Currency:
		return refuse("unfreeze.currency", "amount.currency", "the freeze is in "+z.Currency+": release in the same currency")
	}
	return nil
}

// mayRevise compares with what the other releases of the same freeze left.
func (b AssetUnfrozen) mayRevise(s *State, index uint64) *Refusal {
	z, _ := s.freezes.get(b.Freeze.Index)
	sum, released, whole := z.except(index)
	left := new(big.Rat).Sub(decimal(z.Amount), sum)
	switch {
	case whole, released && left.Sign() <= 0:
		return refuse("unfreeze.nothing_left", "freeze", "this freeze is released in full already")
	case b.Amount != nil && decimal(b.Amount.Amount).Cmp(left) > 0:
		return refuse("unfreeze.exceeds", "amount", fmt.Sprintf("of %s %s frozen, %s are released already: this releases more than is left", z.Amount, z.Currency, plain(sum)))
	}
	return nil
}

func (b AssetUnfrozen) apply(s *State, f Fact) { b.revise(s, f, f.Index) }

func (b AssetUnfrozen) assume(s *State, f Fact) {
	z := Freeze{Member: f.Issuer.Member()}
	if b.Amount != nil {
		z.Currency, z.Amount = b.Amount.Currency, b.Amount.Amount
	}
	s.assumeEvent(b.Freeze, Record{Type: "asset.frozen", Statement: true})
	s.freezes.put(b.Freeze.Index, z)
}

func (b AssetUnfrozen) revise(s *State, _ Fact, target uint64) {
	amount := ""
	if b.Amount != nil {
		amount = b.Amount.Amount
	}
	s.release(b.Freeze.Index, target, &Release{Index: target, Amount: amount})
}

func (b AssetUnfrozen) retract(s *State, key string, index uint64) {
	if freeze, err := strconv.ParseUint(key, 10, 64); err == nil {
		s.release(freeze, index, nil)
	}
}

// release replaces the release that was recorded at an index; nil takes it back.
func (s *State) release(freeze, index uint64, by *Release) {
	z, ok := s.freezes.get(freeze)
	if !ok {
		return
	}
	z.Releases = slices.DeleteFunc(slices.Clone(z.Releases), func(r Release) bool { return r.Index == index })
	if by != nil {
		z.Releases = append(z.Releases, *by)
	}
	s.freezes.put(freeze, z)
}

// decimal reads an exact decimal; what is none counts as zero.
func decimal(text string) *big.Rat {
	v := new(big.Rat)
	if checkDecimal("", text) == nil { // SetString alone would expand 1e999999999
		v.SetString(text)
	}
	return v
}

func plain(v *big.Rat) string {
	return strings.TrimRight(strings.TrimRight(v.FloatString(8), "0"), ".")
}
