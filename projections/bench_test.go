package projections

import (
	"fmt"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

var benchStates = []domain.Country{"JP", "US", "DE", "FR", "IT", "EU", "GB", "CA", "AU", "NZ", "KR", "NL", "XA", "XB", "XC"}

// large is a journal of listings, of which every state but three transposes
// one in four, and of actions.
func large(listings, actions int) *journal {
	j := given(benchStates, "US")
	j.add("CA/gac", declared("CA", domain.ModeByReference))
	j.add("DE/bafa", declared("DE", domain.ModeThroughEU))
	first := domain.Date("2017-01-01").Time()
	for i := range listings {
		authority := []domain.Country{"UN", "UN", "US"}[i%3]
		b := listing(authority, fmt.Sprintf("%06d", i), kinds[i%3], fmt.Sprintf("NAME NUMBER %d LIMITED", i), domain.DateOf(first.AddDate(0, 0, i%3000)))
		j.add(transcriber, b)
		for k, c := range benchStates[:12] {
			if (i+k)%4 == 0 && authority == "UN" {
				j.add(transcriber, transposed(c, b.Designation, domain.DateOf(first.AddDate(0, 0, i%3000+5+i%40))))
			}
		}
	}
	for i := range actions {
		b := domain.EnforcementActionTaken{Kind: "penalty", Designations: []string{"UN:000000"}, Concerning: []domain.Country{"CN"}}
		b.OccurredOn, b.Case = "2020-01-01", fmt.Sprint("case-", i%50)
		j.add("JP/mof", b)
	}
	return j
}

// BenchmarkRebuild folds about 20,000 facts: listings, transpositions, acts.
func BenchmarkRebuild(b *testing.B) {
	j := large(5_700, 3_000)
	b.ReportMetric(float64(len(j.facts)), "facts")
	for b.Loop() {
		if v := j.views(-1); v.Size() != uint64(len(j.facts)) {
			b.Fatal("not all folded")
		}
	}
	b.ReportMetric(float64(len(j.facts))*float64(b.N)/b.Elapsed().Seconds(), "facts/s")
}

// BenchmarkQuery asks each question of 20,000 designations in 15 states.
func BenchmarkQuery(b *testing.B) {
	v := large(20_000, 3_000).views(-1)
	q := Query{On: "2024-06-05"}
	for name, ask := range map[string]func(){
		"register": func() { v.Register(RegisterQuery{Query: q}) },
		"held": func() {
			v.Register(RegisterQuery{Query: q, HeldBy: []domain.Country{"US"}, NotHeldBy: []domain.Country{"JP"}})
		},
		"search":     func() { v.Register(RegisterQuery{Query: q, Text: "number 1999"}) },
		"compliance": func() { v.Compliance("JP", q) },
		"countries":  func() { v.Countries(q) },
		"summary":    func() { v.Summary(q) },
		"matrix":     func() { v.Matrix(MatrixQuery{Query: q}) },
		"loopholes":  func() { v.Loopholes(LoopholeQuery{Query: q, MinHolders: 2}) },
		"conflicts":  func() { v.DateConflicts(ConflictQuery{Query: q}) },
		"feed":       func() { v.Feed(FeedQuery{Query: q, Types: []string{"enforcement.*"}}) },
		"country":    func() { v.CountryTimeline("JP", CaseQuery{Query: q, Newest: true}) },
		"subject":    func() { v.Subject("UN:000000", q) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				ask()
			}
		})
	}
}

// BenchmarkCompliance asks for one state's page over 20,000 designations.
func BenchmarkCompliance(b *testing.B) {
	v := large(20_000, 3_000).views(-1)
	for b.Loop() {
		if _, ok := v.Compliance("JP", Query{On: "2024-06-05"}); !ok {
			b.Fatal("no view")
		}
	}
}

// wide is a coalition of 40 members that hold 20,000 designations in part: acts
// with and without measures of their own, ways declared of some measures.
func wide(listings int) *journal {
	var members []domain.Country
	for i := range 40 {
		members = append(members, domain.Country([]byte{'X', 'A' + byte(i%26)}))
		if i >= 26 {
			members[i] = domain.Country([]byte{'Q', 'M' + byte(i-26)})
		}
	}
	j := given(members, "US")
	measures := []string{"asset_freeze", "travel_ban", "port_entry_ban", "deflag"}
	for k, c := range members {
		if k%4 == 3 {
			b := declared(c, domain.ModeByReference)
			b.Measures = measures[:1+k%3]
			j.add(domain.RootAgency(c), b)
		}
	}
	for i := range listings {
		b := listing("UN", fmt.Sprintf("%06d", i), kinds[i%3], fmt.Sprintf("NAME NUMBER %d LIMITED", i), "2017-01-01")
		b.Measures = measures[:1+i%4]
		j.add(transcriber, b)
		for k, c := range members {
			if (i+k)%4 == 0 {
				a := transposed(c, b.Designation, "2017-02-01")
				if k%8 == 0 {
					a.Measures = measures[:1+i%2]
				}
				j.add(transcriber, a)
			}
		}
	}
	return j
}

// BenchmarkCoalition asks for the matrix and the differences of 20,000
// designations in 40 members.
func BenchmarkCoalition(b *testing.B) {
	v := wide(20_000).views(-1)
	q := Query{On: "2024-06-05"}
	for name, ask := range map[string]func(){
		"matrix":      func() { v.Matrix(MatrixQuery{Query: q}) },
		"loopholes":   func() { v.Loopholes(LoopholeQuery{Query: q, MinHolders: 2}) },
		"report":      func() { v.Changes(v.Size()/2, v.Size()-1) },
		"vessels":     func() { v.Vessels(VesselQuery{Query: q}) },
		"divergences": func() { v.Divergences(DivergenceQuery{LoopholeQuery: LoopholeQuery{Query: q}}) },
		"summary":     func() { v.Summary(q) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				ask()
			}
		})
	}
}
