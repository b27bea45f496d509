package au_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/au"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/importertest"
	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

type cells = []any

var headings = cells{
	"Reference", "Name of Individual or Entity", "Type", "Name Type", "Alias Strength", "Date of Birth", "Place of Birth", "Citizenship", "Address",
	"Additional Information", "Listing Information", "IMO Number", "Committees", "Control Date", "Instrument of Designation",
	"Targeted Financial Sanction", "Travel Ban", "Arms Embargo", "Maritime Restriction",
}

// The rows of a fictional list: a person with three names, an entity, a ship.
// 44927 and 21916 are days as workbooks count them.
func made() []cells {
	return []cells{
		headings,
		{101, "Vanta OREL", "Individual", "Primary Name", nil, 21916, "Sel, North Korea", "Democratic People's Republic of Korea", "a) 1 Ore St, Sel; b) Var", "KPi.901. Director\nof Ore Line (KPe.901)", "Listed by the Committee", nil, "1718 (DPRK)", 44927, "Example Instrument 2023", true, true, false, false},
		{"101a", "반타 오렐", "Individual", "Original Script", nil, 21916, "Sel, North Korea", "Democratic People's Republic of Korea", "a) 1 Ore St, Sel; b) Var", "KPi.901. Director\nof Ore Line (KPe.901)", "Listed by the Committee", nil, "1718 (DPRK)", 44927, "Example Instrument 2023", true, true, false, false},
		{"101b", "V. Orel ", "Individual", "Alias", "Weak", 1961, "Sel, North Korea", nil, nil, nil, nil, nil, "1718 (DPRK)", 44928, nil, true, true, false, false},
		{"102", "Ore Line", "Entity", "Primary Name", nil, nil, nil, "DPRK", "Sel, Atlantis", "makes ore", nil, nil, "Autonomous (DPRK)", "2/3/26", "Example Instrument 2023", "TRUE", "FALSE", "TRUE", "FALSE"},
		{"103", "Vanta", "Vessel", "Primary Name", nil, nil, nil, nil, nil, nil, nil, 7303803, "Autonomous (Example)", 44927, nil, 0, 0, 0, 1},
	}
}

