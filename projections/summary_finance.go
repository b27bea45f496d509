package projections

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// sayFinance words what institutions did, and what was stolen over networks.
func sayFinance(who string, body domain.Body) string {
	switch b := body.(type) {
	case domain.TransactionRejected:
		return fmt.Sprintf("%s reported that %s rejected a payment%s%s%s: %s", who, institution(b.Institution), lead("to", named(b.Counterparty)), sums(listed(b.Amount), assets(b.Asset)), on(b.OccurredOn), stop(b.Reason))
	case domain.AccountClosed:
		return fmt.Sprintf("%s reported that %s closed an account (%s)%s%s: %s", who, institution(b.Institution), plainly(b.Kind), of(b.Holder), on(b.OccurredOn), stop(b.Reason))
	case domain.CyberTheftReported:
		return fmt.Sprintf("%s reported%s a theft over networks%s%s%s%s", who, sure(b.Confidence), lead("from", named(&b.Victim)), lead("by", cmp.Or(named(b.Actor), b.ActorID)), sums(b.Amounts, b.Assets), on(b.OccurredOn))
	case domain.CyberTheftRecovered:
		return fmt.Sprintf("%s reported that %s %s part of the theft recorded at %d%s%s", who, actor(who, b.Act), tookBack(b.How), b.Theft.Index, sums(b.Amounts, b.Assets), on(b.OccurredOn))
	case domain.WalletAttributed:
		return fmt.Sprintf("%s attributed%s the wallet %s (%s) to %s", who, sure(b.Confidence), b.Address, b.Chain, b.Subject)
	}
	return ""
}

func tookBack(how string) string {
	if how == howFrozen {
		return "froze"
	}
	return "recovered"
}

// sayPermits words what was permitted, refused or free in any case.
func sayPermits(who string, body domain.Body) string {
	switch b := body.(type) {
	case domain.LicenceGranted:
		return fmt.Sprintf("%s granted the licence %s%s (%s)%s", b.Member, b.Licence, lead("to", named(b.Beneficiary)), plainly(b.Ground), during(domain.Period{From: b.ValidFrom, To: b.ValidTo}))
	case domain.LicenceRefused:
		return fmt.Sprintf("%s refused a licence%s (%s): %s", actor(who, b.Act), lead("to", named(b.Applicant)), plainly(b.Ground), stop(b.Reason.Text))
	case domain.LicenceEnded:
		return fmt.Sprintf("The licence %s of %s ended (%s)%s: %s", b.Licence, b.Member, plainly(b.Outcome), on(cmp.Or(b.EndedOn, b.OccurredOn)), stop(b.Reason))
	case domain.ExemptionGranted:
		return fmt.Sprintf("The Committee granted the exemption %s under %s%s (%s)%s, as %s records", b.CommitteeRef, b.Regime, lead("to", named(b.Beneficiary)), plainly(b.Ground), during(domain.Period{From: b.ValidFrom, To: b.ValidTo}), who)
	case domain.ExemptionEnded:
		return fmt.Sprintf("The exemption %s under %s ended (%s)%s: %s", b.CommitteeRef, b.Regime, plainly(b.Outcome), on(cmp.Or(b.EndedOn, b.OccurredOn)), stop(b.Reason))
	case domain.ExceptionReliedOn:
		return fmt.Sprintf("%s reported that an exception (%s) was relied on%s%s: %s", who, plainly(b.Ground), lead("under", provision(b.LegalBasis)), on(b.OccurredOn), stop(b.Activity.Text))
	}
	return ""
}

func provision(basis []domain.LegalBasis) string {
	if len(basis) == 0 {
		return ""
	}
	return strings.TrimSpace(basis[0].Instrument + " " + basis[0].Paragraph)
}

func institution(name string) string { return cmp.Or(name, "an institution") }

func listed(m *domain.Money) []domain.Money {
	if m == nil {
		return nil
	}
	return []domain.Money{*m}
}

func assets(a *domain.AssetAmount) []domain.AssetAmount {
	if a == nil {
		return nil
	}
	return []domain.AssetAmount{*a}
}

// sums lists amounts side by side; they are never added.
func sums(money []domain.Money, assets []domain.AssetAmount) string {
	var out strings.Builder
	for _, m := range money {
		out.WriteString(amount(&m))
	}
	for _, a := range assets {
		out.WriteString(", " + a.Asset + " " + a.Amount)
	}
	return out.String()
}
