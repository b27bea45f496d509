package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/jp"
)

const (
	jpRegime = "JP-DPRK"
	xlsx     = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

type importJPCmd struct{ importing }

// Help shows more under --help.
func (c *importJPCmd) Help() string {
	return "Posts Japan's own designations on the DPRK (the sheets on resolution 1695 and on coordinated measures) under the regime JP-DPRK, which the coalition adopts first. The sheets on resolution 1718 give the UN's designations national effect: ledger link propose and ledger link post record those."
}

// Run imports Japan's own designations.
func (c *importJPCmd) Run(ctx context.Context, a *app) error {
	book, err := parseJP(c.File)
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
	regime, err := h.adopted(jpRegime, who.issuer)
	if err != nil {
		return err
	}
	out := imported{Source: book.Source, SHA256: book.SHA256}
	var wanted []domain.DesignationAdopted
	for e := range entriesJP(book, jp.Basis1695, jp.BasisCoordinated) {
		out.Entries++
		for _, w := range e.Warnings {
			out.Warnings = append(out.Warnings, e.Place+": "+w)
		}
		if e.DeletedOn != "" {
			out.LeftOut = append(out.LeftOut, e.Place+": "+e.Ref+", deleted on "+string(e.DeletedOn))
			continue
		}
		b, err := designated(regime, e.Entry, book.SHA256, "", who.issuer, xlsx)
		if err != nil {
			return err
		}
		b.Designation = idJP(e)
		wanted = append(wanted, b)
	}
	d, err := h.against(wanted, func(b domain.DesignationAdopted) bool { return b.Regime == jpRegime })
	if err != nil {
		return err
	}
	return c.run(ctx, a, who, d, out)
}

// idJP is the designation id of a row: JP:1695-entity-12.
func idJP(e jp.Entry) string { return "JP:" + strings.ReplaceAll(e.Ref, "/", "-") }

func parseJP(path string) (*jp.Workbook, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, &usageError{err}
	}
	defer f.Close()
	return jp.Parse(f, filepath.Base(path))
}

// entriesJP yields the rows of all sheets on some bases.
func entriesJP(book *jp.Workbook, bases ...string) func(func(jp.Entry) bool) {
	return func(yield func(jp.Entry) bool) {
		for _, s := range book.Sheets {
			for _, basis := range bases {
				if s.Basis != basis {
					continue
				}
				for _, e := range s.Entries {
					if !yield(e) {
						return
					}
				}
			}
		}
	}
}
