package history

import (
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// same compares two subjects value by value. Most entries of a file are as they
// were, so this must be cheap: what differs is looked at more closely later.
func same(a, b domain.Subject) bool {
	return a.Kind == b.Kind && a.Gender == b.Gender && slices.EqualFunc(a.Names, b.Names, sameName) &&
		slices.Equal(a.Identifiers, b.Identifiers) && slices.Equal(a.BirthDates, b.BirthDates) && slices.Equal(a.BirthPlaces, b.BirthPlaces) &&
		slices.Equal(a.Addresses, b.Addresses) && slices.Equal(a.Nationalities, b.Nationalities) && slices.Equal(a.Titles, b.Titles) &&
		slices.Equal(a.Roles, b.Roles) && slices.Equal(a.Flags, b.Flags) && slices.Equal(a.Remarks, b.Remarks) && slices.Equal(a.Raw, b.Raw)
}

func sameName(a, b domain.Name) bool {
	return a.Text == b.Text && a.Kind == b.Kind && a.Script == b.Script && a.Language == b.Language &&
		a.Quality == b.Quality && a.Note == b.Note && slices.Equal(a.Parts, b.Parts)
}

// sameMeasures compares without regard to order.
func sameMeasures(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
