package formats_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/formats"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/importertest"
)

func named(t testing.TB, name string) formats.Format {
	t.Helper()
	f, err := formats.Named(name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestRegimes(t *testing.T) {
	for _, c := range []struct{ format, list, want string }{
		{"un", "DPRK", "UN-DPRK"},
		{"un", "Al-Qaida", "UN-Al-Qaida"},
		{"vessels", "", "UN-1718-VESSELS"},
		{"ofac", "DPRK2 NPWMD", "US-DPRK"},
		{"ofac", "BURMA DPRK4", "US-DPRK"},
		{"ofac", "NPWMD SDGT", "US-NPWMD"},
		{"ofac", "CAATSA-RUSSIA", "US-CAATSA-RUSSIA"},
		{"eu", "PRK", "EU-DPRK"},
		{"eu", "TAQA", "EU-TAQA"},
		{"uk", "The Democratic People's Republic of Korea (Sanctions) (EU Exit) Regulations 2019", "GB-DPRK"},
		{"uk", "The Russia (Sanctions) (EU Exit) Regulations 2019", "GB-Russia"},
		{"uk", "Democratic People's Republic of Korea", "GB-DPRK"},
		{"ca", "Special Economic Measures (Côte)", "CA-Special-Economic-Measures-(C-te)"},
		{"ca", "", "CA-none"},
		{"au", "1718 (DPRK)", "AU-DPRK"},
		{"au", "Autonomous (Russia)", "AU-Russia"},
		{"au", "1970 (Libya) 1973 (Libya)", "AU-Libya"},
		{"au", "1373 (2001)", "AU-1373-(2001)"},
		{"au", "1267 (ISIL (Da'esh) and Al-Qaida)", "AU-ISIL-(Da-esh)-and-Al-Qaida"},
		{"jp", "1695", "JP-DPRK"},
	} {
		if got := named(t, c.format).Regime(importer.Entry{List: c.list}); got != c.want {
			t.Errorf("%s %q: got %s, want %s", c.format, c.list, got, c.want)
		}
	}
}

// Regimes and designations have ids that the domain takes, and no list's name
// of a source is another's.
func TestTable(t *testing.T) {
	sources := make(map[string]bool)
	for _, f := range formats.All() {
		if f.Title == "" || !f.Authority.Valid() || f.Parser == "" || len(f.Sources) == 0 || f.Endings == "" {
			t.Errorf("%s is incomplete: %+v", f.Name, f)
		}
		for _, s := range f.Sources {
			if sources[s.ID] {
				t.Errorf("source %s stands twice", s.ID)
			}
			sources[s.ID] = true
		}
		if !f.Usual(string(f.Authority) + "-DPRK") {
			t.Errorf("%s does not read the DPRK's regime", f.Name)
		}
	}
	if _, err := formats.Named("xx"); err == nil || !strings.Contains(err.Error(), "choose one of un vessels") {
		t.Errorf("got %v", err)
	}
}

// The made files of the packages that no published file was at hand for.
func TestEditionsAreToldApart(t *testing.T) {
	for _, c := range []struct{ format, file, source string }{
		{"eu", "../eu/testdata/list.xml", "EU-FSF"},
		{"eu", "../eu/testdata/list.csv", "EU-FSF"},
		{"uk", "../uk/testdata/list.xml", "GB-sanctions-list"},
		{"uk", "../uk/testdata/list.csv", "GB-sanctions-list"},
		{"uk", "../uk/testdata/conlist.csv", "GB-OFSI-conlist"},
	} {
		r, err := named(t, c.format).Read(c.file)
		if err != nil {
			t.Errorf("%s: %v", c.file, err)
			continue
		}
		if r.Source.ID != c.source || len(r.List.Entries) == 0 {
			t.Errorf("%s: source %s, %d entries", c.file, r.Source.ID, len(r.List.Entries))
		}
		for _, e := range r.List.Entries {
			if !r.Owns(r.ID(e)) {
				t.Errorf("%s: %s is not one of %s", c.file, r.ID(e), r.Source.ID)
			}
		}
	}
}

func TestShipsAreNotOfTheConsolidatedList(t *testing.T) {
	un := formats.Reading{Format: named(t, "un"), Source: named(t, "un").Sources[0]}
	ships := formats.Reading{Format: named(t, "vessels"), Source: named(t, "vessels").Sources[0]}
	for id, want := range map[string][2]bool{"UN:KPe.001": {true, false}, "UN:1718V.04": {false, true}, "UN:1718V.04-9125308": {false, true}, "US:1": {false, false}} {
		if got := [2]bool{un.Owns(id), ships.Owns(id)}; got != want {
			t.Errorf("%s: got %v, want %v", id, got, want)
		}
	}
}

func TestPublications(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a/sdn.csv", "a/add.csv", "a/alt.csv", "b.xml", "c_sdn.csv", "c_add.csv", "c_alt.csv", "c_sdn_comments.csv", "README.md", ".hidden.xml"} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, nil, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	for format, want := range map[string][]string{"ofac": {"a", "b.xml", "c_sdn.csv"}, "un": {"a", "b.xml"}} {
		paths, err := named(t, format).Publications(dir)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]string, len(paths))
		for i, p := range paths {
			got[i] = filepath.Base(p)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", format, d)
		}
	}
	if _, err := named(t, "ofac").Read(dir); err == nil || !strings.Contains(err.Error(), "3 publications") {
		t.Errorf("got %v", err)
	}
	if _, err := named(t, "ofac").Read(filepath.Join(dir, "c_add.csv")); err == nil || !strings.Contains(err.Error(), "no whole publication") {
		t.Errorf("got %v", err)
	}
}

