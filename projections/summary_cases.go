package projections

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// sayReported says what was seen, and asserted, of people, ventures and
// violations: always by whom.
func sayReported(who string, body domain.Body) string {
	switch b := body.(type) {
	case *domain.ViolationReported:
		return fmt.Sprintf("%s reported a violation as %s (%s)%s%s%s", who, b.Confidence, plain(b.Category), aboutStates(b.Concerning), on(b.OccurredOn), during(b.Period))
	case *domain.WorkersReported:
		return fmt.Sprintf("%s reported %s working in %s (%s)%s", who, workers(&b.Workforce), b.Host, plain(b.Sector), during(b.Period))
	case *domain.WorkersRepatriated:
		return fmt.Sprintf("%s reported %s sent home by %s (%s)%s", who, workers(&b.Workforce), b.Host, plain(b.Sector), during(b.Period))
	case *domain.TravelBanEnforced:
		return fmt.Sprintf("%s reported that %s was %s%s%s", who, named(&b.Subject), banned(b.Action), near(b.Point), on(b.OccurredOn))
	case *domain.JointVentureReported:
		return fmt.Sprintf("%s reported a joint venture in %s of %s", who, b.Country, names(b.Parties))
	case *domain.JointVentureClosed:
		return fmt.Sprintf("%s reported that the joint venture of %s in %s was closed%s", who, names(b.Parties), b.Country, on(b.OccurredOn))
	case *domain.RepresentativeOfficeClosed:
		return fmt.Sprintf("%s reported that the %s of %s in %s was closed%s", who, plain(b.Kind), names(b.Parties), b.Country, on(b.OccurredOn))
	}
	return ""
}

func sayCase(who string, body domain.Body) string {
	switch b := body.(type) {
	case domain.CaseOpened:
		return fmt.Sprintf("%s opened case %s: %s", who, b.Case, stop(b.Title.Text))
	case domain.InformationRequested:
		return fmt.Sprintf("%s asked %s for information in case %s%s", who, b.ToMember, b.Case, lead("by", string(b.DueOn)))
	case domain.InformationAnswered:
		return fmt.Sprintf("%s answered the request recorded at %d (%s)", who, b.Request.Index, b.Answer)
	case domain.CaseClosed:
		return fmt.Sprintf("%s closed case %s as %s", who, b.Case, plain(b.Outcome))
	case domain.CaseReopened:
		return fmt.Sprintf("%s reopened case %s: %s", who, b.Case, stop(b.Reason.Text))
	case domain.DisputeAnswered:
		return fmt.Sprintf("%s answered the dispute recorded at %d (%s): %s", who, b.Dispute.Index, plain(b.Answer), stop(b.Text.Text))
	case domain.ReplyRecorded:
		return fmt.Sprintf("%s recorded a reply of %s (%s) to %s: %s", who, b.State, b.Author, told(b.Target, b.Figure), stop(b.Text.Text))
	case domain.TextTranslated:
		return fmt.Sprintf("%s translated %s of event %d into %s", who, b.Field, b.Target.Index, b.Text.Language)
	case domain.FindingRecorded:
		return fmt.Sprintf("%s recorded a finding (%s) on events %d to %d: %s", who, b.Severity, b.FromIndex, b.ToIndex, stop(b.Text.Text))
	case domain.EventReaffirmed:
		return fmt.Sprintf("%s stands by event %d", who, b.Target.Index)
	case domain.AgencySucceeded:
		return fmt.Sprintf("%s made %s the successor of %s: %s", member(who), b.Successor, b.Agency, stop(b.Reason))
	}
	return ""
}

func sayCourt(who string, body domain.Body) string {
	switch b := body.(type) {
	case domain.ChallengeFiled:
		return fmt.Sprintf("%s, case %s: %s was challenged%s%s", b.Court, b.CaseNumber, contested(b.ContestedAct), lead("by", named(b.Applicant)), on(b.FiledOn))
	case domain.CourtRuled:
		return fmt.Sprintf("%s, case %s, on %s: %s%s%s%s", b.Court, b.CaseNumber, contested(b.ContestedAct), plain(b.Relief), on(b.DecidedOn), lead("with effect from", string(b.EffectiveFrom)), stayed(b))
	case domain.StayEnded:
		return fmt.Sprintf("The stay of the ruling recorded at %d ended%s (%s)", b.Ruling.Index, on(b.EndedOn), plain(b.Cause))
	}
	return ""
}

