package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/history"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/jp"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

type linkCmd struct {
	Propose linkProposeCmd `cmd:"" help:"Write a review file: which designation of one authority is which of another, or which row of Japan's list is which UN designation, and why."`
	Post    linkPostCmd    `cmd:"" help:"Post the accepted lines of a review file, as links or as transpositions."`
}

// review is the file that a human goes through. Nothing is linked but what
// stands in it as accepted.
type review struct {
	Source string       `json:"source"`
	File   string       `json:"file"`
	SHA256 domain.Hash  `json:"sha256"`
	Member string       `json:"member"`
	Regime string       `json:"regime"`
	Links  []reviewLine `json:"links"`
	Alone  []string     `json:"without_counterpart"`
}

// reviewLine is one proposed link. Accept is the human's.
type reviewLine struct {
	Accept       bool           `json:"accept"`
	Confirmed    bool           `json:"confirmed"` // the name alone carries it
	Score        float64        `json:"score"`
	NationalRef  string         `json:"national_ref"`
	NationalName string         `json:"national_name"`
	Designation  string         `json:"designation"`
	UNName       string         `json:"un_name"`
	ListedOn     domain.Date    `json:"listed_on"`
	NoticeOn     domain.Date    `json:"notice_on"`
	Reasons      []string       `json:"reasons"`
	AmendedOn    []domain.Date  `json:"amended_on,omitempty"`
	Entry        domain.Subject `json:"entry"`
}

type linkProposeCmd struct {
	A               string  `name:"a" placeholder:"CC|REGIME" help:"Authority (UN) or regime (UN-DPRK) whose designations are linked to those of --b."`
	B               string  `name:"b" placeholder:"CC|REGIME" help:"Authority or regime on the other side."`
	MinScore        float64 `placeholder:"0.x" help:"Score from which names propose a link; shared numbers always do."`
	DryRun          bool    `help:"Show the links of --a and --b; write nothing."`
	JP              string  `name:"jp" placeholder:"FILE" help:"Japan's workbook; its sheets on resolution 1718 are read."`
	UNFromLedger    bool    `name:"un-from-ledger" default:"true" negatable:"" help:"Take the UN's designations from the ledger (the default)."`
	Regime          string  `default:"UN-DPRK" help:"Regime whose designations are looked through."`
	Out             string  `short:"o" placeholder:"FILE" help:"Review file to write."`
	AcceptConfirmed bool    `default:"true" negatable:"" help:"Preset accept on lines whose names agree beyond doubt (the default)."`
}

// parseJP reads Japan's workbook.
func parseJP(path string) (*jp.Workbook, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, &usageError{err}
	}
	defer f.Close()
	book, err := jp.Parse(f, filepath.Base(path))
	if err != nil {
		return nil, err
	}
	for _, s := range book.Sheets {
		for i := range s.Entries {
			if err := s.Entries[i].Legible(); err != nil {
				return nil, err
			}
		}
	}
	return book, nil
}

// transposing yields the rows on resolution 1718 that stand.
func transposing(book *jp.Workbook) (out []importer.Entry) {
	for _, s := range book.Sheets {
		for _, e := range s.Entries {
			if s.Basis == jp.Basis1718 && e.DeletedOn == "" {
				out = append(out, e.Entry)
			}
		}
	}
	return out
}

