package vessels_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/importertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/vessels"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

const publishedFile = "un_1718_vessels/1718_designated_vessels_list_final.html"

// published returns the list and its bytes from the folder LEDGER_DATA names,
// which holds real published lists and is not part of the project.
func published(t testing.TB) (*importer.List, []byte) {
	t.Helper()
	data := importertest.Published(t, publishedFile)
	list, err := vessels.Parse(bytes.NewReader(data), publishedFile)
	if err != nil {
		t.Fatal(err)
	}
	return list, data
}

func TestPublishedListLosesNothing(t *testing.T) {
	list, data := published(t)
	total, biggest := losesNothing(t, list, data)
	if total != 835 {
		t.Errorf("counted %d cells, want 835", total)
	}
	if biggest >= importertest.MaxEntry {
		t.Errorf("largest entry is %d bytes, want less than 40 KiB", biggest)
	}
	t.Logf("%d entries, %d cells, largest entry %d bytes, published %s", len(list.Entries), total, biggest, list.PublishedOn)
}

func TestMadeListLosesNothing(t *testing.T) {
	file := page(vanta, ship("2", "1: OREL", "8916580"))
	losesNothing(t, parse(t, file), []byte(file))
}

// losesNothing holds every non-blank cell below the heading against the
// strings of its entry: the text of a cell to the letter, a heading beside a
// text as label or path. It returns the number of cells and the size of the
// largest entry.
func losesNothing(t *testing.T, list *importer.List, data []byte) (total, biggest int) {
	t.Helper()
	ships := cellsOf(t, data)
	if len(ships) != len(list.Entries) {
		t.Fatalf("%d entries, %d in the file", len(list.Entries), len(ships))
	}
	for i, e := range list.Entries {
		have := importertest.Strings(t, e.Subject)
		biggest = max(biggest, importertest.Size(t, e))
		for _, cell := range ships[i] {
			total++
			if clean := importer.Clean(cell); have[cell] == 0 && have[clean] > 0 && headings[clean] {
				continue
			}
			importertest.Take(t, have, e.Ref, "cell", cell)
		}
	}
	return total, biggest
}

var headings = map[string]bool{
	"Flag": true, "Call Sign": true, "Type": true, "Other information": true, "Picture link": true, "Designated as economic resources of": true,
}

// cellsOf reads the file a second way, as a browser does: the texts of the
// cells that have one, a ship beginning with each cell two columns wide.
func cellsOf(t *testing.T, data []byte) [][]string {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	var pending []string // the cells before the name in its row
	rows := 0
	for n := range root.Descendants() {
		switch {
		case n.Data == "tr":
			rows++
			if len(out) > 0 {
				out[len(out)-1] = append(out[len(out)-1], pending...)
			}
			pending = nil
		case n.Data == "td" && rows > 3:
			if wide(n) {
				out = append(out, nil)
			}
			if text := textOf(n); text != "" {
				pending = append(pending, text)
			}
		}
	}
	out[len(out)-1] = append(out[len(out)-1], pending...)
	return out
}

func wide(n *html.Node) bool {
	for _, a := range n.Attr {
		if a.Key == "colspan" && a.Val == "2" {
			return true
		}
	}
	return false
}

