package exporter

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// CountryName returns the short neutral name of a state, or its code where it
// stands for nobody real.
func CountryName(c domain.Country) string { return cmp.Or(domain.CountryName(c), string(c)) }

// Words says what stands against or beside a statement: who copied it from
// whose publication, that it was invented, or is contested. "" where nothing
// does and its own authority signed it.
func Words(m projections.Marks, issuer domain.AgencyID, whose domain.Country) string {
	var out []string
	add := func(yes bool, text string) {
		if yes {
			out = append(out, text)
		}
	}
	add(m.Illustrative, "Illustrative: invented for teaching, it concerns nobody real.")
	add(m.Transcribed, fmt.Sprintf("Transcribed by %s: published by %s, not signed by it.", issuer, CountryName(whose)))
	add(m.Disputed, "A dispute of this statement stands open.")
	add(m.Contested, "The key that signed this statement was later called compromised.")
	add(m.Repudiated, "Its agency later said that it did not make this statement.")
	return strings.Join(out, " ")
}

// NameOf returns the primary name, else the first, else the first identifier.
func NameOf(s *domain.Subject) string {
	for _, n := range s.Names {
		if n.Kind == "primary" {
			return n.Text
		}
	}
	switch {
	case len(s.Names) > 0:
		return s.Names[0].Text
	case len(s.Identifiers) > 0:
		return s.Identifiers[0].Scheme + " " + s.Identifiers[0].Value
	}
	return ""
}

// Address words a place on one line.
func Address(p domain.Place) string {
	if p.Text != "" {
		return p.Text
	}
	country := p.CountryText
	if country == "" && p.Country != "" {
		country = CountryName(p.Country)
	}
	var out []string
	for _, part := range []string{p.Street, p.City, p.Region, p.PostalCode, country} {
		if part != "" {
			out = append(out, part)
		}
	}
	return strings.Join(out, ", ")
}

// Born words a date of birth with its precision, as its source states it.
func Born(d domain.FuzzyDate) string {
	switch {
	case d.From != "" || d.To != "":
		return strings.TrimSpace(fmt.Sprintf("between %s and %s", cmp.Or(string(d.From), "?"), cmp.Or(string(d.To), "?")))
	case d.Date == "":
		return d.Text
	case d.Type != "" && d.Type != "exact":
		return d.Type + " " + string(d.Date)
	}
	return string(d.Date)
}

// UNRef returns the UN's reference of a designation: its own, or that of the
// one it rests on; "" where none is recorded.
func UNRef(d projections.Listed) string {
	if d.Authority == "UN" {
		return d.ListRef
	}
	for _, r := range d.Rests {
		if r.Authority == "UN" {
			return r.ListRef
		}
	}
	for _, id := range d.Subject.Identifiers {
		if id.Scheme == "un_ref" {
			return id.Value
		}
	}
	return ""
}
