package projections

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// ThirdCountry returns assertions concerning a state; never absent: a state of
// which nothing is asserted has none.
func (v *Views) ThirdCountry(c domain.Country, q ThirdCountryQuery) ThirdCountry {
	t := v.at(q.Query)
	events := t.assertions(c, &q)
	out := ThirdCountry{
		Scope: t.scope(), Country: c, Name: countryName(c), Notice: AssertionsNotice, Total: len(events),
		ByAsserter: t.byAsserter(events), Assertions: []Assertion{}, Explanations: []Remark{}, Disputes: []Remark{}, Replies: []Reply{},
	}
	for _, e := range events {
		count(&out.Disputed, t.flagsOf(e).disputed)
		count(&out.Covered, len(t.covers(e)) > 0)
	}
	t.ownWordsOn(c, events, &out)
	t.replies(c, events, &out)
	last, err := strconv.ParseUint(q.Cursor, 10, 64)
	for _, e := range slices.Backward(events) {
		if err == nil && e >= last {
			continue
		}
		if len(out.Assertions) == q.limit() {
			out.Next = q.next(strconv.FormatUint(out.Assertions[len(out.Assertions)-1].Index, 10))
			break
		}
		out.Assertions = append(out.Assertions, t.assertion(e))
	}
	return out
}

// assertions lists what others assert concerning a state, ascending. Nothing
// illustrative is said of a real state.
func (t at) assertions(c domain.Country, q *ThirdCountryQuery) []uint64 {
	var out []uint64
	for _, e := range t.v.abroad.Asserted[c] {
		body := t.acts(c, e)
		if !slices.Contains(concerning(body), c) || t.ownWord(c, e, body) {
			continue
		}
		asserter, confidence := t.asserted(e, body)
		if (q.Asserter == "" || q.Asserter == asserter) && (q.Confidence == "" || q.Confidence == confidence) {
			out = append(out, e)
		}
	}
	return out
}

// ownWord reports whether an event is the state's own word: signed by it, or its
// notification to the Committee as another transcribed it.
func (t at) ownWord(c domain.Country, e uint64, body domain.Body) bool {
	b, ok := body.(domain.PetroleumTransferReported)
	return t.v.history.rows[e].issuer.Member() == c || ok && b.Status == "notified" && b.Supplier == c
}

func (t at) asserted(e uint64, body domain.Body) (domain.Country, string) {
	confidence := "not stated"
	if st, ok := body.(domain.Statement); ok && st.Base().Confidence != "" {
		confidence = st.Base().Confidence
	}
	return t.v.history.rows[e].issuer.Member(), confidence
}

func (t at) byAsserter(events []uint64) []Asserted {
	rows, behind := map[string]*Asserted{}, map[string][]uint64{}
	for _, e := range events {
		asserter, confidence := t.asserted(e, t.v.history.bodyAt(e, t.n))
		kind := t.v.history.rows[e].kind
		key := strings.Join([]string{string(asserter), kind, confidence}, "|")
		if rows[key] == nil {
			rows[key] = &Asserted{Asserter: asserter, Type: kind, Confidence: confidence}
		}
		rows[key].Count++
		count(&rows[key].Disputed, t.flagsOf(e).disputed)
		count(&rows[key].Covered, len(t.covers(e)) > 0)
		behind[key] = append(behind[key], e)
	}
	out := []Asserted{}
	for key, row := range rows {
		row.Events = bounded(behind[key])
		out = append(out, *row)
	}
	slices.SortFunc(out, func(a, b Asserted) int {
		return cmp.Or(cmp.Compare(a.Asserter, b.Asserter), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Confidence, b.Confidence))
	})
	return out
}

func (t at) assertion(e uint64) Assertion {
	out := Assertion{Entry: t.entry(e), Disputes: t.disputesOf(e), Explanations: t.explanationsOf(e)}
	if b, ok := t.v.history.bodyAt(e, t.n).(*domain.InterdictionExecuted); ok {
		out.Flag = b.FlagClaimed
	}
	return out
}

// ownWordsOn gathers what the state signed itself on assertions, and what it
// gave on no single event.
func (t at) ownWordsOn(c domain.Country, events []uint64, out *ThirdCountry) {
	for _, r := range t.explained(c) {
		if r.Target == nil || slices.Contains(events, *r.Target) {
			out.Explanations = append(out.Explanations, r)
		}
	}
	for _, d := range t.v.activity.Disputed[c] {
		if r, ok := t.dispute(d); ok && slices.Contains(events, *r.Target) {
			out.Disputes = append(out.Disputes, r)
		}
	}
}

// replies gathers what others recorded that the state said of the same.
func (t at) replies(c domain.Country, events []uint64, out *ThirdCountry) {
	for _, e := range t.known(t.v.history.kinds["reply.recorded"]) {
		b, ok := t.acts(c, e).(domain.ReplyRecorded)
		if !ok || b.State != c || !t.by(b.PublishedOn) || b.Target != nil && !slices.Contains(events, b.Target.Index) {
			continue
		}
		r := t.remark(e, b.Text)
		if r.Figure = b.Figure; b.Target != nil {
			r.Target = &b.Target.Index
		}
		out.Replies = append(out.Replies, Reply{Remark: r, Author: b.Author, PublishedOn: b.PublishedOn})
	}
}
