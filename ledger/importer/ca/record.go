package ca

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/tree"
)

// builder moves the values of one record into its subject; what nobody takes
// goes to Raw.
type builder struct {
	root   *tree.Node
	e      importer.Entry
	commas bool
}

func (b *builder) build() error {
	var err error
	b.e.Ref, err = reference(b.root.Get("Country"), b.root.Get("Schedule"), b.root.Get("Item"))
	if err != nil {
		return err
	}
	b.e.List = english(b.root.Get("Country"))
	b.listed()
	if err := b.name(); err != nil {
		return err
	}
	b.aliases()
	b.title()
	b.imo()
	b.birth()
	b.e.Subject.Kind = b.e.Kind
	b.e.Subject.Raw = b.root.Rest()
	return nil
}

// listed reads the date; its text stays in Raw, since a Subject has no field
// for it.
func (b *builder) listed() {
	text := strings.TrimSpace(b.root.Get("DateOfListing"))
	d, ok := importer.Day(text)
	switch {
	case text == "":
		b.warn("DateOfListing is blank")
	case !ok:
		b.warn(fmt.Sprintf("DateOfListing %q is no date", text))
	default:
		b.e.ListedOn = d
	}
}

// name reads the primary name, and with it what kind of subject this is.
func (b *builder) name() error {
	last, given, other := b.root.Field("LastName"), b.root.Field("GivenName"), b.root.Field("EntityOrShip")
	name := domain.Name{Kind: "primary", Text: other}
	switch person := last != "" || given != ""; {
	case person && other != "":
		return errors.New("it names a person and an entity or ship at once")
	case person:
		b.e.Kind = "person"
		name.Text = strings.TrimSpace(given + " " + last)
		name.Parts = parts("first", given, "last", last)
	case other == "":
		return errors.New("it has none of LastName, GivenName and EntityOrShip")
	case b.root.Get("ShipIMONumber") != "" || b.root.Get("TitleOrShip") != "":
		b.e.Kind = "vessel"
	default:
		b.e.Kind = "entity"
	}
	name.Script = importer.Script(name.Text)
	b.e.Subject.Names = append(b.e.Subject.Names, name)
	return nil
}

// parts pairs the names of parts with their texts, blank ones left out.
func parts(pairs ...string) []domain.NamePart {
	var out []domain.NamePart
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out = append(out, domain.NamePart{Part: pairs[i], Text: pairs[i+1]})
		}
	}
	return out
}

// aliases adds each other name; the text of several stays in Raw.
func (b *builder) aliases() {
	for _, n := range b.root.All("Aliases") {
		text := n.Typed()
		count := 0
		for a := range strings.SplitSeq(text, ";") {
			if a = strings.TrimSpace(a); a != "" {
				b.e.Subject.Names = append(b.e.Subject.Names, domain.Name{Text: a, Kind: "aka", Script: importer.Script(a)})
				count++
			}
		}
		if strings.Contains(text, ";") {
			n.Used = false
		} else if count > 0 && strings.Contains(text, ",") {
			b.commas = true
		}
	}
}

// title reads a person's title or a ship's type.
func (b *builder) title() {
	text := b.root.Field("TitleOrShip")
	if text == "" {
		return
	}
	t := domain.Text{Text: text, Label: "TitleOrShip"}
	if b.e.Kind == "vessel" {
		b.e.Subject.Remarks = append(b.e.Subject.Remarks, t)
		return
	}
	b.e.Subject.Titles = append(b.e.Subject.Titles, t)
}

// imo reads a ship's number; one that fails a ship's check digit is a
// company's or of no known scheme.
func (b *builder) imo() {
	text := b.root.Field("ShipIMONumber")
	if text == "" {
		return
	}
	id := domain.Identifier{Scheme: "imo", Value: text}
	switch {
	case domain.ValidIMO(text):
	case importer.ValidIMOCompany(text):
		b.warn("ShipIMONumber " + text + " has the check digit of a company's, not of a ship's")
		id.Scheme, id.Label = "imo_company", "ShipIMONumber"
	default:
		b.warn(fmt.Sprintf("ShipIMONumber %q fails its check digit", text))
		id.Scheme, id.Label = "other", "ShipIMONumber"
	}
	b.e.Subject.Identifiers = append(b.e.Subject.Identifiers, id)
}

// birth reads a person's date of birth: one date, several joined by "or", or
// two years joined by a hyphen. What is not understood stays as text.
func (b *builder) birth() {
	const element = "DateOfBirthOrShipBuildDate"
	if b.e.Kind != "person" {
		return
	}
	text := b.root.Field(element)
	if text == "" {
		return
	}
	births := &b.e.Subject.BirthDates
	if m := years.FindStringSubmatch(text); m != nil {
		*births = append(*births, domain.FuzzyDate{Type: "between", From: domain.Date(m[1]), To: domain.Date(m[2]), Text: text})
		return
	}
	var dates []domain.FuzzyDate
	for _, t := range or.Split(text, -1) {
		d := domain.Date(t)
		if t == "" || !d.Valid() {
			b.warn(fmt.Sprintf("date of birth %q was kept as text", text))
			*births = append(*births, domain.FuzzyDate{Text: text})
			return
		}
		dates = append(dates, domain.FuzzyDate{Type: "exact", Date: d})
	}
	if len(dates) > 1 {
		for i := range dates {
			dates[i].Text = text
		}
	}
	*births = append(*births, dates...)
}

var (
	years = regexp.MustCompile(`^([0-9]{4}) ?- ?([0-9]{4})$`)
	or    = regexp.MustCompile(`(?i) or `)
)

func (b *builder) warn(text string) { b.e.Warnings = append(b.e.Warnings, text) }