// workbook writes one sheet for each list of rows.
func workbook(t testing.TB, sheets ...[]cells) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, rows := range sheets {
		name := fmt.Sprintf("Sheet%d", i+1)
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for j, row := range rows {
			if err := f.SetSheetRow(name, fmt.Sprintf("A%d", j+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func parse(t testing.TB, sheets ...[]cells) *importer.List {
	t.Helper()
	list, err := au.Parse(bytes.NewReader(workbook(t, sheets...)), "list.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestParse(t *testing.T) {
	list := parse(t, made())
	const details = "Date of Birth; Place of Birth; Citizenship; Address; Additional Information; Listing Information; Committees; Control Date; Instrument of Designation; "
	const measures = "Targeted Financial Sanction; Travel Ban; Arms Embargo; Maritime Restriction"
	raw := func(pairs ...string) (out []domain.RawField) {
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, domain.RawField{Path: pairs[i], Value: pairs[i+1]})
		}
		return out
	}
	want := []importer.Entry{
		{
			Ref: "101", RawRef: "101", List: "1718 (DPRK)", Kind: "person", UpdatedOn: []domain.Date{"2023-01-01", "2023-01-02"},
			Measures: []string{"asset_freeze", "travel_ban"}, Place: "list.xlsx:Sheet1!A2",
			Subject: domain.Subject{
				Kind: "person",
				Names: []domain.Name{
					{Text: "Vanta OREL", Kind: "primary", Script: "Latn"},
					{Text: "반타 오렐", Kind: "original", Script: "Hang", Note: "101a"},
					{Text: "V. Orel", Kind: "aka", Script: "Latn", Quality: "low", Note: "101b"},
				},
				Identifiers:   []domain.Identifier{{Scheme: "un_ref", Value: "KPi.901", Note: "from Additional Information"}},
				BirthDates:    []domain.FuzzyDate{{Type: "exact", Date: "1960-01-01", Text: "21916"}, {Type: "exact", Date: "1961"}},
				BirthPlaces:   []domain.Place{{Text: "Sel, North Korea", Country: "KP"}},
				Addresses:     []domain.Place{{Text: "a) 1 Ore St, Sel; b) Var"}},
				Nationalities: []domain.Text{{Text: "Democratic People's Republic of Korea", Language: "en", Code: "KP"}},
				Remarks:       []domain.Text{{Text: "KPi.901. Director\nof Ore Line (KPe.901)", Language: "en", Label: "Additional Information"}},
				Raw: raw("Reference", "101", "Type", "Individual", "Name Type", "Primary Name", "Listing Information", "Listed by the Committee",
					"Committees", "1718 (DPRK)", "Control Date", "44927", "Instrument of Designation", "Example Instrument 2023",
					"Targeted Financial Sanction", "1", "Travel Ban", "1", "Arms Embargo", "0", "Maritime Restriction", "0",
					"101a/Reference", "101a", "101a/Name Type", "Original Script", "101a/as in the primary row", "Type; "+details+measures,
					"101b/Reference", "101b", "101b/Name of Individual or Entity", "V. Orel ", "101b/Name Type", "Alias", "101b/Alias Strength", "Weak", "101b/Control Date", "44928",
					"101b/as in the primary row", "Type; Place of Birth; Committees; "+measures),
			},
		},
		{
			Ref: "102", RawRef: "102", List: "Autonomous (DPRK)", Kind: "entity", Measures: []string{"asset_freeze", "arms_embargo"},
			Place: "list.xlsx:Sheet1!A5", Warnings: []string{`control date "2/3/26" of row 102 is no date`},
			Subject: domain.Subject{
				Kind:      "entity",
				Names:     []domain.Name{{Text: "Ore Line", Kind: "primary", Script: "Latn"}},
				Addresses: []domain.Place{{Text: "Sel, Atlantis"}},
				Remarks:   []domain.Text{{Text: "makes ore", Language: "en", Label: "Additional Information"}},
				Raw: raw("Reference", "102", "Type", "Entity", "Name Type", "Primary Name", "Citizenship", "DPRK", "Committees", "Autonomous (DPRK)", "Control Date", "2/3/26",
					"Instrument of Designation", "Example Instrument 2023", "Targeted Financial Sanction", "TRUE", "Travel Ban", "FALSE", "Arms Embargo", "TRUE", "Maritime Restriction", "FALSE"),
			},
		},
		{
			Ref: "103", RawRef: "103", List: "Autonomous (Example)", Kind: "vessel", UpdatedOn: []domain.Date{"2023-01-01"}, Measures: []string{"maritime_restriction"}, Place: "list.xlsx:Sheet1!A6",
			Subject: domain.Subject{
				Kind:        "vessel",
				Names:       []domain.Name{{Text: "Vanta", Kind: "primary", Script: "Latn"}},
				Identifiers: []domain.Identifier{{Scheme: "imo", Value: "7303803"}},
				Raw: raw("Reference", "103", "Type", "Vessel", "Name Type", "Primary Name", "Committees", "Autonomous (Example)", "Control Date", "44927",
					"Targeted Financial Sanction", "0", "Travel Ban", "0", "Arms Embargo", "0", "Maritime Restriction", "1"),
			},
		},
	}
	if diff := cmp.Diff(want, list.Entries); diff != "" {
		t.Fatalf("entries differ (-want +got):\n%s", diff)
	}
	if len(list.Warnings) != 0 {
		t.Errorf("got warnings %q, want none", list.Warnings)
	}
	for _, e := range list.Entries {
		importertest.CheckShape(t, importertest.Adopted(e, "AU"))
	}
}

// TestMadeWorkbooksLoseNothing holds every non-blank cell below the headings
// against the strings of its entry; a cell that repeats the primary row's is
// named there.
func TestMadeWorkbooksLoseNothing(t *testing.T) {
	rows := made()
	file := workbook(t, rows)
	list, err := au.Parse(bytes.NewReader(file), "list.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	printed, err := f.GetRows("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	byRef, have := list.ByRef(), make(map[string]map[string]int)
	total, repeated := 0, 0
	for _, row := range printed[1:] {
		ref := strings.TrimRight(row[0], "ab")
		if have[ref] == nil {
			have[ref] = importertest.Strings(t, byRef[ref].Subject)
		}
		for i, c := range row {
			if strings.TrimSpace(c) == "" {
				continue
			}
			total++
			if named(byRef[ref].Subject, row[0], printed[0][i]) {
				repeated++
				continue
			}
			importertest.Take(t, have[ref], row[0], printed[0][i], c)
		}
	}
	if total != 72 || repeated != 21 {
		t.Errorf("counted %d cells, %d of them repeated; want 72 and 21", total, repeated)
	}
	t.Logf("%d entries, %d cells, %d of them repeated", len(list.Entries), total, repeated)
}

func named(s domain.Subject, ref, heading string) bool {
	for _, f := range s.Raw {
		if f.Path == ref+"/as in the primary row" {
			return slices.Contains(strings.Split(f.Value, "; "), heading)
		}
	}
	return false
}

// A name that repeats long details twenty times must not outgrow an event.
func TestRepeatedDetailsAreKeptOnce(t *testing.T) {
	rows := []cells{headings}
	for i := range 25 {
		ref := "101"
		if i > 0 {
			ref += string(rune('a' + i - 1))
		}
		rows = append(rows, cells{ref, "Vanta", "Individual", "Primary Name", nil, nil, nil, nil, nil, strings.Repeat("ore ", 1000)})
	}
	text, err := json.Marshal(parse(t, rows).Entries[0])
	if err != nil {
		t.Fatal(err)
	}
	if len(text) >= 40<<10 {
		t.Errorf("the entry is %d bytes, want less than 40 KiB", len(text))
	}
}

func TestReferences(t *testing.T) {
	row := func(ref, name string) cells { return cells{ref, name, "Individual", "Alias"} }
	for name, c := range map[string]struct {
		rows     []cells
		refs     string
		warnings int // of the entries
	}{
		"plain":             {[]cells{row("101", "a"), row("101a", "b"), row("102", "c")}, "101:2 102:1", 0},
		"primary last":      {[]cells{row("101a", "b"), row("101", "a")}, "101:2", 0},
		"no primary":        {[]cells{row("101a", "b"), row("101b", "a")}, "101:2", 1},
		"apart":             {[]cells{row("101", "a"), row("102", "b"), row("101a", "c")}, "101:2 102:1", 1},
		"number used twice": {[]cells{row("101", "a"), row("102", "b"), row("101", "c"), row("101a", "d")}, "101:1 102:1 101@2:2", 1},
		"letters twice":     {[]cells{row("101", "a"), row("101a", "b"), row("101a", "c")}, "101:3", 1},
		"spaces":            {[]cells{row(" 101 ", "a"), row("101 a", "b")}, "101:2", 2},
	} {
		list := parse(t, append([]cells{headings}, c.rows...))
		var refs []string
		warnings := 0
		for _, e := range list.Entries {
			refs = append(refs, fmt.Sprintf("%s:%d", e.Ref, len(e.Subject.Names)))
			warnings += len(e.Warnings)
			importertest.CheckShape(t, importertest.Adopted(e, "AU", "port_entry_ban")) // where the row names none
		}
		if got := strings.Join(refs, " "); got != c.refs || warnings != c.warnings {
			t.Errorf("%s: got %s with %d warnings, want %s with %d", name, got, warnings, c.refs, c.warnings)
		}
	}
}

func TestDetails(t *testing.T) {
	for printed, want := range map[string]domain.FuzzyDate{
		"5 May 1957":          {Type: "exact", Date: "1957-05-05", Text: "5 May 1957"},
		"1957":                {Type: "exact", Date: "1957"},
		"1957-05-05":          {Type: "exact", Date: "1957-05-05"},
		"3/4/57":              {Text: "3/4/57"},
		"a) 1957; b) 1958":    {Text: "a) 1957; b) 1958"},
		"between 1957 and 58": {Text: "between 1957 and 58"},
	} {
		e := parse(t, []cells{headings, {"1", "Vanta", "Individual", "Primary Name", nil, printed}}).Entries[0]
		if diff := cmp.Diff([]domain.FuzzyDate{want}, e.Subject.BirthDates); diff != "" {
			t.Errorf("%q differs (-want +got):\n%s", printed, diff)
		}
	}
	for printed, want := range map[string]string{"Iran": "IR", "Iran, Iraq": "IR IQ", "Iranian": "-", "Iran, Atlantis": "-", "Korea, Republic of": "KR"} {
		e := parse(t, []cells{headings, {"1", "Vanta", "Individual", "Primary Name", nil, nil, nil, printed}}).Entries[0]
		var got []string
		for _, n := range e.Subject.Nationalities {
			got = append(got, string(n.Code))
		}
		if s := strings.Join(got, " "); s != strings.Trim(want, "-") {
			t.Errorf("%q: got %q, want %q", printed, s, want)
		}
	}
	for printed, want := range map[string]string{"7303803": "imo", "5571322": "imo_company", "7303804": "other", "none": "other"} {
		e := parse(t, []cells{headings, {"1", "Vanta", "Vessel", "Primary Name", nil, nil, nil, nil, nil, nil, nil, printed}}).Entries[0]
		if got := e.Subject.Identifiers[0].Scheme; got != want || (len(e.Warnings) == 0) != (want == "imo") {
			t.Errorf("%q: got %q and warnings %q, want %q", printed, got, e.Warnings, want)
		}
		importertest.CheckShape(t, importertest.Adopted(e, "AU", "port_entry_ban")) // where the row names none
	}
}

func TestLayout(t *testing.T) {
	short := []cells{{"Consolidated List as of today"}, {"REFERENCE", "name", "Name_Type", "Type", "Rank"}, {"1", "Vanta", "Nickname", "Entity", "third"}, {}}
	list := parse(t, []cells{{"Some note"}}, short)
	e := list.Entries[0]
	if len(list.Entries) != 1 || e.Place != "list.xlsx:Sheet2!A3" || len(e.Measures) != 0 {
		t.Errorf("got %+v", list.Entries)
	}
	if !slices.Contains(e.Subject.Raw, domain.RawField{Path: "Rank", Value: "third"}) {
		t.Errorf("the cell without a known heading is lost: %+v", e.Subject.Raw)
	}
	// On the note, the sheet without headings, the heading Rank and four columns of measures.
	if len(list.Warnings) != 7 || len(e.Warnings) != 1 {
		t.Errorf("got warnings %q and %q", list.Warnings, e.Warnings)
	}
}
