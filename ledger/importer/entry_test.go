package importer_test

import (
	"slices"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// A word that came with later rules is one that the ledger does not have: what is
// under nothing else is left out of an import rather than refused in it.
func TestEntryUnderOlderRules(t *testing.T) {
	e := importer.Entry{Measures: []string{"asset_freeze", "maritime_restriction"}, Unworded: []string{"Other"}}
	if got := e.Under(4); !slices.Equal(got.Measures, e.Measures) || len(got.Unworded) != 1 {
		t.Errorf("under version 4: %v, %v", got.Measures, got.Unworded)
	}
	if got := e.Under(3); !slices.Equal(got.Measures, []string{"asset_freeze"}) || !slices.Equal(got.Unworded, []string{"Other", "maritime_restriction"}) {
		t.Errorf("under version 3: %v, %v", got.Measures, got.Unworded)
	}
	e.Measures = e.Measures[1:]
	if e.Under(4).Unheld() || !e.Under(3).Unheld() {
		t.Error("a ship under a maritime restriction alone is held from version 4 on")
	}
}
