// Package formats is the table of published lists that this project reads: for
// each, how a file or folder becomes a list, whose list it is, which regime an
// entry falls under, and what a designation of it is called in the ledger.
//
//	f, err := formats.Named("ofac")
//	r, err := f.Read("downloads/ofac") // a Reading: the list, whole, and its source
//	for _, e := range r.List.Entries {
//		id, regime := r.ID(e), f.Regime(e)
//	}
//
// Adding a list is its importer package and one line of the table in table.go.
//
// A source is the list's own name in a ledger, as list.imported and
// list.gap_observed carry it: gaps are observed in one source, and an entry
// that another list of the same authority lacks is none. A format may read
// several sources (the United Kingdom publishes two lists), which their titles
// tell apart.
//
// A regime is the authority's code and a name: UN-DPRK, US-DPRK, GB-Russia.
// Lists that cover much more than the DPRK (ofac, eu, uk, au) yield their DPRK
// regime alone unless everything is asked for: see [Format.Whole]. An entry
// under several programs falls under the DPRK's where one of them is, else
// under the first by name; a designation that a ledger holds stays under the
// regime it was adopted under.
//
// A designation's id is the authority's code and the list's reference, as
// UN:KPe.001 or US:12345; characters that no id holds become hyphens.
package formats
