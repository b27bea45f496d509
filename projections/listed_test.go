package projections

import (
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func TestListedIsTheRegister(t *testing.T) {
	j := given([]domain.Country{"JP", "XA", "US"}, "US", "EU")
	un := j.add(transcriber, listing("UN", "1", "vessel", "A SHIP", "2017-01-01"))
	amended := ship()
	j.add(transcriber, domain.DesignationAmended{Designation: "UN:1", Subject: &amended, Common: domain.Common{Handling: "TLP:GREEN"}})
	eu := listing("EU", "2", "vessel", "A SHIP", "2017-02-01")
	eu.Basis = "UN:1"
	j.add(transcriber, eu)
	us := listing("US", "3", "vessel", "A SHIP", "2017-03-01")
	us.Basis = "EU:2"
	j.add(transcriber, us)
	j.add(transcriber, domain.SubjectLinked{A: "UN:1", B: "US:3", Relation: "same_as", Reasons: []string{"one hull"}})
	j.add("JP/mof", transposed("JP", "UN:1", "2017-05-01"))
	v := j.views(-1)
	var got []Listed
	for d := range v.Listed(RegisterQuery{}) {
		got = append(got, d)
	}
	if page := v.Register(RegisterQuery{}); len(got) != page.Total || got[2].ID != page.Designations[2].ID {
		t.Fatalf("%d designations, the register has %d", len(got), page.Total)
	}
	first, last := got[1], got[2]
	if first.ID != "UN:1" || first.At.Index != un || first.At.Handling != "TLP:GREEN" || len(first.Subject.Identifiers) != 1 || len(first.Links) != 1 {
		t.Errorf("UN:1 reads %+v", first)
	}
	if len(first.Transpositions) != 1 || !first.LastAt.After(first.At.RecordedAt) {
		t.Errorf("UN:1 has %d transpositions", len(first.Transpositions))
	}
	if len(last.Rests) != 2 || last.Rests[1].Designation != "UN:1" {
		t.Errorf("US:3 rests on %v", last.Rests)
	}
	for d := range v.Listed(RegisterQuery{Regime: "UN-DPRK", Query: Query{On: "2017-04-30"}}) {
		if d.ID != "UN:1" || len(d.Transpositions) != 0 {
			t.Errorf("%s has %d transpositions the day before there was one", d.ID, len(d.Transpositions))
		}
	}
}

// A circle of bases is recorded by no ledger, and hangs no export.
func TestBasesInACircle(t *testing.T) {
	j := given([]domain.Country{"XA"})
	a, b := listing("UN", "1", "vessel", "A", "2017-01-01"), listing("UN", "2", "vessel", "B", "2017-01-01")
	a.Basis, b.Basis = "UN:2", "UN:1"
	j.add(transcriber, a)
	j.add(transcriber, b)
	for d := range j.views(-1).Listed(RegisterQuery{}) {
		if len(d.Rests) != 1 {
			t.Errorf("%s rests on %d", d.ID, len(d.Rests))
		}
	}
}

func TestActsAndJournal(t *testing.T) {
	j := given([]domain.Country{"JP", "XA"})
	stop := domain.InterdictionExecuted{Outcome: "detained", Subject: ship()}
	stop.OccurredOn = "2018-02-01"
	act := j.add("JP/coast-guard", stop)
	j.withdraw(j.add("JP/coast-guard", stop))
	j.dispute("XA/mof", act)
	v := j.views(-1)
	n := 0
	for a := range v.Acts(Query{}) {
		n++
		if a.At.Index != act || a.Type != "interdiction.executed" || !a.Marks.Disputed {
			t.Errorf("act %+v", a)
		}
	}
	for range v.Acts(Query{On: "2018-01-31"}) {
		t.Error("an act before it happened")
	}
	size := 0
	for r, kind := range v.Journal(Query{}) {
		if r.Index != uint64(size) || kind != j.facts[size].Type {
			t.Errorf("record %d is %d %s", size, r.Index, kind)
		}
		size++
	}
	if n != 1 || size != len(j.facts) {
		t.Errorf("%d acts, %d records", n, size)
	}
	for _, c := range []struct {
		a, b string
		want bool
	}{{"TLP:RED", "TLP:AMBER", true}, {"TLP:CLEAR", "", false}, {"", "TLP:RED", false}, {"TLP:GREEN", "", true}, {"", "", false}} {
		if got := Stricter(c.a, c.b); got != c.want {
			t.Errorf("%q stricter than %q: %v", c.a, c.b, got)
		}
	}
	if stricter("TLP:CLEAR", "") != "TLP:CLEAR" || stricter("TLP:RED", "TLP:GREEN") != "TLP:RED" || stricter("TLP:GREEN", "TLP:RED") != "TLP:RED" {
		t.Error("a label is lost to one that binds less")
	}
}
