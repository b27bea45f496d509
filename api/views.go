package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"

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

// searchable refuses a text that nothing can be found by.
func searchable(v *projections.Views, text string) error {
	if text == "" || v.Searchable(text) {
		return nil
	}
	return problem(http.StatusBadRequest, "request.parameter", fmt.Sprintf("%q has no letter and no digit: write part of a name, of an identifier or of a reference", printable(text))).at("q")
}

// feed answers with a page of events, newest first.
func (h handlers) feed(ctx context.Context, p gen.ListEventsParams) (reply, error) {
	if p.From != nil || p.LastEventID != nil {
		return nil, problem(http.StatusBadRequest, "request.page_from", "from and Last-Event-ID are for streams: accept application/x-ndjson or text/event-stream, or page with after")
	}
	among := h.among(p.Audience)
	return h.view(ctx, asked{asOf: p.AsOf, minIndex: p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		if err := recorded(v, value(p.Case), value(p.Subject)); err != nil {
			return nil, err
		}
		return v.Feed(projections.FeedQuery{
			Query: q, Among: among(q, v.Size()), Page: page(ctx, p.After, p.Limit), Types: value(p.Type), NotTypes: value(p.ExcludeType),
			Member: domain.Country(value(p.Member)), Agency: domain.AgencyID(value(p.Agency)), Case: value(p.Case),
			Subject: value(p.Subject), Before: p.RecordedBefore, After: p.RecordedAfter,
		}), nil
	})
}

// recorded refuses to filter by a case or a subject that no event names.
func recorded(v *projections.Views, id, subject string) error {
	switch {
	case id != "" && !v.NamesCase(id):
		return problem(http.StatusBadRequest, "case.unknown", fmt.Sprintf("no event names the case %q: check its id, or see /v1/cases", printable(id))).at("case")
	case subject != "" && !v.NamesSubject(subject):
		return problem(http.StatusBadRequest, "subject.unknown", fmt.Sprintf("no event names the subject %q: give the id of a designation or of a registered subject, an IMO number or a wallet; search with /v1/subjects?q=", printable(subject))).at("subject")
	}
	return nil
}

// ListDesignations answers with a page of the register.
func (h handlers) ListDesignations(ctx context.Context, in gen.ListDesignationsRequestObject) (gen.ListDesignationsResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		return v.Register(projections.RegisterQuery{
			Query: q, Page: page(ctx, p.After, p.Limit), Regime: value(p.Regime), Authority: domain.Country(value(p.Authority)),
			Kind: string(value(p.Kind)), Status: string(value(p.Status)), Text: value(p.Q),
			HeldBy: countries(p.HeldBy), NotHeldBy: countries(p.NotHeldBy),
		}), searchable(v, value(p.Q))
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

// ListSubjects finds designations and registered subjects by text.
func (h handlers) ListSubjects(ctx context.Context, in gen.ListSubjectsRequestObject) (gen.ListSubjectsResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		return v.Subjects(projections.SubjectQuery{Query: q, Page: page(ctx, p.After, p.Limit), Text: p.Q}), searchable(v, p.Q)
	})
}

// GetSubject answers with a subject's dossier.
func (h handlers) GetSubject(ctx context.Context, in gen.GetSubjectRequestObject) (gen.GetSubjectResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		d, ok := v.Subject(in.Id, q)
		return found(d, ok, "subject.unknown", "no such subject was recorded: give the id of a designation or of a registered subject, an IMO number or a wallet; search with /v1/subjects?q=")
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
		detail := "the compliance view of this state has no such figure: see their paths there"
		if !ok {
			if under := v.FiguresUnder(domain.Country(in.Cc), in.Id, q); len(under) > 0 {
				detail = "this state's figures of that name are " + choices(under)
			}
		}
		return found(f, ok, "figure.unknown", detail)
	})
}

// spokenOf refuses to tell of a state that no event names.
func spokenOf(v *projections.Views, cc string) error {
	if slices.Contains(v.States(), domain.Country(cc)) || v.NamesState(domain.Country(cc)) {
		return nil
	}
	return problem(http.StatusNotFound, "country.unrecorded", fmt.Sprintf("nothing recorded here speaks of %s; those watched are at /v1/countries", cc)).at("cc")
}

// GetTimeline answers with the events by, for or concerning a state.
func (h handlers) GetTimeline(ctx context.Context, in gen.GetTimelineRequestObject) (gen.GetTimelineResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		return v.CountryTimeline(domain.Country(in.Cc), projections.CaseQuery{
			Query: q, Page: page(ctx, p.After, p.Limit), Newest: value(p.Order) == "desc",
		}), spokenOf(v, in.Cc)
	})
}

// GetAssertions answers with what members assert concerning a state.
func (h handlers) GetAssertions(ctx context.Context, in gen.GetAssertionsRequestObject) (gen.GetAssertionsResponseObject, error) {
	p := in.Params
	return h.view(ctx, asked{p.AsOf, p.On, p.MinIndex}, func(v *projections.Views, q projections.Query) (any, error) {
		return v.ThirdCountry(domain.Country(in.Cc), projections.ThirdCountryQuery{
			Query: q, Page: page(ctx, p.After, p.Limit), Asserter: domain.Country(value(p.Asserter)), Confidence: string(value(p.Confidence)),
		}), spokenOf(v, in.Cc)
	})
}
