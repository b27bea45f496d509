package main

import (
	"context"
	"fmt"
	"sync"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/cmd/ledgerd/demodata"
	"github.com/coalition-ledger/coalition-ledger/domain"
)

const (
	unRegime     = "UN-DPRK"
	vesselRegime = "UN-1718-VESSELS"
)

// msmt is the eleven members of the Multilateral Sanctions Monitoring Team,
// and the EU: the states whose implementation the demonstration records.
func msmt() []domain.Country {
	return []domain.Country{"AU", "CA", "DE", "EU", "FR", "GB", "IT", "JP", "KR", "NL", "NZ", "US"}
}

// said is one event to be posted by an agency.
type said struct {
	as       domain.AgencyID
	wireName string
	payload  any
}

// seed fills an empty ledger; one that an earlier run filled is left as it is.
func (d *demo) seed(ctx context.Context) error {
	if d.ledger.Size() > 1 {
		return nil
	}
	facts, err := demodata.Load()
	if err != nil {
		return err
	}
	steps := []func(context.Context) error{
		d.seatMembers,
		func(ctx context.Context) error { return d.decide(ctx, demoDecisions()) },
		func(ctx context.Context) error { return d.postAll(ctx, append(listings(facts), vessels(facts)...)) },
		func(ctx context.Context) error {
			return d.postAll(ctx, append(transpositions(facts), implementations()...))
		},
		func(ctx context.Context) error { return d.postAll(ctx, append(vesselAmendments(facts), duties()...)) },
		d.tellStories,
		d.tellWritten,
		d.subscribe,
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) seatMembers(ctx context.Context) error {
	for _, m := range demoMembers() {
		if _, err := d.post(ctx, domain.RootAgency(m), "member.accepted", domain.MemberAccepted{}); err != nil {
			return err
		}
	}
	for _, id := range d.agencies() {
		root, key := domain.RootAgency(id.Member()), d.keys[id]
		registered := domain.KeyRegistered{Agency: id, Key: key.Public(), Proof: key.Possession(d.ledgerH, id)}
		if _, err := d.post(ctx, root, "agency.registered", domain.AgencyRegistered{Agency: id, Name: demoAgencies()[id]}); err != nil {
			return err
		}
		if _, err := d.post(ctx, root, "key.registered", registered); err != nil {
			return err
		}
	}
	return nil
}

// demoDecisions is what the coalition decides by quorum. A benchmark names its
// regime and so can be enacted only after it.
func demoDecisions() []said {
	basis := func(resolution, paragraph string) []domain.LegalBasis {
		return []domain.LegalBasis{{Instrument: "S/RES/" + resolution, Paragraph: paragraph}}
	}
	return []said{
		{transcriber, "regime.adopted", domain.RegimeAdopted{Regime: domain.Regime{
			ID: unRegime, Name: "United Nations measures on the DPRK: persons and entities", Authority: "UN", Custodian: transcriber,
			Basis: basis("1718 (2006)", "8"), Measures: []string{"asset_freeze", "travel_ban"}, Addressees: msmt(),
		}, SourceURL: "https://scsanctions.un.org/resources/xml/en/consolidated.xml"}},
		{transcriber, "regime.adopted", domain.RegimeAdopted{Regime: domain.Regime{
			ID: vesselRegime, Name: "United Nations measures on the DPRK: designated vessels", Authority: "UN", Custodian: transcriber,
			Basis: basis("2321 (2016)", "12"), Measures: []string{"asset_freeze", "port_entry_ban", "deflag"}, Addressees: msmt(),
		}}},
		{customs, "regime.adopted", domain.RegimeAdopted{Regime: domain.Regime{
			ID: "XA-EXAMPLE", Name: "Example regime of XA (fictional)", Authority: "XA", Custodian: customs,
			Basis: []domain.LegalBasis{{Instrument: "Example Sanctions Act"}}, Measures: []string{"asset_freeze", "port_entry_ban"},
			Addressees: demoMembers(),
		}}},
		{transcriber, "benchmark.adopted", domain.BenchmarkAdopted{
			ID: "demo-30-days", Regime: unRegime, Measure: "transposition_days", Days: 30,
			Text: "National effect within 30 days of a listing. A benchmark of this demonstration, not law.",
		}},
		{customs, "benchmark.adopted", domain.BenchmarkAdopted{
			ID: "demo-14-days", Regime: "XA-EXAMPLE", Measure: "obligation_days", Days: 14,
			Text: "A full report within 14 days of an inspection. A benchmark of this demonstration, not law.",
		}},
	}
}

// decide lets XA propose, all members endorse, and the agency named enact.
func (d *demo) decide(ctx context.Context, decisions []said) error {
	made := domain.ProposalMade{Title: "What the demonstration measures", ExpiresOn: domain.DateOf(d.clock().AddDate(0, 1, 0))}
	for _, s := range decisions {
		text, err := json.Marshal(s.payload)
		if err != nil {
			return fmt.Errorf("encode %s: %w", s.wireName, err)
		}
		made.Drafts = append(made.Drafts, domain.Draft{Type: s.wireName, Version: 1, Payload: text})
	}
	p, err := d.post(ctx, transcriber, "proposal.made", made)
	if err != nil {
		return err
	}
	for _, m := range demoMembers() {
		endorsed := domain.ProposalEndorsed{Proposal: domain.Ref{Index: p.Index, Leaf: p.Leaf}}
		if _, err := d.post(ctx, domain.RootAgency(m), "proposal.endorsed", endorsed); err != nil {
			return err
		}
	}
	for i, s := range decisions {
		if _, err := d.post(ctx, s.as, s.wireName, []byte(made.Drafts[i].Payload)); err != nil {
			return err
		}
	}
	return nil
}

// postAll posts events that do not rest on each other, many at a time, so that
// they share appends.
func (d *demo) postAll(ctx context.Context, events []said) error {
	const clients = 64
	todo, failed := make(chan said), make(chan error, len(events))
	var posting sync.WaitGroup
	for range clients {
		posting.Go(func() {
			for s := range todo {
				if _, err := d.post(ctx, s.as, s.wireName, s.payload); err != nil {
					failed <- err
				}
			}
		})
	}
	for _, s := range events {
		todo <- s
	}
	close(todo)
	posting.Wait()
	close(failed)
	return <-failed
}

func unID(ref string) string { return "UN:" + ref }

func listings(facts demodata.Facts) (out []said) {
	for _, l := range facts.Listings {
		measures := []string{"asset_freeze"}
		if l.Kind == "person" {
			measures = append(measures, "travel_ban")
		}
		out = append(out, said{transcriber, "designation.adopted", domain.DesignationAdopted{
			Common:      domain.Common{SourceRef: &domain.SourceRef{System: "un-consolidated-list", ID: l.Ref}},
			Designation: unID(l.Ref), Regime: unRegime, Authority: "UN", ListRef: l.Ref, AdoptedOn: l.ListedOn, Measures: measures,
			Subject: domain.Subject{Kind: l.Kind, Names: []domain.Name{{Text: l.Name, Kind: "primary", Script: "Latn"}}},
		}})
	}
	return out
}

func transpositions(facts demodata.Facts) (out []said) {
	kinds := map[string]string{}
	for _, l := range facts.Listings {
		kinds[l.Ref] = l.Kind
	}
	for _, t := range facts.Transpositions {
		out = append(out, said{transcriber, "designation.transposed", domain.DesignationTransposed{
			Common:      domain.Common{SourceRef: &domain.SourceRef{System: "jp-mof-workbook", ID: t.NationalRef}},
			Designation: unID(t.Ref), Member: "JP", NationalRef: t.NationalRef, NoticeOn: t.NoticeOn, Measures: []string{"asset_freeze"},
			Instrument: "Foreign Exchange and Foreign Trade Act, notice of the Ministry of Foreign Affairs",
			Entry:      &domain.Subject{Kind: kinds[t.Ref], Names: []domain.Name{{Text: t.Name, Kind: "primary", Script: "Jpan", Language: "ja"}}},
			LinkReasons: []string{
				"position and notice date in the workbook follow the UN's list", "the names agree after transliteration",
			},
		}})
	}
	return out
}
