package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// published names a file of the folder of real lists.
func published(tb testing.TB, name string) string {
	tb.Helper()
	dir := os.Getenv("LEDGER_DATA")
	if dir == "" {
		tb.Skip("set LEDGER_DATA to the folder of published lists to run this test")
	}
	return filepath.Join(dir, name)
}

const (
	un2018 = "un/un_consolidated_2018-10-29.xml"
	un2026 = "un/un_consolidated_2026-02-27.xml"
)

// Every list at hand is imported whole, signed and posted, and a second time
// adds nothing.
func TestPublishedListsImportWhole(t *testing.T) {
	for _, c := range []struct {
		list, file string
		all        bool
		entries    int
	}{
		{"un", un2026, false, 1003},
		{"vessels", "un_1718_vessels/1718_designated_vessels_list_final.html", false, 59},
		{"ofac", "ofac", true, 8976},
		{"ca", "ca/ca_sema_consolidated_2025.xml", false, 4759},
		{"jp", "jp/jp_mof_shisantouketsu_2026-03-05.xlsx", false, 175},
	} {
		t.Run(c.list, func(t *testing.T) {
			file := published(t, c.file)
			k := newCustody(t)
			k.adopt(c.list, file, c.all)
			cmd := importCmd{List: c.list, File: file, choosing: choosing{AllPrograms: c.all}}
			start := time.Now()
			got := k.importFile(cmd)
			t.Logf("%s: %d entries, %d left out, %d warnings, recorded %d in %s", c.list, got.Entries, len(got.LeftOut), len(got.Warnings), got.Recorded, time.Since(start).Round(time.Millisecond))
			if got.Entries != c.entries || got.New != got.Entries || got.Recorded != got.Entries || got.Account == 0 {
				t.Errorf("got %d entries, %d new, %d recorded, account %d; want %d", got.Entries, got.New, got.Recorded, got.Account, c.entries)
			}
			size := k.l.Size()
			if again := k.importFile(cmd); again.Unchanged != got.Entries || again.Recorded != 0 || again.Account != 0 || k.l.Size() != size {
				t.Errorf("a second run: %d unchanged, %d recorded, account %d, journal grew by %d", again.Unchanged, again.Recorded, again.Account, k.l.Size()-size)
			}
		})
	}
}

// OFAC's list by default is its DPRK programs.
func TestPublishedOFACByDefaultIsTheDPRK(t *testing.T) {
	file := published(t, "ofac")
	k := newCustody(t)
	k.adopt("ofac", file, false)
	got := k.importFile(importCmd{List: "ofac", File: file})
	if got.Entries != 414 || got.Unread != 8976-414 {
		t.Errorf("got %d entries, %d unread; want 414 and %d", got.Entries, got.Unread, 8976-414)
	}
}

