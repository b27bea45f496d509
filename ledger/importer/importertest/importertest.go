// Package importertest holds what the tests of importers share: the published
// files, the check that nothing of a file is lost, and the rules of the ledger
// that an entry meets.
//
//	list, err := un.Parse(bytes.NewReader(importertest.Published(t, "un/list.xml")), "list.xml")
//	for _, e := range list.Entries {
//		importertest.CheckShape(t, importertest.Adopted(e, "UN"))
//		have := importertest.Strings(t, e.Subject)
//		importertest.Take(t, have, e.Ref, "FIRST_NAME", "VANTA") // for each value of the file
//	}
package importertest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// MaxEntry is the size that the JSON of an entry stays below, so that its
// designation fits an envelope.
const MaxEntry = 40 << 10

// Path names a file or folder of the published lists, which are not part of the
// project. Without the folder that LEDGER_DATA names the test is skipped; CI
// sets it.
func Path(tb testing.TB, name string) string {
	tb.Helper()
	dir := os.Getenv("LEDGER_DATA")
	if dir == "" {
		tb.Skip("set LEDGER_DATA to the folder of published lists to run this test")
	}
	return filepath.Join(dir, name)
}

// Published returns the bytes of a published file.
func Published(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(Path(tb, name))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// Testdata returns a file of the package's folder testdata.
func Testdata(tb testing.TB, name string) string {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return string(data)
}

// Strings counts the strings of a subject's JSON. The value of a raw field that
// stands for several places of the source counts for each.
func Strings(tb testing.TB, s domain.Subject) map[string]int {
	tb.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		tb.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		tb.Fatal(err)
	}
	have := make(map[string]int)
	count(v, have)
	for _, f := range s.Raw {
		have[f.Value] += strings.Count(places.FindString(f.Path), ",")
	}
	return have
}

var places = regexp.MustCompile(`\[[0-9,]+\]`)

func count(v any, have map[string]int) {
	switch v := v.(type) {
	case string:
		have[v]++
	case []any:
		for _, x := range v {
			count(x, have)
		}
	case map[string]any:
		for _, x := range v {
			count(x, have)
		}
	}
}

// Take takes one of the strings that a value of the source may stand as, each
// no more often than it is there, and fails when there is none.
func Take(tb testing.TB, have map[string]int, ref, at string, as ...string) {
	tb.Helper()
	i := slices.IndexFunc(as, func(s string) bool { return s != "" && have[s] > 0 })
	if i < 0 {
		tb.Errorf("%s: %s %q is lost", ref, at, as[0])
		return
	}
	have[as[i]]--
}

// Size is the size of an entry's JSON.
func Size(tb testing.TB, e importer.Entry) int {
	tb.Helper()
	whole, err := json.Marshal(e)
	if err != nil {
		tb.Fatal(err)
	}
	return len(whole)
}

// Adopted words an entry as a designation of an authority. measures stand for
// those of the regime where the list states none.
func Adopted(e importer.Entry, authority domain.Country, measures ...string) domain.DesignationAdopted {
	if len(e.Measures) > 0 {
		measures = e.Measures
	}
	return domain.DesignationAdopted{
		Designation: string(authority) + ":" + e.Ref, Regime: string(authority) + "-TEST", Authority: authority, ListRef: e.Ref,
		Subject: e.Subject, Measures: measures, AdoptedOn: e.ListedOn, AmendedOn: e.UpdatedOn,
	}
}

// CheckShape holds a designation to the rules that its own bytes decide.
func CheckShape(tb testing.TB, b domain.DesignationAdopted) {
	tb.Helper()
	if r := refusal(tb, b); r != nil {
		tb.Errorf("%s: %v", b.Designation, r)
	}
}

func refusal(tb testing.TB, b domain.DesignationAdopted) *domain.Refusal {
	tb.Helper()
	payload, err := json.Marshal(b)
	if err != nil {
		tb.Fatal(err)
	}
	issuer := domain.AgencyID(string(b.Authority) + "/desk")
	event, r := domain.Decode(domain.Header{Issuer: issuer, Type: "designation.adopted", Version: 1}, payload)
	if r != nil {
		return r
	}
	return domain.CheckShape(event, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
}

// Sound holds an accepted list, whatever the file, to what every importer
// promises: references, each once, and subjects that the rules take.
func Sound(tb testing.TB, list *importer.List, authority domain.Country, measures ...string) {
	tb.Helper()
	seen := make(map[string]bool)
	for _, e := range list.Entries {
		if e.Ref == "" || seen[e.Ref] {
			tb.Fatalf("accepted reference %q", e.Ref)
		}
		seen[e.Ref] = true
		e.Ref = "1" // of a made file it may be no id
		CheckShape(tb, Adopted(e, authority, measures...))
	}
}
