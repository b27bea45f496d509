package domain

import (
	"fmt"
	"strings"
)

// Country is an ISO 3166-1 alpha-2 code, EU, UN, or one of the codes that
// ISO 3166-1 leaves to users (AA, QM to QZ, XA to XZ, ZZ). Those stand for
// nobody real, and illustrative data uses them, but for XK, which published
// lists use for Kosovo.
type Country string

// Valid reports whether c is one of the codes above, exactly.
func (c Country) Valid() bool { return c.UserAssigned() || CountryName(c) != "" }

// UserAssigned reports whether c is a code that stands for nobody real.
func (c Country) UserAssigned() bool {
	if len(c) != 2 || c[1] < 'A' || c[1] > 'Z' || c == "XK" {
		return false
	}
	return c == "AA" || c == "ZZ" || c[0] == 'X' || c[0] == 'Q' && c[1] >= 'M'
}

// CountryName returns the short English name of a real code, "" for others.
func CountryName(c Country) string {
	if len(c) != 2 {
		return ""
	}
	i := strings.Index(countryTable, "|"+string(c)+" ")
	if i < 0 {
		return ""
	}
	name, _, _ := strings.Cut(countryTable[i+4:], "|")
	return name
}

// CountryByName finds the code for an English name as published lists write
// it; false when the name is not known. Case does not matter.
func CountryByName(name string) (Country, bool) {
	want := strings.ToLower(strings.TrimSpace(name))
	if want == "" {
		return "", false
	}
	c, ok := countriesByName[want]
	return c, ok
}

// countriesByName has the names of both tables in lower case; the first of two stands.
var countriesByName = func() map[string]Country {
	out := make(map[string]Country)
	for _, table := range []string{countryTable, countryAliases} {
		for row := range strings.SplitSeq(strings.Trim(table, "|"), "|") {
			if name := strings.ToLower(row[3:]); out[name] == "" {
				out[name] = Country(row[:2])
			}
		}
	}
	return out
}()

func checkCountry(field string, c Country) *Refusal {
	if c.Valid() {
		return nil
	}
	return refuse("country.unknown", field, fmt.Sprintf("%q is no country code: use ISO 3166-1 alpha-2 (GB, not UK), EU, UN, or a user-assigned code such as XA", string(c)))
}

func checkCountryIfSet(field string, c Country) *Refusal {
	if c == "" {
		return nil
	}
	return checkCountry(field, c)
}

const countryAliases = "|KP North Korea|KP DPRK|KP Korea, Democratic People's Republic of|KP Democratic People’s Republic of Korea|KR South Korea|KR Korea, Republic of|IR Iran (Islamic Republic of)|IR Islamic Republic of Iran|SY Syrian Arab Republic|CD Congo (Democratic Republic of the)|CD Congo, Democratic Republic of the|CD Congo (Democratic Republic)|RU Russia|GB United Kingdom of Great Britain and Northern Ireland|US United States of America|TZ United Republic of Tanzania|VN Vietnam|LA Laos|CI Cote d'Ivoire|CI Côte d’Ivoire|TR Turkey|PS Palestine|PS Palestinian|MM Burma|MD Republic of Moldova|VE Venezuela (Bolivarian Republic of)|BO Bolivia (Plurinational State of)|CN People's Republic of China|TW Taiwan, Province of China|HK Hong Kong, China|HK Hong Kong Special Administrative Region of China|MO Macau|CZ Czech Republic|SZ Swaziland|MK The former Yugoslav Republic of Macedonia|"

