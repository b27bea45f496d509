package main

import (
	"context"
	"fmt"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
)

// Everything in this file is invented, marked illustrative, and said of
// nobody real: codes XA to XZ, fictional ships and companies.

func invented(d *demo, daysAgo, number int) domain.Common {
	return domain.Common{
		OccurredOn: domain.DateOf(d.clock().AddDate(0, 0, -daysAgo)), Illustrative: true, Confidence: "confirmed",
		SourceRef:  &domain.SourceRef{System: "demo-cases", ID: fmt.Sprintf("D-%04d", number)},
		LegalBasis: []domain.LegalBasis{{Instrument: "Example Sanctions Act", Paragraph: "7"}},
		Case:       fmt.Sprintf("demo-case-%d", number%5+1),
	}
}

func english(text string) *domain.Text { return &domain.Text{Text: text, Language: "en"} }

func company(number int) *domain.Subject {
	names := []string{"Example Harbour Trading Ltd", "Fictional Freight Co", "Sample Bunkering GmbH", "Placeholder Metals SA", "Imaginary Textiles Ltd"}
	return &domain.Subject{Kind: "entity", Names: []domain.Name{{Text: names[number%len(names)], Kind: "primary", Script: "Latn"}}}
}

func fictionalShip(number int) domain.Subject {
	names := []string{"MV EXAMPLE STAR", "MV SAMPLE WAVE", "MV PLACEHOLDER", "MV IMAGINARY"}
	i := number % len(names)
	return domain.Subject{
		Kind: "vessel", Names: []domain.Name{{Text: names[i], Kind: "primary", Script: "Latn"}},
		Identifiers: []domain.Identifier{{Scheme: "call_sign", Value: fmt.Sprintf("XX%02d", i)}},
	}
}

func action(d *demo, number int) said {
	kinds := []string{"penalty", "warning", "settlement", "prosecution", "forfeiture"}
	b := domain.EnforcementActionTaken{
		Common: invented(d, number%90, number), Kind: kinds[number%len(kinds)], Respondent: company(number), Status: "final",
		Regime: "XA-EXAMPLE", Concerning: []domain.Country{"XX"}, Summary: english("Illustrative: brokering of goods for a fictional end user."),
	}
	if b.Kind != "warning" {
		b.Amount = &domain.Money{Amount: fmt.Sprintf("%d.50", 25_000*(number%7+1)), Currency: []string{"EUR", "USD", "JPY"}[number%3]}
	}
	return said{[]domain.AgencyID{customs, treasury}[number%2], "enforcement.action_taken", b}
}

func freeze(d *demo, number int) said {
	return said{treasury, "asset.frozen", domain.AssetFrozen{
		Common: invented(d, number%120, number), Regime: "XA-EXAMPLE", Holder: company(number), AssetKind: "account",
		Institution: "Example Bank (fictional)", Amount: &domain.Money{Amount: fmt.Sprint(90_000 + 1_000*number), Currency: []string{"EUR", "CHF"}[number%2]},
	}}
}

func interdiction(d *demo, number int) said {
	return said{coastguard, "interdiction.executed", domain.InterdictionExecuted{
		Common: invented(d, number%60, number), Regime: "XA-EXAMPLE", Subject: fictionalShip(number), FlagClaimed: []string{"XX", "unknown", "false"}[number%3],
		Place: domain.Place{City: "Port of Example", Country: "XC"}, Outcome: []string{"detained", "diverted", "released", "inspected"}[number%4],
		Cargo:      []domain.CargoItem{{Description: "coal (illustrative)", HSCode: "2701", Quantity: &domain.Quantity{Amount: "1200", Unit: "t"}}},
		Concerning: []domain.Country{"XX"},
	}}
}

func story(d *demo, number int) said {
	switch number % 4 {
	case 0:
		return interdiction(d, number)
	case 1:
		return freeze(d, number)
	}
	return action(d, number)
}

const stories = 40

// tellStories posts illustrative events, then corrects one, disputes one,
// endorses one, releases part of a freeze and explains a figure.
func (d *demo) tellStories(ctx context.Context) error {
	for i := range stories {
		s := story(d, i)
		if _, err := d.post(ctx, s.as, s.wireName, s.payload); err != nil {
			return err
		}
	}
	one, err := d.postSaid(ctx, action(d, 101))
	if err != nil {
		return err
	}
	frozen, err := d.postSaid(ctx, freeze(d, 102))
	if err != nil {
		return err
	}
	return d.talkAbout(ctx, ref(one), ref(frozen))
}

func (d *demo) postSaid(ctx context.Context, s said) (ledger.Receipt, error) {
	return d.post(ctx, s.as, s.wireName, s.payload)
}

func ref(r ledger.Receipt) domain.Ref { return domain.Ref{Index: r.Index, Leaf: r.Leaf} }

func (d *demo) talkAbout(ctx context.Context, one, frozen domain.Ref) error {
	corrected, err := d.correction(one)
	if err != nil {
		return err
	}
	about := invented(d, 0, 103)
	for _, s := range []said{
		corrected,
		{coastguard, "event.disputed", domain.EventDisputed{Common: about, Target: one, Grounds: *english("Illustrative: the company was acting for another owner.")}},
		{coastguard, "event.endorsed", domain.EventEndorsed{Common: about, Target: frozen}},
		{treasury, "asset.unfrozen", domain.AssetUnfrozen{Common: about, Freeze: frozen, Amount: &domain.Money{Amount: "5000", Currency: "EUR"}, Reason: "illustrative: basic expenses licence"}},
		{treasury, "explanation.given", domain.ExplanationGiven{Common: about, Target: &frozen, Text: *english("Illustrative: the amount is as of the end of the month.")}},
	} {
		if _, err := d.postSaid(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) correction(one domain.Ref) (said, error) {
	s := action(d, 101)
	b, _ := s.payload.(domain.EnforcementActionTaken)
	b.Amount = &domain.Money{Amount: "40000", Currency: "EUR"}
	text, err := encode(b)
	return said{s.as, "event.corrected", domain.EventCorrected{
		Target: one, Type: s.wireName, Version: 1, Replacement: text, Reason: "illustrative: the amount was reduced on appeal",
	}}, err
}

// trickle posts an illustrative event now and then, until the process ends.
func (d *demo) trickle(ctx context.Context, every time.Duration) {
	if every <= 0 {
		return
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for number := 1000; ; number++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := d.tell(ctx, number); err != nil {
			d.env.log.Warn("a live event of the demonstration was not recorded", "cause", err)
		}
	}
}

func (d *demo) tell(ctx context.Context, number int) error {
	s := story(d, number)
	_, err := d.post(ctx, s.as, s.wireName, s.payload)
	return err
}