// twoUN is a folder with the UN's lists of 2018 and 2026.
func twoUN(tb testing.TB) string {
	tb.Helper()
	dir := tb.TempDir()
	for _, name := range []string{un2018, un2026} {
		data, err := os.ReadFile(published(tb, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, filepath.Base(name)), data, 0o644)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

// Eight years of the UN's list as history: what was listed, what went and what
// changed add up, and the DPRK's 155 are 155 throughout.
func TestPublishedUNSeries(t *testing.T) {
	dir := twoUN(t)
	k := newCustody(t)
	k.adopt("un", published(t, un2026), false)
	k.adopt("un", published(t, un2018), false)
	got := k.importSeries(importCmd{List: "un", Series: dir})
	if len(got) != 2 {
		t.Fatalf("%d snapshots", len(got))
	}
	first, second := got[0], got[1]
	for _, s := range got {
		t.Logf("%s: listed %d, new %d, gone %d, entries %d, amended %d in substance, %d in form, %d unchanged, %d warnings", s.Published, s.Listed, s.New, len(s.Gone), s.Entries, s.Substantive, s.Cosmetic, s.Unchanged, len(s.Warnings))
		if s.Listed+s.New+s.Reappeared+s.Reinstated-len(s.Gone)-len(s.Removed) != s.Entries || s.New+s.Amended+s.Unchanged+s.Reappeared+s.Reinstated != s.Entries || s.Substantive+s.Cosmetic != s.Amended {
			t.Errorf("%s does not add up: %+v", s.Published, s)
		}
	}
	if first.Published != "2018-10-29" || first.Entries != 1093 || first.New != 1093 || second.Listed != 1093 || second.Entries != 1003 {
		t.Errorf("got %d entries of %s, then %d listed and %d entries", first.Entries, first.Published, second.Listed, second.Entries)
	}
	if second.New != 111 || len(second.Gone) != 201 || second.Substantive != 651 || second.Cosmetic != 120 || second.Unchanged != 121 || second.Reinstated+second.Reappeared != 0 {
		t.Error("the figures of 2026 are others than were counted before: 111 new, 201 gone, 651 amended in substance, 120 in form, 121 unchanged")
	}
	gone := 0
	for _, id := range second.Gone {
		if strings.HasPrefix(id, "UN:KP") {
			gone++
		}
	}
	if gone != 0 {
		t.Errorf("%d of the DPRK's entries are gone: they are 155 in both files", gone)
	}
	a := *k.app
	h, err := a.holdings(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(h.entries("UN-DPRK")); n != 155 {
		t.Errorf("the ledger holds %d designations under UN-DPRK, want 155", n)
	}
	for _, s := range k.importSeries(importCmd{List: "un", Series: dir}) {
		if !s.Whole {
			t.Errorf("%s was imported twice", s.File)
		}
	}
}

// snapshots writes n lists of the UN: the two published ones and, between and
// after them, each with a few edits.
func snapshots(tb testing.TB, n int) string {
	tb.Helper()
	dir := twoUN(tb)
	for i := range n - 2 {
		from, year := un2018, 2019
		if i >= n/2 {
			from, year = un2026, 2026
		}
		data, err := os.ReadFile(published(tb, from))
		if err != nil {
			tb.Fatal(err)
		}
		day := time.Date(year, 3, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i).Format("2006-01-02")
		at := strings.Index(string(data), `dateGenerated="`) + len(`dateGenerated="`)
		text := string(data[:at]) + day + string(data[at+10:])
		text = edited(text, i)
		if err := os.WriteFile(filepath.Join(dir, "un-"+day+".xml"), []byte(text), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

// edited changes a few entries: a name, a remark, white space; one goes.
func edited(text string, i int) string {
	parts := strings.Split(text, "<ENTITY>")
	for k := range 3 {
		p := &parts[1+(7*i+k)%(len(parts)-2)]
		*p = strings.Replace(*p, "</FIRST_NAME>", fmt.Sprintf(" %s</FIRST_NAME>", []string{"", "AND SONS", fmt.Sprint("NO. ", i)}[k]), 1)
	}
	gone := 1 + (11*i)%(len(parts)-2)
	return strings.Join(append(parts[:gone:gone], parts[gone+1:]...), "<ENTITY>")
}

func BenchmarkImportUN(b *testing.B) {
	benchmarkFile(b, "un", un2026, false)
}

func BenchmarkImportOFAC(b *testing.B) {
	benchmarkFile(b, "ofac", "ofac", true)
}

func benchmarkFile(b *testing.B, list, name string, all bool) {
	file := published(b, name)
	for b.Loop() {
		b.StopTimer()
		k := newCustody(b)
		k.adopt(list, file, all)
		cpu := processor(b)
		b.StartTimer()
		got := k.importFile(importCmd{List: list, File: file, choosing: choosing{AllPrograms: all}})
		b.ReportMetric(float64(got.Recorded), "events")
		b.ReportMetric((processor(b) - cpu).Seconds(), "cpu-s")
	}
}

func BenchmarkImportSeries(b *testing.B) {
	dir := snapshots(b, 100)
	for b.Loop() {
		b.StopTimer()
		k := newCustody(b)
		k.adopt("un", published(b, un2026), false)
		k.adopt("un", published(b, un2018), false)
		cpu := processor(b)
		b.StartTimer()
		events := 0
		for _, s := range k.importSeries(importCmd{List: "un", Series: dir}) {
			events += s.Recorded
		}
		b.ReportMetric(float64(events), "events")
		b.ReportMetric((processor(b) - cpu).Seconds(), "cpu-s")
	}
}

// processor is the time that this process has had of all cores: on a machine
// with other work it says more than the clock.
func processor(tb testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
