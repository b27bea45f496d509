package projections

import (
	"flag"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// manyStates are 40, of which those of benchStates come first.
func manyStates() []domain.Country {
	out := slices.Clone(benchStates)
	for _, c := range strings.Fields("ES PT BE LU AT SE FI DK IE PL CZ NO CH IS SG TH PH MY MX BR CL AR ZA KE MA") {
		out = append(out, domain.Country(c))
	}
	return out
}

var benchStates = []domain.Country{"JP", "US", "DE", "FR", "IT", "EU", "GB", "CA", "AU", "NZ", "KR", "NL", "XA", "XB", "XC"}

// large is a journal of listings, of which every state but three transposes
// one in four, and of actions.
func large(listings, actions int) *journal { return wide(benchStates, listings, actions) }

// wide is the same with other members. One transposition in four, of all but
// the last three.
func wide(states []domain.Country, listings, actions int) *journal {
	j := given(states, "US")
	j.add("CA/gac", declared("CA", domain.ModeByReference))
	j.add("DE/bafa", declared("DE", domain.ModeThroughEU))
	first := domain.Date("2017-01-01").Time()
	for i := range listings {
		authority := []domain.Country{"UN", "UN", "US"}[i%3]
		b := listing(authority, fmt.Sprintf("%06d", i), kinds[i%3], fmt.Sprintf("NAME NUMBER %d LIMITED", i), domain.DateOf(first.AddDate(0, 0, i%3000)))
		j.add(transcriber, b)
		for k, c := range states[:len(states)-3] {
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

var digestEvents = flag.Int("events", 100_000, "events that BenchmarkDigests folds")

// BenchmarkDigests digests the views of -events facts, 20,000 listings among
// them: whole, and after another 65,536 facts, of which one in eight is about an
// event before it: one of the last 1,000, or any. Beside the time of all stands
// that of each view, in milliseconds.
func BenchmarkDigests(b *testing.B) {
	j := large(20_000, 0)
	v := j.views(-1)
	last := j.facts[len(j.facts)-1]
	fold := func(n int, reach uint64) {
		for range n {
			last = nextFact(last, reach)
			v.Fold(last)
		}
	}
	fold(*digestEvents-len(j.facts), 1000)
	b.Logf("%d MiB of heap for %d facts", heapMiB(), v.Size())
	for _, c := range []struct {
		name  string
		facts int
		reach uint64
	}{{"whole", 0, 0}, {"recent", DigestEvery, 1000}, {"anywhere", DigestEvery, math.MaxUint64}} {
		b.Run(c.name, func(b *testing.B) {
			each := map[string]time.Duration{}
			for b.Loop() {
				b.StopTimer()
				fold(c.facts, c.reach)
				if c.facts == 0 {
					v.history.sums.sums, v.timeline.sums.sums, v.activity.sums.sums = nil, nil, nil
				}
				b.StartTimer()
				for _, view := range v.all {
					began := time.Now()
					if _, err := digest(view); err != nil {
						b.Fatal(err)
					}
					each[view.Name()] += time.Since(began)
				}
			}
			for name, d := range each {
				b.ReportMetric(float64(d.Milliseconds())/float64(b.N), name+"-ms")
			}
		})
	}
}

// nextFact is an action, or now and then an endorsement of an event within reach
// before it.
func nextFact(last domain.Fact, reach uint64) domain.Fact {
	i := last.Index + 1
	f := domain.Fact{Index: i, RecordedAt: last.RecordedAt + 1000, Leaf: domain.Hash{byte(i), byte(i >> 8), byte(i >> 16)}}
	f.Version, f.Issuer, f.KeyID, f.EventID = 1, domain.AgencyID(benchStates[i%12])+"/mof", "key", fmt.Sprintf("00000000-0000-4000-8000-%012d", i)
	if i%8 == 0 {
		f.Type, f.Body = "event.endorsed", domain.EventEndorsed{Target: domain.Ref{Index: i - 1 - i*2654435761%1_000_003%min(i, reach)}}
		return f
	}
	body := domain.EnforcementActionTaken{Kind: "penalty", Designations: []string{fmt.Sprintf("UN:%06d", i%20_000)}, Concerning: []domain.Country{"CN"}}
	body.OccurredOn, body.Case = "2020-01-01", fmt.Sprint("case-", i/10)
	f.Type, f.Body = "enforcement.action_taken", body
	return f
}

func heapMiB() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc >> 20
}

// BenchmarkReadAtDigest is how long a reader waits at most while a runner folds
// 200 facts and keeps a digest among them, after -events facts, and how long the
// fold waits.
func BenchmarkReadAtDigest(b *testing.B) {
	r, err := New(Config{Clock: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	var last domain.Fact
	for _, last = range large(20_000, 0).facts {
		r.views.Fold(last)
	}
	skip := func(to uint64) {
		for last.Index+1 < to {
			last = nextFact(last, 1000)
			r.views.Fold(last)
		}
	}
	due := uint64(*digestEvents / DigestEvery * DigestEvery)
	skip(due)
	if _, err := r.views.Digests(); err != nil {
		b.Fatal(err)
	}
	var read, take time.Duration
	for b.Loop() {
		due += DigestEvery
		skip(due - 100)
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range 200 {
				last = nextFact(last, 1000)
				began := time.Now()
				if err := r.take(last, last.Index); err != nil {
					b.Error(err)
				}
				take = max(take, time.Since(began))
			}
		}()
		for reading := true; reading; {
			began := time.Now()
			r.Read(func(*Views) {})
			read = max(read, time.Since(began))
			select {
			case <-done:
				reading = false
			default:
				time.Sleep(100 * time.Microsecond)
			}
		}
	}
	b.ReportMetric(float64(read.Microseconds())/1000, "longest-read-ms")
	b.ReportMetric(float64(take.Microseconds())/1000, "longest-fold-ms")
}

// BenchmarkGrowth asks for pages and single figures over more designations and
// more members: 5,000 and 20,000, 10 and 40.
func BenchmarkGrowth(b *testing.B) {
	q := Query{On: "2024-06-05"}
	for _, size := range []struct{ members, listings int }{{10, 5_000}, {10, 20_000}, {40, 5_000}, {40, 20_000}} {
		states := manyStates()[:size.members]
		v := busy(wide(states, size.listings, 3_000), states).views(-1)
		for name, ask := range map[string]func(){
			"summary":    func() { v.Summary(q) },
			"compliance": func() { v.Compliance("JP", q) },
			"figure":     func() { v.Figure("JP", "duties.transposition.UN-DPRK", q) },
		} {
			b.Run(fmt.Sprintf("%s/members=%d/listings=%d", name, size.members, size.listings), func(b *testing.B) {
				for b.Loop() {
					ask()
				}
			})
		}
	}
}

// busy adds what duties, cases, ships and permissions rest on, for each state:
// about 160 events each, and 20 obligations.
func busy(j *journal, states []domain.Country) *journal {
	for i := range 20 {
		who := []string{"all", "suppliers", "inspectors", "hosts"}[i%4]
		trigger := domain.Trigger{Kind: "period", From: "2018-01"}
		b := duty(fmt.Sprint("O-", i), []string{"implementation_report", "petroleum_notice", "inspection_followup", "repatriation_final"}[i%4], who, trigger, 30)
		b.Recurrence, b.Sections = "monthly", []string{"a", "b", "c"}
		if who == "inspectors" {
			b.Trigger, b.Recurrence = domain.Trigger{Kind: "event", Events: []string{"vessel.inspected"}}, "none"
		}
		j.add(transcriber, b)
	}
	for _, c := range states {
		agency := domain.AgencyID(string(c) + "/desk")
		for i := range 20 {
			day := domain.DateOf(domain.Date("2018-01-10").Time().AddDate(0, i, 0))
			month := domain.Period{From: day[:7], To: day[:7]}
			m := matter(day)
			m.Case = fmt.Sprint("case-", c, i)
			j.add(agency, domain.ReportSubmitted{Duty: domain.Duty{Obligation: "O-0", Member: c, Period: month}, SubmittedOn: day, Completed: []string{"a"}})
			j.add(agency, domain.PetroleumTransferReported{Matter: m, Product: "refined", Quantity: domain.Quantity{Amount: "10", Unit: "bbl"}, Period: month, Supplier: c, Status: "notified", NotifiedOn: day})
			j.add(agency, domain.VesselInspected{Act: domain.Act{Matter: m}, Vessel: vesselOf("9159787"), ReportedOn: day})
			j.add(agency, domain.VesselIdentityChanged{Matter: m, IMO: fmt.Sprint(9000000 + i), Old: domain.VesselIdentity{Flag: string(c)}, New: domain.VesselIdentity{Flag: "PA"}})
			j.add(agency, domain.WorkersReported{Common: m.Common, Workforce: domain.Workforce{Host: c, Sector: "fishing", Count: 7, Period: month}})
			j.add(agency, domain.ViolationReported{Common: m.Common, Category: "other"})
			j.add(agency, domain.CaseOpened{Common: m.Common})
			j.add(agency, domain.LicenceGranted{Act: domain.Act{Matter: m, Member: c}, Licence: fmt.Sprint(i), Permission: domain.Permission{Ground: "medical"}})
		}
	}
	return j
}

// mixed is a coalition of 40 members that hold 20,000 designations in part: acts
// with and without measures of their own, ways declared of some measures.
func mixed(listings int) *journal {
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

// BenchmarkIndicators asks for each indicator alone, in 40 states with 20,000
// designations.
func BenchmarkIndicators(b *testing.B) {
	states := manyStates()
	v := busy(wide(states, 20_000, 3_000), states).views(-1)
	for _, i := range Indicators() {
		b.Run(fmt.Sprintf("%02d_%s", i.Number, i.Path), func(b *testing.B) {
			for b.Loop() {
				v.Figure("JP", i.Path, Query{On: "2024-06-05"})
			}
		})
	}
	for _, path := range []string{"data_quality.late_recording", "data_quality.disputed", "duties.transposition"} { // of who transcribed nearly all
		b.Run("XA_"+path, func(b *testing.B) {
			for b.Loop() {
				v.Figure("XA", path, Query{On: "2024-06-05"})
			}
		})
	}
	b.Run("obligations", func(b *testing.B) {
		for b.Loop() {
			v.Obligations("JP", Query{On: "2024-06-05"})
		}
	})
}

// BenchmarkCoalition asks for the matrix and the differences of 20,000
// designations in 40 members.
func BenchmarkCoalition(b *testing.B) {
	v := mixed(20_000).views(-1)
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
