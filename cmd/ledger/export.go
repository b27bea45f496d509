package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/exporter"
	"github.com/coalition-ledger/coalition-ledger/ledger/exporter/csvout"
	"github.com/coalition-ledger/coalition-ledger/ledger/exporter/ftm"
	"github.com/coalition-ledger/coalition-ledger/ledger/exporter/sqlite"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

type exportCmd struct {
	FTM    exportFTMCmd    `cmd:"" name:"ftm" help:"FollowTheMoney entities, one JSON object a line, for screening and investigation tools."`
	CSV    exportCSVCmd    `cmd:"" name:"csv" help:"Register, transpositions and acts as CSV, one file each in a folder."`
	SQLite exportSQLiteCmd `cmd:"" name:"sqlite" help:"The register as an SQLite database, with a search over names."`
}

type (
	exportFTMCmd    struct{ exporting }
	exportCSVCmd    struct{ exporting }
	exportSQLiteCmd struct{ exporting }
)

// exporting is what exports share.
type exporting struct {
	proving
	Out       string `short:"o" required:"" placeholder:"PATH" help:"File to write, or folder of csv. What exists is not replaced."`
	AsOf      string `placeholder:"INDEX|TIME" help:"As known when this event, or this time (2026-03-01T12:00:00Z), had been recorded; default: all."`
	On        string `placeholder:"DATE" help:"As in force on this day; default: today."`
	Regime    string `placeholder:"ID" help:"Only this regime."`
	Authority string `placeholder:"CODE" help:"Only what this authority decided."`
	Handling  string `default:"TLP:CLEAR" enum:"TLP:CLEAR,TLP:GREEN,TLP:AMBER,TLP:AMBER+STRICT,TLP:RED" help:"Let out statements labelled so, and below; other tools do not know the labels."`
}

// Help shows more under --help.
func (c *exporting) Help() string {
	return "Reads an archive (--archive, no network), or streams the journal of --server. Either is verified from the genesis hash on before anything is written. What is written names that hash, the last event taken into account and the signed root, with which ledger verify goes back to the proof. docs/EXPORT.md says what each format holds and what it cannot say."
}

// Run writes FollowTheMoney entities.
func (c *exportFTMCmd) Run(ctx context.Context, a *app) error {
	return c.run(ctx, a, "ftm", func(path string, s *exporter.Source) (map[string]int, error) {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			return nil, err
		}
		counts, err := ftm.Write(f, s)
		return counts, errors.Join(err, f.Sync(), f.Close())
	})
}

// Run writes CSV.
func (c *exportCSVCmd) Run(ctx context.Context, a *app) error {
	return c.run(ctx, a, "csv", func(path string, s *exporter.Source) (map[string]int, error) {
		if err := os.Mkdir(path, 0o755); err != nil {
			return nil, err
		}
		return csvout.Write(path, s)
	})
}

// Run writes a database.
func (c *exportSQLiteCmd) Run(ctx context.Context, a *app) error {
	return c.run(ctx, a, "sqlite", func(path string, s *exporter.Source) (map[string]int, error) {
		return sqlite.Write(ctx, path, s)
	})
}

// exported is what an export answers.
type exported struct {
	Format string         `json:"format"`
	Model  string         `json:"model,omitempty"` // of FollowTheMoney
	Out    string         `json:"out"`
	Rows   map[string]int `json:"rows"`
	exporter.Stated
}

func (c *exporting) run(ctx context.Context, a *app, format string, write func(path string, s *exporter.Source) (map[string]int, error)) error {
	if err := c.free(); err != nil {
		return err
	}
	views, basis, regimes, err := c.fold(ctx, a)
	if err != nil {
		return err
	}
	selection, err := c.selection(a, views, regimes)
	if err != nil {
		return err
	}
	if selection.AsOf != nil {
		basis.Index = *selection.AsOf
	}
	basis.RecordedAt, _ = views.RecordedAt(basis.Index)
	source := exporter.New(views, basis, selection, regimes)
	bar := a.progress("exporting", source.Count())
	source.Progress = func() { bar.Add(1) }
	out := exported{Format: format, Out: c.Out, Stated: source.States()}
	if format == "ftm" {
		out.Model = ftm.Model
	}
	err = c.place(func(path string) error {
		out.Rows, err = write(path, source)
		return errors.Join(err, ctx.Err())
	})
	bar.End()
	if err != nil {
		return err
	}
	return a.answer(out, out.tell)
}

