package demodata_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/cmd/ledgerd/demodata"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/jp"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/un"
	"github.com/google/go-cmp/cmp"
)

// TestTablesSayWhatIsPublished derives both tables a second time, by the
// importers, from the published files in the folder that LEDGER_DATA names.
func TestTablesSayWhatIsPublished(t *testing.T) {
	dir := os.Getenv("LEDGER_DATA")
	if dir == "" {
		t.Skip("set LEDGER_DATA to the folder of published lists to run this test")
	}
	list, err := un.Parse(open(t, dir, "un/un_consolidated_2026-02-27.xml"), "un.xml")
	if err != nil {
		t.Fatal(err)
	}
	book, err := jp.Parse(open(t, dir, "jp/jp_mof_shisantouketsu_2026-03-05.xlsx"), "jp.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	listings := make(map[string]demodata.Listing)
	var dprk []importer.Entry
	for _, e := range list.Entries {
		if e.List == "DPRK" {
			dprk = append(dprk, e)
			listings[e.Ref] = demodata.Listing{Ref: e.Ref, Kind: e.Kind, Name: e.Subject.Names[0].Text, ListedOn: e.ListedOn}
		}
	}
	transpositions := make(map[string]demodata.Transposition)
	for _, kind := range []string{"entity", "person"} {
		sheet, _ := book.Find(jp.Basis1718, kind)
		national := (&importer.List{Entries: sheet.List()}).ByRef()
		for _, p := range importer.Match(dprk, sheet.List()) {
			n := national[p.NationalRef]
			transpositions[p.UNRef] = demodata.Transposition{Ref: p.UNRef, NoticeOn: n.ListedOn, NationalRef: n.Ref, Name: n.Subject.Names[0].Text}
		}
	}
	f := load(t)
	for _, l := range f.Listings {
		if diff := cmp.Diff(listings[l.Ref], l); diff != "" {
			t.Errorf("%s differs (-published +table):\n%s", l.Ref, diff)
		}
	}
	for _, tr := range f.Transpositions {
		if diff := cmp.Diff(transpositions[tr.Ref], tr); diff != "" {
			t.Errorf("%s differs (-published +table):\n%s", tr.Ref, diff)
		}
	}
}

func open(t *testing.T, dir, name string) *os.File {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}
