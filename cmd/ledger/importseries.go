package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/formats"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/history"
)

// series replays the publications of a folder as history, in the order of
// their dates. All are read before the first is imported, so that a damaged one
// or an unclear order stops it before anything is posted.
func (c *importCmd) series(ctx context.Context, a *app, f formats.Format) error {
	paths, err := f.Publications(c.Series)
	if err != nil {
		return &usageError{err}
	}
	if len(paths) == 0 {
		return usage("%s holds no publication of %s (files with the ending %s)", c.Series, f.Title, f.Endings)
	}
	dated, damaged, err := c.order(a, f, paths)
	if err != nil {
		return err
	}
	im, err := c.open(ctx, a)
	if err != nil {
		return err
	}
	out := seriesTold{Snapshots: damaged}
	for _, p := range dated {
		one, err := im.next(ctx, p)
		if err != nil {
			return errors.Join(fmt.Errorf("%s: %w", p.Path, err), out.tell(a))
		}
		out.Snapshots = append(out.Snapshots, one)
		if err := one.refusals(a); err != nil {
			return errors.Join(fmt.Errorf("%s: %w", p.Path, err), out.tell(a))
		}
	}
	return out.tell(a)
}

// seriesTold is what a series answers: one line for each publication.
type seriesTold struct {
	Snapshots []*imported `json:"snapshots"`
}

// order reads all publications of a series and puts them in order by the dates
// that they bear, or else by the one in their name.
func (c *importCmd) order(a *app, f formats.Format, paths []string) (dated []publication, damaged []*imported, err error) {
	bar := a.progress("reading", len(paths))
	defer bar.End()
	failed, pool := make([]error, len(paths)), history.NewPool()
	dated = make([]publication, len(paths))
	each(len(paths), func(i int) {
		dated[i], failed[i] = datedBy(f, paths[i], pool)
		bar.Add(1)
	})
	for i, err := range failed {
		var no *importer.Refused
		switch {
		case errors.As(err, &no) && c.SkipRefused:
			damaged = append(damaged, &imported{File: paths[i], Damaged: no.Error()})
		case errors.As(err, &no):
			return nil, nil, fmt.Errorf("%w: obtain an intact copy, or leave this publication out with --skip-refused", err)
		case err != nil:
			return nil, nil, fmt.Errorf("%s: %w", paths[i], err)
		}
	}
	dated = slices.DeleteFunc(dated, func(p publication) bool { return p.List == nil })
	slices.SortStableFunc(dated, func(a, b publication) int { return strings.Compare(string(a.on), string(b.on)) })
	for i := 1; i < len(dated); i++ {
		if x, y := dated[i-1], dated[i]; x.on == y.on && x.Source.ID == y.Source.ID {
			return nil, nil, fmt.Errorf("%s and %s are both of %s: which came first is not known; leave one of them out", x.Path, y.Path, x.on)
		}
	}
	return dated, damaged, nil
}

// each calls do for 0 to n-1 on all cores.
func each(n int, do func(i int)) {
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range n {
		slots <- struct{}{}
		wait.Go(func() {
			do(i)
			<-slots
		})
	}
	wait.Wait()
}

// datedBy reads a publication and says which day it is of. Its entries share the
// memory of equal ones read before, or a hundred lists would not fit.
func datedBy(f formats.Format, path string, pool *history.Pool) (publication, error) {
	r, err := f.Read(path)
	if err != nil {
		return publication{}, err
	}
	p := publication{Reading: r, on: r.List.PublishedOn}
	pool.Share(r.List)
	name, err := formats.DateIn(filepath.Base(path))
	switch {
	case p.on == "" && err != nil:
		return publication{}, fmt.Errorf("the file bears no date: %w: keep one", err)
	case p.on == "" && name == "":
		return publication{}, errors.New("neither the file nor its name bears a date: name it with the day it was obtained, as list-2026-02-27")
	case p.on == "":
		p.on = name
		p.notes = append(p.notes, "the file bears no date: "+string(name)+" is from its name")
	case name != "" && name != p.on:
		p.notes = append(p.notes, fmt.Sprintf("the file bears the date %s, its name says %s: the file's is taken", p.on, name))
	}
	return p, nil
}

// next imports one publication of a series, unless it was before.
func (im *importing) next(ctx context.Context, p publication) (*imported, error) {
	snap, err := im.snapshot(p)
	if err != nil {
		return nil, err
	}
	if im.held.state.Imported(p.Source.ID, p.List.SHA256, snap.Regimes) {
		return &imported{Source: p.List.Source, File: p.Path, Published: p.on, SHA256: p.List.SHA256, Whole: true}, nil
	}
	if newest := im.held.state.Newer(p.Source.ID, p.Owns); p.on < newest {
		return nil, fmt.Errorf("it is of %s, and was never imported for these regimes, but the ledger holds the list of %s: history is not inserted behind what is recorded; leave it out", p.on, newest)
	}
	return im.one(ctx, p, snap)
}

// tell prints the table. In each row listed, new, back and reinstated, less gone
// and removed, make the entries of the file.
func (r seriesTold) tell(a *app) error {
	return a.answer(r, func(w io.Writer) {
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintln(t, "date\tlisted\tnew\tback\treinstated\tgone\tremoved\tentries\tin substance\tin form\tunchanged\twarnings\t  file")
		for _, s := range r.Snapshots {
			name := filepath.Base(s.File)
			switch {
			case s.Damaged != "":
				fmt.Fprintf(t, "\t\t\t\t\t\t\t\t\t\t\t\t  %s: refused, nothing recorded: %s\n", name, s.Damaged)
			case s.Whole:
				fmt.Fprintf(t, "%s\t\t\t\t\t\t\t\t\t\t\t\t  %s: imported before\n", s.Published, name)
			default:
				fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t  %s\n", s.Published, s.Listed, s.New, s.Reappeared, s.Reinstated, len(s.Gone), len(s.Removed),
					s.Entries, s.Substantive, s.Cosmetic, s.Unchanged, len(s.Warnings), name)
			}
		}
		_ = t.Flush()
		fmt.Fprintln(w, "listed + new + back + reinstated − gone − removed = entries; amended in substance or in form, or unchanged, are the others")
	})
}
