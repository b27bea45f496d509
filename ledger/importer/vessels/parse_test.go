package vessels_test

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/importertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/vessels"
	"github.com/google/go-cmp/cmp"
)

const (
	freeze8d  = "Paragraph 8 (d) of resolution 1718 (2006) and paragraph 12 of resolution 2270 (2016)"
	deflag    = "Paragraph 12 (a) of resolution 2321 (2016)"
	freeze12d = "Paragraph 12 (d) of resolution 2321 (2016)"
	portBan   = "Paragraph 6 of resolution 2371 (2017) and paragraph 6 of resolution 2375 (2017)"
	resources = "Economic resources controlled or operated by Ocean Maritime Management (KPe.020)"

	heading = `<tr><td colspan="10"><p>1718 Designated Vessels List</p></td></tr>` +
		`<tr><td rowspan="2">#</td><td colspan="2" rowspan="2"><p>Vessel Name</p></td><td rowspan="2">IMO number</td><td rowspan="2">Date of designation</td><td colspan="5">Relevant sanctions measures</td></tr>` +
		`<tr><td><p>Paragraph 8</p><p>(d) of resolution 1718 (2006)</p><p>and paragraph 12 of resolution</p><p>2270 (2016)</p></td><td>` + deflag + `</td><td>` + freeze12d + `</td><td>` + portBan + `</td><td>` + resources + `</td></tr>`

	// vanta is designated twice, the second time beside its Other information.
	vanta = `<tr><td rowspan="5"><p><br/></p><p>1</p></td><td colspan="2"><p>1: <b>Vanta NO. 18 </b>2: <b>Orel 2</b> 3: Sil</p></td>` +
		`<td rowspan="5"><p>7303803</p><p><br/></p><p>MMSI:</p><p>1: 999734000</p><p>2:99951</p></td><td rowspan="4">03-Oct-17</td><td rowspan="4">na</td><td rowspan="4">na</td><td rowspan="4">na</td><td rowspan="4">Yes</td><td rowspan="4">na</td></tr>` +
		`<tr><td>Flag</td><td><p>1. Kiribati 2. Democratic People’s</p><p>Republic of Korea 3: Atlantis</p></td></tr>` +
		`<tr><td>Type</td><td>Bulk Carrier</td></tr>` +
		`<tr><td>Picture link</td><td><a href="https://example.org/a">https://example.org/a</a> <a href="https://example.org/b">b</a></td></tr>` +
		`<tr><td><p>Other</p><p>information</p></td><td><p>Loaded ore</p><p>at Sel &amp; Var.</p></td><td>30-Mar-18</td><td>na</td><td>Yes</td><td>na</td><td>na</td><td>na</td></tr>`
)

func page(rows ...string) string {
	return `<!DOCTYPE html><html><head><title>Vessels List 4 June 2020.docx</title><style>p {margin:0}</style></head><body><table>` +
		heading + strings.Join(rows, `</table><table>`) + `</table></body></html>`
}

// ship is one in the short layout of two rows.
func ship(number, name, imo string) string {
	return `<tr><td rowspan="2">` + number + `</td><td colspan="2">` + name + `</td><td rowspan="2">` + imo + `</td>` +
		`<td rowspan="2">30-Mar-18</td><td rowspan="2">Yes</td><td rowspan="2">na</td><td rowspan="2">na</td><td rowspan="2">na</td><td rowspan="2">na</td></tr>` +
		`<tr><td>Other information</td><td>na</td></tr>`
}

