package sqlite

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/exporter"
	"github.com/coalition-ledger/coalition-ledger/ledger/exporter/exportertest"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

func written(t *testing.T, s *exporter.Source) (*sql.DB, Counts) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a ledger?#%20.sqlite")
	counts, err := Write(t.Context(), path, s)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", address(path)+"?mode=ro&_pragma=foreign_keys(1)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db, counts
}

// column returns the first column of an answer.
func column(t *testing.T, db *sql.DB, query string, args ...any) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	out := []string{}
	for rows.Next() {
		var v any
		if err := rows.Scan(&v); err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprint(v))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestRowsAreThoseOfTheViews(t *testing.T) {
	j := exportertest.NewSample()
	s := j.Source(exporter.Selection{Handling: "TLP:RED"})
	db, counts := written(t, s)
	want := Counts{"events": int(j.Views.Size()), "designations": j.Views.Register(projections.RegisterQuery{}).Total}
	links := map[uint64]bool{}
	for d := range j.Views.Listed(projections.RegisterQuery{}) {
		want["names"] += len(d.Subject.Names)
		want["identifiers"] += len(d.Subject.Identifiers)
		want["measures"] += len(d.Measures)
		want["transpositions"] += len(d.Transpositions)
		for _, x := range d.Transpositions {
			if x.Entry != nil {
				want["names"] += len(x.Entry.Names)
			}
		}
		for _, l := range d.Links {
			links[l.At.Index] = true
		}
	}
	want["links"] = len(links)
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Errorf("counted (-want +got):\n%s", diff)
	}
	total := 0
	for name, n := range want {
		if got := column(t, db, "SELECT count(*) FROM "+name); got[0] != fmt.Sprint(n) {
			t.Errorf("%s has %s rows, want %d", name, got[0], n)
		}
		if got := column(t, db, "SELECT value FROM meta WHERE key = ?", "rows_"+name); got[0] != fmt.Sprint(n) {
			t.Errorf("meta says %s rows of %s, want %d", got[0], name, n)
		}
		total += n
	}
	for key, value := range map[string]string{
		"genesis": s.Genesis.String(), "root": s.Root.String(), "size": fmt.Sprint(s.Size), "index": fmt.Sprint(s.Index), "exported_rows": fmt.Sprint(total), "withheld": "0",
	} {
		if got := column(t, db, "SELECT value FROM meta WHERE key = ?", key); !slices.Equal(got, []string{value}) {
			t.Errorf("%s is %v, want %s", key, got, value)
		}
	}
}

