package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
)

// The made files of lists that no whole published file was at hand for, those in
// the shape of published ones too, are imported whole, and a second time add
// nothing.
func TestMadeListsImportWhole(t *testing.T) {
	for list, files := range map[string][]string{
		"eu": {"list.xml", "list.csv", "published.xml"}, "uk": {"list.xml", "list.csv", "conlist.csv", "published.xml", "published.csv"},
		"ofac": {"published_sdn.xml", "published_advanced.xml"},
	} {
		for _, name := range files {
			t.Run(list+" "+name, func(t *testing.T) {
				file := filepath.Join("..", "..", "ledger", "importer", list, "testdata", name)
				k := newCustody(t)
				k.adopt(list, file, true)
				cmd := importCmd{List: list, File: file, choosing: choosing{AllPrograms: true}}
				got := k.importFile(cmd)
				if got.Entries == 0 || got.New != got.Entries || got.Recorded != got.Entries || got.Account == 0 {
					t.Errorf("got %+v", got)
				}
				if again := k.importFile(cmd); again.Recorded != 0 || again.Account != 0 || again.Unchanged != got.Entries {
					t.Errorf("a second run: %+v", again)
				}
			})
		}
	}
}

// edition writes one edition of a made Canadian list with some entries.
func edition(t *testing.T, items ...string) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("<data-set>")
	for _, item := range items {
		country, name, _ := strings.Cut(item, " ")
		fmt.Fprintf(&b, "<record><Country>%s</Country><EntityOrShip>%s</EntityOrShip><Item>%s</Item><DateOfListing>2020-01-01</DateOfListing></record>", country, name, name)
	}
	b.WriteString("</data-set>")
	path := filepath.Join(t.TempDir(), "list.xml")
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// Under rules without events on lists the rest is imported, and said.
func TestImportUnderOldRules(t *testing.T) {
	k := oldCustody(t)
	first := edition(t, "Fictionland Ore", "Fictionland Vanta")
	k.adopt("ca", first, false)
	k.importFile(importCmd{List: "ca", File: first})
	size := k.l.Size()
	got := k.importFile(importCmd{List: "ca", File: edition(t, "Fictionland Ore")})
	if len(got.Gone) != 1 || got.Recorded != 0 || k.l.Size() != size || !strings.Contains(strings.Join(got.Warnings, " "), "version 1 of the rules is in force") {
		t.Errorf("got %+v", got)
	}
}

// Regimes that are not adopted are named, or left out when asked.
func TestImportOfUnknownRegimes(t *testing.T) {
	k := newCustody(t)
	k.adopt("ca", edition(t, "Fictionland Ore"), false)
	both := edition(t, "Fictionland Ore", "Elsewhere Vanta", "Elsewhere Orel")
	_, err := k.run(importCmd{List: "ca", File: both})
	if err == nil || !strings.Contains(err.Error(), "the regime CA-Elsewhere is not adopted (2 entries)\ndraft what is to be adopted (ledger regimes for ca ") {
		t.Errorf("got %v", err)
	}
	skip := importCmd{List: "ca", File: both, choosing: choosing{SkipUnknownRegimes: true}}
	got := k.importFile(skip)
	if got.Entries != 1 || got.Unread != 2 || got.Recorded != 1 || !strings.Contains(strings.Join(got.Warnings, " "), "CA-Elsewhere") {
		t.Errorf("got %+v", got)
	}
	// What was left out is in the file still: adopted later, it is new, and
	// nothing is a gap.
	k.adopt("ca", edition(t, "Elsewhere Vanta"), false)
	if got := k.importFile(skip); got.New != 2 || len(got.Gone) != 0 || got.Account == 0 {
		t.Errorf("got %+v", got)
	}
	if got := k.importFile(importCmd{List: "ca", File: edition(t, "Elsewhere Vanta"), choosing: choosing{Regime: []string{"CA-Elsewhere"}}}); len(got.Gone) != 1 {
		t.Errorf("of one regime alone: gone %v", got.Gone)
	}
}

