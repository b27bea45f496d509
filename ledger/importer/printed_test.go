package importer_test

import (
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

func TestSlashDay(t *testing.T) {
	for text, want := range map[string]domain.Date{
		"03/02/1961": "1961-02-03", "3/2/1961": "1961-02-03", " 03/02/1961 ": "1961-02-03",
		"00/00/1960": "1960", "dd/mm/1960": "1960", "DD/MM/1960": "1960", "00/02/1960": "1960-02", "dd/11/1960": "1960-11",
		"03/00/1960": "", "31/02/1960": "", "01/13/1960": "", "15/08/19yy": "", "1960": "", "": "", "1/2/60": "",
	} {
		got, ok := importer.SlashDay(text)
		if !ok {
			got = ""
		}
		if got != want || ok != (want != "") {
			t.Errorf("%q: got %q, %v, want %q", text, got, ok, want)
		}
	}
}

func TestIMONumber(t *testing.T) {
	for _, c := range []struct {
		kind, printed, scheme, value string
		warned                       bool
	}{
		{"vessel", "IMO9074729", "imo", "9074729", false},
		{"vessel", "imo number: 9074729 ", "imo", "9074729", false},
		{"vessel", "5500112", "imo_company", "5500112", true},
		{"vessel", "9074720", "other", "9074720", true},
		{"vessel", "IMO", "other", "IMO", true},
		{"entity", "IMO 5500112", "imo_company", "5500112", false},
		{"entity", "5550012", "imo_company", "5550012", false}, // passes as both: the entity's own
		{"entity", "9074729", "imo", "9074729", true},
	} {
		id, warning := importer.IMONumber(c.kind, c.printed)
		if id.Scheme != c.scheme || id.Value != c.value || (warning != "") != c.warned {
			t.Errorf("%s %q: got %+v, warning %q", c.kind, c.printed, id, warning)
		}
	}
}
