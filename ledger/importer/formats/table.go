package formats

import (
	"fmt"
	"io"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/au"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/ca"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/un"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/vessels"
)

// Format is one line of the table.
type Format struct {
	Name      string         // of the command's argument
	Title     string         // for help and messages
	Authority domain.Country // whose list it is
	Sources   []Source       // the lists that the format reads
	Endings   string         // of the names of its files, divided by spaces
	Whole     bool           // all regimes are read without being asked for
	Parser    string         // name and version of the reader, as list.imported keeps them
	Key       string         // scheme of the identifier that says between editions which subject is meant, where the reference does not

	parse  func(io.Reader, string) (*importer.List, error)
	folder bool // a snapshot may be a folder of several files
	regime func(importer.Entry) string
	rests  func(importer.Entry) string // reference at the UN of what an entry rests on
}

// Source is one list of a format.
type Source struct {
	ID    string // UN-SC-consolidated
	title string // as List.Source begins
	owns  func(ref string) bool
}

// All returns the table.
func All() []Format {
	return []Format{
		{
			Name: "un", Title: "the UN Security Council's consolidated list", Authority: "UN", Whole: true, Parser: "un 1", Endings: ".xml", parse: un.Parse, regime: listType,
			Sources: []Source{{ID: "UN-SC-consolidated", owns: func(ref string) bool { return !isShip(ref) }}},
		},
		{
			Name: "vessels", Title: "the UN's 1718 Designated Vessels List", Authority: "UN", Whole: true, Parser: "vessels 1", Key: "imo", Endings: ".html .htm", parse: vessels.Parse, regime: ships, rests: vessels.Owner,
			Sources: []Source{{ID: "UN-1718-vessels", owns: isShip}},
		},
		{
			Name: "ofac", Title: "the SDN list of the United States' OFAC", Authority: "US", Parser: "ofac 2", Endings: ".csv .xml", parse: ofacXML, folder: true, regime: program, rests: listedByUN,
			Sources: []Source{{ID: "US-OFAC-SDN"}},
		},
		{
			Name: "eu", Title: "the European Union's consolidated list", Authority: "EU", Parser: "eu 2", Endings: ".xml .csv", parse: parseEU, regime: programme, rests: listedByUN,
			Sources: []Source{{ID: "EU-FSF"}},
		},
		{
			Name: "uk", Title: "the UK Sanctions List, or OFSI's ConList", Authority: "GB", Parser: "uk 2", Endings: ".xml .csv", parse: parseUK, regime: regulations, rests: listedByUN,
			Sources: []Source{{ID: "GB-sanctions-list", title: "UK Sanctions List", owns: func(ref string) bool { return !numeric(ref) }}, {ID: "GB-OFSI-conlist", title: "OFSI", owns: numeric}},
		},
		{
			Name: "ca", Title: "Canada's consolidated autonomous sanctions list", Authority: "CA", Whole: true, Parser: "ca 1", Endings: ".xml", parse: ca.Parse, regime: country,
			Sources: []Source{{ID: "CA-SEMA"}},
		},
		{
			Name: "au", Title: "Australia's consolidated list", Authority: "AU", Parser: "au 2", Endings: ".xlsx", parse: au.Parse, regime: committee, rests: listedByUN,
			Sources: []Source{{ID: "AU-DFAT"}},
		},
		{
			Name: "jp", Title: "Japan's own designations on the DPRK (sheets 1695 and coordinated)", Authority: "JP", Whole: true, Parser: "jp 1", Endings: ".xlsx", parse: parseJP, regime: japan,
			Sources: []Source{{ID: "JP-MOF"}},
		},
	}
}

// Named finds a format.
func Named(name string) (Format, error) {
	var names []string
	for _, f := range All() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return Format{}, fmt.Errorf("no list is called %q: choose one of %s", name, strings.Join(names, " "))
}

// Regime is the regime under which an entry is designated.
func (f Format) Regime(e importer.Entry) string { return string(f.Authority) + "-" + f.regime(e) }

// Usual reports whether entries of a regime are read without being asked for.
func (f Format) Usual(regime string) bool {
	return f.Whole || regime == string(f.Authority)+"-DPRK"
}

// Basis is the UN's designation that an entry names as what it rests on, "" when
// it names none: of a national listing the UN's, of a ship its owner's.
func (f Format) Basis(e importer.Entry) string {
	if f.rests == nil {
		return ""
	}
	if ref := f.rests(e); ref != "" {
		return "UN:" + fit(ref)
	}
	return ""
}

func listedByUN(e importer.Entry) string {
	for _, i := range e.Subject.Identifiers {
		if i.Scheme == "un_ref" {
			return i.Value
		}
	}
	return ""
}