// Of what the list imposes on a ship the ledger has no word: the ship is left
// out, not put under the measures of its regime. Nor is one that is held
// delisted for it.
func TestImportLeavesOutWhatHasNoWord(t *testing.T) {
	whole := filepath.Join("..", "..", "ledger", "importer", "uk", "testdata", "list.xml")
	data, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	const named = "De-flag|Prohibition of port entry|Crew servicing of ships and aircraft|Chartering of ships"
	other := filepath.Join(t.TempDir(), "list.xml")
	if err := os.WriteFile(other, []byte(strings.Replace(string(data), named, "Fictional sanctions", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	k := newCustody(t)
	k.adopt("uk", whole, true)
	got := k.importFile(importCmd{List: "uk", File: other})
	if got.Entries != 2 || got.Unread != 1 || got.Recorded != 2 || !strings.Contains(strings.Join(got.Warnings, " "), "GB:DPR9003 was left out: the ledger has no word for what the list imposes on it (Fictional sanctions)") {
		t.Errorf("got %+v", got)
	}
	k = newCustody(t)
	k.adopt("uk", whole, true)
	k.importFile(importCmd{List: "uk", File: whole})
	if got := k.importFile(importCmd{List: "uk", File: other}); got.Unread != 1 || len(got.Gone) != 0 || got.Unchanged != 2 {
		t.Errorf("of one that is held: %+v", got)
	}
}

// A mistyped regime is no list of no entries.
func TestImportOfAMistypedRegime(t *testing.T) {
	k := newCustody(t)
	file := edition(t, "Fictionland Ore")
	k.adopt("ca", file, false)
	k.importFile(importCmd{List: "ca", File: file})
	size := k.l.Size()
	_, err := k.run(importCmd{List: "ca", File: file, choosing: choosing{Regime: []string{"CA-Fictionlandd"}}})
	if err == nil || !strings.Contains(err.Error(), "no such regime is adopted") || !strings.Contains(err.Error(), "CA-Fictionland") || k.l.Size() != size {
		t.Errorf("got %v at %d events, %d before", err, k.l.Size(), size)
	}
}

// Only the custodian imports.
func TestImportIsTheCustodians(t *testing.T) {
	k := newCustody(t)
	file := edition(t, "Fictionland Ore")
	k.adopt("ca", file, false)
	var cmd importCmd
	cmd.List, cmd.File = "ca", file
	cmd.signing = signing{keyed: keyed{Key: k.key}, Issuer: "XA/other", Valid: 1}
	if err := cmd.Run(t.Context(), k.app); err == nil || !strings.Contains(err.Error(), "the custodian of CA-Fictionland is "+string(ledgertest.Desk("XA"))) {
		// XA's own agencies speak for XA alone, not for Canada's list.
		t.Errorf("got %v", err)
	}
}

// A file that was imported for one regime is not taken for imported whole.
func TestSeriesAfterAPart(t *testing.T) {
	k := newCustody(t)
	file := edition(t, "Fictionland Ore", "Elsewhere Vanta")
	k.adopt("ca", file, false)
	dir := t.TempDir()
	data, err := os.ReadFile(file)
	k.must(err)
	k.must(os.WriteFile(filepath.Join(dir, "2026-01-05.xml"), data, 0o644))
	part := importCmd{List: "ca", Series: dir, choosing: choosing{Regime: []string{"CA-Elsewhere"}}}
	if got := k.importSeries(part)[0]; got.Entries != 1 || got.Recorded != 1 {
		t.Errorf("got %+v", got)
	}
	if got := k.importSeries(part)[0]; !got.Whole {
		t.Errorf("the part was imported twice: %+v", got)
	}
	whole := importCmd{List: "ca", Series: dir}
	if got := k.importSeries(whole)[0]; got.Whole || got.Entries != 2 || got.Recorded != 1 {
		t.Errorf("got %+v", got)
	}
	for _, cmd := range []importCmd{whole, part} {
		if got := k.importSeries(cmd)[0]; !got.Whole {
			t.Errorf("got %+v", got)
		}
	}
}
