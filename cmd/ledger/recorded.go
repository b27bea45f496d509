package main

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// held is what the journal says of designations: corrections applied,
// withdrawn statements left out.
type held struct {
	regimes      map[string]domain.Regime
	designations map[string]*heldDesignation
	transposed   map[string]uint64 // member|designation to index
}

// heldDesignation is one designation as it reads now.
type heldDesignation struct {
	domain.DesignationAdopted
	removed bool
}

// holdings connects to the ledger and reads what it holds.
func (a *app) holdings(ctx context.Context) (*held, error) {
	r, err := a.connect()
	if err != nil {
		return nil, err
	}
	return r.holdings(ctx)
}

// holdings reads the journal once.
func (r *remote) holdings(ctx context.Context) (*held, error) {
	var all []event
	withdrawn := make(map[uint64]bool)
	corrected := make(map[uint64]domain.EventCorrected)
	for e, err := range r.events(ctx, "regime.adopted", "custodian.appointed", "designation.adopted", "designation.amended",
		"designation.removed", "designation.reinstated", "designation.transposed", "event.corrected", "event.withdrawn") {
		if err != nil {
			return nil, err
		}
		switch e.Type {
		case "event.withdrawn":
			var b domain.EventWithdrawn
			err = json.Unmarshal(e.Payload, &b)
			withdrawn[b.Target.Index] = true
		case "event.corrected":
			var b domain.EventCorrected
			err = json.Unmarshal(e.Payload, &b)
			corrected[b.Target.Index] = b
		default:
			all = append(all, e)
		}
		if err != nil {
			return nil, fmt.Errorf("event %d: %w", e.Index, err)
		}
	}
	h := &held{regimes: map[string]domain.Regime{}, designations: map[string]*heldDesignation{}, transposed: map[string]uint64{}}
	for _, e := range all {
		if withdrawn[e.Index] {
			continue
		}
		if c, ok := corrected[e.Index]; ok {
			e.Version, e.Payload = c.Version, c.Replacement
		}
		if err := h.fold(e); err != nil {
			return nil, fmt.Errorf("event %d: %w", e.Index, err)
		}
	}
	return h, nil
}

func (h *held) fold(e event) error {
	decoded, refusal := domain.Decode(domain.Header{Type: e.Type, Version: e.Version}, e.Payload)
	if refusal != nil {
		return refusal
	}
	switch b := decoded.Body.(type) {
	case domain.RegimeAdopted:
		h.regimes[b.ID] = b.Regime
	case domain.CustodianAppointed:
		r := h.regimes[b.Regime]
		r.Custodian = b.Custodian
		h.regimes[b.Regime] = r
	case domain.DesignationAdopted:
		h.designations[b.Designation] = &heldDesignation{DesignationAdopted: b}
	case domain.DesignationAmended:
		h.amend(b)
	case domain.DesignationRemoved:
		if d, ok := h.designations[b.Designation]; ok {
			d.removed = true
		}
	case domain.DesignationReinstated:
		h.reinstate(b)
	case domain.DesignationTransposed:
		h.transposed[b.Key()] = e.Index
	}
	return nil
}

func (h *held) amend(b domain.DesignationAmended) {
	d, ok := h.designations[b.Designation]
	if !ok {
		return
	}
	if b.Subject != nil {
		d.Subject = *b.Subject
	}
	d.PublishedOn = max(d.PublishedOn, b.PublishedOn)
	if b.Measures != nil {
		d.Measures = b.Measures
	}
}

func (h *held) reinstate(b domain.DesignationReinstated) {
	d, ok := h.designations[b.Designation]
	if !ok {
		return
	}
	d.removed = false
	if b.Subject != nil {
		d.Subject = *b.Subject
	}
	if b.Measures != nil {
		d.Measures = b.Measures
	}
}

// adopted finds a regime that the issuer may transcribe.
func (h *held) adopted(id string, issuer domain.AgencyID) (domain.Regime, error) {
	r, ok := h.regimes[id]
	switch {
	case !ok:
		return r, fmt.Errorf("the regime %s is not adopted: draft it (ledger regimes), propose, endorse and enact it first", id)
	case r.Custodian != issuer && r.Authority != issuer.Member():
		return r, fmt.Errorf("the custodian of %s is %s: %s may not transcribe its list", id, r.Custodian, issuer)
	}
	return r, nil
}

// newest is the latest publication that designations of an authority rest on.
func (h *held) newest(authority domain.Country) domain.Date {
	var out domain.Date
	for _, d := range h.designations {
		if d.Authority == authority {
			out = max(out, d.PublishedOn)
		}
	}
	return out
}
