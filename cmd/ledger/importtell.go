package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/history"
)

// imported is what an import answers.
type imported struct {
	Source      string      `json:"source"`
	File        string      `json:"file"`
	Published   domain.Date `json:"published_on,omitempty"`
	SHA256      domain.Hash `json:"sha256"`
	Listed      int         `json:"listed_before"` // in the list before this file, as the ledger has it
	Entries     int         `json:"entries"`       // that stand listed in the file, of the regimes read
	New         int         `json:"new"`
	Amended     int         `json:"amended"`
	Unchanged   int         `json:"unchanged"`
	Gone        []string    `json:"gone"` // newly: a gap in the list, nobody was delisted
	Substantive int         `json:"amended_in_substance"`
	Cosmetic    int         `json:"amended_in_form"`
	Reappeared  int         `json:"reappeared"`
	Reinstated  int         `json:"reinstated"`
	Removed     []string    `json:"removed,omitempty"`  // whose delisting the list states
	Missing     []string    `json:"missing,omitempty"`  // gaps from before
	Back        []string    `json:"back,omitempty"`     // reappeared or reinstated
	Relisted    []string    `json:"relisted,omitempty"` // held as removed: decide by hand
	LeftOut     []string    `json:"left_out,omitempty"` // the list itself says deleted
	Unread      int         `json:"unread,omitzero"`    // entries under regimes that were not asked for
	Unknown     []string    `json:"unknown,omitempty"`  // regimes that are not adopted, skipped
	Recorded    int         `json:"recorded"`           // events beside the account
	Before      int         `json:"recorded_before"`    // by an earlier attempt
	Account     uint64      `json:"account,omitzero"`   // index of list.imported
	Whole       bool        `json:"imported_before"`    // the file was, to its end
	Refused     []delivered `json:"refused,omitempty"`  // by the ledger
	Damaged     string      `json:"damaged,omitempty"`  // why the file was refused
	Warnings    []string    `json:"warnings,omitempty"` // on the file, its entries and dates

	at uint64
}

// tally is the answer before anything is posted.
func tally(p publication, snap history.Snapshot, d history.Difference) *imported {
	n := d.Counts
	return &imported{
		Source: p.List.Source, File: p.Path, Published: p.on, SHA256: p.List.SHA256, Listed: n.Before(), Entries: n.Entries(),
		New: n[history.New], Amended: n[history.Substantively] + n[history.Cosmetic], Unchanged: n[history.Unchanged] + n[history.Left],
		Substantive: n[history.Substantively], Cosmetic: n[history.Cosmetic], Reappeared: n[history.Reappeared], Reinstated: n[history.Reinstated],
		Gone: d.Gone, Missing: d.Missing, Back: d.Back, Removed: d.Removed, Relisted: d.Left, LeftOut: d.LeftOut,
		Unread: len(snap.Others), Warnings: slices.Concat(snap.Warnings, d.Warnings),
	}
}

func (i *imported) tell(w io.Writer) {
	fmt.Fprintf(w, "%s", i.Source)
	if i.Published != "" {
		fmt.Fprintf(w, " of %s", i.Published)
	}
	fmt.Fprintf(w, ": %d entries\n  new %d, amended %d (%d in substance, %d in form alone), unchanged %d\n", i.Entries, i.New, i.Amended, i.Substantive, i.Cosmetic, i.Unchanged)
	if i.Unread > 0 {
		fmt.Fprintf(w, "  %d entries of other regimes were not read\n", i.Unread)
	}
	tellSome(w, "no longer in the list (a gap: nothing is delisted by it)", i.Gone)
	tellSome(w, "not in the list before either", i.Missing)
	tellSome(w, "back in the list", i.Back)
	tellSome(w, "removed, because the list states their delisting", i.Removed)
	tellSome(w, "in the list, but removed in the ledger, and the file is not known to be later (decide by hand)", i.Relisted)
	tellSome(w, "left out, because the source itself says deleted", i.LeftOut)
	tellSome(w, "regimes that are not adopted, left out", i.Unknown)
	tellSome(w, "warnings", i.Warnings)
}

func tellSome(w io.Writer, what string, list []string) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(w, "  %s: %d\n", what, len(list))
	for i, s := range list {
		if i == 10 {
			fmt.Fprintf(w, "    … and %d more; --json lists all\n", len(list)-i)
			return
		}
		fmt.Fprintf(w, "    %s\n", s)
	}
}

// end answers what became of an import of one file.
func (i *imported) end(a *app, dry bool) error {
	switch {
	case a.JSON:
		writeJSON(a.out, i)
	case dry:
		fmt.Fprintln(a.out, "nothing was posted")
	case i.Recorded+i.Before+len(i.Refused) == 0 && i.Account == 0:
		fmt.Fprintln(a.out, "nothing to post")
	default:
		fmt.Fprintf(a.out, "recorded %d, recorded before %d, refused %d\n", i.Recorded, i.Before, len(i.Refused))
		if i.Account > 0 {
			fmt.Fprintf(a.out, "accounted for at index %d\n", i.Account)
		}
	}
	return i.refusals(a)
}

// refusals tells of the events that the ledger refused.
func (i *imported) refusals(a *app) error {
	for n, r := range i.Refused {
		if n < 10 {
			a.note("refused: %v", r.Refused)
		}
	}
	if len(i.Refused) > 0 {
		return errRefused
	}
	return nil
}
