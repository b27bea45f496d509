package api

import (
	"context"

	"github.com/coalition-ledger/coalition-ledger/api/internal/gen"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// GetSummary answers with the coalition at a glance.
func (h handlers) GetSummary(ctx context.Context, in gen.GetSummaryRequestObject) (gen.GetSummaryResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		return v.Summary(q), nil
	})
}

// GetLoopholes answers with what some states hold and others do not.
func (h handlers) GetLoopholes(ctx context.Context, in gen.GetLoopholesRequestObject) (gen.GetLoopholesResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		return v.Loopholes(projections.LoopholeQuery{
			Query: q, Page: page(ctx, p.After, p.Limit), MinHolders: value(p.MinHolders), Regime: value(p.Regime),
			Kind: string(value(p.Kind)), State: domain.Country(value(p.State)), GapsOnly: value(p.GapsOnly),
		}), nil
	})
}

// GetMatrix answers with states by regimes by measures.
func (h handlers) GetMatrix(ctx context.Context, in gen.GetMatrixRequestObject) (gen.GetMatrixResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		return v.Matrix(projections.MatrixQuery{Query: q, Regime: value(p.Regime), State: domain.Country(value(p.State))}), nil
	})
}

// GetDateConflicts answers with published dates that cannot both be right.
func (h handlers) GetDateConflicts(ctx context.Context, in gen.GetDateConflictsRequestObject) (gen.GetDateConflictsResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		return v.DateConflicts(projections.ConflictQuery{
			Query: q, Page: page(ctx, p.After, p.Limit), Regime: value(p.Regime), State: domain.Country(value(p.State)),
		}), nil
	})
}

// GetDivergences answers with measures that some states apply and others do not.
func (h handlers) GetDivergences(ctx context.Context, in gen.GetDivergencesRequestObject) (gen.GetDivergencesResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		return v.Divergences(projections.DivergenceQuery{Measure: value(p.Measure), LoopholeQuery: projections.LoopholeQuery{
			Query: q, Page: page(ctx, p.After, p.Limit), MinHolders: value(p.MinHolders), Regime: value(p.Regime),
			Kind: string(value(p.Kind)), State: domain.Country(value(p.State)), GapsOnly: value(p.GapsOnly),
		}}), nil
	})
}
