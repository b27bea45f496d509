package api

import (
	"context"

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
		return found(c, ok, "case.unknown", "no event names this case: check its id, or search with /v1/cases")
	})
}
