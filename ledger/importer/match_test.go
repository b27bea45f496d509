package importer

import (
	"errors"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func listed(ref string, on domain.Date, names ...string) Entry {
	e := Entry{Ref: ref, Kind: "person", ListedOn: on}
	for _, n := range names {
		e.Subject.Names = append(e.Subject.Names, domain.Name{Text: n, Script: Script(n)})
	}
	return e
}

func TestMatch(t *testing.T) {
	un := []Entry{
		listed("X.001", "2017-06-02", "JANG BOM SU", "Jang Pom Su"),
		listed("X.002", "2017-06-02", "RI U'N SO’NG"),
		listed("X.003", "2017-08-05", "KIM CHOL NAM"),
		listed("X.004", "2017-08-05", "KIM CHOL NAM"),
		listed("X.005", "2017-08-05", "OREL VANTA"),
	}
	national := []Entry{
		listed("n/1", "2017-06-09", "リ・ウンソン", "Ri Un Song"),
		listed("n/2", "2017-06-09", "チャン・ポムス", "Chang Pom-su"),
		listed("n/3", "2017-08-16", "KIM CHOL NAM"),
		listed("n/4", "2009-01-01", "OREL VANTA"),
		listed("n/5", "2017-08-16", "Nobody Alike"),
	}
	got := make(map[string]Proposal)
	for _, p := range Match(un, national) {
		got[p.NationalRef] = p
	}
	for ref, want := range map[string]struct {
		un        string
		confirmed bool
	}{
		"n/1": {"X.002", true},  // out of order, apostrophes
		"n/2": {"X.001", true},  // romanisation
		"n/3": {"X.003", false}, // two of one name: order decides, a human confirms
		"n/4": {"X.005", false}, // national date before the listing
	} {
		if p := got[ref]; p.UNRef != want.un || p.Confirmed != want.confirmed || len(p.Reasons) < 2 {
			t.Errorf("%s: got %+v, want %s, confirmed %v", ref, p, want.un, want.confirmed)
		}
	}
	if p, ok := got["n/5"]; ok {
		t.Errorf("a proposal for a name that nothing resembles: %+v", p)
	}
}

func TestScript(t *testing.T) {
	for s, want := range map[string]string{
		"Kim Chol": "Latn", "김철": "Hang", "صدام": "Arab", "Абу": "Cyrl", "長安海連": "Hani", "キム・チョル": "Jpan", "123": "", "原子力 MAEI ミ": "Jpan",
	} {
		if got := Script(s); got != want {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
}

func TestDay(t *testing.T) {
	for s, want := range map[string]domain.Date{"2009-04-24": "2009-04-24", "2009-04-24-04:00": "2009-04-24", " 1960 ": "1960", "2009-02-30": "", "na": ""} {
		if got, ok := Day(s); ok != (want != "") || ok && got != want {
			t.Errorf("%q: got %q, %v", s, got, ok)
		}
	}
}

func TestIMOSchemesDiffer(t *testing.T) {
	// A company's number, a ship's, one that passes as both, one as neither.
	for n, want := range map[string][2]bool{"5571322": {true, false}, "7303803": {false, true}, "1790183": {true, true}, "1234568": {false, false}, "12345": {false, false}} {
		if got := [2]bool{ValidIMOCompany(n), domain.ValidIMO(n)}; got != want {
			t.Errorf("%s: company, ship = %v, want %v", n, got, want)
		}
	}
}

func TestCheckText(t *testing.T) {
	if r := CheckText("f", []byte("één\r\n\t한")); r != nil {
		t.Errorf("sound text refused: %v", r)
	}
	var refused *Refused
	err := error(CheckText("f", []byte("a\nb\xe9")))
	if !errors.As(err, &refused) || refused.Offset != 3 || refused.Line != 2 || !strings.Contains(err.Error(), "f:2 (byte 3)") {
		t.Errorf("got %v", err)
	}
}
