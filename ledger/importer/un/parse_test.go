package un_test

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/un"
	"github.com/google/go-cmp/cmp"
)

const person = `<INDIVIDUAL><DATAID>1</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>VANTA </FIRST_NAME><SECOND_NAME>OREL</SECOND_NAME>
<UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>XAi.001 </REFERENCE_NUMBER><LISTED_ON>2017-06-02-04:00</LISTED_ON><GENDER>Male</GENDER>
<NAME_ORIGINAL_SCRIPT>반타 오렐</NAME_ORIGINAL_SCRIPT><COMMENTS1>First line
second &lt;line&gt;</COMMENTS1><DESIGNATION><VALUE>Director</VALUE></DESIGNATION>
<NATIONALITY><VALUE>Democratic People's Republic of Korea</VALUE><VALUE>former Soviet Union</VALUE></NATIONALITY>
<LAST_DAY_UPDATED><VALUE>2020-01-02</VALUE><VALUE/></LAST_DAY_UPDATED>
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Vanta O; Orel V</ALIAS_NAME><DATE_OF_BIRTH>1960</DATE_OF_BIRTH></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ADDRESS><CITY>Pyongyang</CITY><COUNTRY>DPRK</COUNTRY></INDIVIDUAL_ADDRESS>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1960</FROM_YEAR><TO_YEAR>1962</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>PX123</NUMBER><ISSUING_COUNTRY>Iran (Islamic Republic of)</ISSUING_COUNTRY><DATE_OF_ISSUE>2011-02-03</DATE_OF_ISSUE></INDIVIDUAL_DOCUMENT>
<SORT_KEY/></INDIVIDUAL>`

func document(individuals, entities string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09.554Z"><INDIVIDUALS>` +
		individuals + `</INDIVIDUALS><ENTITIES>` + entities + `</ENTITIES></CONSOLIDATED_LIST>`
}

func entity(ref, comment string) string {
	return `<ENTITY><FIRST_NAME>ORE LINE</FIRST_NAME><UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>` + ref +
		`</REFERENCE_NUMBER><LISTED_ON>2018-03-30</LISTED_ON><COMMENTS1>` + comment + `</COMMENTS1>` +
		`<ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>OLD ORE</ALIAS_NAME></ENTITY_ALIAS></ENTITY>`
}

func TestParsePerson(t *testing.T) {
	list, err := un.Parse(strings.NewReader(document(person, "")), "list.xml")
	if err != nil {
		t.Fatal(err)
	}
	if list.PublishedOn != "2026-02-27" || len(list.Entries) != 1 {
		t.Fatalf("got published %s and %d entries", list.PublishedOn, len(list.Entries))
	}
	want := importer.Entry{
		Ref: "XAi.001", RawRef: "XAi.001 ", List: "DPRK", Kind: "person", ListedOn: "2017-06-02", UpdatedOn: []domain.Date{"2020-01-02"},
		Place: "list.xml:1", Warnings: []string{`reference "XAi.001 " was read as XAi.001`},
		Subject: domain.Subject{
			Kind: "person", Gender: "male",
			Names: []domain.Name{
				{Text: "VANTA OREL", Kind: "primary", Script: "Latn", Parts: []domain.NamePart{{Part: "first", Text: "VANTA"}, {Part: "second", Text: "OREL"}}},
				{Text: "반타 오렐", Kind: "original", Script: "Hang"},
				{Text: "Vanta O", Kind: "aka", Script: "Latn", Quality: "good"},
				{Text: "Orel V", Kind: "aka", Script: "Latn", Quality: "good"},
			},
			Identifiers: []domain.Identifier{
				{Scheme: "un_ref", Value: "XAi.001"},
				{Scheme: "passport", Value: "PX123", Country: "IR", IssuedOn: "2011-02-03", Label: "Passport"},
			},
			BirthDates:    []domain.FuzzyDate{{Type: "between", From: "1960", To: "1962"}},
			Addresses:     []domain.Place{{City: "Pyongyang", Country: "KP", CountryText: "DPRK"}},
			Nationalities: []domain.Text{{Text: "Democratic People's Republic of Korea", Language: "en", Code: "KP"}, {Text: "former Soviet Union", Language: "en"}},
			Roles:         []domain.Text{{Text: "Director", Language: "en"}},
			Remarks:       []domain.Text{{Text: "First line\nsecond <line>", Language: "en", Label: "COMMENTS1"}},
			Raw: []domain.RawField{
				{Path: "DATAID", Value: "1"},
				{Path: "VERSIONNUM", Value: "1"},
				{Path: "FIRST_NAME", Value: "VANTA "},
				{Path: "UN_LIST_TYPE", Value: "DPRK"},
				{Path: "REFERENCE_NUMBER", Value: "XAi.001 "},
				{Path: "LISTED_ON", Value: "2017-06-02-04:00"},
				{Path: "LAST_DAY_UPDATED/VALUE[0]", Value: "2020-01-02"},
				{Path: "INDIVIDUAL_ALIAS[0]/ALIAS_NAME", Value: "Vanta O; Orel V"},
				{Path: "INDIVIDUAL_ALIAS[0]/DATE_OF_BIRTH", Value: "1960"},
				{Path: "INDIVIDUAL_DOCUMENT/ISSUING_COUNTRY", Value: "Iran (Islamic Republic of)"},
			},
		},
	}
	if diff := cmp.Diff(want, list.Entries[0]); diff != "" {
		t.Fatalf("entry differs (-want +got):\n%s", diff)
	}
}

