package ftm

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/exporter"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// statuses are the ledger's words in those of the model.
var statuses = map[string]string{
	projections.StatusListed: "Active", projections.StatusRemoved: "Inactive", projections.StatusPending: "Pending",
	projections.StatusSuspended: "Suspended", projections.StatusAnnulled: "Annulled",
}

func (k *writer) sanctions(p *part, d projections.Listed) {
	own := k.sanction(p, d)
	p.own = append(p.own, own)
	for _, t := range d.Transpositions {
		p.own = append(p.own, k.transposition(p, d, t))
	}
}

func (k *writer) sanction(p *part, d projections.Listed) *entity {
	e := newEntity(idOf(d.ID)+"-sanction", "Sanction")
	e.add("entity", p.thing.ID)
	e.decided(d.Authority, d.ListRef)
	e.programme(k.source, d)
	e.add("status", statuses[d.Status])
	e.add("provisions", words(d.Measures)...)
	e.dates("listingDate", d.AdoptedOn)
	e.dates("startDate", domain.Date(cmp.Or(string(d.InForceOn), string(d.AdoptedOn))))
	e.dates("endDate", d.RemovedOn)
	e.dates("modifiedAt", d.Adopted.AmendedOn...)
	if d.Adopted.Reason != nil {
		e.add("reason", d.Adopted.Reason.Text)
	}
	e.add("description", d.Adopted.Instrument)
	e.source(d.Adopted.Common)
	e.rests(d.At, exporter.Words(d.Marks, d.At.Issuer, d.Authority))
	e.seen(d.At.RecordedAt, d.LastAt)
	return e
}

func (k *writer) transposition(p *part, d projections.Listed, t projections.Transposed) *entity {
	e := newEntity(fmt.Sprintf("%s-transposed-%s", idOf(d.ID), strings.ToLower(string(t.Member))), "Sanction")
	e.add("entity", p.thing.ID)
	e.decided(t.Member, t.NationalRef)
	e.programme(k.source, d)
	if t.InForce { // what a removal means for a national act is not recorded
		e.add("status", statuses[d.Status])
	}
	measures := t.Measures
	if len(measures) == 0 {
		measures = d.Measures
	}
	e.add("provisions", words(measures)...)
	e.dates("listingDate", t.NoticeOn)
	e.dates("startDate", t.EffectOn)
	e.add("description", strings.TrimSpace(t.Instrument+" "+t.Notice))
	e.add("summary", fmt.Sprintf("%s gave %s national effect.", exporter.CountryName(t.Member), d.ID))
	e.rests(t.At, exporter.Words(t.Marks, t.At.Issuer, t.Member))
	e.seen(t.At.RecordedAt, t.At.RecordedAt)
	return e
}

// decided says whose decision it is, and under which reference.
func (e *entity) decided(c domain.Country, ref string) {
	e.add("authority", exporter.CountryName(c))
	e.country("country", c)
	e.identify("authorityId", ref, "Reference")
}

func (e *entity) programme(s *exporter.Source, d projections.Listed) {
	e.add("program", s.RegimeName(d.Regime))
	e.identify("programId", d.Regime, "Regime")
	if ref := exporter.UNRef(d); strings.ContainsFunc(ref, unicode.IsLetter) { // the number of a row is no identifier
		e.identify("unscId", ref, "UN reference")
	}
}

// source links to documents that stand on the web.
func (e *entity) source(c domain.Common) {
	for _, x := range c.Evidence {
		if strings.HasPrefix(x.Locator, "https://") || strings.HasPrefix(x.Locator, "http://") {
			e.add("sourceUrl", x.Locator)
		}
	}
}

// rests names the event behind an entry, and what stands against it.
func (e *entity) rests(at projections.Recorded, against string) {
	e.add("recordId", fmt.Sprintf("%d:%s", at.Index, at.Leaf))
	e.add("publisher", string(at.Issuer))
	e.add("summary", against)
}

func words(list []string) []string {
	out := make([]string, 0, len(list))
	for _, m := range list {
		out = append(out, strings.ReplaceAll(m, "_", " "))
	}
	return out
}

// link writes an edge between two entities, none where they are one.
func (k *writer) link(l projections.Linked) {
	a, b := k.clusters.canonical(l.A), k.clusters.canonical(l.B)
	if a == b {
		return
	}
	schema, from, to := k.edge(l.Relation, a, b)
	e := newEntity(fmt.Sprintf("cl-link-%d", l.At.Index), schema)
	e.add(from, idOf(a))
	e.add(to, idOf(b))
	e.add("role", strings.ReplaceAll(l.Relation, "_", " "))
	e.add("summary", strings.Join(l.Reasons, "; "))
	e.rests(l.At, exporter.Words(l.Marks, l.At.Issuer, l.At.Issuer.Member()))
	e.seen(l.At.RecordedAt, l.At.RecordedAt)
	k.put(e)
}

// edge returns the schema whose ends may be of these kinds.
func (k *writer) edge(relation, a, b string) (schema, from, to string) {
	kindA, kindB := k.kind(a), k.kind(b)
	legal := kindA == "person" || kindA == "entity"
	switch {
	case relation == "owns" && legal && (kindB == "entity" || kindB == "vessel" || kindB == "aircraft"):
		return "Ownership", "owner", "asset"
	case relation == "member_of" && legal && kindB == "entity":
		return "Membership", "member", "organization"
	}
	return "UnknownLink", "subject", "object"
}

func (k *writer) kind(id string) string {
	i, _ := k.source.Info(id)
	return i.Kind
}