// countryTable holds the codes in force with short neutral English names.
const countryTable = "" +
	"|AD Andorra|AE United Arab Emirates|AF Afghanistan|AG Antigua and Barbuda|AI Anguilla|AL Albania|AM Armenia" +
	"|AO Angola|AQ Antarctica|AR Argentina|AS American Samoa|AT Austria|AU Australia|AW Aruba|AX Åland Islands" +
	"|AZ Azerbaijan|BA Bosnia and Herzegovina|BB Barbados|BD Bangladesh|BE Belgium|BF Burkina Faso|BG Bulgaria" +
	"|BH Bahrain|BI Burundi|BJ Benin|BL Saint Barthélemy|BM Bermuda|BN Brunei Darussalam|BO Bolivia" +
	"|BQ Bonaire, Sint Eustatius and Saba|BR Brazil|BS Bahamas|BT Bhutan|BV Bouvet Island|BW Botswana|BY Belarus" +
	"|BZ Belize|CA Canada|CC Cocos (Keeling) Islands|CD Democratic Republic of the Congo|CF Central African Republic" +
	"|CG Congo|CH Switzerland|CI Côte d'Ivoire|CK Cook Islands|CL Chile|CM Cameroon|CN China|CO Colombia" +
	"|CR Costa Rica|CU Cuba|CV Cabo Verde|CW Curaçao|CX Christmas Island|CY Cyprus|CZ Czechia|DE Germany|DJ Djibouti" +
	"|DK Denmark|DM Dominica|DO Dominican Republic|DZ Algeria|EC Ecuador|EE Estonia|EG Egypt|EH Western Sahara" +
	"|ER Eritrea|ES Spain|ET Ethiopia|FI Finland|FJ Fiji|FK Falkland Islands (Malvinas)|FM Micronesia" +
	"|FO Faroe Islands|FR France|GA Gabon|GB United Kingdom|GD Grenada|GE Georgia|GF French Guiana|GG Guernsey" +
	"|GH Ghana|GI Gibraltar|GL Greenland|GM Gambia|GN Guinea|GP Guadeloupe|GQ Equatorial Guinea|GR Greece" +
	"|GS South Georgia and the South Sandwich Islands|GT Guatemala|GU Guam|GW Guinea-Bissau|GY Guyana|HK Hong Kong" +
	"|HM Heard Island and McDonald Islands|HN Honduras|HR Croatia|HT Haiti|HU Hungary|ID Indonesia|IE Ireland" +
	"|IL Israel|IM Isle of Man|IN India|IO British Indian Ocean Territory|IQ Iraq|IR Iran|IS Iceland|IT Italy" +
	"|JE Jersey|JM Jamaica|JO Jordan|JP Japan|KE Kenya|KG Kyrgyzstan|KH Cambodia|KI Kiribati|KM Comoros" +
	"|KN Saint Kitts and Nevis|KP Democratic People's Republic of Korea|KR Republic of Korea|KW Kuwait" +
	"|KY Cayman Islands|KZ Kazakhstan|LA Lao People's Democratic Republic|LB Lebanon|LC Saint Lucia|LI Liechtenstein" +
	"|LK Sri Lanka|LR Liberia|LS Lesotho|LT Lithuania|LU Luxembourg|LV Latvia|LY Libya|MA Morocco|MC Monaco" +
	"|MD Moldova|ME Montenegro|MF Saint Martin (French part)|MG Madagascar|MH Marshall Islands|MK North Macedonia" +
	"|ML Mali|MM Myanmar|MN Mongolia|MO Macao|MP Northern Mariana Islands|MQ Martinique|MR Mauritania|MS Montserrat" +
	"|MT Malta|MU Mauritius|MV Maldives|MW Malawi|MX Mexico|MY Malaysia|MZ Mozambique|NA Namibia|NC New Caledonia" +
	"|NE Niger|NF Norfolk Island|NG Nigeria|NI Nicaragua|NL Netherlands|NO Norway|NP Nepal|NR Nauru|NU Niue" +
	"|NZ New Zealand|OM Oman|PA Panama|PE Peru|PF French Polynesia|PG Papua New Guinea|PH Philippines|PK Pakistan" +
	"|PL Poland|PM Saint Pierre and Miquelon|PN Pitcairn|PR Puerto Rico|PS State of Palestine|PT Portugal|PW Palau" +
	"|PY Paraguay|QA Qatar|RE Réunion|RO Romania|RS Serbia|RU Russian Federation|RW Rwanda|SA Saudi Arabia" +
	"|SB Solomon Islands|SC Seychelles|SD Sudan|SE Sweden|SG Singapore" +
	"|SH Saint Helena, Ascension and Tristan da Cunha|SI Slovenia|SJ Svalbard and Jan Mayen|SK Slovakia" +
	"|SL Sierra Leone|SM San Marino|SN Senegal|SO Somalia|SR Suriname|SS South Sudan|ST Sao Tome and Principe" +
	"|SV El Salvador|SX Sint Maarten (Dutch part)|SY Syria|SZ Eswatini|TC Turks and Caicos Islands|TD Chad" +
	"|TF French Southern Territories|TG Togo|TH Thailand|TJ Tajikistan|TK Tokelau|TL Timor-Leste|TM Turkmenistan" +
	"|TN Tunisia|TO Tonga|TR Türkiye|TT Trinidad and Tobago|TV Tuvalu|TW Taiwan|TZ Tanzania|UA Ukraine|UG Uganda" +
	"|UM United States Minor Outlying Islands|US United States|UY Uruguay|UZ Uzbekistan|VA Holy See" +
	"|VC Saint Vincent and the Grenadines|VE Venezuela|VG British Virgin Islands|VI United States Virgin Islands" +
	"|VN Viet Nam|VU Vanuatu|WF Wallis and Futuna|WS Samoa|XK Kosovo|YE Yemen|YT Mayotte|ZA South Africa|ZM Zambia|ZW Zimbabwe" +
	"|EU European Union|UN United Nations|"
