package history

import (
	"fmt"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

const (
	maxWarnings = 80
	maxWarning  = 300
)

// Imported words the account of an import, to be posted when all changes are
// recorded: nil when the file was imported before and changes nothing.
func (d Difference) Imported(snap Snapshot, today domain.Date) *domain.ListImported {
	if d.again && len(d.Changes) == 0 {
		return nil
	}
	n := d.Counts
	return &domain.ListImported{
		Common: domain.Common{OccurredOn: today, PublishedOn: snap.PublishedOn, Evidence: []domain.Evidence{{SHA256: snap.SHA256, MediaType: snap.Media, HeldBy: snap.HeldBy}}},
		Source: snap.Source, Regimes: snap.Regimes, SHA256: snap.SHA256, PublisherDate: snap.BearsDate, Entries: n.Entries(),
		Counts: domain.ImportCounts{
			New: n[New], Amended: n[Substantively] + n[Cosmetic], Unchanged: n[Unchanged] + n[Left], Relisted: n[Reappeared] + n[Reinstated],
			Gone: n[Gone] + n[Missing],
		},
		ParserVersion: snap.Parser, Warnings: someWarnings(slices.Concat(d.notes(), snap.Warnings, d.Warnings)),
	}
}

// notes say in words what the counts have no member for.
func (d Difference) notes() []string {
	var out []string
	n := d.Counts
	if n[Substantively]+n[Cosmetic] > 0 {
		out = append(out, fmt.Sprintf("of the amendments %d are substantive and %d cosmetic", n[Substantively], n[Cosmetic]))
	}
	for text, count := range map[string]int{
		"%d listed again after a gap": n[Reappeared], "%d reinstated": n[Reinstated], "%d removed, with the date that the list states": n[Removed],
		"%d newly gone": n[Gone], "%d listed though removed in the ledger, which the file does not show to be later": n[Left], "%d rows state a delisting of what the ledger never held": len(d.LeftOut),
	} {
		if count > 0 {
			out = append(out, fmt.Sprintf(text, count))
		}
	}
	slices.Sort(out)
	return out
}

func someWarnings(all []string) []string {
	out := all
	if len(all) > maxWarnings {
		out = append(slices.Clone(all[:maxWarnings]), fmt.Sprintf("… and %d more", len(all)-maxWarnings))
	}
	for i, w := range out {
		if r := []rune(w); len(r) > maxWarning {
			out[i] = string(r[:maxWarning]) + "…"
		}
	}
	return out
}
