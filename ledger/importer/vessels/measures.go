package vessels

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// Designation is what applies to a ship since a date.
type Designation struct {
	On       domain.Date // empty when the list's text is no date
	Measures []Measure
}

// Measure is one column of measures.
type Measure struct {
	Words []string            // of domain.Measures
	Basis []domain.LegalBasis // the paragraphs that the column names
	Owner string              // the listed entity whose economic resource the column makes the ship
}

// Designations returns the dates of designation of an entry that Parse
// returned, in the list's order, each with its measures. It reads the entry's
// Raw, so that an entry which was stored and read again serves as well.
func Designations(e importer.Entry) []Designation {
	var out []Designation
	known := measureColumns()
	for _, f := range e.Subject.Raw {
		prefix, heading, ok := strings.Cut(f.Path, "/")
		if !ok || !strings.HasPrefix(prefix, "designation[") {
			continue
		}
		text := importer.Clean(f.Value)
		if heading == headingDate {
			on, _ := day(text)
			out = append(out, Designation{On: on})
			continue
		}
		i := slices.IndexFunc(known, func(c measureColumn) bool { return c.heading == heading })
		if i >= 0 && len(out) > 0 && text == "Yes" {
			last := &out[len(out)-1]
			last.Measures = append(last.Measures, known[i].measure())
		}
	}
	return out
}

// Owner returns the reference of the listed entity whose economic resource the
// ship is, "" when the list names none.
func Owner(e importer.Entry) string {
	for _, r := range e.Subject.Remarks {
		if r.Label == headingOwner {
			if m := ownerReference.FindStringSubmatch(r.Text); m != nil {
				return "KPe." + m[1]
			}
		}
	}
	for _, d := range Designations(e) {
		for _, m := range d.Measures {
			if m.Owner != "" {
				return m.Owner
			}
		}
	}
	return ""
}

var ownerReference = regexp.MustCompile(`(?i)\bKPe\.([0-9]{3})\b`)

// measureColumn is a column of measures: its heading, what it means, and the
// paragraphs it rests on, as "resolution paragraph" divided by semicolons.
type measureColumn struct{ heading, words, basis, owner string }

func measureColumns() []measureColumn {
	return []measureColumn{
		{"Paragraph 8 (d) of resolution 1718 (2006) and paragraph 12 of resolution 2270 (2016)", "asset_freeze", "1718 (2006)|8(d);2270 (2016)|12", ""},
		{"Paragraph 12 (a) of resolution 2321 (2016)", "deflag", "2321 (2016)|12(a)", ""},
		{"Paragraph 12 (d) of resolution 2321 (2016)", "asset_freeze", "2321 (2016)|12(d)", ""},
		{"Paragraph 6 of resolution 2371 (2017) and paragraph 6 of resolution 2375 (2017)", "port_entry_ban", "2371 (2017)|6;2375 (2017)|6", ""},
		{"Economic resources controlled or operated by Ocean Maritime Management (KPe.020)", "economic_resource asset_freeze", "2270 (2016)|23", "KPe.020"},
	}
}

func (c measureColumn) measure() Measure {
	m := Measure{Words: strings.Fields(c.words), Owner: c.owner}
	for b := range strings.SplitSeq(c.basis, ";") {
		resolution, paragraph, _ := strings.Cut(b, "|")
		m.Basis = append(m.Basis, domain.LegalBasis{Instrument: "S/RES/" + resolution, Paragraph: paragraph})
	}
	return m
}

// The headings that entries are read by.
const (
	headingNumber = "#"
	headingName   = "Vessel Name"
	headingIMO    = "IMO number"
	headingDate   = "Date of designation"
	headingOwner  = "Designated as economic resources of"
)

// headingRows is how many rows the headings take.
const headingRows = 3

// checkHeading holds the first rows of the list to the headings above: a
// column that means something else must not be read as one of these.
func checkHeading(file string, lines []line) error {
	if len(lines) < headingRows {
		return place{line: 1}.refuse(file, "the first table is too short: is this the 1718 Designated Vessels List?", nil)
	}
	want := []struct {
		row, column int
		text        string
	}{
		{0, 0, "1718 Designated Vessels List"},
		{1, columnNumber, headingNumber},
		{1, columnName, headingName},
		{1, columnIMO, headingIMO},
		{1, columnDate, headingDate},
		{1, columnFirst, "Relevant sanctions measures"},
	}
	for i, c := range measureColumns() {
		want = append(want, struct {
			row, column int
			text        string
		}{2, columnFirst + i, c.heading})
	}
	for _, w := range want {
		l := lines[w.row]
		if !l.has(w.column) || l.cells[w.column].clean() != w.text {
			return l.refuse(file, fmt.Sprintf("heading %q is not where it is expected: is this the 1718 Designated Vessels List, and in this layout?", w.text), nil)
		}
	}
	return nil
}
