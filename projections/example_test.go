package projections_test

import (
	"fmt"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// What was known when only the founding was recorded differs from what is
// known now; both are answers of the same views.
func ExampleViews_Summary() {
	v := projections.NewViews()
	fold := func(i uint64, body domain.Body) {
		v.Fold(domain.Fact{Index: i, Event: domain.Event{Header: domain.Header{Issuer: "JP/root"}, Body: body}})
	}
	fold(0, domain.CoalitionFounded{Members: []domain.Founding{{Code: "JP"}, {Code: "US"}}})
	fold(1, domain.MemberAdmitted{Member: domain.Founding{Code: "KR"}})

	founding := uint64(0)
	fmt.Println(v.Summary(projections.Query{AsOf: &founding}).Members, "members at the founding")
	fmt.Println(v.Summary(projections.Query{}).Members, "members now")
	// Output:
	// 2 members at the founding
	// 3 members now
}
