package main

import (
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/history"
)

// What the importer takes for its gaps is what the ledger does: its own, and
// ended by others only while anybody could end them.
func TestGapsThatTheImporterHeeds(t *testing.T) {
	const gap = `{"designation":"UN:1","source":"UN","first_missing":"2026-01-07","snapshot":"1111111111111111111111111111111111111111111111111111111111111111"}`
	const closed = `{"designation":"UN:1","source":"UN","closed_on":"2026-02-07","outcome":"error"}`
	observe := func(at uint64, by domain.AgencyID) event {
		return event{Index: at, Type: "list.gap_observed", Version: 1, Issuer: by, Payload: []byte(gap)}
	}
	end := func(at uint64, by domain.AgencyID) event {
		return event{Index: at, Type: "list.gap_closed", Version: 1, Issuer: by, Payload: []byte(closed)}
	}
	for name, c := range map[string]struct {
		rules  int
		events []event
		stands bool
	}{
		"its own":                          {4, []event{observe(11, "XA/desk")}, true},
		"another's":                        {4, []event{observe(11, "XB/desk")}, false},
		"another's, under old rules":       {3, []event{observe(11, "XB/desk")}, true},
		"ended by another while all could": {4, []event{observe(5, "XA/desk"), end(6, "XB/desk")}, false},
		"not ended by another since":       {4, []event{observe(11, "XA/desk"), observe(12, "XB/desk"), end(13, "XB/desk")}, true},
	} {
		h := &held{state: history.NewState(), rules: c.rules, soundFrom: 10, by: "XA/desk"}
		for _, e := range c.events {
			if err := h.fold(e); err != nil {
				t.Fatal(err)
			}
		}
		if got := h.state.Gap("UN:1", "UN"); got != c.stands {
			t.Errorf("%s: stands %v", name, got)
		}
	}
}
