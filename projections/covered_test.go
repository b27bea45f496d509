package projections

import (
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func violation(on domain.Date, measures []string, designations ...string) domain.ViolationReported {
	b := domain.ViolationReported{Category: "asset_freeze_evasion", Narrative: domain.Text{Text: "paid"}, Measures: measures, ReporterType: "bank"}
	b.OccurredOn, b.Confidence, b.Designations, b.Concerning = on, "probable", designations, []domain.Country{"CN"}
	return b
}

func exemption(ref string, from, to domain.Date, measures []string, designations ...string) domain.ExemptionGranted {
	b := domain.ExemptionGranted{CommitteeRef: ref, Permission: domain.Permission{Ground: "humanitarian", Scope: domain.Text{Text: "aid"}, Measures: measures, ValidFrom: from, ValidTo: to}}
	b.OccurredOn, b.Regime, b.Designations = "2018-01-01", "UN-DPRK", designations
	return b
}

func licence(state domain.Country, number string, from, to domain.Date, measures []string, designations ...string) domain.LicenceGranted {
	b := domain.LicenceGranted{Licence: number, Permission: domain.Permission{Ground: "legal_fees", Scope: domain.Text{Text: "fees"}, Measures: measures, ValidFrom: from, ValidTo: to}}
	b.OccurredOn, b.Member, b.Designations = "2018-01-01", state, designations
	return b
}

// What a permission covers: it names the designation and the measure, it was
// valid at the time, and it binds there.
func TestCovered(t *testing.T) {
	freeze, both := []string{"asset_freeze"}, []string{"asset_freeze", "travel_ban"}
	bank := func(name string) *domain.Subject {
		return &domain.Subject{Kind: "entity", Names: []domain.Name{{Text: name}}}
	}
	relied := func(period *domain.Period, ids ...string) domain.ExceptionReliedOn {
		b := domain.ExceptionReliedOn{Ground: "humanitarian", Activity: domain.Text{Text: "aid"}, Period: period}
		b.OccurredOn, b.Designations, b.LegalBasis = "2018-03-05", ids, []domain.LegalBasis{{Instrument: "resolution 2664 (2022)", Paragraph: "1"}}
		return b
	}
	in := func(c domain.Country, b domain.ViolationReported) domain.ViolationReported {
		b.Place = &domain.Place{Country: c}
		return b
	}
	by := func(name string, b domain.ViolationReported) domain.ViolationReported {
		b.Subjects = []domain.Subject{*bank(name)}
		return b
	}
	for name, c := range map[string]struct {
		permits []domain.Body
		what    domain.ViolationReported
		want    string // kinds, in the order of record
	}{
		"nothing permits":              {nil, violation("2018-03-05", freeze, "UN:1"), ""},
		"exemption":                    {[]domain.Body{exemption("C/1", "2018-01-01", "2018-12-31", freeze, "UN:1")}, violation("2018-03-05", freeze, "UN:1"), "exemption"},
		"its first and last day":       {[]domain.Body{exemption("C/1", "2018-03-05", "2018-03-05", freeze, "UN:1")}, violation("2018-03-05", freeze, "UN:1"), "exemption"},
		"before it":                    {[]domain.Body{exemption("C/1", "2018-03-06", "", freeze, "UN:1")}, violation("2018-03-05", freeze, "UN:1"), ""},
		"after it":                     {[]domain.Body{exemption("C/1", "2018-01-01", "2018-03-04", freeze, "UN:1")}, violation("2018-03-05", freeze, "UN:1"), ""},
		"a month that it covers half":  {[]domain.Body{exemption("C/1", "2018-03-05", "", freeze, "UN:1")}, violation("2018-03", freeze, "UN:1"), ""},
		"another designation":          {[]domain.Body{exemption("C/1", "2018-01-01", "", freeze, "UN:2")}, violation("2018-03-05", freeze, "UN:1"), ""},
		"one of two designations":      {[]domain.Body{exemption("C/1", "2018-01-01", "", freeze, "UN:1")}, violation("2018-03-05", freeze, "UN:1", "UN:2"), ""},
		"another measure":              {[]domain.Body{exemption("C/1", "2018-01-01", "", []string{"travel_ban"}, "UN:1")}, violation("2018-03-05", freeze, "UN:1"), ""},
		"one of two measures":          {[]domain.Body{exemption("C/1", "2018-01-01", "", freeze, "UN:1")}, violation("2018-03-05", both, "UN:1"), ""},
		"the report names no measure":  {[]domain.Body{exemption("C/1", "2018-01-01", "", freeze, "UN:1")}, violation("2018-03-05", nil, "UN:1"), ""},
		"two permissions together":     {[]domain.Body{exemption("C/1", "2018-01-01", "", freeze, "UN:1"), exemption("C/2", "2018-01-01", "", []string{"travel_ban"}, "UN:1")}, violation("2018-03-05", both, "UN:1"), "exemption exemption"},
		"licence of the place":         {[]domain.Body{licence("US", "L-1", "2018-01-01", "", freeze, "UN:1")}, in("US", violation("2018-03-05", freeze, "UN:1")), "licence"},
		"licence of another state":     {[]domain.Body{licence("US", "L-1", "2018-01-01", "", freeze, "UN:1")}, in("JP", violation("2018-03-05", freeze, "UN:1")), ""},
		"licence of none concerned":    {[]domain.Body{licence("US", "L-1", "2018-01-01", "", freeze, "UN:1")}, violation("2018-03-05", freeze, "UN:1"), ""},
		"exception, its period":        {[]domain.Body{relied(&domain.Period{From: "2018-03-01", To: "2018-03-31"}, "UN:1")}, violation("2018-03-20", freeze, "UN:1"), "exception"},
		"exception, another day":       {[]domain.Body{relied(nil, "UN:1")}, violation("2018-03-06", freeze, "UN:1"), ""},
		"exception and the travel ban": {[]domain.Body{relied(nil, "UN:1")}, violation("2018-03-05", []string{"travel_ban"}, "UN:1"), ""},
		"who was permitted": {[]domain.Body{func() domain.Body {
			b := exemption("C/1", "2018-01-01", "", freeze, "UN:1")
			b.Beneficiary = bank("AID Société")
			return b
		}()}, by("aid societe", violation("2018-03-05", freeze, "UN:1")), "exemption"},
		"somebody else": {[]domain.Body{func() domain.Body {
			b := exemption("C/1", "2018-01-01", "", freeze, "UN:1")
			b.Beneficiary = bank("AID Société")
			return b
		}()}, by("A trader", violation("2018-03-05", freeze, "UN:1")), ""},
	} {
		t.Run(name, func(t *testing.T) {
			j := given([]domain.Country{"JP", "US"})
			j.add(transcriber, listing("UN", "1", "entity", "E", "2017-01-01"))
			j.add(transcriber, listing("UN", "2", "entity", "F", "2017-01-01"))
			e := j.add("JP/mof", c.what)
			for _, p := range c.permits { // recorded later: they were in force all the same
				j.add("US/treasury", p)
			}
			v := j.views(-1)
			entry, _ := v.Entry(e, Query{})
			var kinds []string
			for _, by := range entry.CoveredBy {
				kinds = append(kinds, by.Kind)
				if !strings.Contains(by.Why, "names UN:1 and lifts") {
					t.Errorf("why: %q", by.Why)
				}
			}
			if got := strings.Join(kinds, " "); got != c.want {
				t.Errorf("covered by %q, want %q", got, c.want)
			}
			counts, third := v.Summary(Query{}).Violations, v.ThirdCountry("CN", ThirdCountryQuery{})
			if covered := c.want != ""; covered != (counts.Covered == 1) || covered == (counts.Reported == 1) || covered != (third.Covered == 1) || third.Total != 1 {
				t.Errorf("counts %+v, concerning CN %d of which covered %d", counts, third.Total, third.Covered)
			}
			if before, _ := v.Entry(e, asOf(e)); before.CoveredBy != nil {
				t.Error("covered before a permission was known")
			}
		})
	}
}

func TestPermissionsEnd(t *testing.T) {
	j := given([]domain.Country{"JP", "US"})
	j.add(transcriber, listing("UN", "1", "entity", "E", "2017-01-01"))
	granted := j.add("US/treasury", licence("US", "L-1", "2018-01-01", "2018-12-31", []string{"asset_freeze"}, "UN:1"))
	b := violation("2018-07-01", []string{"asset_freeze"}, "UN:1")
	b.Concerning = []domain.Country{"US"}
	e := j.add("JP/mof", b)
	ended := domain.LicenceEnded{Licence: "L-1", Ending: domain.Ending{Outcome: "revoked", EndedOn: "2018-06-30", Reason: "abuse"}}
	ended.Member, ended.OccurredOn = "US", "2018-06-20"
	end := j.add("US/treasury", ended)
	v := j.views(-1)
	for at, want := range map[uint64]int{e: 1, end: 0} {
		if got, _ := v.Entry(e, asOf(at)); len(got.CoveredBy) != want {
			t.Errorf("as of %d covered by %d, want %d: the licence's end was not known before", at, len(got.CoveredBy), want)
		}
	}
	for day, valid := range map[domain.Date]bool{"2017-12-31": false, "2018-01-01": true, "2018-06-30": true, "2018-07-01": false} {
		d, _ := v.Subject("UN:1", Query{On: day})
		if len(d.Permits) != 1 || d.Permits[0].Index != granted || d.Permits[0].Valid != valid || d.Permits[0].ValidTo != "2018-06-30" || *d.Permits[0].EndedBy != end {
			t.Errorf("on %s: %+v", day, d.Permits)
		}
	}
	k, _ := v.Knowledge("UN:1", Query{})
	if len(k.Events) < 4 {
		t.Errorf("a brief rests on %v: the licence and the report are among it", k.Events)
	}
}

// A release of frozen assets under a licence, and a traveller let in under an
// exemption that it names.
func TestActsUnderPermissions(t *testing.T) {
	j := given([]domain.Country{"JP", "US"})
	j.add(transcriber, listing("UN", "1", "person", "P", "2017-01-01"))
	frozen := domain.AssetFrozen{AssetKind: "account", Designations: []string{"UN:1"}}
	frozen.OccurredOn = "2017-02-01"
	f := j.add("US/treasury", frozen)
	release := domain.AssetUnfrozen{Freeze: j.ref(f), Reason: "licence L-1"}
	release.OccurredOn = "2018-03-05"
	out := j.add("US/treasury", release)
	trip := domain.TravelBanEnforced{Member: "JP", Action: "exempted", Exemption: "C/7", Subject: domain.Subject{Kind: "person", Names: []domain.Name{{Text: "P"}}}}
	trip.OccurredOn, trip.Designations = "2018-03-05", []string{"UN:1"}
	in := j.add("JP/moj", trip)
	j.add("US/treasury", licence("US", "L-1", "2018-01-01", "", []string{"asset_freeze"}, "UN:1"))
	j.add(transcriber, exemption("C/6", "2018-01-01", "", []string{"travel_ban"}, "UN:1"))
	ref := j.add(transcriber, exemption("C/7", "2018-01-01", "", []string{"travel_ban"}, "UN:1"))
	v := j.views(-1)
	if e, _ := v.Entry(out, Query{}); len(e.CoveredBy) != 1 || e.CoveredBy[0].Kind != PermitLicence {
		t.Errorf("the release: %+v", e.CoveredBy)
	}
	if e, _ := v.Entry(in, Query{}); len(e.CoveredBy) != 1 || e.CoveredBy[0].Index != ref {
		t.Errorf("the traveller: %+v", e.CoveredBy)
	}
}
