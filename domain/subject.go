package domain

import "fmt"

// Subject is who or what is designated, acted against or seen: a person, an
// entity, a vessel, an aircraft or a crypto wallet. It keeps what its source
// says, in the source's own words and script; what has no field stays in Raw.
type Subject struct {
	Kind          string       `json:"kind"`
	Names         []Name       `json:"names,omitempty"`
	Identifiers   []Identifier `json:"identifiers,omitempty"`
	BirthDates    []FuzzyDate  `json:"birth_dates,omitempty"`
	BirthPlaces   []Place      `json:"birth_places,omitempty"`
	Addresses     []Place      `json:"addresses,omitempty"`
	Nationalities []Text       `json:"nationalities,omitempty"`
	Titles        []Text       `json:"titles,omitempty"`
	Roles         []Text       `json:"roles,omitempty"`
	Gender        string       `json:"gender,omitempty"`
	Flags         []Text       `json:"flags,omitempty"` // of a vessel or aircraft, latest first; Code XX-less when unknown
	Remarks       []Text       `json:"remarks,omitempty"`
	Raw           []RawField   `json:"raw,omitempty"`
}

// Name is one name of a subject. Kind is primary, aka, fka, nka, original or
// alias; Script is ISO 15924 (Latn, Hang, Jpan …); Language is BCP 47;
// Quality is good, low or empty where the source does not say.
type Name struct {
	Text     string     `json:"text"`
	Kind     string     `json:"kind,omitempty"`
	Script   string     `json:"script,omitempty"`
	Language string     `json:"language,omitempty"`
	Quality  string     `json:"quality,omitempty"`
	Note     string     `json:"note,omitempty"`
	Parts    []NamePart `json:"parts,omitempty"`
}

// NamePart is one part of a name in the source's own division.
type NamePart struct {
	Part string `json:"part"` // first, second, third, fourth, last …
	Text string `json:"text"`
}

// Identifier is a number that somebody issued. Scheme is one of imo,
// imo_company, mmsi, call_sign, passport, national_id, registration, un_ref,
// lei, swift, wallet, or other with Label saying which.
type Identifier struct {
	Scheme    string  `json:"scheme"`
	Value     string  `json:"value"`
	Country   Country `json:"country,omitempty"` // of issue
	IssuedOn  Date    `json:"issued_on,omitempty"`
	ExpiresOn Date    `json:"expires_on,omitempty"`
	IssuedAt  string  `json:"issued_at,omitempty"` // place
	Label     string  `json:"label,omitempty"`     // the source's word for the scheme
	Note      string  `json:"note,omitempty"`
	Chain     string  `json:"chain,omitempty"` // of a wallet: ETH, XBT …
}

// Place is an address or a place of birth as far as the source gives it.
type Place struct {
	Street      string  `json:"street,omitempty"`
	City        string  `json:"city,omitempty"`
	Region      string  `json:"region,omitempty"`
	PostalCode  string  `json:"postal_code,omitempty"`
	Country     Country `json:"country,omitempty"`
	CountryText string  `json:"country_text,omitempty"`
	Note        string  `json:"note,omitempty"`
	Text        string  `json:"text,omitempty"`
}

// Text is words with their language; Code is the country meant, where the
// words name one.
type Text struct {
	Text     string  `json:"text"`
	Language string  `json:"language,omitempty"`
	Script   string  `json:"script,omitempty"`
	Code     Country `json:"code,omitempty"`
	Label    string  `json:"label,omitempty"` // the source's heading
}

// RawField keeps a value of the source that has no field above.
type RawField struct {
	Path  string `json:"path"`
	Value string `json:"value"`
}

func (s Subject) check(field string) *Refusal {
	switch s.Kind {
	case "person", "entity", "vessel", "aircraft", "wallet":
	default:
		return refuse("subject.kind", field+".kind", fmt.Sprintf("%q is no kind of subject: use person, entity, vessel, aircraft or wallet", s.Kind))
	}
	if len(s.Names) == 0 && len(s.Identifiers) == 0 {
		return refuse("subject.anonymous", field, "give the subject a name or an identifier")
	}
	for i, n := range s.Names {
		if n.Text == "" {
			return refuse("subject.name_empty", fmt.Sprintf("%s.names[%d]", field, i), "a name needs text")
		}
	}
	return first(s.checkIdentifiers(field), s.checkPlaces(field), s.checkBirths(field))
}

func (s Subject) checkIdentifiers(field string) *Refusal {
	for i, id := range s.Identifiers {
		at := fmt.Sprintf("%s.identifiers[%d]", field, i)
		if r := first(id.check(at), checkDate(at+".issued_on", id.IssuedOn), checkDate(at+".expires_on", id.ExpiresOn)); r != nil {
			return r
		}
	}
	return nil
}

func (id Identifier) check(at string) *Refusal {
	if id.Scheme == "" || id.Value == "" {
		return refuse("identifier.incomplete", at, "an identifier needs a scheme and a value")
	}
	if id.Scheme == "imo" && !ValidIMO(id.Value) {
		return refuse("identifier.imo_check_digit", at+".value",
			fmt.Sprintf("%q is no IMO ship number: seven digits, the last a check digit; a company number has the scheme imo_company", id.Value))
	}
	return checkCountryIfSet(at+".country", id.Country)
}

func (s Subject) checkPlaces(field string) *Refusal {
	for i, p := range s.Addresses {
		if r := checkCountryIfSet(fmt.Sprintf("%s.addresses[%d].country", field, i), p.Country); r != nil {
			return r
		}
	}
	for i, p := range s.BirthPlaces {
		if r := checkCountryIfSet(fmt.Sprintf("%s.birth_places[%d].country", field, i), p.Country); r != nil {
			return r
		}
	}
	return first(checkCodes(field+".nationalities", s.Nationalities), checkCodes(field+".flags", s.Flags),
		checkCodes(field+".titles", s.Titles), checkCodes(field+".roles", s.Roles), checkCodes(field+".remarks", s.Remarks))
}

func checkCodes(field string, texts []Text) *Refusal {
	for i, t := range texts {
		if r := checkCountryIfSet(fmt.Sprintf("%s[%d].code", field, i), t.Code); r != nil {
			return r
		}
	}
	return nil
}

func (s Subject) checkBirths(field string) *Refusal {
	for i, b := range s.BirthDates {
		at := fmt.Sprintf("%s.birth_dates[%d]", field, i)
		if r := first(checkDate(at+".date", b.Date), checkDate(at+".from", b.From), checkDate(at+".to", b.To)); r != nil {
			return r
		}
	}
	return nil
}

// ValidIMO reports whether v is an IMO ship identification number: seven
// digits, of which the last is the check digit of the other six
// (IMO resolution A.1117(30)).
func ValidIMO(v string) bool {
	if len(v) != 7 || v[0] == '0' { // none begins with 0, and seven zeros would pass the check
		return false
	}
	sum := 0
	for i := range 7 {
		if v[i] < '0' || v[i] > '9' {
			return false
		}
		if i < 6 {
			sum += int(v[i]-'0') * (7 - i)
		}
	}
	return sum%10 == int(v[6]-'0')
}