func TestDateIn(t *testing.T) {
	for name, want := range map[string]domain.Date{
		"un-2026-02-27.xml": "2026-02-27", "20260227.xml": "2026-02-27", "un_1718_2026_02_27": "2026-02-27", "x2026-02-27-2026-02-27.xml": "2026-02-27",
		"sdn_2021_sdn.csv": "", "2026-02-31.xml": "", "120260227.xml": "", "list.xml": "",
	} {
		if got, err := formats.DateIn(name); got != want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, want)
		}
	}
	if _, err := formats.DateIn("list-2026-02-27-2026-02-28.xml"); err == nil {
		t.Error("two dates were taken for one")
	}
}

func FuzzDateIn(f *testing.F) {
	f.Add("un-2026-02-27.xml")
	f.Fuzz(func(t *testing.T, name string) {
		if d, err := formats.DateIn(name); err == nil && d != "" && d.Precision() != "day" {
			t.Errorf("%q: %q is no day", name, d)
		}
	})
}

// Every published list at hand gives ids and regimes that the domain takes.
func TestPublishedListsFit(t *testing.T) {
	for _, c := range []struct {
		format, file string
		entries      int
	}{
		{"un", "un/un_consolidated_2026-02-27.xml", 1003},
		{"vessels", "un_1718_vessels/1718_designated_vessels_list_final.html", 59},
		{"ofac", "ofac", 8976},
		{"ca", "ca/ca_sema_consolidated_2025.xml", 4759},
		{"jp", "jp/jp_mof_shisantouketsu_2026-03-05.xlsx", 175},
	} {
		f := named(t, c.format)
		r, err := f.Read(importertest.Path(t, c.file))
		if err != nil {
			t.Fatal(err)
		}
		ids, regimes := make(map[string]bool), make(map[string]int)
		for _, e := range r.List.Entries {
			id, regime := r.ID(e), f.Regime(e)
			if ids[id] || len(id) > 96 || len(regime) > 96 || strings.ContainsAny(id+regime, " /'") {
				t.Errorf("%s: id %s of regime %s is no id, or stands twice", e.Place, id, regime)
			}
			ids[id] = true
			regimes[regime]++
		}
		if len(r.List.Entries) != c.entries {
			t.Errorf("%s: %d entries, want %d", c.format, len(r.List.Entries), c.entries)
		}
		t.Logf("%s: %d regimes: %v", c.format, len(regimes), regimes)
	}
}

// Which of the ships that the UN designated OFAC lists under the same IMO
// number, and which not: loopholes, or gaps of one list in another, that
// people look into.
func TestPublishedShipsAtOFAC(t *testing.T) {
	un, err := named(t, "vessels").Read(importertest.Path(t, "un_1718_vessels/1718_designated_vessels_list_final.html"))
	if err != nil {
		t.Fatal(err)
	}
	us, err := named(t, "ofac").Read(importertest.Path(t, "ofac"))
	if err != nil {
		t.Fatal(err)
	}
	at := make(map[string]string)
	for _, e := range us.List.Entries {
		for _, n := range imos(e) {
			at[n] = us.ID(e) + " " + e.Subject.Names[0].Text + ", " + named(t, "ofac").Regime(e)
		}
	}
	numbers := make(map[string]string)
	for _, e := range un.List.Entries {
		for _, n := range imos(e) {
			numbers[n] = e.Ref + " " + e.Subject.Names[0].Text
		}
	}
	var both, missing []string
	for _, n := range slices.Sorted(maps.Keys(numbers)) {
		if have, ok := at[n]; ok {
			both = append(both, fmt.Sprintf("IMO %s %s = %s", n, numbers[n], have))
		} else {
			missing = append(missing, fmt.Sprintf("IMO %s %s", n, numbers[n]))
		}
	}
	t.Logf("of %d IMO numbers that the UN designated OFAC lists %d:\n%s\nand not %d:\n%s", len(numbers), len(both), strings.Join(both, "\n"), len(missing), strings.Join(missing, "\n"))
	if len(numbers) != 58 || len(both) != 51 || len(missing) != 7 {
		t.Errorf("%d IMO numbers, %d of them at OFAC, %d not; want 58, 51 and 7", len(numbers), len(both), len(missing))
	}
}

func imos(e importer.Entry) (out []string) {
	for _, i := range e.Subject.Identifiers {
		if i.Scheme == "imo" {
			out = append(out, i.Value)
		}
	}
	return out
}
