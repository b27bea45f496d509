package history_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/history"
)

// play compares snapshots one after the other as if all had been recorded.
type play struct {
	t     *testing.T
	state *history.State
}

func entry(ref, name string, listed domain.Date) history.Entry {
	return history.Entry{
		Designation: "UN:" + ref, Regime: "UN-X", Measures: []string{"asset_freeze"},
		Entry: importer.Entry{Ref: ref, Kind: "entity", ListedOn: listed, Place: "list.xml:1", Subject: domain.Subject{Kind: "entity", Names: []domain.Name{{Text: name, Kind: "primary"}}}},
	}
}

func snapshot(on domain.Date, entries ...history.Entry) history.Snapshot {
	return history.Snapshot{
		Source: "UN-test", Title: "the test list", PublishedOn: on, BearsDate: on, SeenOn: on, SHA256: domain.Hash([]byte(strings.Repeat(string(on)+"-", 4))[:32]), Entries: entries,
		Owns: func(id string) bool { return strings.HasPrefix(id, "UN:") }, Reads: func(string) bool { return true }, Parser: "test 1",
	}
}

// next folds the first limit changes, and the account when there is none left.
func (p play) next(s history.Snapshot, limit int) history.Difference {
	p.t.Helper()
	d, err := p.state.Compare(s)
	if err != nil {
		p.t.Fatal(err)
	}
	for i, c := range d.Changes {
		if i < limit {
			p.state.Fold(c.Body)
		}
	}
	if b := d.Imported(s, "2026-11-27"); b != nil && len(d.Changes) <= limit {
		if n := b.Counts; n.New+n.Amended+n.Unchanged+n.Relisted != b.Entries || b.Entries != len(s.Entries)-len(d.LeftOut)-len(d.Removed) {
			p.t.Errorf("%s: the account does not add up: %+v of %d", s.PublishedOn, n, b.Entries)
		}
		p.state.Fold(*b)
	}
	return d
}

func types(d history.Difference) (out []string) {
	for _, c := range d.Changes {
		out = append(out, c.Type+" "+c.About)
	}
	return out
}

const all = 1000

func TestAGapIsNoDelistingAndARelistingIsAReinstatement(t *testing.T) {
	p := play{t, history.NewState()}
	a, b := entry("a", "Ore", "2017-01-01"), entry("b", "Vanta", "2017-01-01")
	p.next(snapshot("2026-01-01", a, b), all)
	for _, step := range []struct {
		s    history.Snapshot
		want []string
	}{
		{snapshot("2026-01-02", a), []string{"list.gap_observed UN:b"}},
		{snapshot("2026-01-03", a), nil},
		{snapshot("2026-01-04", a, b), []string{"list.gap_closed UN:b"}},
		{snapshot("2026-01-05", a, b), nil},
		{snapshot("2026-01-06", a), []string{"list.gap_observed UN:b"}},
	} {
		if d := cmp.Diff(step.want, types(p.next(step.s, all))); d != "" {
			t.Errorf("%s: %s", step.s.PublishedOn, d)
		}
	}
	p.state.Fold(domain.DesignationRemoved{Designation: "UN:b", RemovedOn: "2026-01-08", Reason: "by notice"})
	if d := p.next(snapshot("2026-01-07", a, b), all); len(d.Changes) != 0 || len(d.Left) != 1 {
		t.Errorf("a file older than the removal reinstated: %v", types(d))
	}
	d := p.next(snapshot("2026-01-09", a, b), all)
	if diff := cmp.Diff([]string{"list.gap_closed UN:b", "designation.reinstated UN:b"}, types(d)); diff != "" {
		t.Error(diff)
	}
	if d.Counts[history.Reinstated] != 1 || d.Counts[history.Unchanged] != 1 || d.Counts.Entries() != 2 {
		t.Errorf("counts %v", d.Counts)
	}
}

