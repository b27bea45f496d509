package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/un"
)

type importUNCmd struct {
	importing
	AllowOlder bool `help:"Import a list that is older than the one recorded; it would amend back."`
}

// Help shows more under --help.
func (c *importUNCmd) Help() string {
	return "Compares the list with the ledger, shows what is new, amended and gone, and posts designation.adopted and designation.amended as the custodian of each regime (UN-DPRK, UN-Al-Qaida …). Running it again adds nothing; after an interruption it continues."
}

// Run imports the consolidated list.
func (c *importUNCmd) Run(ctx context.Context, a *app) error {
	list, err := parseUN(c.File)
	if err != nil {
		return err
	}
	who, err := a.signer(ctx, c.signing)
	if err != nil {
		return err
	}
	h, err := a.holdings(ctx)
	if err != nil {
		return err
	}
	if newest := h.newest("UN"); list.PublishedOn < newest && !c.AllowOlder && !c.DryRun {
		return fmt.Errorf("%s is of %s, the ledger holds the list of %s: an older list would amend back what has changed since; --allow-older does it all the same", c.File, list.PublishedOn, newest)
	}
	wanted := make([]domain.DesignationAdopted, 0, len(list.Entries))
	for _, e := range list.Entries {
		regime, err := h.adopted("UN-"+e.List, who.issuer)
		if err != nil {
			return err
		}
		b, err := designated(regime, e, list.SHA256, list.PublishedOn, who.issuer, "application/xml")
		if err != nil {
			return err
		}
		b.Designation = "UN:" + e.Ref
		wanted = append(wanted, b)
	}
	d, err := h.against(wanted, func(b domain.DesignationAdopted) bool { return b.Authority == "UN" })
	if err != nil {
		return err
	}
	out := imported{Source: list.Source, Published: list.PublishedOn, SHA256: list.SHA256, Entries: len(list.Entries), Warnings: list.Warnings}
	for _, e := range list.Entries {
		for _, w := range e.Warnings {
			out.Warnings = append(out.Warnings, e.Place+": "+w)
		}
	}
	return c.run(ctx, a, who, d, out)
}

func parseUN(path string) (*importer.List, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, &usageError{err}
	}
	defer f.Close()
	return un.Parse(f, filepath.Base(path))
}
