package main

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/history"
)

// held is what the journal says of designations: corrections applied,
// withdrawn statements left out.
type held struct {
	regimes    map[string]domain.Regime
	state      *history.State
	transposed map[string]uint64 // member|designation to index
	linked     map[string]link   // by SubjectLinked.Key
	rules      int               // version in force
	soundFrom  uint64            // index at which a gap became that of who observed it; 0: from the first event
	by         domain.AgencyID   // whose accounts of imports and gaps count, "" for nobody's
}

// link is a recorded link: whether it stands, and how often that was said.
type link struct {
	stands bool
	turns  int
}

// holdings connects to the ledger and reads what it holds. Of accounts of imports
// and of gaps only those of the agency given count: anybody may post one, and what
// it says must not keep a custodian from its own list.
func (a *app) holdings(ctx context.Context, by domain.AgencyID) (*held, error) {
	r, err := a.connect()
	if err != nil {
		return nil, err
	}
	return r.holdings(ctx, by)
}

// holdings reads the journal once.
func (r *remote) holdings(ctx context.Context, by domain.AgencyID) (*held, error) {
	var all []event
	withdrawn := make(map[uint64]bool)
	corrected := make(map[uint64]domain.EventCorrected)
	for e, err := range r.events(ctx, "coalition.founded", "rules.adopted", "regime.adopted", "custodian.appointed", "designation.adopted", "designation.amended",
		"designation.removed", "designation.reinstated", "designation.transposed", "list.imported", "list.gap_observed", "list.gap_closed", "subject.linked", "subject.unlinked", "event.corrected", "event.withdrawn") {
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
	h := &held{regimes: map[string]domain.Regime{}, state: history.NewState(), transposed: map[string]uint64{}, linked: map[string]link{}, by: by}
	if err := h.readRules(all); err != nil {
		return nil, err
	}
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

// readRules finds the version of the rules in force before anything is read by it.
func (h *held) readRules(all []event) error {
	for _, e := range all {
		if e.Type != "coalition.founded" && e.Type != "rules.adopted" {
			continue
		}
		body, err := e.decode()
		if err != nil {
			return fmt.Errorf("event %d: %w", e.Index, err)
		}
		switch b := body.(type) {
		case domain.CoalitionFounded:
			h.rules = b.Rules
		case domain.RulesAdopted:
			if domain.Sound(b.Version) && !domain.Sound(h.rules) {
				h.soundFrom = e.Index
			}
			h.rules = b.Version
		}
	}
	return nil
}

func (e event) decode() (domain.Body, error) {
	decoded, refusal := domain.Decode(domain.Header{Type: e.Type, Version: e.Version}, e.Payload)
	if refusal != nil {
		return nil, refusal
	}
	return decoded.Body, nil
}

func (h *held) fold(e event) error {
	body, err := e.decode()
	if err != nil {
		return err
	}
	switch b := body.(type) {
	case domain.RegimeAdopted:
		h.regimes[b.ID] = b.Regime
	case domain.CustodianAppointed:
		r := h.regimes[b.Regime]
		r.Custodian = b.Custodian
		h.regimes[b.Regime] = r
	case domain.DesignationTransposed:
		h.transposed[b.Key()] = e.Index
	case domain.SubjectLinked:
		h.linked[b.Key()] = link{true, h.linked[b.Key()].turns + 1}
	case domain.SubjectUnlinked:
		h.linked[b.Key()] = link{false, h.linked[b.Key()].turns + 1}
	case domain.ListImported:
		if e.Issuer == h.by {
			h.state.Fold(b)
		}
	case domain.ListGapObserved: // of who observed it, or of all under the rules in force
		if e.Issuer == h.by || !domain.Sound(h.rules) {
			h.state.Fold(b)
		}
	case domain.ListGapClosed: // while one gap stood for all, anybody ended it
		if e.Issuer == h.by || e.Index < h.soundFrom || !domain.Sound(h.rules) {
			h.state.Fold(b)
		}
	default:
		h.state.Fold(b)
	}
	return nil
}
