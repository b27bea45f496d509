package ofac

import (
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

const source = "OFAC Specially Designated Nationals and Blocked Persons List"

// normalPrograms gives Entry.List: sorted, each once, a hyphen for the spaces
// within a name.
func normalPrograms(programs []string) string {
	var out []string
	for _, p := range programs {
		p = strings.ReplaceAll(strings.ReplaceAll(importer.Clean(p), " - ", "-"), " ", "-")
		if p != "" {
			out = append(out, p)
		}
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), " ")
}

// notBlocking are the beginnings of programs of OFAC's other lists, which do
// not block property: Non-SDN, foreign sanctions evaders, section 561, Chinese
// military-industrial companies.
func notBlocking(program string) bool {
	for _, p := range []string{"NS-", "FSE-", "561", "CMIC-"} {
		if strings.HasPrefix(program, p) {
			return true
		}
	}
	return false
}

// blocked states the measure of the list, and reports whether the programs
// allow it: false for one that stands under programs of another list alone.
func (b *builder) blocked() bool {
	programs := strings.Fields(b.e.List)
	if !slices.ContainsFunc(programs, func(p string) bool { return !notBlocking(p) }) {
		return false
	}
	b.e.Measures = []string{"asset_freeze"}
	return true
}

const otherList = "the entry stands under no program of the SDN list: is this the consolidated list of those whose property is not blocked? Take its advanced form"

// countries finds codes by name and remembers them: a list names few
// countries, thousands of times.
type countries map[string]domain.Country

func (c countries) code(name string) domain.Country {
	code, ok := c[name]
	if !ok {
		if code, ok = domain.CountryByName(name); !ok {
			code = countryIn(name)
		}
		c[name] = code
	}
	return code
}

// last is the country that a place ends with: "Giza, Egypt".
func (c countries) last(place string) domain.Country {
	return c.code(strings.TrimSpace(place[strings.LastIndex(place, ",")+1:]))
}

// countryIn knows the names that are OFAC's own.
func countryIn(name string) domain.Country {
	if name == "" {
		return ""
	}
	i := strings.Index(ownNames, "|"+name+"=")
	if i < 0 {
		return ""
	}
	i += len(name) + 2
	return domain.Country(ownNames[i : i+2])
}

const ownNames = "|Korea, North=KP|Korea, South=KR|Congo, Democratic Republic of the=CD|DRC=CD|Congo, Republic of the=CG" +
	"|Virgin Islands, British=VG|Virgin Islands, U.S.=VI|The Gambia=GM|Gambia, The=GM|Bahamas, The=BS|The Bahamas=BS|Cote d Ivoire=CI" +
	"|Brunei=BN|Bosnia-Herzegovina=BA|Macedonia=MK|Macedonia, The Former Yugoslav Republic of=MK|North Macedonia, The Republic of=MK" +
	"|the Philippines=PH|St. Kitts & Nevis=KN|St. Kitts and Nevis=KN|St. Vincent and the Grenadines=VC|Palestinian Territories=PS" +
	"|USA=US|UK=GB|England=GB|the Russian Federation=RU|Cape Verde=CV|Cabo Verde.  Previously Cape Verde.=CV|Vatican City=VA|"