func parse(t testing.TB, file string) *importer.List {
	t.Helper()
	list, err := vessels.Parse(strings.NewReader(file), "list.html")
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestParseShip(t *testing.T) {
	file := page(vanta)
	list := parse(t, file)
	if list.PublishedOn != "2020-06-04" || len(list.Entries) != 1 || len(list.Warnings) != 0 {
		t.Fatalf("got published %s, %d entries, warnings %q", list.PublishedOn, len(list.Entries), list.Warnings)
	}
	no := func(at, heading, value string) domain.RawField {
		return domain.RawField{Path: at + heading, Value: value}
	}
	want := importer.Entry{
		Ref: "1718V.01", RawRef: "1", Kind: "vessel", ListedOn: "2017-10-03", UpdatedOn: []domain.Date{"2018-03-30"},
		Measures: []string{"port_entry_ban", "deflag"},
		Warnings: []string{`MMSI "99951" has not nine digits`, `flag "Atlantis" is no known name of a country`},
		Subject: domain.Subject{
			Kind: "vessel",
			Names: []domain.Name{
				{Text: "Vanta NO. 18", Kind: "primary", Script: "Latn"},
				{Text: "Orel 2", Kind: "aka", Script: "Latn"},
				{Text: "Sil", Kind: "aka", Script: "Latn"},
			},
			Identifiers: []domain.Identifier{
				{Scheme: "imo", Value: "7303803"}, {Scheme: "mmsi", Value: "999734000"}, {Scheme: "other", Value: "99951", Label: "MMSI"},
			},
			Flags: []domain.Text{
				{Text: "Atlantis", Language: "en"},
				{Text: "Democratic People’s Republic of Korea", Language: "en", Code: "KP"},
				{Text: "Kiribati", Language: "en", Code: "KI"},
			},
			Remarks: []domain.Text{{Text: "Bulk Carrier", Language: "en", Label: "Type"}, {Text: "Loaded ore at Sel & Var.", Language: "en", Label: "Other information"}},
			Raw: []domain.RawField{
				{Path: "#", Value: "1"},
				{Path: "Vessel Name", Value: "1: Vanta NO. 18 2: Orel 2 3: Sil"},
				{Path: "IMO number", Value: "7303803\nMMSI:\n1: 999734000\n2:99951"},
				{Path: "Flag", Value: "1. Kiribati 2. Democratic People’s\nRepublic of Korea 3: Atlantis"},
				{Path: "Picture link", Value: "https://example.org/a b"},
				{Path: "Picture link/@href", Value: "https://example.org/b"},
				{Path: "Other information", Value: "Loaded ore\nat Sel & Var."},
				no("designation[0]/", "Date of designation", "03-Oct-17"),
				no("designation[0]/", freeze8d, "na"), no("designation[0]/", deflag, "na"), no("designation[0]/", freeze12d, "na"), no("designation[0]/", portBan, "Yes"), no("designation[0]/", resources, "na"),
				no("designation[1]/", "Date of designation", "30-Mar-18"),
				no("designation[1]/", freeze8d, "na"), no("designation[1]/", deflag, "Yes"), no("designation[1]/", freeze12d, "na"), no("designation[1]/", portBan, "na"), no("designation[1]/", resources, "na"),
			},
		},
	}
	got := list.Entries[0]
	if got.Place == "" {
		t.Error("the entry has no place")
	}
	got.Place = ""
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("entry differs (-want +got):\n%s", diff)
	}
	designations := []vessels.Designation{
		{On: "2017-10-03", Measures: []vessels.Measure{{Words: []string{"port_entry_ban"}, Basis: []domain.LegalBasis{{Instrument: "S/RES/2371 (2017)", Paragraph: "6"}, {Instrument: "S/RES/2375 (2017)", Paragraph: "6"}}}}},
		{On: "2018-03-30", Measures: []vessels.Measure{{Words: []string{"deflag"}, Basis: []domain.LegalBasis{{Instrument: "S/RES/2321 (2016)", Paragraph: "12(a)"}}}}},
	}
	if diff := cmp.Diff(designations, vessels.Designations(got)); diff != "" {
		t.Errorf("designations differ (-want +got):\n%s", diff)
	}
	checkShape(t, got)
}

// checkShape holds the entry to the rules that the designation of its subject
// will be held to.
func checkShape(t testing.TB, e importer.Entry) {
	t.Helper()
	b := importertest.Adopted(e, "UN")
	b.Basis = basis(e)
	importertest.CheckShape(t, b)
}

func basis(e importer.Entry) string {
	if owner := vessels.Owner(e); owner != "" {
		return "UN:" + owner
	}
	return ""
}

func TestIMONumbers(t *testing.T) {
	for printed, want := range map[string]string{
		"7303803":        "imo",
		"5571322":        "imo_company",
		"7303804":        "other",
		"Does not exist": "",
		"":               "",
	} {
		e := parse(t, page(ship("1", "VANTA", printed))).Entries[0]
		got := ""
		for _, id := range e.Subject.Identifiers {
			got += id.Scheme
		}
		if got != want || (len(e.Warnings) == 0) != (want == "imo") {
			t.Errorf("%q: got %q and warnings %q, want %q", printed, got, e.Warnings, want)
		}
		checkShape(t, e)
	}
}