func TestReferenceNoise(t *testing.T) {
	for printed, want := range map[string]string{"KPi.055.1": "KPi.055", "KPi.063 .1": "KPi.063", "KPe.023 ": "KPe.023", "KPe.001": "KPe.001"} {
		list, err := un.Parse(strings.NewReader(document("", entity(printed, ""))), "l")
		if err != nil {
			t.Fatal(err)
		}
		e := list.Entries[0]
		if e.Ref != want || e.RawRef != printed || (len(e.Warnings) > 0) != (want != printed) {
			t.Errorf("%q: got %q, raw %q, warnings %v", printed, e.Ref, e.RawRef, e.Warnings)
		}
		if name := e.Subject.Names[1]; name.Kind != "fka" {
			t.Errorf("alias kind is %q, want fka", name.Kind)
		}
	}
}

func TestIMONumbers(t *testing.T) {
	for comment, want := range map[string]string{
		"Registered owner of CHON MYONG 1. IMO number: 5571322.":  "imo_company", // passes as a company's only
		"(IMO) Number: 1790183.":                                  "imo_company", // passes as both: the entity's own
		"Operates the vessel ORE, IMO 7303803, since 2017.":       "imo",
		"Operates the vessel ORE, IMO 7303804, since 2017.":       "",
		"Telephone 7303803; loaded 7303803 tons of coal for IMO.": "",
	} {
		list, err := un.Parse(strings.NewReader(document("", entity("KPe.001", comment))), "l")
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, id := range list.Entries[0].Subject.Identifiers[1:] {
			got += id.Scheme
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", comment, got, want)
		}
	}
}

func TestRefusesTheWholeFile(t *testing.T) {
	good := document("", entity("KPe.001", "x"))
	at := int64(strings.Index(good, "ORE LINE"))
	for name, c := range map[string]struct {
		file, reason string
		offset       int64
	}{
		"latin-1 byte":        {strings.Replace(good, "ORE LINE", "\xe9RE LINE", 1), "0xE9 is not UTF-8", at},
		"substitute":          {strings.Replace(good, "ORE LINE", "\x1aRE LINE", 1), "U+001A", at},
		"cut short":           {good[:len(good)-40], "breaks off", -2},
		"cut in an entry":     {good[:at], "breaks off", -2},
		"empty":               {"", "breaks off", -2},
		"duplicate":           {document("", entity("KPe.001", "x")+entity("KPe.001 ", "y")), "stands twice", -2},
		"no reference":        {document("", entity("", "x")), "no REFERENCE_NUMBER", -2},
		"another document":    {`<sdnList/>`, "is this the consolidated list?", -2},
		"two roots":           {good + good[strings.Index(good, "<CONS"):], "CONSOLIDATED_LIST alone", -2},
		"document type":       {`<!DOCTYPE x [<!ENTITY a "b">]>` + good, "document type", -2},
		"unknown entity":      {strings.Replace(good, "ORE LINE", "&a;", 1), "breaks off", -2},
		"no date":             {strings.Replace(good, "dateGenerated", "date", 1), "dateGenerated", -2},
		"unknown section":     {strings.Replace(strings.Replace(good, "<ENTITIES>", "<SHIPS>", 1), "</ENTITIES>", "</SHIPS>", 1), "unknown section", -2},
		"nested without end":  {document("", strings.Repeat("<ENTITY>", 40)), "nested", -2},
		"entry of other kind": {document(entity("KPe.001", ""), ""), "INDIVIDUAL is expected", -2},
	} {
		_, err := un.Parse(strings.NewReader(c.file), "list.xml")
		var refused *importer.Refused
		if !errors.As(err, &refused) {
			t.Errorf("%s: got %v, want a refusal", name, err)
			continue
		}
		if !strings.Contains(err.Error(), c.reason) || c.offset != -2 && refused.Offset != c.offset {
			t.Errorf("%s: got %v", name, err)
		}
	}
	_, err := un.Parse(strings.NewReader(good[:at]), "l")
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a file cut short: got %v, want io.ErrUnexpectedEOF within", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(document(person, entity("KPe.001", "IMO number: 5571322"))))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := un.Parse(strings.NewReader(string(data)), "f")
		if err != nil {
			return
		}
		seen := make(map[string]bool)
		for _, e := range list.Entries {
			if e.Ref == "" || seen[e.Ref] {
				t.Fatalf("accepted reference %q", e.Ref)
			}
			seen[e.Ref] = true
			if _, err := json.Marshal(e); err != nil {
				t.Fatal(err)
			}
		}
	})
}
