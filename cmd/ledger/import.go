package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/formats"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/history"
)

type importCmd struct {
	signing
	choosing
	List        string      `arg:"" help:"Which list: un, vessels, ofac, eu, uk, ca, au or jp."`
	File        string      `arg:"" optional:"" help:"The published file, or the folder of a list that comes in several. A damaged one is refused whole."`
	Series      string      `placeholder:"DIR" help:"Replay a folder of dated publications as history, in the order of their dates."`
	SkipRefused bool        `help:"With --series: go on past publications that are damaged; nothing is recorded for them."`
	PublishedOn domain.Date `placeholder:"DATE" help:"The day the file is of, where it bears no date itself; where it does, the same day."`
	AllowOlder  bool        `help:"Import a list that is older than the one recorded; it would amend back."`
	DryRun      bool        `help:"Show the difference; sign and post nothing."`
}

// choosing says which entries of a list are read.
type choosing struct {
	Regime             []string `placeholder:"ID" help:"Import the entries of this regime alone; repeat for more."`
	AllPrograms        bool     `help:"Import the whole of a list of which by default the regime on the DPRK is read (ofac, eu, uk, au)."`
	SkipUnknownRegimes bool     `help:"Leave out entries of regimes that the coalition has not adopted, and import the rest."`
}

// Help shows more under --help.
func (c *importCmd) Help() string {
	var b strings.Builder
	b.WriteString("Compares a published list with the ledger, shows what is new, amended, gone and back, and posts it as the custodian of each regime: designation.adopted, .amended and .reinstated, .removed where the list states a date of delisting, list.gap_observed for what is gone (nobody is delisted by it), list.gap_closed for what is back, and list.imported at the end. Running it again adds nothing; after an interruption it continues.\n\nLists:")
	for _, f := range formats.All() {
		fmt.Fprintf(&b, "\n  %s: %s", f.Name, f.Title)
	}
	return b.String()
}

// Run imports one publication, or a series of them.
func (c *importCmd) Run(ctx context.Context, a *app) error {
	format, err := formats.Named(c.List)
	if err != nil {
		return &usageError{err}
	}
	if c.File != "" && c.Series != "" {
		return usage("%s and --series %s are both given: leave out --series to import the file alone, or the file to replay the folder", c.File, c.Series)
	}
	if c.File == "" && c.Series == "" {
		return usage("name the published file, or with --series a folder of publications: ledger import %s FILE", c.List)
	}
	if c.PublishedOn != "" && (!c.PublishedOn.Valid() || c.PublishedOn.Precision() != "day" || c.Series != "") {
		return usage("--published-on takes a day as 2026-02-27, and one file")
	}
	if c.Series != "" {
		return c.series(ctx, a, format)
	}
	reading, err := read(format, c.File)
	if err != nil {
		return err
	}
	im, err := c.open(ctx, a)
	if err != nil {
		return err
	}
	p, err := c.dated(reading, domain.DateOf(im.who.now()))
	if err != nil {
		return err
	}
	if newest := im.held.state.Newer(p.Source.ID, p.Owns); p.on != "" && p.on < newest && !c.AllowOlder {
		return fmt.Errorf("%s is of %s, the ledger holds the list of %s: an older list would amend back what has changed since; --allow-older does it all the same", c.File, p.on, newest)
	}
	snap, err := im.snapshot(p)
	if err != nil {
		return err
	}
	out, err := im.one(ctx, p, snap)
	if err != nil {
		return err
	}
	return out.end(a, c.DryRun)
}

// dated says which day a publication is of: what the file bears, or else the
// word of whoever imports it.
func (c *importCmd) dated(r formats.Reading, today domain.Date) (publication, error) {
	p := publication{Reading: r, on: r.List.PublishedOn}
	switch {
	case c.PublishedOn == "" || c.PublishedOn == p.on:
	case p.on != "":
		return p, usage("%s bears the date %s, --published-on says %s: leave --published-on out, or name the file of that day", c.File, p.on, c.PublishedOn)
	case c.PublishedOn > today:
		return p, usage("--published-on %s lies ahead (today is %s): every edition until then would be refused as older", c.PublishedOn, today)
	default:
		p.on = c.PublishedOn
		p.notes = append(p.notes, fmt.Sprintf("the file bears no date: %s is who imported it's word", p.on))
	}
	return p, nil
}

