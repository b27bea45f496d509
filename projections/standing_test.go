package projections

import (
	"bytes"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// What is listed again under its old reference is the same designation.
func TestReinstatedDesignationIsListedAgain(t *testing.T) {
	j := given([]domain.Country{"JP"})
	j.add(transcriber, listing("UN", "001", "entity", "One", "2017-01-01"))
	j.add(transcriber, domain.DesignationRemoved{Designation: "UN:001", RemovedOn: "2019-01-01", Reason: "delisted"})
	back := j.add(transcriber, domain.DesignationReinstated{Designation: "UN:001", ReinstatedOn: "2020-01-01", Measures: []string{"travel_ban"}, Reason: "again"})
	j.add(transcriber, domain.DesignationSuspended{Designation: "UN:001", SuspendedOn: "2021-01-01", Reason: "court"})
	for day, want := range map[domain.Date]string{"2018-01-01": StatusListed, "2019-06-01": StatusRemoved, "2020-06-01": StatusListed, "2021-06-01": StatusSuspended} {
		d, ok := j.views(-1).Designation("UN:001", Query{On: day})
		if !ok || d.Status != want {
			t.Errorf("on %s: %q, want %q", day, d.Status, want)
		}
	}
	if d, _ := j.views(-1).Designation("UN:001", Query{On: "2020-06-01"}); len(d.Measures) != 1 || d.Measures[0] != "travel_ban" {
		t.Errorf("measures after the reinstatement: %v", d.Measures)
	}
	j.withdraw(back)
	if d, _ := j.views(-1).Designation("UN:001", Query{On: "2020-06-01"}); d.Status != StatusRemoved {
		t.Errorf("%q after the reinstatement was withdrawn", d.Status)
	}
}

// A ship's dossier holds what was seen of it and done to it.
func TestDossierHoldsSightings(t *testing.T) {
	j := given([]domain.Country{"JP"})
	star := domain.Subject{Kind: "vessel", Names: []domain.Name{{Text: "Star"}}, Identifiers: []domain.Identifier{{Scheme: "imo", Value: "9074729"}}}
	other := domain.Subject{Kind: "vessel", Names: []domain.Name{{Text: "Other"}}}
	j.add("JP/coast-guard", domain.ShipToShipTransferReported{Vessels: []domain.TransferVessel{{Vessel: other}, {Vessel: star}}})
	seen := domain.VesselObserved{Vessel: star}
	seen.Concerning = []domain.Country{"XE"}
	j.add("JP/coast-guard", seen)
	d, ok := j.views(-1).Subject("IMO 9074729", Query{})
	if !ok || d.EventsTotal != 2 || d.Name != "Star" {
		t.Errorf("found %v: %q with %d events", ok, d.Name, d.EventsTotal)
	}
}

// A snapshot keeps the newest shape, and the version that was signed.
func TestSaveKeepsUpcastBodies(t *testing.T) {
	j := given([]domain.Country{"JP"})
	i := j.add("JP/mof", domain.SubjectLinked{A: "UN:1", B: "JP:1", Relation: "same_as", Basis: "unstated", Reasons: []string{"r"}})
	j.facts[i].Version = 1
	var out bytes.Buffer
	h := j.views(-1).history
	if err := h.Save(&out); err != nil {
		t.Fatal(err)
	}
	back := newHistory()
	if err := back.Load(&out); err != nil {
		t.Fatal(err)
	}
	b, ok := back.rows[i].body.(domain.SubjectLinked)
	if !ok || b.Basis != "unstated" || back.rows[i].version != 1 {
		t.Errorf("version %d, %+v", back.rows[i].version, back.rows[i].body)
	}
}