// Run writes the review file.
func (c *linkProposeCmd) Run(ctx context.Context, a *app) error {
	switch pairs := c.A != "" && c.B != ""; {
	case (c.A != "" || c.B != "") != pairs, pairs == (c.JP != ""):
		return usage("name two authorities or regimes (--a UN --b US), or Japan's workbook (--jp FILE)")
	case c.Out == "" && (!pairs || !c.DryRun):
		return usage("name the review file to write: -o FILE")
	case c.MinScore < 0 || c.MinScore > 1:
		return usage("--min-score lies between 0 and 1")
	case pairs:
		return c.proposePairs(ctx, a)
	}
	book, err := parseJP(c.JP)
	if err != nil {
		return err
	}
	h, err := a.holdings(ctx, "")
	if err != nil {
		return err
	}
	listed := h.entries(c.Regime)
	if len(listed) == 0 {
		return fmt.Errorf("the ledger holds no designation under %s: import the UN's list first", c.Regime)
	}
	rv := c.review(book, listed)
	text, err := json.Marshal(rv, jsontext.WithIndent("  "))
	if err != nil {
		return err
	}
	if err := writeNew(c.Out, append(text, '\n'), 0o644); err != nil {
		return err
	}
	return c.tell(a, rv)
}

// entries returns the designations of a regime that stand, as a list, in the
// order of their references.
func (h *held) entries(regime string) []importer.Entry {
	return h.matching(func(d *history.Held) bool { return d.Regime == regime })
}

func (h *held) matching(wanted func(*history.Held) bool) []importer.Entry {
	var out []importer.Entry
	for id, d := range h.state.Designations {
		if wanted(d) && !d.Removed {
			out = append(out, importer.Entry{Ref: id, Kind: d.Subject.Kind, ListedOn: d.AdoptedOn, UpdatedOn: d.AmendedOn, Subject: d.Subject})
		}
	}
	slices.SortFunc(out, func(a, b importer.Entry) int { return strings.Compare(a.Ref, b.Ref) })
	return out
}

func (c *linkProposeCmd) review(book *jp.Workbook, listed []importer.Entry) review {
	rv := review{Source: book.Source, File: book.File, SHA256: book.SHA256, Member: "JP", Regime: c.Regime, Alone: []string{}}
	national := transposing(book)
	rows := (&importer.List{Entries: national}).ByRef()
	un := (&importer.List{Entries: listed}).ByRef()
	linked := make(map[string]bool)
	for _, p := range importer.Match(listed, national) {
		n, u := rows[p.NationalRef], un[p.UNRef]
		linked[n.Ref] = true
		rv.Links = append(rv.Links, reviewLine{
			Accept: p.Confirmed && c.AcceptConfirmed, Confirmed: p.Confirmed, Score: p.Score,
			NationalRef: n.Ref, NationalName: names(n.Subject), Designation: u.Ref, UNName: names(u.Subject),
			ListedOn: u.ListedOn, NoticeOn: n.ListedOn, Reasons: p.Reasons, AmendedOn: n.UpdatedOn, Entry: n.Subject,
		})
	}
	for _, n := range national {
		if !linked[n.Ref] {
			rv.Alone = append(rv.Alone, n.Ref+" "+names(n.Subject))
		}
	}
	return rv
}

// names joins the primary names of a subject.
func names(s domain.Subject) string {
	var out []string
	for _, n := range s.Names {
		if n.Kind == "primary" {
			out = append(out, n.Text)
		}
	}
	return strings.Join(out, " / ")
}

func (c *linkProposeCmd) tell(a *app, rv review) error {
	accepted := 0
	for _, l := range rv.Links {
		if l.Accept {
			accepted++
		}
	}
	answer := map[string]any{"file": c.Out, "links": len(rv.Links), "accepted": accepted, "to_decide": len(rv.Links) - accepted, "without_counterpart": rv.Alone}
	return a.answer(answer, func(w io.Writer) {
		fmt.Fprintf(w, "%d links in %s: %d accepted because the names agree beyond doubt, %d for you to decide\n", len(rv.Links), c.Out, accepted, len(rv.Links)-accepted)
		tellSome(w, "without a counterpart", rv.Alone)
		fmt.Fprintf(w, "read it, set \"accept\" on each line you stand behind, then: ledger link post %s\n", c.Out)
	})
}

type linkPostCmd struct {
	signing
	File string `arg:"" help:"Review file that ledger link propose wrote."`
}

