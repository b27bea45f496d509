package ofac

import "strings"

// headings are the words under which OFAC states things, and what each means:
// the scheme of an identifier, or a field of the subject. Words such as No.,
// Number and # that follow a heading belong to it.
var headings = readHeadings(`
dob: DOB
pob: POB
nationality: nationality | citizen
gender: Gender
flag: Former Vessel Flag | Vessel Flag
imo: Vessel Registration Identification | Vessel Registration Identification IMO
mmsi: MMSI
call_sign: Vessel Call Sign | Call Sign
wallet: Digital Currency Address
swift: SWIFT/BIC | SWIFT
lei: Legal Entity Identifier | LEI
passport: Passport | Diplomatic Passport | British National Overseas Passport | Passport Booklet | Passport Card | Service Passport | U.S.A. Passport | Stateless Person Passport
national_id: National ID | Cedula | Cedula de Ciudadania | Cedula de Residencia | National Foreign ID | Personal ID Card | Personal Identification | D.N.I. | C.U.R.P. | C.U.I.P. | C.U.I. | DNI | Kenyan ID | Turkish Identification | Bosnian Personal ID | Moroccan Personal ID | Citizen's Card | Numero de Identidad | Tazkira National ID Card | Tarjeta de Identidad | Emirati ID | I.F.E. | LE | Afghan ID | Interior Ministry ID | Stateless Person ID Card | Kuwaiti Civil ID | Identity Card | ID Card
registration: Registration | Registration ID | Company | Company ID | UK Company | Commercial Registry | Business Registration | Business Registration Document | Business | Folio Mercantil | Matricula Mercantil | Public Registration | Certificate of Incorporation | Chamber of Commerce | Dubai Chamber of Commerce Membership | Trade License | Tourism License | Istanbul Chamber of Comm. | C.R. | Enterprise | Legal Entity | Branch Unit | Unified Social Credit Code (USCC) | United Social Credit Code Certificate (USCCC) | Registered Charity | Government Gazette | Economic Register Number (CBLS) | File | Aircraft Tail | Previous Aircraft Tail | Aircraft Tail Number | Previous Aircraft Tail Number
other: Identification | RSIN | Tax ID | NIT | R.F.C. | RFC | RUC | RIF | V.A.T. | C.U.I.T. | C.U.I.L. | RTN | C.I.F. | SSN | US FEIN | D-U-N-S | BIK (RU) | Italian Fiscal Code | Fiscal Code | Electoral Registry | Credencial electoral | Cartilla de Servicio Militar Nacional | Driver's License | License | Residency | Travel Document | VisaNumberID | Birth Certificate | Chinese Commercial Code | Immigration | Pilot License | SRE Permit | Numero Unico de Identificacao Tributaria (NUIT) | Afghan Money Service Provider License | Refugee ID Card | Military Registration | Seafarer's Identification Document | Central Registration System | MSB Registration | Aircraft Construction Number (also called L/N or S/N or F/N) | Aircraft Manufacturer's Serial Number (MSN) | Aircraft Mode S Transponder Code | Aircraft Serial Identification | Serial
remark: Linked To | Secondary sanctions risk | Additional Sanctions Information | Transactions Prohibited For Persons Owned or Controlled By U.S. Financial Institutions | Executive Order 13662 Directive Determination | Executive Order 13846 information | Executive Order 13871 information | Executive Order 14024 Directive Information | CAATSA Section 235 Information | IFCA Determination | PEESA Information | Organization Type | Organization Established Date | Website | Email Address | Email | Telex | UN/LOCODE | Phone | Telephone | Fax | Aircraft Model | Aircraft Operator | Aircraft Manufacture Date | Aircraft Type | Other Vessel Type | Other Vessel Call Sign | Other Vessel Flag | Vessel Year of Build | Vessel Owner | Vessel Operator | Vessel Type | Vessel Tonnage | Vessel Gross Registered Tonnage | Vessel Gross Tonnage | Target Type | Effective Date (EO 14024 Directive 1a) | Listing Date (EO 14024 Directive 1a) | Equity Ticker | ISIN | Issuer Name
`)

// longestHeading is the number of words of the longest heading.
const longestHeading = 12

func readHeadings(table string) map[string]string {
	out := make(map[string]string)
	for line := range strings.Lines(strings.TrimSpace(table)) {
		route, names, _ := strings.Cut(line, ":")
		for name := range strings.SplitSeq(names, "|") {
			out[strings.ToLower(strings.TrimSpace(name))] = route
		}
	}
	return out
}

// match finds the longest heading that s begins with, and returns what it
// means, the heading as it stands, and what follows. All but the heading is
// empty when none is known.
func match(s string) (route, label, rest string) {
	for i, end, words := 0, 0, 0; i < len(s) && words < longestHeading; words++ {
		end = len(s)
		if next := strings.IndexByte(s[i+1:], ' '); next >= 0 {
			end = i + 1 + next
		}
		key := strings.ToLower(strings.TrimSuffix(s[:end], ":"))
		if r, ok := headings[key]; ok {
			route, label = r, s[:end]
		}
		i = end
	}
	if route == "" {
		return "", "", s
	}
	rest = strings.TrimSpace(s[len(label):])
	for again := true; again; {
		again = false
		for _, word := range []string{"No.:", "No.", "No", "Number", "#", "-", ":"} {
			after, ok := strings.CutPrefix(rest, word)
			if ok && (after == "" || after[0] == ' ') {
				rest, again = strings.TrimSpace(after), true
			}
		}
	}
	return route, strings.TrimRight(s[:len(s)-len(rest)], " :-"), rest
}
