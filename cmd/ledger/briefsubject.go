package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// identity is by what a subject is named: ids of designations and registered
// subjects, and IMO numbers.
type identity struct {
	ids  []string
	imos []string
}

// identity is taken from the brief's answer.
func (b *brief) identity() (identity, error) {
	var known struct {
		Designations []struct {
			ID string `json:"id"`
		} `json:"designations"`
		Registered []struct {
			ID string `json:"id"`
		} `json:"registered"`
		Identifiers []domain.Identifier `json:"identifiers"`
	}
	if err := json.Unmarshal(b.Known, &known); err != nil {
		return identity{}, fmt.Errorf("%w: the answer cannot be read: %w", errBrief, err)
	}
	imo := strings.TrimSpace(strings.TrimPrefix(strings.ToUpper(b.Subject), "IMO"))
	out := identity{ids: []string{b.Subject}, imos: []string{imo}}
	for _, d := range append(known.Designations, known.Registered...) {
		out.ids = append(out.ids, d.ID)
	}
	for _, id := range known.Identifiers {
		if id.Scheme == "imo" {
			out.imos = append(out.imos, id.Value)
		}
	}
	return out, nil
}

// named reports whether an event names the subject.
func (s identity) named(body domain.Body) bool {
	switch b := body.(type) {
	case domain.EventCorrected:
		replacement, refusal := b.Body()
		return refusal == nil && s.named(replacement)
	case domain.DesignationAdopted:
		return s.is(b.Designation)
	case domain.DesignationAmended:
		return s.is(b.Designation)
	case domain.DesignationRemoved:
		return s.is(b.Designation)
	case domain.DesignationSuspended:
		return s.is(b.Designation)
	case domain.DesignationReinstated:
		return s.is(b.Designation)
	case domain.DesignationTransposed:
		return s.is(b.Designation)
	case domain.SubjectLinked:
		return s.is(b.A) || s.is(b.B)
	case domain.SubjectUnlinked:
		return s.is(b.A) || s.is(b.B)
	case domain.EnforcementActionTaken:
		return s.acted(b.Designations, b.Respondent)
	case domain.AssetFrozen:
		return s.acted(b.Designations, b.Holder)
	case domain.InterdictionExecuted:
		return s.acted(b.Designations, &b.Subject)
	case domain.ListGapObserved:
		return s.is(b.Designation)
	case domain.ListGapClosed:
		return s.is(b.Designation)
	case domain.ChallengeFiled:
		return s.is(b.Designation)
	case domain.CourtRuled:
		return s.is(b.Designation)
	case domain.SubjectRegistered:
		return s.is(b.ID) || s.acted(nil, &b.Subject)
	case domain.ViolationReported:
		return s.acted(b.Naming(), nil) || s.anyOf(b.Subjects)
	case matter:
		return s.acted(b.About().Designations, nil) || s.anyOf(b.Subjects())
	case interface{ Naming() []string }: // reports and cases
		return s.acted(b.Naming(), nil)
	}
	return false
}

// matter is an act or report of the third version of the rules.
type matter interface {
	About() domain.Matter
	Subjects() []domain.Subject
}

func (s identity) anyOf(subjects []domain.Subject) bool {
	return slices.ContainsFunc(subjects, func(subject domain.Subject) bool { return s.acted(nil, &subject) })
}

func (s identity) is(id string) bool { return slices.Contains(s.ids, id) }

func (s identity) acted(designations []string, subject *domain.Subject) bool {
	if slices.ContainsFunc(designations, s.is) {
		return true
	}
	return subject != nil && slices.ContainsFunc(subject.Identifiers, func(id domain.Identifier) bool {
		return id.Scheme == "imo" && slices.Contains(s.imos, id.Value)
	})
}