func TestTheListsOwnDateOfDelistingRemoves(t *testing.T) {
	p := play{t, history.NewState()}
	a, b, never := entry("a", "Ore", ""), entry("b", "Vanta", ""), entry("c", "Orel", "")
	p.next(snapshot("2026-01-01", a, b), all)
	b.DelistedOn, never.DelistedOn = "2025-12-30", "2011-01-01"
	s := snapshot("2026-01-02", a, b, never)
	d := p.next(s, all)
	if diff := cmp.Diff([]string{"designation.removed UN:b"}, types(d)); diff != "" || len(d.LeftOut) != 1 || d.Counts.Entries() != 1 {
		t.Errorf("%s, left out %v, counts %v", diff, d.LeftOut, d.Counts)
	}
	if d := p.next(s, all); len(d.Changes) != 0 || d.Imported(s, "2026-11-27") != nil {
		t.Errorf("a second run posts %v", types(d))
	}
}

func TestAnInterruptedImportIsAccountedForWhole(t *testing.T) {
	a, b, c := entry("a", "Ore", "2017-01-01"), entry("b", "Vanta", "2017-01-01"), entry("c", "Orel", "2017-01-01")
	changed := entry("a", "Ore Line", "2017-01-01")
	second := snapshot("2026-01-02", changed, c)
	whole := play{t, history.NewState()}
	whole.next(snapshot("2026-01-01", a, b), all)
	want := whole.next(second, all).Counts
	for cut := range 3 {
		p := play{t, history.NewState()}
		p.next(snapshot("2026-01-01", a, b), all)
		p.next(second, cut)
		if got := p.next(second, all).Counts; got != want {
			t.Errorf("after %d of 3 events: counts %v, want %v", cut, got, want)
		}
		if d := p.next(second, all); len(d.Changes) != 0 || d.Imported(second, "2026-11-27") != nil {
			t.Errorf("a third run posts %v", types(d))
		}
	}
}

func TestConflictingDatesAreKeptAndReported(t *testing.T) {
	p := play{t, history.NewState()}
	p.next(snapshot("2026-01-01", entry("a", "Ore", ""), entry("b", "Vanta", "2017-01-01")), all)
	d := p.next(snapshot("2026-01-02", entry("a", "Ore", "2016-05-05"), entry("b", "Vanta", "2071-01-01")), all)
	if len(d.Warnings) != 2 || d.Counts[history.Substantively] != 2 {
		t.Errorf("warnings %q, counts %v", d.Warnings, d.Counts)
	}
	body, ok := d.Changes[0].Body.(domain.DesignationAmended)
	if want := []domain.Change{{Path: "listed_on", New: "2016-05-05"}}; !ok || body.Subject != nil || !slices.Equal(body.Changes, want) {
		t.Errorf("got %+v", d.Changes[0].Body)
	}
	if h := p.state.Designations["UN:b"]; h.AdoptedOn != "2017-01-01" || h.ListedOn != "2071-01-01" {
		t.Errorf("dates kept: %s and %s", h.AdoptedOn, h.ListedOn)
	}
}

func TestTwoEntriesOfOneDesignationAreNotGuessed(t *testing.T) {
	_, err := history.NewState().Compare(snapshot("2026-01-01", entry("a", "Ore", ""), entry("a", "Vanta", "")))
	if err == nil || !strings.Contains(err.Error(), "two entries") {
		t.Errorf("got %v", err)
	}
}

