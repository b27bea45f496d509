package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/formats"
)

type regimesForCmd struct {
	drafting
	List        string   `arg:"" help:"Which list: un, vessels, ofac, eu, uk, ca, au or jp."`
	File        string   `arg:"" help:"The published file, or the folder of a list that comes in several."`
	Regime      []string `placeholder:"ID" help:"This regime alone; repeat for more."`
	AllPrograms bool     `help:"All regimes of a list of which by default the one on the DPRK is taken."`
}

// Help shows more under --help.
func (c *regimesForCmd) Help() string {
	return "The measures of a draft are those that the list states for its entries, or an asset freeze where it states none; a name is the list's own. Legal bases are not in the lists: check each draft, and add them, before you propose it."
}

// Run writes a draft of each regime that entries of the file fall under.
func (c *regimesForCmd) Run(a *app) error {
	format, err := formats.Named(c.List)
	if err != nil {
		return &usageError{err}
	}
	r, err := read(format, c.File)
	if err != nil {
		return err
	}
	drafts := make(map[string]domain.RegimeAdopted)
	stated := make(map[string]map[string]bool)
	for _, e := range r.List.Entries {
		id := format.Regime(e)
		want := choosing{Regime: c.Regime, AllPrograms: c.AllPrograms}
		if e.Unheld() || !want.wants(publication{Reading: r}, id, false) {
			continue
		}
		if _, ok := drafts[id]; !ok {
			stated[id] = make(map[string]bool)
			drafts[id] = domain.RegimeAdopted{Regime: domain.Regime{
				ID: id, Name: regimeName(format, id, e.List), Authority: format.Authority, Custodian: c.Custodian, Addressees: c.Addressee,
			}}
		}
		for _, m := range e.Measures {
			stated[id][m] = true
		}
	}
	out := make([]domain.RegimeAdopted, 0, len(drafts))
	for _, id := range slices.Sorted(maps.Keys(drafts)) {
		d := drafts[id]
		if d.Measures = slices.Sorted(maps.Keys(stated[id])); len(d.Measures) == 0 {
			d.Measures = []string{"asset_freeze"}
		}
		out = append(out, d)
	}
	if len(out) == 0 {
		return fmt.Errorf("%s: no entry is of a regime that was asked for: see --regime and --all-programs", c.File)
	}
	return writeDrafts(a, c.Dir, out)
}

// regimeName is the list's own word for a regime, or whose it is and its id.
func regimeName(f formats.Format, id, list string) string {
	if f.Name == "ofac" || list == "" {
		return fmt.Sprintf("%s, regime %s", f.Title, id)
	}
	return list
}
