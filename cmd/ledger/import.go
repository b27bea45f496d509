package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

type importCmd struct {
	UN importUNCmd `cmd:"" name:"un" help:"The UN Security Council's consolidated list (XML)."`
	JP importJPCmd `cmd:"" name:"jp" help:"Japan's asset-freeze workbook: its own designations on the DPRK (sheets 1695 and coordinated)."`
}

// importing is what imports share.
type importing struct {
	signing
	File   string `arg:"" help:"The published file. A damaged one is refused whole."`
	DryRun bool   `help:"Show the difference; sign and post nothing."`
}

// imported is what an import answers.
type imported struct {
	Source    string      `json:"source"`
	Published domain.Date `json:"published_on,omitempty"`
	SHA256    domain.Hash `json:"sha256"`
	Entries   int         `json:"entries"`
	New       int         `json:"new"`
	Amended   int         `json:"amended"`
	Unchanged int         `json:"unchanged"`
	Gone      []string    `json:"gone"` // a gap in the list: nobody was delisted
	Relisted  []string    `json:"relisted,omitempty"`
	LeftOut   []string    `json:"left_out,omitempty"`
	Recorded  int         `json:"recorded"`
	Before    int         `json:"recorded_before"`
	Refused   []delivered `json:"refused,omitempty"`
	Warnings  []string    `json:"warnings,omitempty"`
}

func (i imported) tell(w io.Writer) {
	fmt.Fprintf(w, "%s", i.Source)
	if i.Published != "" {
		fmt.Fprintf(w, " of %s", i.Published)
	}
	fmt.Fprintf(w, ": %d entries\n  new %d, amended %d, unchanged %d\n", i.Entries, i.New, i.Amended, i.Unchanged)
	tellSome(w, "no longer in the list (a gap: nothing is delisted by it)", i.Gone)
	tellSome(w, "in the list, but removed in the ledger (decide by hand)", i.Relisted)
	tellSome(w, "left out, because the source itself says deleted", i.LeftOut)
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

// run shows the difference and posts it.
func (c *importing) run(ctx context.Context, a *app, who *signer, d difference, out imported) error {
	out.New, out.Amended, out.Unchanged, out.Gone, out.Relisted = len(d.New), len(d.Amended), d.Unchanged, d.Gone, d.Relisted
	if !a.JSON {
		out.tell(a.out)
	}
	if c.DryRun {
		return c.end(a, out, "nothing was posted")
	}
	envelopes, err := d.sign(a, who)
	if err != nil {
		return err
	}
	if len(envelopes) == 0 {
		return c.end(a, out, "nothing to post")
	}
	bar := a.progress("posting", len(envelopes))
	results, err := a.deliver(ctx, envelopes, bar)
	bar.End()
	if err != nil {
		return err
	}
	for _, r := range results {
		switch {
		case r.Refused != nil:
			out.Refused = append(out.Refused, r)
		case r.Before:
			out.Before++
		default:
			out.Recorded++
		}
	}
	return c.end(a, out, fmt.Sprintf("recorded %d, recorded before %d, refused %d", out.Recorded, out.Before, len(out.Refused)))
}

func (c *importing) end(a *app, out imported, what string) error {
	if a.JSON {
		writeJSON(a.out, out)
	} else {
		fmt.Fprintln(a.out, what)
	}
	for i, r := range out.Refused {
		if i < 10 {
			a.note("refused: %v", r.Refused)
		}
	}
	if len(out.Refused) > 0 {
		return errRefused
	}
	return nil
}

// sign makes the envelopes of a difference.
func (d difference) sign(a *app, who *signer) ([]*seal.Envelope, error) {
	bar := a.progress("signing", len(d.New)+len(d.Amended))
	defer bar.End()
	envelopes := make([]*seal.Envelope, 0, len(d.New)+len(d.Amended))
	for _, b := range d.New {
		e, err := who.signBody("designation.adopted", b.Designation, b)
		if err != nil {
			return nil, err
		}
		envelopes = append(envelopes, e)
		bar.Add(1)
	}
	for _, b := range d.Amended {
		e, err := who.signBody("designation.amended", b.Designation, b)
		if err != nil {
			return nil, err
		}
		envelopes = append(envelopes, e)
		bar.Add(1)
	}
	return envelopes, nil
}

// designated words an entry of a list as a designation under a regime.
func designated(regime domain.Regime, e importer.Entry, sum domain.Hash, published domain.Date, issuer domain.AgencyID, media string) (domain.DesignationAdopted, error) {
	measures := bearing(regime.Measures, e.Kind)
	if len(measures) == 0 {
		return domain.DesignationAdopted{}, fmt.Errorf("%s: of the measures of %s none bears on a %s: the coalition must say in the regime which do", e.Place, regime.ID, e.Kind)
	}
	return domain.DesignationAdopted{
		Common: domain.Common{
			PublishedOn: published,
			Evidence:    []domain.Evidence{{SHA256: sum, MediaType: media, HeldBy: issuer}},
		},
		Regime: regime.ID, Authority: regime.Authority, ListRef: e.Ref, Subject: e.Subject, Measures: measures,
		AdoptedOn: e.ListedOn, AmendedOn: e.UpdatedOn,
	}, nil
}

// bearing picks the measures of a regime that a listing itself puts on a
// subject of this kind: a travel ban on persons, an asset freeze on anyone.
// The rest of a regime binds states, not those listed.
func bearing(regime []string, kind string) []string {
	var out []string
	for _, m := range []string{"asset_freeze", "travel_ban"} {
		if slices.Contains(regime, m) && (m != "travel_ban" || kind == "person") {
			out = append(out, m)
		}
	}
	return out
}