func TestSubstance(t *testing.T) {
	base := func() domain.Subject {
		return domain.Subject{
			Kind:        "person",
			Names:       []domain.Name{{Text: "VANTA OREL", Kind: "primary", Parts: []domain.NamePart{{Part: "first", Text: "VANTA"}}}, {Text: "V. O.", Kind: "aka"}},
			Identifiers: []domain.Identifier{{Scheme: "passport", Value: "PX1", Label: "Passport"}},
			Remarks:     []domain.Text{{Text: "First line", Label: "COMMENTS1"}},
			Raw:         []domain.RawField{{Path: "DATAID", Value: "1"}, {Path: "INDIVIDUAL_ALIAS[0]/NOTE", Value: "a note; and more"}},
		}
	}
	for name, c := range map[string]struct {
		edit func(*domain.Subject)
		want bool
	}{
		"white space":          {func(s *domain.Subject) { s.Remarks[0].Text = " First \n line" }, false},
		"order":                {func(s *domain.Subject) { slices.Reverse(s.Names) }, false},
		"label":                {func(s *domain.Subject) { s.Identifiers[0].Label = "PASSPORT" }, false},
		"placeholder":          {func(s *domain.Subject) { s.Remarks = append(s.Remarks, domain.Text{Text: "na"}) }, false},
		"number of the record": {func(s *domain.Subject) { s.Raw[0].Value = "2" }, false},
		"noise in a reference": {func(s *domain.Subject) {
			s.Raw = append(s.Raw, domain.RawField{Path: "REFERENCE_NUMBER", Value: "KPi.063 .1"})
		}, false},
		"date of the edit": {func(s *domain.Subject) {
			s.Raw = append(s.Raw, domain.RawField{Path: "LAST_DAY_UPDATED/VALUE[3]", Value: "2026-01-01"})
		}, false},
		"place of a raw field":     {func(s *domain.Subject) { s.Raw[1].Path = "INDIVIDUAL_ALIAS[4]/NOTE" }, false},
		"order within a raw field": {func(s *domain.Subject) { s.Raw[1].Value = "and more; a note" }, false},
		"raw text of a typed one":  {func(s *domain.Subject) { s.Raw = append(s.Raw, domain.RawField{Path: "FIRST_NAME", Value: "VANTA "}) }, false},
		"name":                     {func(s *domain.Subject) { s.Names[1].Text = "V. OR." }, true},
		"case of a name":           {func(s *domain.Subject) { s.Names[1].Text = "V. o." }, true},
		"one name less":            {func(s *domain.Subject) { s.Names = s.Names[:1] }, true},
		"kind of a name":           {func(s *domain.Subject) { s.Names[1].Kind = "fka" }, true},
		"identifier":               {func(s *domain.Subject) { s.Identifiers[0].Value = "PX2" }, true},
		"remark":                   {func(s *domain.Subject) { s.Remarks[0].Text = "First lines" }, true},
		"raw field":                {func(s *domain.Subject) { s.Raw[1].Value = "another note" }, true},
		"address":                  {func(s *domain.Subject) { s.Addresses = []domain.Place{{City: "Pyongyang"}} }, true},
	} {
		b := base()
		c.edit(&b)
		if got, err := history.Substantive(base(), b); err != nil || got != c.want {
			t.Errorf("%s: got %v, %v; want %v", name, got, err, c.want)
		}
	}
}

// What changed is named by path: items that only moved are no change.
func TestChangesNameWhatIsNew(t *testing.T) {
	p := play{t, history.NewState()}
	a := entry("a", "Ore", "")
	p.next(snapshot("2026-01-01", a), all)
	b := a
	b.Subject.Names = []domain.Name{{Text: "Ore Line", Kind: "aka"}, {Text: "Ore", Kind: "primary"}}
	b.Subject.Gender = "male"
	d := p.next(snapshot("2026-01-02", b), all)
	want := []domain.Change{{Path: "gender", New: "male"}, {Path: "names[0].kind", New: "aka"}, {Path: "names[0].text", New: "Ore Line"}}
	if diff := cmp.Diff(want, d.Changes[0].Body.(domain.DesignationAmended).Changes); diff != "" {
		t.Error(diff)
	}
}

// However much changed, an amendment fits its envelope.
func TestAmendmentsFit(t *testing.T) {
	p := play{t, history.NewState()}
	a, b := entry("a", "Ore", ""), entry("a", "Ore", "")
	for range 60 {
		a.Subject.Remarks = append(a.Subject.Remarks, domain.Text{Text: strings.Repeat("á", 250)})
		b.Subject.Remarks = append(b.Subject.Remarks, domain.Text{Text: strings.Repeat("é", 250)})
	}
	p.next(snapshot("2026-01-01", a), all)
	body := p.next(snapshot("2026-01-02", b), all).Changes[0].Body.(domain.DesignationAmended)
	if n := len(body.Changes); n == 0 || n > 30 {
		t.Errorf("%d changes beside a subject of 30 KiB", n)
	}
}
