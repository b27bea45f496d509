package api

import (
	"context"
	"net/http"

	"github.com/coalition-ledger/coalition-ledger/api/internal/gen"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

func page(after *string, limit *int) projections.Page {
	return projections.Page{Cursor: value(after), Limit: value(limit)}
}

func countries(codes *[]string) []domain.Country {
	var out []domain.Country
	for _, c := range value(codes) {
		out = append(out, domain.Country(c))
	}
	return out
}

// found answers 404 where a view says that it does not know.
func found(answer any, ok bool, code, detail string) (any, error) {
	if !ok {
		return nil, problem(http.StatusNotFound, code, detail)
	}
	return answer, nil
}

// feed answers with a page of events, newest first.
func (h handlers) feed(ctx context.Context, p gen.ListEventsParams) (reply, error) {
	if p.From != nil || p.LastEventID != nil {
		return nil, problem(http.StatusBadRequest, "request.page_from", "from and Last-Event-ID are for streams: accept application/x-ndjson or text/event-stream, or page with after")
	}
	among := h.among(p.Audience)
	return h.view(ctx, asked{asOf: p.AsOf, minIndex: p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		return v.Feed(projections.FeedQuery{
			Query: q, Among: among(q, v.Size()), Page: page(p.After, p.Limit), Types: value(p.Type), NotTypes: value(p.ExcludeType),
			Member: domain.Country(value(p.Member)), Agency: domain.AgencyID(value(p.Agency)), Case: value(p.Case),
			Subject: value(p.Subject), Before: p.RecordedBefore, After: p.RecordedAfter,
		}), nil
	})
}

// ListDesignations answers with a page of the register.
func (h handlers) ListDesignations(ctx context.Context, in gen.ListDesignationsRequestObject) (gen.ListDesignationsResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		return v.Register(projections.RegisterQuery{
			Query: q, Page: page(p.After, p.Limit), Regime: value(p.Regime), Authority: domain.Country(value(p.Authority)),
			Kind: string(value(p.Kind)), Status: string(value(p.Status)), Text: value(p.Q),
			HeldBy: countries(p.HeldBy), NotHeldBy: countries(p.NotHeldBy),
		}), nil
	})
}

// GetDesignation answers with one designation and its history.
func (h handlers) GetDesignation(ctx context.Context, in gen.GetDesignationRequestObject) (gen.GetDesignationResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		d, ok := v.Designation(in.Id, q)
		return found(d, ok, "designation.unknown", "no such designation was recorded: search with /v1/designations?q=")
	})
}

// GetSubject answers with a subject's dossier.
func (h handlers) GetSubject(ctx context.Context, in gen.GetSubjectRequestObject) (gen.GetSubjectResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		d, ok := v.Subject(in.Id, q)
		return found(d, ok, "subject.unknown", "no such subject was recorded: give the id of a designation or of a registered subject, an IMO number or a wallet; search with /v1/designations?q=")
	})
}

// ListCountries answers with a line for each state watched.
func (h handlers) ListCountries(ctx context.Context, in gen.ListCountriesRequestObject) (gen.ListCountriesResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		return v.Countries(q), nil
	})
}

const unwatched = "the ledger watches no such state: it is neither a member nor an addressee of a regime; see /v1/countries"

// GetCompliance answers with what the record says of a state.
func (h handlers) GetCompliance(ctx context.Context, in gen.GetComplianceRequestObject) (gen.GetComplianceResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		c, ok := v.Compliance(domain.Country(in.Cc), q)
		return found(c, ok, "country.not_watched", unwatched)
	})
}

// GetFigure answers with one figure and all the events behind it.
func (h handlers) GetFigure(ctx context.Context, in gen.GetFigureRequestObject) (gen.GetFigureResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		f, ok := v.Figure(domain.Country(in.Cc), in.Id, q)
		return found(f, ok, "figure.unknown", "the compliance view of this state has no such figure: see their paths there")
	})
}

// GetTimeline answers with the events by, for or concerning a state.
func (h handlers) GetTimeline(ctx context.Context, in gen.GetTimelineRequestObject) (gen.GetTimelineResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		return v.CountryTimeline(domain.Country(in.Cc), projections.CaseQuery{
			Query: q, Page: page(p.After, p.Limit), Newest: value(p.Order) == "desc",
		}), nil
	})
}

// GetAssertions answers with what members assert concerning a state.
func (h handlers) GetAssertions(ctx context.Context, in gen.GetAssertionsRequestObject) (gen.GetAssertionsResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		return v.ThirdCountry(domain.Country(in.Cc), projections.ThirdCountryQuery{
			Query: q, Page: page(p.After, p.Limit), Asserter: domain.Country(value(p.Asserter)), Confidence: string(value(p.Confidence)),
		}), nil
	})
}