func sayDuty(who string, body domain.Body) string {
	switch b := body.(type) {
	case *domain.ObligationDefined:
		return fmt.Sprintf("%s defined the obligation %s under %s: %s (%s)", who, b.Obligation, b.Regime, stop(b.Title.Text), standingOf(b))
	case domain.ReportSubmitted:
		return fmt.Sprintf("%s submitted a report under %s%s%s", b.Member, b.Obligation, during(b.Period), on(b.SubmittedOn))
	case domain.ExtensionGranted:
		return fmt.Sprintf("%s has until %s under %s%s%s", b.Member, b.Until, b.Obligation, during(b.Period), lead("as granted by", b.GrantedBy))
	case domain.InapplicabilityDeclared:
		return fmt.Sprintf("%s declared %s not applicable%s: %s", b.Member, b.Obligation, during(b.Period), stop(b.Reason.Text))
	case domain.MeasureEnacted:
		return fmt.Sprintf("%s enacted measures of %s%s%s%s", b.Member, b.Regime, part(b.Measures, nil), by(b.Instrument), from(b.InForceOn))
	case domain.RegimeAmended:
		return fmt.Sprintf("The regime %s was amended%s%s", b.Regime, by(b.Instrument), from(b.EffectOn()))
	case domain.RegimeLapsed:
		return fmt.Sprintf("The regime %s%s lapsed%s (%s)", b.Regime, part(b.Measures, nil), on(b.LapsedOn), plain(b.Cause))
	case domain.RegimeRenewed:
		return fmt.Sprintf("The regime %s%s was renewed%s%s%s", b.Regime, part(b.Measures, nil), by(b.Instrument), from(b.EffectOn()), lead("until", string(b.SunsetOn)))
	case domain.MandateEnded:
		return fmt.Sprintf("The mandate of %s under %s ended%s by %s%s", b.Body, b.Regime, on(b.EndedOn), b.Cause, votes(b.Votes))
	}
	return ""
}

// UncheckedLabel stands beside every duty that nobody compared with its
// instrument.
const UncheckedLabel = "not checked against the original"

// standingOf says what an obligation is: law, checked or not, or a benchmark.
func standingOf(b *domain.ObligationDefined) string {
	text := strings.TrimSpace(b.Instrument + " " + b.Paragraph)
	switch {
	case b.Benchmark != "":
		return BenchmarkLabel
	case !b.Source.Checked:
		return text + ", " + UncheckedLabel
	}
	return text
}

func plain(word string) string { return strings.ReplaceAll(word, "_", " ") }

func workers(w *domain.Workforce) string {
	count := strconv.FormatInt(w.Count, 10)
	if w.CountTo > w.Count {
		count += " to " + strconv.FormatInt(w.CountTo, 10)
	}
	return count + " workers" + lead("of", string(w.Origin))
}

func during(p domain.Period) string {
	return lead("from", string(p.From)) + lead("to", string(p.To))
}

func names(list []domain.Subject) string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = nameOf(&list[i])
	}
	return strings.Join(out, ", ")
}

func aboutStates(states []domain.Country) string {
	out := make([]string, len(states))
	for i, c := range states {
		out[i] = string(c)
	}
	return lead("concerning", strings.Join(out, ", "))
}

func banned(action string) string {
	switch action {
	case "refused":
		return "refused entry or transit"
	case "exempted":
		return "let in under an exemption"
	}
	return action
}

// contested names the act: the listing itself, or a state's transposition.
func contested(c domain.ContestedAct) string {
	return fmt.Sprintf("the act of %s on %s", c.Member, c.Designation)
}

func stayed(b domain.CourtRuled) string {
	switch {
	case b.StayedPendingAppeal && b.StayedUntil != "":
		return fmt.Sprintf(", stayed until %s, or an appeal filed by then is decided", b.StayedUntil)
	case b.StayedPendingAppeal:
		return ", stayed until an appeal is decided"
	}
	return strings.Replace(lead("stayed until", string(b.StayedUntil)), " ", ", ", 1)
}

func told(target *domain.Ref, figure string) string {
	if target == nil {
		return figure
	}
	return fmt.Sprintf("event %d", target.Index)
}

func votes(v *domain.Votes) string {
	if v == nil {
		return ""
	}
	return fmt.Sprintf(" (%d for, %d against, %d abstained)", v.For, v.Against, v.Abstained)
}

// ofState is a statement about an act or affair of one state.
type ofState interface{ Whose() domain.Country }

// ofThirdStates is a statement that asserts something of states.
type ofThirdStates interface{ Concerns() []domain.Country }

// heldReport is held for what agencies report and custodians define.
func heldReport(body domain.Body) domain.Body {
	switch b := body.(type) {
	case domain.ViolationReported:
		return &b
	case domain.WorkersReported:
		return &b
	case domain.WorkersRepatriated:
		return &b
	case domain.TravelBanEnforced:
		return &b
	case domain.JointVentureReported:
		return &b
	case domain.JointVentureClosed:
		return &b
	case domain.RepresentativeOfficeClosed:
		return &b
	case domain.ObligationDefined:
		return &b
	}
	return body
}
