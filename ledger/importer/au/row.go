package au

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// The columns, by their headings in lower case.
const (
	colReference   = "reference"
	colName        = "name of individual or entity"
	colType        = "type"
	colNameType    = "name type"
	colStrength    = "alias strength"
	colBirth       = "date of birth"
	colBirthPlace  = "place of birth"
	colCitizenship = "citizenship"
	colAddress     = "address"
	colInformation = "additional information"
	colListing     = "listing information"
	colIMO         = "imo number"
	colCommittees  = "committees"
	colControl     = "control date"
	colInstrument  = "instrument of designation"
	colMaritime    = "maritime restriction"
)

func known() []string {
	out := []string{
		colReference, colName, colType, colNameType, colStrength, colBirth, colBirthPlace, colCitizenship, colAddress,
		colInformation, colListing, colIMO, colCommittees, colControl, colInstrument,
	}
	for _, m := range measureColumns() {
		out = append(out, m.column)
	}
	return out
}

// measureColumn is a column that says whether a measure applies; word is of
// domain.Measures.
type measureColumn struct{ column, word string }

func measureColumns() []measureColumn {
	return []measureColumn{
		{"targeted financial sanction", "asset_freeze"},
		{"travel ban", "travel_ban"},
		{"arms embargo", "arms_embargo"},
		{colMaritime, "maritime_restriction"},
	}
}

// column returns the column that a heading names: some write it with
// underscores, and the name's heading shorter.
func column(heading string) string {
	key := strings.ToLower(importer.Clean(strings.ReplaceAll(heading, "_", " ")))
	if key == "name" {
		return colName
	}
	return key
}

// row is one name with what stands beside it.
type row struct {
	place   string
	printed string // the reference as printed
	tight   string // the same without white space
	number  string
	primary bool // the reference has no letters
	cells   []cell
}

// cell is one that is not blank.
type cell struct{ heading, column, text string }

func newRow(place string, columns, cells []string) (*row, error) {
	r := &row{place: place}
	for i, text := range cells {
		if strings.TrimSpace(text) == "" {
			continue
		}
		c := cell{heading: fmt.Sprintf("column %d", i+1), text: text}
		if i < len(columns) && columns[i] != "" {
			c.heading, c.column = columns[i], column(columns[i])
		}
		r.cells = append(r.cells, c)
	}
	r.printed = r.get(colReference)
	r.tight = strings.Join(strings.Fields(r.printed), "")
	m := referenceShape.FindStringSubmatch(r.tight)
	if m == nil {
		return nil, fmt.Errorf("reference %q is not a number such as 101, or 101a for another name", r.printed)
	}
	r.number, r.primary = m[1], m[2] == ""
	if r.get(colName) == "" {
		return nil, errors.New("it has no name")
	}
	return r, nil
}

var referenceShape = regexp.MustCompile(`^([0-9]{1,12})([A-Za-z]{0,4})$`)

// get returns the text of a column, "" when it is blank.
func (r *row) get(column string) string {
	for _, c := range r.cells {
		if c.column == column {
			return c.text
		}
	}
	return ""
}

// yes reads a column that says whether a measure applies.
func (r *row) yes(column string) (bool, error) {
	switch text := strings.ToUpper(importer.Clean(r.get(column))); text {
	case "TRUE", "1", "YES":
		return true, nil
	case "", "FALSE", "0", "NO":
		return false, nil
	default:
		return false, fmt.Errorf("%s says %q, neither TRUE nor FALSE", column, text)
	}
}
