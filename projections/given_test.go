package projections

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// journal is a hand-made list of facts, one a minute.
type journal struct{ facts []domain.Fact }

var wireNames = func() map[string]string {
	out := map[string]string{}
	for _, name := range domain.Types() {
		body, _, _ := domain.New(name)
		out[fmt.Sprintf("%T", body)] = name
	}
	return out
}()

var journalStart = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// add records a body and returns its index.
func (j *journal) add(issuer domain.AgencyID, body domain.Body) uint64 {
	return j.addKeyed(issuer, "key of "+string(issuer), body)
}

func (j *journal) addKeyed(issuer domain.AgencyID, key string, body domain.Body) uint64 {
	i := uint64(len(j.facts))
	f := domain.Fact{Index: i, RecordedAt: journalStart.Add(time.Duration(i) * time.Minute).UnixMicro()}
	f.Type, f.Issuer, f.KeyID = wireNames[fmt.Sprintf("%T", body)], issuer, key
	_, f.Version, _ = domain.New(f.Type)
	f.EventID, f.Body = fmt.Sprintf("event-%d", i), body
	f.Leaf, f.Envelope = sha256.Sum256([]byte(f.EventID)), sha256.Sum256([]byte("envelope "+f.EventID))
	j.facts = append(j.facts, f)
	return i
}

func (j *journal) ref(i uint64) domain.Ref { return domain.Ref{Index: i, Leaf: j.facts[i].Leaf} }

func (j *journal) correct(target uint64, body domain.Body) uint64 {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	old := j.facts[target]
	return j.add(old.Issuer, domain.EventCorrected{Target: j.ref(target), Type: old.Type, Version: old.Version, Replacement: text, Reason: "a slip"})
}

func (j *journal) withdraw(target uint64) {
	j.add(j.facts[target].Issuer, domain.EventWithdrawn{Target: j.ref(target), Reason: "an error"})
}

func (j *journal) dispute(by domain.AgencyID, target uint64) uint64 {
	return j.add(by, domain.EventDisputed{Target: j.ref(target), Grounds: domain.Text{Text: "we hold otherwise", Language: "en"}})
}

// views folds the first n facts, all of them when n is negative.
func (j *journal) views(n int) *Views {
	if n < 0 {
		n = len(j.facts)
	}
	v := NewViews()
	for _, f := range j.facts[:n] {
		v.Fold(f)
	}
	return v
}

// Facts and Follow make a journal a Source. Follow ends with ctx.
func (j *journal) Facts(_ context.Context, from uint64) iter.Seq2[domain.Fact, error] {
	return func(yield func(domain.Fact, error) bool) {
		for _, f := range j.facts[min(from, uint64(len(j.facts))):] {
			if !yield(f, nil) {
				return
			}
		}
	}
}

func (j *journal) Follow(ctx context.Context, from uint64) iter.Seq2[domain.Fact, error] {
	return func(yield func(domain.Fact, error) bool) {
		for f := range j.Facts(ctx, from) {
			if !yield(f, nil) {
				return
			}
		}
		<-ctx.Done()
	}
}

const transcriber = domain.AgencyID("XA/transcriber")

// given founds a coalition of states with one regime of the UN and one of
// each further authority, kept by the transcriber.
func given(members []domain.Country, authorities ...domain.Country) *journal {
	j := &journal{}
	founded := domain.CoalitionFounded{Name: "A coalition", Origin: "example.org/ledger", Rules: 1}
	for _, c := range members {
		founded.Members = append(founded.Members, domain.Founding{Code: c, Votes: 1})
	}
	j.add(domain.RootAgency(members[0]), founded)
	for _, c := range append([]domain.Country{"UN"}, authorities...) {
		j.add(domain.RootAgency(members[0]), domain.RegimeAdopted{Regime: domain.Regime{
			ID: string(c) + "-DPRK", Name: "DPRK regime of " + string(c), Authority: c, Custodian: transcriber,
			Measures: []string{"asset_freeze", "travel_ban"},
		}})
	}
	return j
}

func listing(authority domain.Country, ref, kind, name string, on domain.Date) domain.DesignationAdopted {
	return domain.DesignationAdopted{
		Designation: string(authority) + ":" + ref, Regime: string(authority) + "-DPRK", Authority: authority, ListRef: ref,
		Subject:  domain.Subject{Kind: kind, Names: []domain.Name{{Text: name, Kind: "primary"}}},
		Measures: []string{"asset_freeze"}, AdoptedOn: on,
	}
}

func transposed(c domain.Country, id string, on domain.Date) domain.DesignationTransposed {
	return domain.DesignationTransposed{Designation: id, Member: c, NoticeOn: on}
}

func declared(c domain.Country, mode string, kinds ...string) domain.ImplementationDeclared {
	return domain.ImplementationDeclared{Member: c, Regime: "UN-DPRK", Mode: mode, Kinds: kinds}
}

func mustCompliance(t testing.TB, v *Views, c domain.Country, q Query) Compliance {
	t.Helper()
	out, ok := v.Compliance(c, q)
	if !ok {
		t.Fatalf("no compliance view of %s", c)
	}
	return out
}

func countsOf(t testing.TB, c Compliance, regime string) Counts {
	t.Helper()
	for _, r := range c.Regimes {
		if r.Regime == regime {
			return r.Counts
		}
	}
	t.Fatalf("no regime %s in the view of %s", regime, c.Country)
	return Counts{}
}

func figureOf(t testing.TB, v *Views, c domain.Country, path string, q Query) Figure {
	t.Helper()
	f, ok := v.Figure(c, path, q)
	if !ok {
		t.Fatalf("no figure %s of %s", path, c)
	}
	return f
}

func asOf(i uint64) Query { return Query{AsOf: &i} }
