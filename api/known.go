package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// filter is a parameter whose values come from the journal: any other would
// match nothing, and the empty answer would look like a finding.
type filter struct {
	parameter string
	code      string
	what      string
	allowed   func(s *Server, value string) []string
}

var byRegime = filter{"regime", "regime.unknown", "no regime that was adopted", (*Server).regimeIDs}

var filters = []filter{
	byRegime,
	{"member", "member.unknown", "no member of the coalition", (*Server).memberCodes},
	{"asserter", "member.unknown", "no member of the coalition", (*Server).memberCodes},
	{"authority", "authority.unknown", "no authority of a regime", (*Server).authorities},
	{"agency", "agency.unknown", "no agency of that member", (*Server).agencyIDs},
	{"audience", "agency.unknown", "no agency of that member", (*Server).agencyIDs},
	{"state", "country.not_watched", "no state that is watched, a member or an addressee of a regime", (*Server).watched},
	{"held_by", "country.unrecorded", "no state of whose lists or implementation anything is recorded", (*Server).states},
	{"not_held_by", "country.unrecorded", "no state of whose lists or implementation anything is recorded", (*Server).states},
	{"measure", "measure.unknown", "no measure", func(*Server, string) []string { return domain.Measures() }},
}

// shownValues is how many allowed values a refusal names.
const shownValues = 60

// checkKnown refuses filters that can match nothing, once the views know what
// the caller waits for.
func (s *Server) checkKnown(ctx context.Context, query url.Values) error {
	op := callOf(ctx).op
	for _, f := range filters {
		if !query.Has(f.parameter) || !op.filters(f.parameter) {
			continue
		}
		if err := s.await(ctx, s.needed(askedIn(query))); err != nil {
			return err
		}
		for _, v := range query[f.parameter] {
			if err := f.check(s, v, f.parameter); err != nil {
				return err
			}
		}
	}
	return nil
}

// askedIn reads what the views are waited for, as checked before.
func askedIn(query url.Values) asked {
	var a asked
	if asOf := query.Get("as_of"); asOf != "" {
		a.asOf = &asOf
	}
	if index, err := strconv.ParseUint(query.Get("min_index"), 10, 64); err == nil {
		a.minIndex = &index
	}
	return a
}

// check refuses a value that is not of the journal; the field is where it stands.
func (f filter) check(s *Server, value, field string) error {
	allowed := f.allowed(s, value)
	if slices.Contains(allowed, value) {
		return nil
	}
	return problem(http.StatusBadRequest, f.code, fmt.Sprintf("%q is %s: choose among %s", printable(value), f.what, choices(allowed))).at(field)
}

func choices(allowed []string) string {
	if len(allowed) == 0 {
		return "none, there is none yet"
	}
	out := strings.Join(allowed[:min(len(allowed), shownValues)], ", ")
	if more := len(allowed) - shownValues; more > 0 {
		out += fmt.Sprintf(" and %d more", more)
	}
	return out
}

func (s *Server) regimeIDs(string) (out []string) {
	s.cfg.Ledger.View(func(st *domain.State) {
		for _, r := range st.Regimes() {
			out = append(out, r.ID)
		}
	})
	return out
}

func (s *Server) memberCodes(string) (out []string) {
	s.cfg.Ledger.View(func(st *domain.State) {
		for _, m := range st.Members() {
			out = append(out, string(m.Code))
		}
	})
	return out
}

func (s *Server) authorities(string) (out []string) {
	s.cfg.Ledger.View(func(st *domain.State) {
		for _, r := range st.Regimes() {
			out = append(out, string(r.Authority))
		}
	})
	slices.Sort(out)
	return slices.Compact(out)
}

// agencyIDs lists the agencies of the member that an id names, with its root.
func (s *Server) agencyIDs(id string) (out []string) {
	c := domain.AgencyID(id).Member()
	s.cfg.Ledger.View(func(st *domain.State) {
		if slices.ContainsFunc(st.Members(), func(m domain.Member) bool { return m.Code == c }) {
			out = append(out, string(domain.RootAgency(c)))
		}
		for _, a := range st.Agencies(c) {
			out = append(out, string(a.ID))
		}
	})
	slices.Sort(out)
	return slices.Compact(out)
}

func (s *Server) watched(string) []string {
	out := s.memberCodes("")
	s.cfg.Ledger.View(func(st *domain.State) {
		for _, r := range st.Regimes() {
			for _, c := range r.Addressees {
				out = append(out, string(c))
			}
		}
	})
	slices.Sort(out)
	return slices.Compact(out)
}

// states adds those of whose implementation the views know.
func (s *Server) states(string) []string {
	out := append(s.watched(""), s.authorities("")...)
	s.cfg.Views.Read(func(v *projections.Views) {
		for _, c := range v.States() {
			out = append(out, string(c))
		}
	})
	slices.Sort(out)
	return slices.Compact(out)
}