// read reads a publication; a path that cannot be opened is the user's mistake.
func read(f formats.Format, path string) (formats.Reading, error) {
	r, err := f.Read(path)
	if isPathError(err) {
		return r, &usageError{err}
	}
	return r, err
}

// importing is what an import works with: who signs, and what is held, which
// grows with each publication.
type importing struct {
	*importCmd
	app  *app
	who  *signer
	held *held
}

func (c *importCmd) open(ctx context.Context, a *app) (*importing, error) {
	who, err := a.signer(ctx, c.signing)
	if err != nil {
		return nil, err
	}
	h, err := a.holdings(ctx, who.issuer)
	if err != nil {
		return nil, err
	}
	return &importing{importCmd: c, app: a, who: who, held: h}, nil
}

// publication is a file and the day it is of.
type publication struct {
	formats.Reading
	on    domain.Date
	notes []string // on the date
}

// one compares a publication with what is held, shows the difference and posts
// it.
func (im *importing) one(ctx context.Context, p publication, snap history.Snapshot) (*imported, error) {
	d, err := im.held.state.Compare(snap)
	if err != nil {
		return nil, err
	}
	out := tally(p, snap, d)
	if im.held.rules < listRules {
		out.Warnings = append(out.Warnings, fmt.Sprintf("version %d of the rules is in force: gaps, reinstatements and the account of this import are not recorded before a quorum adopts version %d (rules.adopted)", im.held.rules, listRules))
	}
	if !im.app.JSON && im.Series == "" {
		out.tell(im.app.out)
	}
	if im.DryRun {
		im.suppose(snap, d)
		return out, nil
	}
	return out, im.post(ctx, snap, d, out)
}

// suppose goes on as if a difference had been recorded.
func (im *importing) suppose(snap history.Snapshot, d history.Difference) {
	for _, c := range d.Changes {
		im.held.state.Fold(c.Body)
	}
	if b := d.Imported(snap, domain.DateOf(im.app.now())); b != nil {
		im.held.state.Fold(*b)
	}
}

// post signs and posts a difference, and the account of it when nothing of it
// was refused.
func (im *importing) post(ctx context.Context, snap history.Snapshot, d history.Difference, out *imported) error {
	changes := d.Changes
	if im.held.rules < listRules {
		changes = slices.DeleteFunc(slices.Clone(changes), func(c history.Change) bool {
			return strings.HasPrefix(c.Type, "list.") || c.Type == "designation.reinstated"
		})
	}
	if err := im.record(ctx, changes, out); err != nil || len(out.Refused) > 0 || im.held.rules < listRules {
		return err
	}
	b := d.Imported(snap, domain.DateOf(im.app.now()))
	if b == nil {
		return nil
	}
	account := imported{}
	err := im.record(ctx, []history.Change{{Type: "list.imported", About: snap.Source, Turn: im.held.state.Newest(snap.Source).Count, Body: *b}}, &account)
	out.Refused, out.Account = account.Refused, account.at
	return err
}

// listRules is the version of the rules that the events on lists came with.
const listRules = 3

// record signs and posts changes, and folds those that are recorded.
func (im *importing) record(ctx context.Context, changes []history.Change, out *imported) error {
	if len(changes) == 0 {
		return nil
	}
	envelopes, err := im.who.signAll(im.app, changes)
	if err != nil {
		return err
	}
	bar := im.app.progress("posting", len(envelopes))
	results, err := im.app.deliver(ctx, envelopes, bar)
	bar.End()
	if err != nil {
		return err
	}
	for i, r := range results {
		if r.Refused != nil {
			out.Refused = append(out.Refused, r)
			continue
		}
		im.held.state.Fold(changes[i].Body)
		out.at = r.Index
		if r.Before {
			out.Before++
		} else {
			out.Recorded++
		}
	}
	return nil
}
