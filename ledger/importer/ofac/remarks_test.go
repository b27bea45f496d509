package ofac_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func shape(payload []byte) *domain.Refusal {
	decoded, refusal := domain.Decode(domain.Header{Type: "designation.adopted", Version: 1}, payload)
	if refusal != nil {
		return refusal
	}
	return domain.CheckShape(decoded, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
}

// remarkCases are remarks, and what becomes of them as JSON of the parts of the
// subject that they fill, the part that the test adds left out.
var remarkCases = map[string]string{
	"Vessel Registration Identification IMO 7303803.":  `[{"scheme":"imo","value":"7303803","label":"Vessel Registration Identification IMO"}]`,
	"Vessel Registration Identification IMO 5571322.":  `[{"scheme":"imo_company","value":"5571322","label":"Vessel Registration Identification IMO"}]!`,
	"Vessel Registration Identification IMO 7303804.":  `[{"scheme":"other","value":"7303804","label":"Vessel Registration Identification IMO"}]!`,
	"Vessel Registration Identification 7303803.":      `[{"scheme":"imo","value":"7303803","label":"Vessel Registration Identification"}]`,
	"Digital Currency Address - ETH 0xAb01":            `[{"scheme":"wallet","value":"0xAb01","label":"Digital Currency Address","chain":"ETH"}]`,
	"alt. Digital Currency Address - XBT 1Ore.":        `[{"scheme":"wallet","value":"1Ore","label":"Digital Currency Address","chain":"XBT"}]`,
	"SWIFT/BIC OREAKPPY":                               `[{"scheme":"swift","value":"OREAKPPY","label":"SWIFT/BIC"}]`,
	"Aircraft Tail Number EP-ORE":                      `[{"scheme":"registration","value":"EP-ORE","label":"Aircraft Tail Number"}]`,
	"National ID No. 66 73767 (Belgium)":               `[{"scheme":"national_id","value":"66 73767","country":"BE","label":"National ID No."}]`,
	"Cedula No. 16 (Oreland) issued 04 May 2001":       `[{"scheme":"national_id","value":"16","issued_on":"2001-05-04","label":"Cedula No.","note":"Oreland"}]`,
	"NIT # 8001-7 (Colombia)":                          `[{"scheme":"other","value":"8001-7","country":"CO","label":"NIT #"}]`,
	"Tax ID No. AABA 670850 Y":                         `[{"scheme":"other","value":"AABA 670850 Y","label":"Tax ID No."}]`,
	"Passport lost in 2004 and found.":                 `[{"text":"Passport lost in 2004 and found","language":"en"}]`,
	"Passport":                                         `[{"text":"Passport","language":"en"}]`,
	"U.S.A. Passport issued 21 Jun 1992 in Ore, Egypt": `[{"text":"U.S.A. Passport issued 21 Jun 1992 in Ore, Egypt","language":"en"}]`,
	"Secondary sanctions risk: Ore Act, section 5.1":   `[{"text":"Ore Act, section 5.1","language":"en","label":"Secondary sanctions risk"}]`,
	"Additional Sanctions Information - Subject to X":  `[{"text":"Subject to X","language":"en","label":"Additional Sanctions Information"}]`,
	"Linked To: PETROLEOS, S.A.":                       `[{"text":"PETROLEOS, S.A.","language":"en","label":"Linked To"}]`,
	"Linked To: ORE GROUP.":                            `[{"text":"ORE GROUP","language":"en","label":"Linked To"}]`,
	"a.k.a. 'K.A.S.'.":                                 `[{"text":"K.A.S.","kind":"aka","script":"Latn","quality":"low"}]`,
	"f.k.a. 'AL-'UMAR'":                                `[{"text":"AL-'UMAR","kind":"fka","script":"Latn","quality":"low"}]`,
	"DOB 1946":                                         `[{"type":"exact","date":"1946"}]`,
	"DOB Sep 1938.":                                    `[{"type":"exact","date":"1938-09"}]`,
	"DOB circa 1979-1982":                              `[{"type":"approximately","from":"1979","to":"1982"}]`,
	"DOB 01 Jan 1961 to 31 Dec 1962":                   `[{"type":"between","from":"1961-01-01","to":"1962-12-31"}]`,
	"DOB before the war":                               `[{"text":"before the war"}]!`,
	"POB Ore":                                          `[{"text":"Ore"}]`,
	"citizen Korea, North":                             `[{"text":"Korea, North","language":"en","code":"KP","label":"citizen"}]`,
	"Former Vessel Flag None Identified":               `[{"text":"None Identified","language":"en","label":"Former Vessel Flag"}]`,
	"Gender Female":                                    `"female"`,
	" ; . ":                                            ``,
}

func TestRemarks(t *testing.T) {
	for remarks, want := range remarkCases {
		files := small()
		files["sdn.csv"] = `102,"ORE LINE","vessel","DPRK4",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"` + remarks + `"` + "\r\n" + end
		files["add.csv"], files["alt.csv"] = end, end
		list, err := parseSet(files)
		if err != nil {
			t.Fatal(err)
		}
		s := list.Entries[0].Subject
		got := ""
		for _, part := range []any{s.Names[1:], s.Identifiers[1:], s.BirthDates, s.BirthPlaces, s.Nationalities, s.Flags, s.Remarks, s.Gender} {
			text, err := json.Marshal(part)
			if err != nil {
				t.Fatal(err)
			}
			if s := string(text); s != "null" && s != "[]" && s != `""` {
				got += s
			}
		}
		got += strings.Repeat("!", len(list.Entries[0].Warnings))
		if got != want {
			t.Errorf("%q: got %s, want %s", remarks, got, want)
		}
	}
}

func TestCompanyNumbers(t *testing.T) {
	for remarks, want := range map[string]string{
		"Identification Number IMO 5571322.": "imo_company",
		"Company Number IMO 1790183.":        "imo_company", // passes as a ship's too: the company's own
		"Identification Number IMO 7303804.": "other!",
	} {
		files := small()
		files["sdn.csv"] = strings.Replace(files["sdn.csv"], `"CAATSA - RUSSIA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- `, `"DPRK",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"`+remarks+`"`, 1)
		list, err := parseSet(files)
		if err != nil {
			t.Fatal(err)
		}
		e := list.Entries[2]
		if got := e.Subject.Identifiers[1].Scheme + strings.Repeat("!", len(e.Warnings)); got != want {
			t.Errorf("%q: got %s, want %s", remarks, got, want)
		}
	}
}
