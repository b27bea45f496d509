package api

import (
	"context"

	"github.com/coalition-ledger/coalition-ledger/api/internal/gen"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// GetVessels answers with ships and their flags over time.
func (h handlers) GetVessels(ctx context.Context, in gen.GetVesselsRequestObject) (gen.GetVesselsResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		return v.Vessels(projections.VesselQuery{Query: q, Page: page(ctx, p.After, p.Limit), MinChanges: value(p.MinChanges)}), nil
	})
}

// GetCaps answers with petroleum reported against caps.
func (h handlers) GetCaps(ctx context.Context, in gen.GetCapsRequestObject) (gen.GetCapsResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		return v.Caps(projections.CapQuery{Query: q, Regime: value(p.Regime), Product: string(value(p.Product))}), nil
	})
}

// GetAssets answers with frozen assets by member and currency.
func (h handlers) GetAssets(ctx context.Context, in gen.GetAssetsRequestObject) (gen.GetAssetsResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		return v.Assets(projections.AssetQuery{Query: q, State: domain.Country(value(p.State))}), nil
	})
}

// GetCyber answers with losses over networks and recoveries.
func (h handlers) GetCyber(ctx context.Context, in gen.GetCyberRequestObject) (gen.GetCyberResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		return v.Cyber(q), nil
	})
}