// textOf joins the paragraphs of a cell that are not blank by line ends.
func textOf(cell *html.Node) string {
	var lines []string
	paragraphs := 0
	for p := range cell.Descendants() {
		if p.Data == "p" {
			paragraphs++
			lines = append(lines, characters(p))
		}
	}
	if paragraphs == 0 {
		lines = append(lines, characters(cell))
	}
	var out []string
	for _, l := range lines {
		if strings.TrimSpace(l) != "" {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}

func characters(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func TestPublishedListFigures(t *testing.T) {
	list, _ := published(t)
	figures := make(map[string]int)
	ships := make(map[string]bool)
	for _, e := range list.Entries {
		checkShape(t, e)
		figures["warnings"] += len(e.Warnings)
		figures["flags"] += len(e.Subject.Flags)
		for _, id := range e.Subject.Identifiers {
			figures[id.Scheme]++
			if id.Scheme == "imo" {
				ships[id.Value] = true
			}
		}
		for _, m := range e.Measures {
			figures[m]++
		}
		remark := ""
		for _, r := range e.Subject.Remarks {
			remark += r.Text
		}
		if of := vessels.Owner(e) == "KPe.020"; of != strings.Contains(remark, "Vessel subject to asset freeze") {
			t.Errorf("%s: the column of OMM and the words on the asset freeze disagree", e.Ref)
		}
	}
	if list.PublishedOn != "2020-06-04" || len(list.Entries) != 59 || len(ships) != 58 || len(list.Warnings) != 0 {
		t.Errorf("published %s, %d ships, %d IMO numbers, warnings %q; want 2020-06-04, 59, 58, none", list.PublishedOn, len(list.Entries), len(ships), list.Warnings)
	}
	want := map[string]int{
		"warnings": 1, "flags": 25, "imo": 58, "mmsi": 49, "call_sign": 43,
		"asset_freeze": 37, "deflag": 15, "port_entry_ban": 35, "economic_resource": 22,
	}
	if diff := cmp.Diff(want, figures); diff != "" {
		t.Errorf("figures differ (-want +got):\n%s", diff)
	}
	if e := list.Entries[27]; len(e.Warnings) != 1 || e.Subject.Names[0].Text != "MIN NING DE YOU 078" {
		t.Errorf("the ship without an IMO number: got %+v", e)
	}
}

// TestPublishedListAgreesWithTheTable holds the list against the table of the
// demonstration, which was made without this package.
func TestPublishedListAgreesWithTheTable(t *testing.T) {
	list, _ := published(t)
	data, err := os.ReadFile("../../../cmd/ledgerd/demodata/vessels.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var table []string
	for l := range strings.Lines(string(data)) {
		if l = strings.TrimSuffix(l, "\n"); l != "" && l[0] >= '0' && l[0] <= '9' {
			table = append(table, l)
		}
	}
	var derived []string
	for _, e := range list.Entries {
		derived = append(derived, tableRow(e))
	}
	if diff := cmp.Diff(table, derived); diff != "" {
		t.Errorf("lists differ (-table +list):\n%s", diff)
	}
}

// tableRow words an entry as the table does.
func tableRow(e importer.Entry) string {
	of := func(scheme string) string {
		var out []string
		for _, id := range e.Subject.Identifiers {
			if id.Scheme == scheme {
				out = append(out, id.Value)
			}
		}
		return strings.Join(out, "|")
	}
	var names, flags, designations []string
	for _, n := range e.Subject.Names {
		names = append(names, n.Text)
	}
	for _, f := range e.Subject.Flags {
		flags = append([]string{domain.CountryName(f.Code)}, flags...)
	}
	for _, d := range vessels.Designations(e) {
		var measures []string
		for _, m := range d.Measures {
			measures = append(measures, tableMeasure(m))
		}
		designations = append(designations, string(d.On)+" "+strings.Join(measures, "+"))
	}
	kind := ""
	for _, r := range e.Subject.Remarks {
		if r.Label == "Type" {
			kind = r.Text
		}
	}
	return strings.Join([]string{
		e.RawRef, strings.Join(names, "|"), of("imo"), kind, vessels.Owner(e), of("mmsi"), of("call_sign"), strings.Join(flags, "|"), strings.Join(designations, "|"),
	}, "\t")
}

func tableMeasure(m vessels.Measure) string {
	if m.Owner != "" {
		return "asset_freeze@" + m.Owner
	}
	word := strings.Replace(m.Words[0], "port_entry_ban", "port_ban", 1)
	resolution, _, _ := strings.Cut(strings.TrimPrefix(m.Basis[0].Instrument, "S/RES/"), " ")
	return word + "@" + resolution + "/" + m.Basis[0].Paragraph
}