func TestOwner(t *testing.T) {
	plain := ship("1", "VANTA", "7303803")
	named := strings.ReplaceAll(plain, `rowspan="2"`, `rowspan="3"`) + `<tr><td><p>Designated</p><p>as economic resources of</p></td><td><p>Sel Shipping</p><p>(Kpe.058)</p></td></tr>`
	ocean := strings.Replace(plain, ">na</td></tr>", ">Yes</td></tr>", 1)
	for name, c := range map[string]struct{ rows, want string }{"none": {plain, ""}, "named": {named, "KPe.058"}, "of the column": {ocean, "KPe.020"}} {
		if got := vessels.Owner(parse(t, page(c.rows)).Entries[0]); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestRefusesTheWholeFile(t *testing.T) {
	good := page(ship("1", "VANTA", "7303803"), ship("2", "OREL", "8916580"))
	if list := parse(t, good); len(list.Entries) != 2 {
		t.Fatalf("got %d entries, want 2", len(list.Entries))
	}
	replace := func(old, new string) string { return strings.Replace(good, old, new, 1) }
	at := int64(strings.Index(good, "OREL"))
	for name, c := range map[string]struct {
		file, reason string
		offset       int64
	}{
		"latin-1 byte":      {replace("OREL", "\xe9REL"), "0xE9 is not UTF-8", at},
		"substitute":        {replace("OREL", "\x1aREL"), "U+001A", at},
		"cut short":         {good[:len(good)-8], "breaks off", -2},
		"cut in a ship":     {good[:at], "breaks off", -2},
		"empty":             {"", "breaks off", 0},
		"another page":      {"<html><body></body></html>", "is this the 1718 Designated Vessels List?", -2},
		"another table":     {"<html><table><tr>" + strings.Repeat("<td>x</td>", 10) + "</tr></table></html>", "is this the 1718 Designated Vessels List?", -2},
		"another paragraph": {replace("Paragraph 12 (d)", "Paragraph 12 (e)"), "is not where it is expected", -2},
		"text outside":      {replace("</table><table>", "</table>A note.<table>"), "stands in no cell", -2},
		"text after":        {good + "x", "stands in no cell", int64(len(good))},
		"table in a table":  {replace("VANTA", "<table>"), "opens where it cannot", -2},
		"row not closed":    {replace("</td></tr><tr>", "</td><tr>"), "opens where it cannot", -2},
		"cell not closed":   {replace("VANTA</td>", "VANTA"), "opens where it cannot", -2},
		"row closed twice":  {replace("</tr>", "</tr></tr>"), "closes where it cannot", -2},
		"no ships":          {page(""), "no table with ships", -2},
		"number missing":    {page(ship("2", "VANTA", "7303803")), "without a gap", -2},
		"no number":         {page(ship("", "VANTA", "7303803")), "a number, a name and a date", -2},
		"no name":           {page(ship("1", "", "7303803")), "a number, a name and a date", -2},
		"no date":           {replace("30-Mar-18", ""), "no date beside it", -2},
		"unclear measure":   {replace(">Yes<", ">Perhaps<"), "neither Yes nor na", -2},
		"blank measure":     {replace(">Yes<", "><"), "neither Yes nor na", -2},
		"detail alone":      {page(`<tr>` + strings.Repeat("<td>x</td>", 10) + `</tr>`), "no name stands above it", -2},
		"row missing":       {replace("<tr><td>Other information</td><td>na</td></tr>", ""), "a row is missing", -2},
		"cell missing":      {replace("<td>Other information</td>", ""), "no cell in column", -2},
		"cell too many":     {replace("<td>na</td></tr>", "<td>na</td><td>x</td></tr>"), "more than 10 columns", -2},
		"cell too wide":     {replace("<td>Other information</td>", `<td colspan="3">Other information</td>`), "wider than its place", -2},
		"span of nothing":   {replace(`colspan="2"`, `colspan="0"`), "spans no number", -2},
		"span of millions":  {replace(`rowspan="2"`, `rowspan="2000000"`), "spans no number", -2},
		"two ships in one":  {page(ship("1", "VANTA", "7303803") + `<tr><td>2</td><td>Type</td><td>x</td><td>8916580</td>` + strings.Repeat("<td></td>", 6) + `</tr>`), "second number", -2},
	} {
		_, err := vessels.Parse(strings.NewReader(c.file), "list.html")
		var refused *importer.Refused
		if !errors.As(err, &refused) {
			t.Errorf("%s: got %v, want a refusal", name, err)
			continue
		}
		if !strings.Contains(err.Error(), c.reason) || c.offset != -2 && refused.Offset != c.offset {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := vessels.Parse(strings.NewReader(good[:at]), "l"); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a page cut short: got %v, want io.ErrUnexpectedEOF within", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(page(vanta))
	f.Add(page(ship("1", "1: A 2. B", "Does not exist")))
	f.Fuzz(func(t *testing.T, data string) {
		list, err := vessels.Parse(strings.NewReader(data), "f")
		if err != nil {
			var refused *importer.Refused
			if !errors.As(err, &refused) {
				t.Fatalf("got %v, want a refusal", err)
			}
			return
		}
		for i, e := range list.Entries {
			if e.Subject.Kind != "vessel" || i > 0 && e.Ref == list.Entries[i-1].Ref {
				t.Fatalf("accepted %+v", e)
			}
			if _, err := json.Marshal(e); err != nil {
				t.Fatal(err)
			}
		}
	})
}