func TestTheDatabaseIsSound(t *testing.T) {
	for name, s := range map[string]exporter.Selection{
		"clear": {}, "of an authority": {Authority: "EU"}, "as of the first": {Query: projections.Query{AsOf: new(uint64)}}, "on a day": {Query: projections.Query{On: "2010-01-01"}},
	} {
		db, _ := written(t, exportertest.NewSample().Source(s))
		if bad := column(t, db, "PRAGMA foreign_key_check"); len(bad) > 0 {
			t.Errorf("%s: rows refer to what is not there: %v", name, bad)
		}
		if got := column(t, db, "PRAGMA integrity_check"); got[0] != "ok" {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestWhatIsNotStatedIsNull(t *testing.T) {
	db, _ := written(t, exportertest.NewSample().Source(exporter.Selection{}))
	for query, want := range map[string][]string{
		"SELECT id FROM designations WHERE un_ref = 'KPi.901' ORDER BY id":                                          {"EU:EU.1.1", "UN:KPi.901"},
		"SELECT id FROM designations WHERE status = 'removed' AND removed_on = '2020-01-01'":                        {"US:126"},
		"SELECT id FROM designations WHERE illustrative":                                                            {"XB:1"},
		"SELECT count(*) FROM designations WHERE adopted_on = '' OR basis = '' OR reason = ''":                      {"0"},
		"SELECT lag_days FROM transpositions WHERE member = 'JP'":                                                   {"-4"},
		"SELECT member FROM transpositions WHERE lag_days IS NULL AND measures = 'travel_ban'":                      {"XB"},
		"SELECT transcribed || ':' || handling FROM designations WHERE id = 'UN:KPi.901'":                           {"1:TLP:CLEAR"},
		"SELECT e.type FROM designations d JOIN events e USING (event) WHERE d.id = 'US:124'":                       {"designation.adopted"},
		"SELECT relation FROM links WHERE disputed":                                                                 {"same_as"},
		"SELECT a FROM links WHERE relation = 'owns' ORDER BY a":                                                    {"UN:KPe.902", "UN:KPe.903"},
		"SELECT measure FROM measures WHERE designation = 'UN:OMM.1'":                                               {"asset_freeze"},
		"SELECT count(*) FROM designations WHERE id = 'XB:2'":                                                       {"0"},
		"SELECT scheme || ' ' || value FROM identifiers WHERE designation = 'US:125' AND chain = 'XBT'":             {"wallet bc1qfictional"},
		"SELECT count(*) FROM events WHERE length(leaf) = 64 AND recorded_at GLOB '20[0-9][0-9]-*Z'":                column(t, db, "SELECT count(*) FROM events"),
		"SELECT issuer FROM events e JOIN designations d USING (event) WHERE d.id = 'UN:KPi.901'":                   {"XA/transcriber"},
		"SELECT text FROM names WHERE member = 'JP'":                                                                {"架空太郎"},
		"SELECT number FROM (SELECT count(*) AS number FROM names WHERE designation = 'UN:KPi.901') WHERE number=6": {"6"},
	} {
		if diff := cmp.Diff(want, column(t, db, query)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
}

const search = "SELECT DISTINCT n.text FROM names_fts f JOIN names n ON n.id = f.rowid WHERE names_fts MATCH ? ORDER BY n.text"

// Names of two characters are found, alone and within longer ones.
func TestTwoCharactersFindAName(t *testing.T) {
	j := exportertest.New()
	for i, name := range []string{"김철", "김철수", "리김철", "김 철", "李明", "李明博", "東海", "東 海", "架空太郎", "KIM Chŏl", "Kim Chol Su", "스타 STAR", "STAR호", "ｺﾘｱ ＳＵＮ"} {
		j.Add(exportertest.Transcriber, exportertest.Listing("UN", fmt.Sprint(i), exportertest.Named("person", name)))
	}
	db, _ := written(t, j.Source(exporter.Selection{}))
	for text, want := range map[string][]string{
		"김철": {"김철", "김철수", "리김철"}, "철수": {"김철수"}, "김철수": {"김철수"}, "李明": {"李明", "李明博"}, "東海": {"東海"}, "太郎": {"架空太郎"},
		"kim chol": {"KIM Chŏl", "Kim Chol Su"}, "CHŎL": {"KIM Chŏl", "Kim Chol Su"}, "철": {"김 철"}, "수김": {}, "스타": {"스타 STAR"}, "star": {"스타 STAR"},
		"コリア": {"ｺﾘｱ ＳＵＮ"}, "ｺﾘｱ": {"ｺﾘｱ ＳＵＮ"}, "sun": {"ｺﾘｱ ＳＵＮ"},
	} {
		if diff := cmp.Diff(want, column(t, db, search, Match(text))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
	if diff := cmp.Diff([]string{"김철", "김철수", "리김철"}, column(t, db, search, `"김철"`)); diff != "" {
		t.Errorf("as an analyst writes it (-want +got):\n%s", diff)
	}
}

// Any two neighbouring characters of an unspaced name find it.
func TestAnyPairFindsItsName(t *testing.T) {
	name := rapid.StringOfN(rapid.SampledFrom([]rune("김이박철수영東海丸李明太郎アリラン")), 2, 6, -1)
	rapid.Check(t, func(t *rapid.T) {
		runes := []rune(name.Draw(t, "name"))
		i := rapid.IntRange(0, len(runes)-2).Draw(t, "at")
		if !slices.Contains(strings.Fields(pairs(string(runes))), string(runes[i:i+2])) {
			t.Fatalf("%s is not among the pairs %q", string(runes[i:i+2]), pairs(string(runes)))
		}
	})
}

// Match never writes what the search does not understand.
func FuzzMatch(f *testing.F) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(f.Context(), schema); err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{`"`, "a OR b", "김철 AND", "NEAR(a b)", "*", "text:x", "-", "’", "ー", "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q := Match(text)
		if q == "" {
			return
		}
		rows, err := db.QueryContext(t.Context(), "SELECT rowid FROM names_fts WHERE names_fts MATCH ?", q)
		if err != nil {
			t.Fatalf("%q became %q: %v", text, q, err)
		}
		defer rows.Close()
		for rows.Next() {
			t.Fatal("an empty table has a row")
		}
		if err := rows.Err(); err != nil {
			t.Fatalf("%q became %q: %v", text, q, err)
		}
	})
}

func TestNothingIsOverwritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.sqlite")
	s := exportertest.NewSample().Source(exporter.Selection{})
	if _, err := Write(t.Context(), path, s); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(t.Context(), path, s); err == nil || !strings.Contains(err.Error(), "already exists") {
		t.Errorf("got %v", err)
	}
}

// Text of any kind is data, never SQL.
func TestTextIsData(t *testing.T) {
	j := exportertest.New()
	evil := `'); DROP TABLE names; --`
	d := exportertest.Listing("UN", "1", exportertest.Named("person", evil))
	d.Reason = &domain.Text{Text: evil}
	j.Add(exportertest.Transcriber, d)
	db, _ := written(t, j.Source(exporter.Selection{}))
	if got := column(t, db, "SELECT text FROM names"); !slices.Equal(got, []string{evil}) {
		t.Error(got)
	}
}

func TestWritesTwentyThousandInSeconds(t *testing.T) {
	if testing.Short() {
		t.Skip("a measurement")
	}
	j := exportertest.Large(20_000)
	start := time.Now()
	_, counts := written(t, j.Source(exporter.Selection{}))
	took := time.Since(start)
	t.Logf("%v in %s", counts, took)
	if took > 20*time.Second { // 5 s is the promise; a busy machine is given more
		t.Error(took)
	}
}
