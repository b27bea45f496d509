package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/coalition-ledger/coalition-ledger/api/internal/gen"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// ListCases answers with a page of cases.
func (h handlers) ListCases(ctx context.Context, in gen.ListCasesRequestObject) (gen.ListCasesResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		return v.Cases(projections.CasesQuery{
			Query: q, Page: page(ctx, p.After, p.Limit), State: string(value(p.State)), Member: domain.Country(value(p.Member)),
			Regime: value(p.Regime), Overdue: value(p.Overdue),
		}), nil
	})
}

// GetCase answers with a case as it stands and a page of its events.
func (h handlers) GetCase(ctx context.Context, in gen.GetCaseRequestObject) (gen.GetCaseResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		c, ok := v.CaseFile(in.Id, projections.CaseQuery{Query: q, Page: page(ctx, p.After, p.Limit), Newest: value(p.Order) == "desc"})
		if !ok {
			return nil, noCase(v, in.Id, q)
		}
		return c, nil
	})
}

// noCase says that a case is unknown, that it begins later than was asked, or
// that its events were corrected and name it no more.
func noCase(v *projections.Views, id string, q projections.Query) error {
	begins, named := v.CaseBegins(id)
	switch {
	case !named:
		return problem(http.StatusNotFound, "case.unknown", "no event names this case: check its id, or search with /v1/cases")
	case begins.Gone:
		return problem(http.StatusNotFound, "case.corrected", fmt.Sprintf("the events that named this case were corrected and name it no more: ask as of index %d to see the first as it was", begins.Index)).at("as_of")
	case q.AsOf != nil && *q.AsOf < begins.Index:
		return problem(http.StatusNotFound, "case.not_yet", fmt.Sprintf("this case is first known at index %d: ask as of that index or a later one", begins.Index)).at("as_of")
	}
	return problem(http.StatusNotFound, "case.not_yet", fmt.Sprintf("this case begins on %s and is first known at index %d: ask for that day or a later one", begins.On, begins.Index)).at("on")
}
