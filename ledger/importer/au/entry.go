package au

import (
	"fmt"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// group is the rows of one entry, the primary first when there is one.
type group struct {
	rows     []*row
	before   *group // an entry of the same number that came first
	warnings []string
	e        importer.Entry
}

func (g *group) add(r *row) {
	if r.tight != r.printed {
		g.warnings = append(g.warnings, fmt.Sprintf("reference %q was read as %s", r.printed, r.tight))
	}
	if r.primary {
		g.rows = slices.Insert(g.rows, 0, r)
		return
	}
	if slices.ContainsFunc(g.rows, func(have *row) bool { return have.tight == r.tight }) {
		g.warnings = append(g.warnings, fmt.Sprintf("reference %s stands twice, the second time at %s", r.printed, r.place))
	}
	g.rows = append(g.rows, r)
}

// ordinal is 1 for the first entry of a number.
func (g *group) ordinal() int {
	if g.before == nil {
		return 1
	}
	return g.before.ordinal() + 1
}

// entry reads the rows.
func (g *group) entry() (importer.Entry, error) {
	first := g.rows[0]
	g.e.Warnings = g.warnings
	g.e.Ref, g.e.RawRef = first.number, first.printed
	if n := g.ordinal(); n > 1 {
		g.e.Ref = fmt.Sprintf("%s@%d", first.number, n)
		g.warn(fmt.Sprintf("entry %d of number %s: it has the reference %s by its place in the file alone", n, first.number, g.e.Ref))
	}
	if !first.primary {
		g.warn("the number has no primary row: its first name was taken as primary")
	}
	var err error
	if g.e.Kind, err = g.kind(); err != nil {
		return g.e, err
	}
	g.e.Subject.Kind = g.e.Kind
	g.e.List = importer.Clean(first.get(colCommittees))
	if err := g.measures(); err != nil {
		return g.e, err
	}
	for i, r := range g.rows {
		g.read(i, r)
	}
	g.listed()
	g.edits()
	return g.e, nil
}

// kind is that of the primary row, where that has none of the next that has.
func (g *group) kind() (string, error) {
	for i, r := range g.rows {
		if text := r.get(colType); text != "" {
			if i > 0 {
				g.warn(fmt.Sprintf("the primary row has no type: that of row %s was taken", r.printed))
			}
			return kind(text)
		}
	}
	return kind("")
}

func kind(text string) (string, error) {
	switch strings.ToLower(importer.Clean(text)) {
	case "individual":
		return "person", nil
	case "entity":
		return "entity", nil
	case "vessel":
		return "vessel", nil
	case "aircraft":
		return "aircraft", nil
	}
	return "", fmt.Errorf("type %q is none of Individual, Entity, Vessel and Aircraft", text)
}

// measures are those of the primary row; another row that says otherwise is
// reported.
func (g *group) measures() error {
	for _, m := range measureColumns() {
		applies, err := g.rows[0].yes(m.column)
		if err != nil {
			return err
		}
		if applies {
			g.e.Measures = append(g.e.Measures, m.word)
		}
		for _, r := range g.rows[1:] {
			other, err := r.yes(m.column)
			if err != nil {
				return fmt.Errorf("row %s: %w", r.printed, err)
			}
			if other != applies {
				g.warn(fmt.Sprintf("row %s says otherwise than the primary row on %s", r.printed, m.column))
			}
		}
	}
	return nil
}

// read moves the cells of row i into the subject, and keeps in Raw those whose
// exact text has no typed field. What repeats the primary row is only named.
func (g *group) read(i int, r *row) {
	path := ""
	var same []string
	if i > 0 {
		path = r.tight + "/"
	}
	for _, c := range r.cells {
		if i > 0 && c.column != colName && c.column != colReference && c.text == g.rows[0].get(c.column) {
			same = append(same, c.heading)
			continue
		}
		if !g.cell(i, r, c) {
			g.keep(path+c.heading, c.text)
		}
	}
	if len(same) > 0 {
		g.keep(path+"as in the primary row", strings.Join(same, "; "))
	}
}

func (g *group) keep(path, text string) {
	g.e.Subject.Raw = append(g.e.Subject.Raw, domain.RawField{Path: path, Value: text})
}

// cell reads one cell and says whether its exact text now stands in a typed
// field.
func (g *group) cell(i int, r *row, c cell) bool {
	s, text := &g.e.Subject, importer.Clean(c.text)
	exact := text == c.text
	switch c.column {
	case colName:
		g.name(i, r, text)
	case colBirth:
		return g.birth(text) && exact
	case colBirthPlace:
		if g.e.Kind != "person" {
			return false
		}
		s.BirthPlaces = append(s.BirthPlaces, domain.Place{Text: text, Country: countryAtEnd(text)})
	case colAddress:
		s.Addresses = append(s.Addresses, domain.Place{Text: text, Country: countryAtEnd(text)})
	case colCitizenship:
		return g.citizenship(text) && exact
	case colInformation:
		s.Remarks = append(s.Remarks, domain.Text{Text: c.text, Language: "en", Label: c.heading})
		g.reference(text)
		return true
	case colIMO:
		return g.imo(text) && exact
	case colType:
		if k, err := kind(text); err != nil || k != g.e.Kind {
			g.warn(fmt.Sprintf("row %s has the type %q, the primary row another", r.printed, text))
		}
		return false
	default:
		return false
	}
	return exact
}

// name adds the name of a row; Note is the reference of a row that is not the
// primary, which joins the name to what Raw has of its row.
func (g *group) name(i int, r *row, text string) {
	n := domain.Name{Text: text, Script: importer.Script(text)}
	printed := importer.Clean(r.get(colNameType))
	switch strings.ToLower(printed) {
	case "primary name", "primary":
		n.Kind = "primary"
	case "original script":
		n.Kind = "original"
	case "alias", "aka":
		n.Kind = "aka"
	case "formerly known as", "previously listed as":
		n.Kind = "fka"
	default:
		n.Kind = "aka"
		g.warn(fmt.Sprintf("name type %q of row %s is not known: the name was taken as an alias", printed, r.printed))
	}
	switch strings.ToLower(importer.Clean(r.get(colStrength))) {
	case "strong":
		n.Quality = "good"
	case "weak":
		n.Quality = "low"
	}
	if i > 0 {
		n.Note = r.tight
	} else {
		n.Kind = "primary"
	}
	g.e.Subject.Names = append(g.e.Subject.Names, n)
}

func (g *group) warn(text string) { g.e.Warnings = append(g.e.Warnings, text) }
