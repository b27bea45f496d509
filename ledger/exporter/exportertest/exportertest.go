// Package exportertest makes small ledgers, and large ones, for tests of
// exports: facts folded into views, without signatures or a log. All names in
// them are fictional.
package exportertest

import (
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/exporter"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// Transcriber is the custodian of every regime here.
const Transcriber = domain.AgencyID("XA/transcriber")

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// Journal is a hand-made list of facts, one a second, and what they fold to.
type Journal struct {
	Views *projections.Views
	next  uint64
	types map[string]string
}

// New founds a coalition with regimes of the UN, the EU, the US and XB.
func New() *Journal {
	j := &Journal{Views: projections.NewViews(), types: map[string]string{}}
	for _, name := range domain.Types() {
		body, _, _ := domain.New(name)
		j.types[fmt.Sprintf("%T", body)] = name
	}
	j.Add("XA/root", domain.CoalitionFounded{Name: "A coalition", Origin: "example.org/ledger", Rules: 2, Members: []domain.Founding{
		{Code: "XA", Votes: 1}, {Code: "XB", Votes: 1}, {Code: "JP", Votes: 1},
	}})
	for _, r := range Regimes() {
		j.Add("XA/root", domain.RegimeAdopted{Regime: r})
	}
	return j
}

// Regimes are those of every ledger here.
func Regimes() []domain.Regime {
	var out []domain.Regime
	for _, c := range []domain.Country{"UN", "EU", "US", "XB"} {
		out = append(out, domain.Regime{
			ID: string(c) + "-DPRK", Name: "Regime of " + exporter.CountryName(c), Authority: c, Custodian: Transcriber,
			Measures: []string{"asset_freeze", "travel_ban", "port_entry_ban"},
		})
	}
	return out
}

// Add records a body and returns its index.
func (j *Journal) Add(issuer domain.AgencyID, body domain.Body) uint64 {
	f := domain.Fact{Index: j.next, RecordedAt: start.Add(time.Duration(j.next) * time.Second).UnixMicro()}
	f.Type, f.Version, f.Issuer, f.KeyID = j.types[fmt.Sprintf("%T", body)], 1, issuer, "key of "+string(issuer)
	f.EventID, f.Body = fmt.Sprintf("event-%d", j.next), body
	f.Leaf, f.Envelope = sha256.Sum256([]byte(f.EventID)), sha256.Sum256([]byte("envelope "+f.EventID))
	j.Views.Fold(f)
	j.next++
	return f.Index
}

// Ref names a recorded event.
func (j *Journal) Ref(index uint64) domain.Ref {
	return domain.Ref{Index: index, Leaf: sha256.Sum256(fmt.Appendf(nil, "event-%d", index))}
}

// Source selects from the journal as it is now.
func (j *Journal) Source(s exporter.Selection) *exporter.Source {
	at := j.next - 1
	if s.AsOf != nil {
		at = *s.AsOf
	}
	recorded, _ := j.Views.RecordedAt(at)
	return exporter.New(j.Views, exporter.Basis{
		Ledger: "A coalition", Origin: "example.org/ledger", Genesis: j.Views.Genesis(), Index: at, RecordedAt: recorded,
		Size: j.next, Root: sha256.Sum256([]byte("root")),
	}, s, Regimes())
}

// Listing is a designation by an authority.
func Listing(c domain.Country, ref string, s domain.Subject) domain.DesignationAdopted {
	return domain.DesignationAdopted{
		Designation: string(c) + ":" + ref, Regime: string(c) + "-DPRK", Authority: c, ListRef: ref, Subject: s,
		Measures: []string{"asset_freeze"}, AdoptedOn: "2017-06-05",
	}
}

// Named is a subject with a name.
func Named(kind, name string) domain.Subject {
	return domain.Subject{Kind: kind, Names: []domain.Name{{Text: name, Kind: "primary"}}}
}

// Large makes a ledger with n designations, each on three identifiers and four
// names, every third transposed, every tenth linked.
func Large(n int) *Journal {
	j := New()
	kinds := []string{"person", "entity", "vessel"}
	for i := range n {
		s := Named(kinds[i%3], fmt.Sprintf("FICTIONAL NAME %d", i))
		s.Names = append(s.Names, domain.Name{Text: fmt.Sprintf("Another Name %d", i), Kind: "aka"}, domain.Name{Text: "김철수", Kind: "original", Script: "Hang"}, domain.Name{Text: "Old Name", Kind: "fka"})
		for k := range 3 {
			s.Identifiers = append(s.Identifiers, domain.Identifier{Scheme: "passport", Value: fmt.Sprintf("P%d-%d", i, k), Country: "KP"})
		}
		s.Addresses = []domain.Place{{Street: fmt.Sprintf("Street %d", i%500), City: "Pyongyang", Country: "KP"}}
		s.BirthDates = []domain.FuzzyDate{{Type: "exact", Date: "1960-04-05"}}
		id := fmt.Sprintf("KPi.%05d", i)
		j.Add(Transcriber, Listing("UN", id, s))
		if i%3 == 0 {
			j.Add("JP/mof", domain.DesignationTransposed{Designation: "UN:" + id, Member: "JP", NoticeOn: "2017-07-01", NationalRef: fmt.Sprint(i)})
		}
		if i%10 == 9 {
			j.Add(Transcriber, domain.SubjectLinked{A: "UN:" + id, B: fmt.Sprintf("UN:KPi.%05d", i-1), Relation: "controls", Reasons: []string{"as the list says"}})
		}
	}
	return j
}
