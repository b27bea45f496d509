package projections

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func ids(p RegisterPage) []string {
	out := []string{}
	for _, d := range p.Designations {
		out = append(out, d.ID)
	}
	return out
}

func TestSearch(t *testing.T) {
	j := given([]domain.Country{"JP", "XA"})
	for ref, name := range map[string]string{"1": "KIM Jóng", "2": "金正恩", "3": "김정은", "4": "ＯＣＥＡＮ Maritime", "5": "Østersø-Łódź"} {
		b := listing("UN", ref, "person", name, "2017-01-01")
		b.Subject.Identifiers = []domain.Identifier{{Scheme: "passport", Value: "AB-" + ref}}
		j.add(transcriber, b)
	}
	entry := transposed("JP", "UN:4", "2017-02-01")
	entry.Entry = &domain.Subject{Kind: "entity", Names: []domain.Name{{Text: "海洋"}}}
	e := j.add(transcriber, entry)
	for ref, name := range map[string]string{"6": "パク ボンナム", "7": "HO JIN", "8": "Nguyễn", "9": "コリア"} {
		b := listing("UN", ref, "vessel", name, "2017-01-01")
		b.Subject.Identifiers = []domain.Identifier{{Scheme: "imo", Value: "200000" + ref}}
		j.add(transcriber, b)
	}
	v := j.views(-1)
	for text, want := range map[string][]string{
		"ﾊﾟｸ": {"UN:6"}, "パク ボンナム": {"UN:6"}, "パクボンナム": {"UN:6"}, "ﾎﾞﾝﾅﾑ": {"UN:6"}, "ｺﾘｱ": {"UN:9"}, "ho jin": {"UN:7"}, "HOJIN": {"UN:7"}, "hoj": {"UN:7"},
		"ojin": {}, "nguyen": {"UN:8"}, "IMO 2000007": {"UN:7"}, "IMO2000007": {"UN:7"}, "2000007": {"UN:7"},
		"jong kim": {"UN:1"}, "金正": {"UN:2"}, "정은": {"UN:3"}, "ocean": {"UN:4"}, "ostersø lodz": {"UN:5"},
		"ab 2": {"UN:2"}, "海洋": {"UN:4"}, "nobody": {}, "  ": {"UN:1", "UN:2", "UN:3", "UN:4", "UN:5", "UN:6", "UN:7", "UN:8", "UN:9"}, "!?": {},
	} {
		if diff := cmp.Diff(want, ids(v.Register(RegisterQuery{Text: text}))); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
	if got := ids(v.Register(RegisterQuery{Query: asOf(e - 1), Text: "海洋"})); len(got) != 0 {
		t.Errorf("found %v by a name that was recorded later", got)
	}
}

func TestRegisterFiltersAndPages(t *testing.T) {
	j := given([]domain.Country{"JP", "XA", "US"}, "US")
	for i := range 7 {
		j.add(transcriber, listing("UN", fmt.Sprintf("%03d", i), []string{"person", "vessel"}[i%2], "NAME", "2017-01-01"))
	}
	j.add(transcriber, listing("US", "1", "vessel", "NAME", "2018-01-01"))
	j.add("US/treasury", transposed("US", "UN:001", "2017-02-01"))
	j.add("US/treasury", transposed("US", "UN:003", "2017-02-01"))
	j.add("JP/mof", transposed("JP", "UN:003", "2017-02-01"))
	j.add(transcriber, domain.DesignationRemoved{Designation: "UN:005", RemovedOn: "2019-01-01", Reason: "delisted"})
	v := j.views(-1)
	for name, c := range map[string]struct {
		q    RegisterQuery
		want []string
	}{
		"held and not held": {RegisterQuery{HeldBy: []domain.Country{"US"}, NotHeldBy: []domain.Country{"JP"}, Kind: "vessel"}, []string{"UN:001", "US:1"}},
		"by authority":      {RegisterQuery{Authority: "US"}, []string{"US:1"}},
		"by regime, kind":   {RegisterQuery{Regime: "UN-DPRK", Kind: "vessel", Status: StatusListed}, []string{"UN:001", "UN:003"}},
		"removed":           {RegisterQuery{Status: StatusRemoved}, []string{"UN:005"}},
		"not removed then":  {RegisterQuery{Status: StatusRemoved, Query: Query{On: "2018-12-31"}}, []string{}},
		"not adopted then":  {RegisterQuery{Status: StatusPending, Query: Query{On: "2017-12-31"}}, []string{"US:1"}},
	} {
		if diff := cmp.Diff(c.want, ids(v.Register(c.q))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	var all []string
	for q := (RegisterQuery{Page: Page{Limit: 3}}); ; {
		p := v.Register(q)
		all = append(all, ids(p)...)
		if p.Total != 8 {
			t.Errorf("total %d, want 8 on every page", p.Total)
		}
		if q.Cursor = p.Next; q.Cursor == "" {
			break
		}
	}
	if len(all) != 8 || !slices.IsSorted(all) {
		t.Errorf("pages gave %v", all)
	}
}

func TestMarks(t *testing.T) {
	j := given([]domain.Country{"JP", "XA", "US"})
	copied := j.add(transcriber, listing("UN", "1", "person", "OLD NAME", "2017-01-01"))
	signed := j.addKeyed("JP/mof", "lost key", transposed("JP", "UN:1", "2017-02-01"))
	revoked := j.add("JP/root", domain.KeyRevoked{KeyID: "lost key", CompromisedSince: "2026-03-01"})
	repudiated := j.add("JP/root", domain.EventsRepudiated{Agency: "JP/mof", FromIndex: signed, ToIndex: signed, Reason: "not by us"})
	corrected := j.correct(copied, listing("UN", "1", "person", "NEW NAME", "2017-01-01"))
	v := j.views(-1)
	d, _ := v.Designation("UN:1", Query{})
	if d.Name != "NEW NAME" || !d.Marks.Transcribed || !slices.Equal(d.Marks.CorrectedBy, []uint64{corrected}) {
		t.Errorf("name %q, marks %+v", d.Name, d.Marks)
	}
	if m := d.Transpositions[0].Marks; m.Transcribed || !m.Contested || !m.Repudiated {
		t.Errorf("marks of what a lost key signed: %+v", m)
	}
	if e, _ := v.Entry(signed, asOf(revoked-1)); e.Contested || e.Repudiated {
		t.Errorf("marked before anybody said so: %+v", e.Marks)
	}
	if e, _ := v.Entry(signed, asOf(revoked)); !e.Contested || e.Repudiated {
		t.Errorf("as of the revocation: %+v", e.Marks)
	}
	if e, _ := v.Entry(copied, asOf(repudiated)); e.Summary != "UN designated OLD NAME (person, UN:1) under UN-DPRK on 2017-01-01." {
		t.Errorf("summary before the correction: %q", e.Summary)
	}
	if _, ok := v.Entry(99, Query{}); ok {
		t.Error("an event that is not recorded is shown")
	}
}

func TestRecordedTimes(t *testing.T) {
	v := japan(t).views(-1)
	when, ok := v.RecordedAt(10)
	if !ok || !when.Equal(journalStart.Add(10*time.Minute)) {
		t.Errorf("recorded at %v, %v", when, ok)
	}
	if i, ok := v.IndexAt(when.Add(time.Second)); i != 10 || !ok {
		t.Errorf("index at that time: %d, %v", i, ok)
	}
	if _, ok := v.IndexAt(journalStart.Add(-time.Second)); ok {
		t.Error("an index before genesis")
	}
	if _, ok := v.RecordedAt(v.Size()); ok {
		t.Error("a time for an event that is not folded")
	}
}

func TestDayNumber(t *testing.T) {
	for d := time.Date(1899, 12, 25, 0, 0, 0, 0, time.UTC); d.Year() < 2105; d = d.AddDate(0, 0, 13) {
		day := domain.DateOf(d)
		got, ok := daysBetween("1970-01-01", day)
		if want := domain.DaysBetween("1970-01-01", day); !ok || got != want {
			t.Fatalf("%s is day %d, want %d", day, got, want)
		}
	}
	if _, ok := daysBetween("2017", "2017-06-05"); ok {
		t.Error("a lag from a date without a day")
	}
}

func TestNearestRank(t *testing.T) {
	lags := []lag{{days: 4}, {days: 1}, {days: 3}, {days: 2}}
	if d := distribution(lags, 0, nil); d.Median != 2 || d.P90 != 4 || d.Min != 1 || d.Max != 4 {
		t.Errorf("%+v", d)
	}
	if distribution(nil, 3, nil) != nil {
		t.Error("a distribution of nothing")
	}
}