// fold verifies the journal and folds it into views.
func (c *exporting) fold(ctx context.Context, a *app) (*projections.Views, exporter.Basis, []domain.Regime, error) {
	var basis exporter.Basis
	g, err := a.genesisKnown()
	if err != nil {
		return nil, basis, nil, err
	}
	journal, pins, err := c.journal(ctx, a, g)
	if err != nil {
		return nil, basis, nil, err
	}
	defer journal.Close()
	hashes, done, err := archive.ScratchHashes()
	if err != nil {
		return nil, basis, nil, err
	}
	defer done()
	views := projections.NewViews()
	bar := a.progress("verifying", 0)
	report, err := archive.Verify(ctx, journal, archive.Options{Genesis: g.hash, Pins: pins, Views: foldedViews{views}, Hashes: hashes, Progress: bar.Set})
	bar.End()
	if bad := (*archive.Bad)(nil); errors.As(err, &bad) {
		return nil, basis, nil, fmt.Errorf("%w, nothing was exported: %w", errNotVerified, err)
	}
	if err != nil {
		return nil, basis, nil, fmt.Errorf("read the journal to export: %w", err)
	}
	basis = exporter.Basis{
		Ledger: report.State.Name(), Origin: report.State.Origin(), Genesis: g.hash, Index: report.Size - 1, Size: report.Size, Root: report.Root,
	}
	return views, basis, report.State.Regimes(), nil
}

// selection reads the options against what the ledger has.
func (c *exporting) selection(a *app, views *projections.Views, regimes []domain.Regime) (exporter.Selection, error) {
	s := exporter.Selection{Regime: c.Regime, Authority: domain.Country(c.Authority), Handling: c.Handling}
	s.On = domain.DateOf(a.now())
	if c.On != "" {
		s.On = domain.Date(c.On)
	}
	if !s.On.Valid() || s.On.Precision() != "day" {
		return s, usage("--on: %q is no day: write it as YYYY-MM-DD, 2017-06-05", c.On)
	}
	known := func(fits func(domain.Regime) bool) bool { return slices.ContainsFunc(regimes, fits) }
	if c.Regime != "" && !known(func(r domain.Regime) bool { return r.ID == c.Regime }) {
		return s, usage("--regime: the ledger has no regime %q: it has %s", c.Regime, listed(regimes, func(r domain.Regime) string { return r.ID }))
	}
	if c.Authority != "" && !known(func(r domain.Regime) bool { return r.Authority == s.Authority }) {
		return s, usage("--authority: no regime of the ledger is of %q: they are of %s", c.Authority, listed(regimes, func(r domain.Regime) string { return string(r.Authority) }))
	}
	if c.AsOf == "" {
		return s, nil
	}
	index, err := asOfIndex(c.AsOf, views)
	s.AsOf = &index
	return s, err
}

func listed(regimes []domain.Regime, word func(domain.Regime) string) string {
	words := map[string]bool{}
	for _, r := range regimes {
		words[word(r)] = true
	}
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(slices.Sorted(maps.Keys(words)), ", ")
}

// asOfIndex reads an index or a time.
func asOfIndex(asOf string, views *projections.Views) (uint64, error) {
	if index, err := strconv.ParseUint(asOf, 10, 64); err == nil {
		if index >= views.Size() {
			return 0, usage("--as-of: the newest event has index %d: ask for that or an earlier one", views.Size()-1)
		}
		return index, nil
	}
	t, err := time.Parse(time.RFC3339, asOf)
	if err != nil {
		return 0, usage("--as-of: %q is neither an index nor a time: write 1200, or 2026-03-01T12:00:00Z", asOf)
	}
	index, ok := views.IndexAt(t)
	if !ok {
		return 0, usage("--as-of: the ledger did not exist at %s: ask for a time after its genesis", asOf)
	}
	return index, nil
}

func (e exported) tell(w io.Writer) {
	fmt.Fprintf(w, "%s: %s\n", e.Out, e.Format)
	if e.Model != "" {
		fmt.Fprintf(w, "  model FollowTheMoney %s\n", e.Model)
	}
	for _, name := range slices.Sorted(maps.Keys(e.Rows)) {
		fmt.Fprintf(w, "  %-16s %d\n", name, e.Rows[name])
	}
	fmt.Fprintf(w, "%s\nit rests on %s, genesis %s\nevents 0 to %d, under the checkpoint of %d events with root %s\n", e.Part(), e.Ledger, e.Genesis, e.Index, e.Size, e.Root)
}
