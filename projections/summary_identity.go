package projections

import (
	"cmp"
	"fmt"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// sayIdentity words what was read of lists, and how designations come and go.
func sayIdentity(who string, body domain.Body) string {
	switch b := body.(type) {
	case domain.ListImported:
		n := b.Counts
		return fmt.Sprintf("%s read the list %s%s: %d entries, of which %d new, %d amended, %d relisted; %d are gone", who, b.Source, lead("of", string(b.PublisherDate)), b.Entries, n.New, n.Amended, n.Relisted, n.Gone)
	case domain.ListGapObserved:
		return fmt.Sprintf("%s observed that the list %s does not hold %s%s, which delists nothing", who, b.Source, b.Designation, lead("since", string(b.FirstMissing)))
	case domain.ListGapClosed:
		return fmt.Sprintf("%s closed the gap of %s in the list %s%s: %s", who, b.Designation, b.Source, on(b.ClosedOn), b.Outcome)
	case domain.SubjectRegistered:
		return fmt.Sprintf("%s registered %s (%s) as %s", who, named(&b.Subject), b.Subject.Kind, b.ID)
	case domain.DesignationSuspended:
		return fmt.Sprintf("The designation %s was suspended%s%s%s: %s", b.Designation, on(cmp.Or(b.SuspendedOn, b.InForceOn)), lead("until", string(b.Until)), by(b.Instrument), stop(b.Reason))
	case domain.DesignationReinstated:
		return fmt.Sprintf("The designation %s was reinstated%s%s: %s", b.Designation, on(reinstatedOn(b)), by(b.Instrument), stop(b.Reason))
	}
	return ""
}
