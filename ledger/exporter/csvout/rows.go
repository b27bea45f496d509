package csvout

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/exporter"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// placeColumns end every table: what stands against a statement, and where it
// is recorded.
var placeColumns = []string{
	"transcribed", "illustrative", "disputed", "contested", "repudiated", "handling", "issuer", "event", "recorded_at", "leaf",
}

func place(m projections.Marks, r projections.Recorded) []string {
	yes := func(b bool) string {
		if b {
			return "yes"
		}
		return ""
	}
	return []string{
		yes(m.Transcribed), yes(m.Illustrative), yes(m.Disputed), yes(m.Contested), yes(m.Repudiated), r.Handling,
		string(r.Issuer), strconv.FormatUint(r.Index, 10), r.RecordedAt.UTC().Format(time.RFC3339Nano), r.Leaf.String(),
	}
}

var registerColumns = slices.Concat([]string{
	"designation", "regime", "authority", "list_ref", "un_ref", "basis", "status", "kind", "name", "other_names", "adopted_on", "in_force_on",
	"removed_on", "measures", "held_by", "identifiers", "birth_dates", "birth_places", "nationalities", "flags", "addresses", "titles", "roles",
	"remarks", "instrument", "reason", "linked_to", "events",
}, placeColumns)

func registerRow(d projections.Listed) []string {
	s := d.Subject
	others := slices.DeleteFunc(slices.Clone(s.Names), func(n domain.Name) bool { return n.Text == d.Name })
	reason := ""
	if d.Adopted.Reason != nil {
		reason = d.Adopted.Reason.Text
	}
	return slices.Concat([]string{
		d.ID, d.Regime, string(d.Authority), d.ListRef, exporter.UNRef(d), d.Basis, d.Status, d.Kind, d.Name,
		each(others, func(n domain.Name) string { return n.Text }), string(d.AdoptedOn), string(d.InForceOn), string(d.RemovedOn),
		several(d.Measures...), each(d.HeldBy, func(c domain.Country) string { return string(c) }), each(s.Identifiers, identifier),
		each(s.BirthDates, exporter.Born), each(s.BirthPlaces, exporter.Address), texts(s.Nationalities), texts(s.Flags),
		each(s.Addresses, exporter.Address), texts(s.Titles), texts(s.Roles), texts(s.Remarks), d.Adopted.Instrument, reason,
		each(d.Links, func(l projections.Linked) string { return linked(d.ID, l) }), each(d.Events, func(e uint64) string { return strconv.FormatUint(e, 10) }),
	}, place(d.Marks, d.At))
}

// linked words a link from one of its ends.
func linked(id string, l projections.Linked) string {
	if l.A == id {
		return l.Relation + " " + l.B
	}
	return l.Relation + " of " + l.A
}

func identifier(id domain.Identifier) string {
	out := id.Scheme
	if id.Label != "" && id.Scheme == "other" {
		out = id.Label
	}
	out += " " + id.Value
	if id.Country != "" {
		out += " (" + string(id.Country) + ")"
	}
	return out
}

func texts(list []domain.Text) string {
	return each(list, func(t domain.Text) string {
		if t.Text == "" {
			return string(t.Code)
		}
		return t.Text
	})
}

var transpositionColumns = slices.Concat([]string{
	"designation", "un_ref", "regime", "member", "national_ref", "instrument", "notice", "notice_on", "in_force_on", "effect_on",
	"listed_on", "lag_days", "measures", "name", "national_name", "link_reasons",
}, placeColumns)

func transpositionRow(d projections.Listed, t projections.Transposed) []string {
	lag, national := "", ""
	if t.LagDays != nil {
		lag = strconv.Itoa(*t.LagDays)
	}
	if t.Entry != nil {
		national = exporter.NameOf(t.Entry)
	}
	return slices.Concat([]string{
		d.ID, exporter.UNRef(d), d.Regime, string(t.Member), t.NationalRef, t.Instrument, t.Notice, string(t.NoticeOn), string(t.InForceOn),
		string(t.EffectOn), string(d.AdoptedOn), lag, several(t.Measures...), d.Name, national, several(t.LinkReasons...),
	}, place(t.Marks, t.At))
}

var actColumns = slices.Concat([]string{
	"type", "kind", "status", "member", "occurred_on", "regime", "designations", "subject", "subject_identifiers", "amount", "currency",
	"released_freeze", "institution", "court", "place", "flag_claimed", "cargo", "concerning", "legal_basis", "confidence", "case", "summary",
}, placeColumns)

// act is a row of acts.csv before its place.
type act struct {
	kind, status, regime, freeze, institution, court, place, flag, cargo, summary string

	designations []string
	subject      *domain.Subject
	amount       *domain.Money
	concerning   []domain.Country
}

func actRow(a projections.Act) []string {
	x, base := actOf(a.Body), a.Body.Base()
	amount, currency, name, numbers := "", "", "", ""
	if x.amount != nil {
		amount, currency = x.amount.Amount, x.amount.Currency
	}
	if x.subject != nil {
		name, numbers = exporter.NameOf(x.subject), each(x.subject.Identifiers, identifier)
	}
	return slices.Concat([]string{
		a.Type, x.kind, x.status, string(a.At.Issuer.Member()), string(base.OccurredOn), x.regime, several(x.designations...), name, numbers,
		amount, currency, x.freeze, x.institution, x.court, x.place, x.flag, x.cargo,
		each(x.concerning, func(c domain.Country) string { return string(c) }),
		each(base.LegalBasis, func(b domain.LegalBasis) string { return strings.TrimSpace(b.Instrument + " " + b.Paragraph) }),
		base.Confidence, base.Case, x.summary,
	}, place(a.Marks, a.At))
}

func actOf(body domain.Statement) act {
	switch b := body.(type) {
	case *domain.EnforcementActionTaken:
		x := act{kind: b.Kind, status: b.Status, regime: b.Regime, court: b.Court, designations: b.Designations, subject: b.Respondent, amount: b.Amount, concerning: b.Concerning}
		if b.Summary != nil {
			x.summary = b.Summary.Text
		}
		return x
	case *domain.AssetFrozen:
		return act{kind: b.AssetKind, regime: b.Regime, institution: b.Institution, designations: b.Designations, subject: b.Holder, amount: b.Amount}
	case *domain.AssetUnfrozen:
		return act{freeze: strconv.FormatUint(b.Freeze.Index, 10), amount: b.Amount, summary: b.Reason}
	case *domain.InterdictionExecuted:
		return act{
			kind: b.Outcome, regime: b.Regime, place: exporter.Address(b.Place), flag: b.FlagClaimed, cargo: each(b.Cargo, goods),
			designations: b.Designations, subject: &b.Subject, concerning: b.Concerning,
		}
	}
	return act{}
}

// goods words one kind of goods found.
func goods(c domain.CargoItem) string {
	out := c.Description
	if c.HSCode != "" {
		out += " (HS " + c.HSCode + ")"
	}
	if c.Quantity != nil {
		out += fmt.Sprintf(", %s %s", c.Quantity.Amount, c.Quantity.Unit)
	}
	if c.Value != nil {
		out += fmt.Sprintf(", %s %s", c.Value.Amount, c.Value.Currency)
	}
	return out
}
