package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/history"
	ident "github.com/coalition-ledger/coalition-ledger/ledger/importer/identity"
)

// pairReview is the file in which a human goes through links between the
// designations of two authorities or regimes.
type pairReview struct {
	A      string     `json:"a"`
	B      string     `json:"b"`
	Pairs  []pairLine `json:"pairs"`
	AloneA []string   `json:"without_counterpart"` // of a
	Linked int        `json:"linked_before"`       // left out: the ledger has them
}

// pairLine is one proposed link. Accept is the human's.
type pairLine struct {
	Accept    bool     `json:"accept"`
	Confirmed bool     `json:"confirmed"` // nothing else could be meant
	Score     float64  `json:"score"`
	A         string   `json:"a"`
	AName     string   `json:"a_name"`
	B         string   `json:"b"`
	BName     string   `json:"b_name"`
	Basis     string   `json:"basis"`
	For       []string `json:"for"`
	Against   []string `json:"against,omitempty"`
}

// proposePairs proposes links between designations that the ledger holds.
func (c *linkProposeCmd) proposePairs(ctx context.Context, a *app) error {
	h, err := a.holdings(ctx, "")
	if err != nil {
		return err
	}
	left, right := h.of(c.A), h.of(c.B)
	for name, list := range map[string][]importer.Entry{c.A: left, c.B: right} {
		if len(list) == 0 {
			return fmt.Errorf("the ledger holds no designation of %s: name an authority (UN) or a regime (US-DPRK), and import its list first", name)
		}
	}
	if slices.ContainsFunc(left, func(e importer.Entry) bool {
		return slices.ContainsFunc(right, func(o importer.Entry) bool { return o.Ref == e.Ref })
	}) {
		return usage("%s and %s have designations in common: a designation is not linked to itself", c.A, c.B)
	}
	rv := c.pairs(h, left, right)
	if c.DryRun {
		return rv.tell(a, "")
	}
	text, err := json.Marshal(rv, jsontext.WithIndent("  "))
	if err != nil {
		return err
	}
	if err := writeNew(c.Out, append(text, '\n'), 0o644); err != nil {
		return err
	}
	return rv.tell(a, c.Out)
}

// of returns what is held of an authority or a regime.
func (h *held) of(name string) []importer.Entry {
	if domain.Country(name).Valid() {
		return h.matching(func(d *history.Held) bool { return string(d.Authority) == name })
	}
	return h.entries(name)
}

func (c *linkProposeCmd) pairs(h *held, left, right []importer.Entry) pairReview {
	rv := pairReview{A: c.A, B: c.B, Pairs: []pairLine{}, AloneA: []string{}}
	paired := make(map[string]bool)
	for _, p := range ident.Propose(left, right, ident.Options{MinScore: c.MinScore}) {
		paired[p.A] = true
		if h.linked[sameAs(p.A, p.B).Key()].stands {
			rv.Linked++
			continue
		}
		rv.Pairs = append(rv.Pairs, pairLine{
			Accept: p.Confirmed && c.AcceptConfirmed, Confirmed: p.Confirmed, Score: p.Score, A: p.A, AName: h.name(p.A), B: p.B, BName: h.name(p.B),
			Basis: p.Basis, For: p.For, Against: p.Against,
		})
	}
	for _, e := range left {
		if !paired[e.Ref] {
			rv.AloneA = append(rv.AloneA, e.Ref+" "+names(e.Subject))
		}
	}
	return rv
}

// name is the first name of a held designation.
func (h *held) name(id string) string {
	if d, ok := h.state.Designations[id]; ok && len(d.Subject.Names) > 0 {
		return d.Subject.Names[0].Text
	}
	return ""
}

func sameAs(a, b string) domain.SubjectLinked {
	return domain.SubjectLinked{A: a, B: b, Relation: "same_as"}
}

func (rv pairReview) tell(a *app, file string) error {
	accepted, byNumber := 0, 0
	lines := make([]string, len(rv.Pairs))
	for i, l := range rv.Pairs {
		if l.Accept {
			accepted++
		}
		if l.Basis == ident.ByIdentifier {
			byNumber++
		}
		lines[i] = fmt.Sprintf("%.2f %s %s = %s %s: %s", l.Score, l.A, l.AName, l.B, l.BName, strings.Join(l.For, "; "))
		if len(l.Against) > 0 {
			lines[i] += "; against: " + strings.Join(l.Against, "; ")
		}
	}
	if a.JSON {
		answer := map[string]any{"file": file, "pairs": len(lines), "by_identifier": byNumber, "accepted": accepted, "to_decide": len(lines) - accepted, "linked_before": rv.Linked, "without_counterpart": rv.AloneA}
		if file == "" {
			answer["proposals"] = rv.Pairs
		}
		writeJSON(a.out, answer)
		return nil
	}
	fmt.Fprintf(a.out, "%d links of %s and %s, %d of them by a number: %d accepted because nothing else could be meant, %d for you to decide; %d stand in the ledger\n",
		len(lines), rv.A, rv.B, byNumber, accepted, len(lines)-accepted, rv.Linked)
	tellSome(a.out, "links", lines)
	tellSome(a.out, rv.A+" without a counterpart", rv.AloneA)
	if file != "" {
		fmt.Fprintf(a.out, "read %s, set \"accept\" on each line you stand behind, then: ledger link post %s\n", file, file)
	}
	return nil
}

// postPairs signs a link for each accepted line.
func (c *linkPostCmd) postPairs(ctx context.Context, a *app, rv pairReview) error {
	who, err := a.signer(ctx, c.signing)
	if err != nil {
		return err
	}
	h, err := a.holdings(ctx, "")
	if err != nil {
		return err
	}
	var out linksPosted
	var links []history.Change
	for _, l := range rv.Pairs {
		b := sameAs(l.A, l.B)
		have := h.linked[b.Key()]
		switch {
		case !l.Accept:
			out.Left++
			continue
		case have.stands:
			out.Before++
		default:
			b.Basis, b.Score, b.Reasons = l.Basis, strconv.FormatFloat(l.Score, 'f', -1, 64), l.reasons()
			links = append(links, history.Change{Type: "subject.linked", About: b.Key(), Turn: have.turns, Body: b})
		}
		out.Accepted++
	}
	if len(links) > 0 {
		err = c.postAll(ctx, a, who, links, &out)
	}
	return c.tell(a, out, err)
}

func (l pairLine) reasons() []string {
	out := slices.Clone(l.For)
	for _, r := range l.Against {
		out = append(out, "against: "+r)
	}
	return out
}

func (c *linkPostCmd) postAll(ctx context.Context, a *app, who *signer, links []history.Change, out *linksPosted) error {
	envelopes, err := who.signAll(a, links)
	if err != nil {
		return err
	}
	bar := a.progress("posting", len(envelopes))
	results, err := a.deliver(ctx, envelopes, bar)
	bar.End()
	out.count(results, err == nil)
	return err
}
