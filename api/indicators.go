package api

import (
	"context"
	"net/http"

	"github.com/coalition-ledger/coalition-ledger/api/internal/gen"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

type indicatorList struct {
	Indicators []projections.Indicator `json:"indicators"`
}

// ListIndicators lists what is computed for each state.
func (h handlers) ListIndicators(context.Context, gen.ListIndicatorsRequestObject) (gen.ListIndicatorsResponseObject, error) {
	return document(http.StatusOK, indicatorList{projections.Indicators()})
}

// GetObligations answers with what a state owes, case by case.
func (h handlers) GetObligations(ctx context.Context, in gen.GetObligationsRequestObject) (gen.GetObligationsResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		o, ok := v.Obligations(domain.Country(in.Cc), q)
		return found(o, ok, "country.not_watched", unwatched)
	})
}
