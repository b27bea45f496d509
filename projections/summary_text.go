package projections

import (
	"fmt"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// summary says in one neutral English sentence what an event states.
func summary(rec *record, body domain.Body) string {
	who := string(rec.issuer)
	for _, say := range []func(string, domain.Body) string{
		sayList, sayAct, sayAbout, saySealed, sayGovernance, sayDecision,
		sayReported, sayCase, sayCourt, sayDuty,
	} {
		if text := say(who, body); text != "" {
			return text + "."
		}
	}
	return fmt.Sprintf("%s recorded %s.", who, rec.kind)
}

func sayList(who string, body domain.Body) string {
	switch b := body.(type) {
	case *domain.DesignationAdopted:
		return fmt.Sprintf("%s designated %s (%s, %s) under %s%s", b.Authority, named(&b.Subject), b.Subject.Kind, b.Designation, b.Regime, on(b.AdoptedOn))
	case *domain.DesignationAmended:
		return fmt.Sprintf("The listing %s was amended%s, as %s records", b.Designation, on(b.AmendedOn), who)
	case *domain.DesignationRemoved:
		return fmt.Sprintf("The designation %s was removed%s: %s", b.Designation, on(b.RemovedOn), stop(b.Reason))
	case *domain.DesignationTransposed:
		return fmt.Sprintf("%s gave %s national effect%s%s", b.Member, b.Designation, from(b.EffectOn()), by(b.Instrument))
	case *domain.ImplementationDeclared:
		return fmt.Sprintf("%s implements %s%s: %s%s", b.Member, b.Regime, part(b.Measures, b.Kinds), strings.ReplaceAll(b.Mode, "_", " "), by(b.Instrument))
	case domain.SubjectLinked:
		return fmt.Sprintf("%s recorded that %s %s %s", who, b.A, strings.ReplaceAll(b.Relation, "_", " "), b.B)
	case domain.SubjectUnlinked:
		return fmt.Sprintf("%s ended the link %s %s %s: %s", who, b.A, strings.ReplaceAll(b.Relation, "_", " "), b.B, stop(b.Reason))
	}
	return ""
}

func sayAct(who string, body domain.Body) string {
	switch b := body.(type) {
	case *domain.EnforcementActionTaken:
		return fmt.Sprintf("%s reported a %s%s%s%s", who, b.Kind, against(b.Respondent), amount(b.Amount), on(b.OccurredOn))
	case *domain.AssetFrozen:
		return fmt.Sprintf("%s reported a freeze (%s)%s%s%s", who, strings.ReplaceAll(b.AssetKind, "_", " "), of(b.Holder), amount(b.Amount), on(b.OccurredOn))
	case *domain.AssetUnfrozen:
		return fmt.Sprintf("%s released the freeze recorded at %d%s: %s", who, b.Freeze.Index, amount(b.Amount), stop(b.Reason))
	case *domain.InterdictionExecuted:
		return fmt.Sprintf("%s reported that %s (%s) was %s%s%s", who, named(&b.Subject), b.Subject.Kind, b.Outcome, near(b.Place), on(b.OccurredOn))
	}
	return ""
}

func sayAbout(who string, body domain.Body) string {
	switch b := body.(type) {
	case domain.EventCorrected:
		return fmt.Sprintf("%s corrected its event %d: %s", who, b.Target.Index, stop(b.Reason))
	case domain.EventWithdrawn:
		return fmt.Sprintf("%s withdrew event %d: %s", who, b.Target.Index, stop(b.Reason))
	case domain.EventEndorsed:
		return fmt.Sprintf("%s endorsed event %d", who, b.Target.Index)
	case domain.EventDisputed:
		return fmt.Sprintf("%s disputed event %d: %s", who, b.Target.Index, stop(b.Grounds.Text))
	case domain.DisputeClosed:
		return fmt.Sprintf("%s closed the dispute recorded at %d as %s", who, b.Dispute.Index, b.Outcome)
	case domain.ExplanationGiven:
		if b.Target != nil {
			return fmt.Sprintf("%s explained event %d: %s", who, b.Target.Index, stop(b.Text.Text))
		}
		return fmt.Sprintf("%s explained %s: %s", who, b.Figure, stop(b.Text.Text))
	}
	return ""
}

func saySealed(who string, body domain.Body) string {
	switch b := body.(type) {
	case domain.DetailReleased:
		return fmt.Sprintf("%s released sealed detail of event %d to %s", who, b.Event.Index, agencies(b.ReleasedTo))
	case domain.DetailOpened:
		return fmt.Sprintf("%s opened sealed detail of event %d to all", who, b.Event.Index)
	case domain.DetailErased:
		return fmt.Sprintf("%s erased sealed detail of event %d: %s", who, b.Event.Index, stop(b.Reason))
	case domain.EncryptionKeyRegistered:
		return fmt.Sprintf("%s registered an encryption key for %s", who, b.Agency)
	case domain.EncryptionKeyRevoked:
		return fmt.Sprintf("%s revoked an encryption key%s", who, since(b.CompromisedSince))
	}
	return ""
}

func agencies(list []domain.AgencyID) string {
	names := make([]string, len(list))
	for i, a := range list {
		names[i] = string(a)
	}
	return strings.Join(names, ", ")
}

func sayGovernance(who string, body domain.Body) string {
	switch b := body.(type) {
	case domain.CoalitionFounded:
		return fmt.Sprintf("%s was founded by %d members", b.Name, len(b.Members))
	case domain.MemberAccepted:
		return fmt.Sprintf("%s accepted its membership", member(who))
	case domain.MemberWithdrew:
		return fmt.Sprintf("%s withdrew from the coalition", member(who))
	case domain.AgencyRegistered:
		return fmt.Sprintf("%s registered the agency %s (%s)", member(who), b.Agency, b.Name)
	case domain.AgencySuspended:
		return fmt.Sprintf("%s suspended the agency %s: %s", who, b.Agency, stop(b.Reason))
	case domain.AgencyReinstated:
		return fmt.Sprintf("%s reinstated the agency %s", member(who), b.Agency)
	case domain.KeyRegistered:
		return fmt.Sprintf("%s registered a key for %s", member(who), b.Agency)
	case domain.KeyRotated:
		return fmt.Sprintf("%s rotated its key", who)
	case domain.KeyRevoked:
		return fmt.Sprintf("%s revoked a key%s", who, since(b.CompromisedSince))
	case domain.EventsRepudiated:
		return fmt.Sprintf("%s repudiated events %d to %d of %s: %s", who, b.FromIndex, b.ToIndex, b.Agency, stop(b.Reason))
	}
	return ""
}

func sayDecision(who string, body domain.Body) string {
	switch b := body.(type) {
	case domain.ProposalMade:
		return fmt.Sprintf("%s proposed: %s", who, stop(b.Title))
	case domain.ProposalEndorsed:
		return fmt.Sprintf("%s endorsed the proposal recorded at %d", who, b.Proposal.Index)
	case domain.MemberAdmitted:
		return fmt.Sprintf("The coalition admitted %s", b.Member.Code)
	case domain.MemberSuspended:
		return fmt.Sprintf("The coalition suspended %s: %s", b.Member, stop(b.Reason))
	case domain.MemberReinstated:
		return fmt.Sprintf("The coalition reinstated %s", b.Member)
	case domain.RootReplaced:
		return fmt.Sprintf("The coalition replaced the root key of %s", b.Member)
	case domain.RegimeAdopted:
		return fmt.Sprintf("The coalition adopted the regime %s (%s)", b.ID, b.Name)
	case domain.CustodianAppointed:
		return fmt.Sprintf("The coalition made %s custodian of %s", b.Custodian, b.Regime)
	case domain.BenchmarkAdopted:
		return fmt.Sprintf("The coalition adopted a benchmark of %d days for %s (%s)", b.Days, b.Regime, BenchmarkLabel)
	case domain.RulesAdopted:
		return fmt.Sprintf("The coalition adopted version %d of the rules", b.Version)
	case domain.WitnessPolicyAdopted:
		return "The coalition adopted a witness policy"
	case domain.LogKeyAdopted:
		return "The coalition adopted a key of the log"
	case domain.JournalVoided:
		from, to := b.Span()
		return fmt.Sprintf("The coalition voided inadmissible records, index %d to %d: %s", from, to-1, stop(b.Reason))
	}
	return ""
}

func member(who string) domain.Country { return domain.AgencyID(who).Member() }

func named(s *domain.Subject) string {
	if s == nil {
		return ""
	}
	return nameOf(s)
}

// stop drops a closing full stop, because the sentence brings its own.
func stop(text string) string { return strings.TrimSuffix(strings.TrimSpace(text), ".") }

func lead(word, text string) string {
	if text == "" {
		return ""
	}
	return " " + word + " " + text
}

func on(d domain.Date) string          { return lead("on", string(d)) }
func from(d domain.Date) string        { return lead("from", string(d)) }
func by(instrument string) string      { return lead("by", instrument) }
func of(s *domain.Subject) string      { return lead("of", named(s)) }
func since(d domain.Date) string       { return lead("that was compromised since", string(d)) }
func near(p domain.Place) string       { return lead("in", placeName(p)) }
func against(s *domain.Subject) string { return lead("against", named(s)) }

func placeName(p domain.Place) string {
	for _, text := range []string{p.Text, p.City, p.CountryText, string(p.Country)} {
		if text != "" {
			return text
		}
	}
	return ""
}

func amount(m *domain.Money) string {
	if m == nil {
		return ""
	}
	return ", " + m.Currency + " " + m.Amount
}

func part(measures, kinds []string) string {
	var parts []string
	if len(measures) > 0 {
		parts = append(parts, strings.ReplaceAll(strings.Join(measures, ", "), "_", " "))
	}
	if len(kinds) > 0 {
		parts = append(parts, "for "+strings.Join(kinds, ", "))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, " ") + ")"
}
