package projections

import (
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// followed lists what shows that this very duty binds the state on an occasion
// and that the record follows it: without any, silence is no finding. What is
// recorded of another duty shows nothing. It is the first of: what the state
// itself, or the regime's custodian, recorded to set it off; the benchmark that
// the coalition adopted; the state's first report on the duty, its extension, or
// its explanation.
func (s *sheet) followed(o *owed, c occasion, filed filings) []uint64 {
	if c.own || c.event != nil && s.v.history.rows[*c.event].issuer == s.regimes[o.Regime].Custodian {
		return c.behind
	}
	if adopted := s.benchmark(o.Benchmark); len(adopted) > 0 {
		return adopted
	}
	for _, list := range [][]affair{filed.reports[o.Obligation], filed.extensions[o.Obligation]} {
		if len(list) > 0 {
			return []uint64{list[0].event}
		}
	}
	for _, r := range s.explained(s.country) {
		if strings.HasPrefix(r.Figure, "duties.") && strings.HasSuffix(r.Figure, "."+o.Obligation) || r.Target != nil && *r.Target == o.event {
			return []uint64{r.Index}
		}
	}
	return nil
}

// benchmark finds the decision of the coalition behind a duty that is no law.
func (t at) benchmark(id string) []uint64 {
	return slices.DeleteFunc(slices.Clone(t.known(t.v.history.kinds["benchmark.adopted"])), func(e uint64) bool {
		b, ok := t.v.history.standing(e, t.n).(domain.BenchmarkAdopted)
		return !ok || b.ID != id
	})
}