// linksPosted is what the command answers.
type linksPosted struct {
	Accepted int         `json:"accepted"`
	Left     int         `json:"left"` // not accepted
	Recorded int         `json:"recorded"`
	Before   int         `json:"recorded_before"`
	Refused  []delivered `json:"refused,omitempty"`
}

// count adds what became of envelopes; known says that it is.
func (l *linksPosted) count(results []delivered, known bool) {
	for _, d := range results {
		switch {
		case d.Refused != nil:
			l.Refused = append(l.Refused, d)
		case d.Before:
			l.Before++
		case known:
			l.Recorded++
		}
	}
}

// Run posts a link or a transposition for each accepted line.
func (c *linkPostCmd) Run(ctx context.Context, a *app) error {
	text, err := a.input(c.File)
	if err != nil {
		return err
	}
	var pairs pairReview
	if err := json.Unmarshal(text, &pairs, json.RejectUnknownMembers(true)); err == nil && len(pairs.Pairs) > 0 {
		return c.postPairs(ctx, a, pairs)
	}
	var rv review
	if err := json.Unmarshal(text, &rv, json.RejectUnknownMembers(true)); err != nil {
		return usage("%s:1: this is no review file of ledger link propose: %w", c.File, err)
	}
	who, err := a.signer(ctx, c.signing)
	if err != nil {
		return err
	}
	h, err := a.holdings(ctx, "")
	if err != nil {
		return err
	}
	var out linksPosted
	envelopes, err := c.sign(who, h, rv, &out)
	if err != nil || len(envelopes) == 0 {
		return firstError(err, c.tell(a, out, err))
	}
	bar := a.progress("posting", len(envelopes))
	results, err := a.deliver(ctx, envelopes, bar)
	bar.End()
	out.count(results, err == nil)
	return c.tell(a, out, err)
}

func (c *linkPostCmd) sign(who *signer, h *held, rv review, out *linksPosted) ([]*seal.Envelope, error) {
	var envelopes []*seal.Envelope
	for _, l := range rv.Links {
		if !l.Accept {
			out.Left++
			continue
		}
		out.Accepted++
		b := rv.transposed(l, who.issuer)
		if _, ok := h.transposed[b.Key()]; ok {
			out.Before++
			continue
		}
		e, err := who.signBody("designation.transposed", l.NationalRef+" "+l.Designation, b)
		if err != nil {
			return nil, err
		}
		envelopes = append(envelopes, e)
	}
	return envelopes, nil
}

// transposed words a line as an event.
func (rv review) transposed(l reviewLine, issuer domain.AgencyID) domain.DesignationTransposed {
	return domain.DesignationTransposed{
		Common: domain.Common{
			SourceRef: &domain.SourceRef{System: "JP-MOF-asset-freeze-list", ID: l.NationalRef},
			Evidence:  []domain.Evidence{{SHA256: rv.SHA256, MediaType: xlsx, HeldBy: issuer}},
		},
		Designation: l.Designation, Member: domain.Country(rv.Member), NationalRef: l.NationalRef,
		Notice: rv.Member + " notice of " + string(l.NoticeOn), NoticeOn: l.NoticeOn, AmendedOn: l.AmendedOn,
		Measures: []string{"asset_freeze"}, Entry: &l.Entry, LinkReasons: l.Reasons,
	}
}

func (c *linkPostCmd) tell(a *app, out linksPosted, err error) error {
	if err != nil {
		return err
	}
	if a.JSON {
		writeJSON(a.out, out)
	} else {
		fmt.Fprintf(a.out, "accepted %d, not accepted %d; recorded %d, recorded before %d, refused %d\n", out.Accepted, out.Left, out.Recorded, out.Before, len(out.Refused))
	}
	for _, d := range out.Refused {
		a.note("refused: %v", d.Refused)
	}
	if len(out.Refused) > 0 {
		return errRefused
	}
	return nil
}
