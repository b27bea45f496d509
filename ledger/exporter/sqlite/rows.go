package sqlite

import (
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/exporter"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// rows reads the source once.
func (k *writer) rows() error {
	for r, kind := range k.source.Journal() {
		k.events.add(r.Index, kind, string(r.Issuer), stamp(r.RecordedAt), r.Leaf.String())
	}
	for d := range k.source.Designations() {
		k.designation(d)
		for _, t := range k.tables {
			if t.err != nil {
				return nil // end says it
			}
		}
	}
	for l := range k.source.Links() {
		m := l.Marks
		k.links.add(l.At.Index, l.A, l.B, l.Relation, strings.Join(l.Reasons, "; "), m.Illustrative, m.Disputed, m.Contested, m.Repudiated, l.At.Handling)
	}
	return nil
}

func (k *writer) designation(d projections.Listed) {
	reason := ""
	if d.Adopted.Reason != nil {
		reason = d.Adopted.Reason.Text
	}
	k.designations.add(append([]any{
		d.ID, d.Regime, string(d.Authority), d.ListRef, stated(exporter.UNRef(d)), stated(d.Basis), d.Kind, d.Name, d.Status,
		stated(d.AdoptedOn), stated(d.InForceOn), stated(d.RemovedOn), stated(d.Adopted.Instrument), stated(reason), d.At.Index,
	}, marks(d.Marks, d.At)...)...)
	k.name(d.ID, "", d.At.Index, d.Subject.Names)
	for _, id := range d.Subject.Identifiers {
		k.identifiers.add(d.ID, id.Scheme, id.Value, stated(id.Country), stated(id.Chain), stated(id.Label), stated(id.Note), stated(id.IssuedOn), stated(id.ExpiresOn))
	}
	measures := slices.Clone(d.Measures)
	slices.Sort(measures)
	for _, m := range slices.Compact(measures) {
		k.measures.add(d.ID, m)
	}
	for _, t := range d.Transpositions {
		k.transposition(d, t)
	}
}

func (k *writer) transposition(d projections.Listed, t projections.Transposed) {
	var lag any
	if t.LagDays != nil {
		lag = *t.LagDays
	}
	k.transpositions.add(append([]any{
		t.At.Index, d.ID, string(t.Member), stated(t.NationalRef), stated(t.Instrument), stated(t.Notice), stated(t.NoticeOn),
		stated(t.EffectOn), lag, stated(strings.Join(t.Measures, "; ")),
	}, marks(t.Marks, t.At)...)...)
	if t.Entry != nil {
		k.name(d.ID, t.Member, t.At.Index, t.Entry.Names)
	}
}

// name takes names, and what they are searched by under the same number.
func (k *writer) name(designation string, member domain.Country, event uint64, list []domain.Name) {
	for _, n := range list {
		k.names++
		k.namesOf.add(k.names, designation, n.Text, stated(n.Kind), stated(n.Script), stated(n.Language), stated(n.Quality), stated(member), event)
		plain := norm.NFKC.String(n.Text)
		k.search.add(k.names, plain, pairs(plain))
	}
}

// stated is NULL for what is empty.
func stated[T ~string](v T) any {
	if v == "" {
		return nil
	}
	return string(v)
}

func marks(m projections.Marks, r projections.Recorded) []any {
	return []any{m.Transcribed, m.Illustrative, m.Disputed, m.Contested, m.Repudiated, r.Handling}
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
