package identity

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// number is an identifier made comparable.
type number struct {
	scheme, value string
	country       domain.Country
}

// scheme says what a number of that scheme is worth when both entries bear it.
type scheme struct {
	word  string  // as reasons write it
	score float64 // of a proposal that rests on it
	alone bool    // whether it may confirm a proposal
	once  bool    // whether a subject bears one only, so that two contradict
}

var schemes = map[string]scheme{
	"imo":          {word: "IMO", score: 0.99, alone: true, once: true},
	"imo_company":  {word: "IMO company number", score: 0.98, alone: true, once: true},
	"lei":          {word: "LEI", score: 0.99, alone: true, once: true},
	"un_ref":       {word: "UN reference", score: 0.99, alone: true, once: true},
	"passport":     {word: "passport", score: 0.97, alone: true},
	"national_id":  {word: "national identification number", score: 0.96, alone: true},
	"registration": {word: "registration number", score: 0.94, alone: true},
	"swift":        {word: "SWIFT code", score: 0.93, alone: true},
	"wallet":       {word: "wallet", score: 0.88},
	"mmsi":         {word: "MMSI", score: 0.72},
}

// unstated is what a passport or national number counts when not both state
// who issued it: two states may issue one number.
const unstated = 0.85

// read makes an identifier of an entry comparable. None comes back when its
// scheme is none of those that identify, or the value is not complete; two when
// it may be either a ship's or a company's.
func read(kind string, id domain.Identifier) []number {
	n, ok := readOne(id)
	if !ok {
		return nil
	}
	if n.scheme == "imo" && kind == "entity" && importer.ValidIMOCompany(n.value) {
		company := n
		company.scheme = "imo_company"
		if !domain.ValidIMO(n.value) {
			return []number{company}
		}
		return []number{n, company}
	}
	if n.scheme == "imo" && !domain.ValidIMO(n.value) {
		return nil
	}
	return []number{n}
}

func readOne(id domain.Identifier) (number, bool) {
	n := number{scheme: id.Scheme, value: compact(id.Value), country: id.Country}
	switch id.Scheme {
	case "imo":
		n.value, n.country = strings.TrimPrefix(n.value, "IMO"), ""
		return n, domain.ValidIMO(n.value) || importer.ValidIMOCompany(n.value)
	case "imo_company":
		n.value, n.country = strings.TrimPrefix(n.value, "IMO"), ""
		return n, importer.ValidIMOCompany(n.value)
	case "mmsi":
		n.country = ""
		return n, len(n.value) == 9 && digits(n.value) == 9
	case "lei":
		n.country = ""
		return n, validLEI(n.value)
	case "swift":
		n.country = ""
		if len(n.value) == 11 { // the last three letters are a branch
			n.value = n.value[:8]
		}
		return n, len(n.value) == 8
	case "un_ref":
		n.value, n.country = strings.Join(strings.Fields(id.Value), ""), ""
		return n, len(n.value) > 3
	case "wallet":
		n.value, n.country = address(id.Value), ""
		return n, len(n.value) >= shortestWallet
	case "registration":
		return n, n.country != "" && len(n.value) >= 4
	case "passport", "national_id":
		return n.document(id.Value)
	}
	return n, false
}

const shortestWallet = 20

// document reads the number of a passport or card, which some lists wrap in
// words ("Libyan Passport No. 96/184442", "R00012098, South Sudan").
func (n number) document(printed string) (number, bool) {
	if m := ofCountry.FindStringSubmatch(printed); m != nil {
		if c, ok := country(m[2]); ok {
			printed = m[1]
			if n.country == "" {
				n.country = c
			}
		}
	}
	n.value = compact(printed)
	if word.MatchString(printed) {
		n.value = ""
		for part := range strings.FieldsSeq(printed) {
			if c := compact(part); n.value == "" && digits(c) >= fewestDigits && len(c) >= shortestDocument {
				n.value = c
			}
		}
	}
	return n, digits(n.value) >= fewestDigits && len(n.value) >= shortestDocument && strings.Trim(n.value, n.value[:1]) != ""
}

var (
	ofCountry = regexp.MustCompile(`^(.*\d.*?)\s*[,(]\s*([A-Za-z ]{2,})\)?$`)
	word      = regexp.MustCompile(`(^|[\s(])[A-Za-z]{4,}`)
)

// A document number has no fewer digits and characters: less is a fragment, and
// one sign repeated stands for none.
const (
	fewestDigits     = 2
	shortestDocument = 5
)

func country(text string) (domain.Country, bool) {
	if c := domain.Country(text); domain.CountryName(c) != "" {
		return c, true
	}
	return domain.CountryByName(text)
}

// compact is upper case, letters and digits alone.
func compact(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, s)
}

func digits(s string) int {
	count := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			count++
		}
	}
	return count
}

// address keeps the case of a wallet's address where case tells two apart.
func address(s string) string {
	s = strings.TrimSpace(s)
	if lower := strings.ToLower(s); strings.HasPrefix(lower, "0x") || strings.HasPrefix(lower, "bc1") {
		return lower
	}
	return s
}

// validLEI checks the form and the check digits of ISO 17442.
func validLEI(v string) bool {
	if len(v) != 20 {
		return false
	}
	rest := 0
	for _, r := range v {
		switch {
		case r >= '0' && r <= '9':
			rest = (rest*10 + int(r-'0')) % 97
		case r >= 'A' && r <= 'Z':
			rest = (rest*100 + int(r-'A') + 10) % 97
		default:
			return false
		}
	}
	return rest == 1
}

// same reports whether two numbers are one: no two states issued them.
func (n number) same(m number) bool {
	return n.scheme == m.scheme && n.value == m.value && (n.country == m.country || n.country == "" || m.country == "")
}

// both is one number as it stands on two entries.
type both struct{ a, b number }

// sharedNumbers returns the numbers on both entries, each once: as both state
// who issued it, where they do.
func sharedNumbers(a, b []number) []both {
	var out []both
	for _, n := range a {
		for _, m := range b {
			if !n.same(m) {
				continue
			}
			i := slices.IndexFunc(out, func(o both) bool { return o.a.scheme == n.scheme && o.a.value == n.value })
			switch pair := (both{n, m}); {
			case i < 0:
				out = append(out, pair)
			case pair.issued() && !out[i].issued():
				out[i] = pair
			}
		}
	}
	slices.SortFunc(out, func(x, y both) int {
		return cmp.Or(cmp.Compare(y.score(), x.score()), cmp.Compare(x.a.scheme, y.a.scheme), cmp.Compare(x.a.value, y.a.value))
	})
	return out
}

// issued reports whether both entries state who issued the number, or nobody
// else could have.
func (p both) issued() bool {
	switch p.a.scheme {
	case "passport", "national_id", "registration":
		return p.a.country != "" && p.b.country != ""
	}
	return true
}

func (p both) score() float64 {
	if !p.issued() {
		return unstated
	}
	return schemes[p.a.scheme].score
}

// String words the number as a reason.
func (p both) String() string {
	text := schemes[p.a.scheme].word + " " + p.a.value
	switch {
	case p.issued() && p.a.country != "":
		return text + " of " + string(p.a.country) + " on both"
	case p.issued():
		return text + " on both"
	case p.a.country == p.b.country:
		return text + " on both; neither states who issued it"
	}
	return text + " on both; only one states who issued it (" + string(p.a.country+p.b.country) + ")"
}

// issuer divides numbers of which a subject bears one each: UN references by
// regime, all others not.
func (n number) issuer() string {
	if n.scheme == "un_ref" {
		return n.value[:2]
	}
	return ""
}

// contradicts reports whether two sets of numbers forbid that their bearers
// are one: both bear numbers of a scheme and issuer of which a subject has one
// only, and share none.
func contradicts(a, b []number) bool {
	for _, n := range a {
		if !schemes[n.scheme].once {
			continue
		}
		both, shared := false, false
		for _, m := range b {
			if m.scheme == n.scheme && m.issuer() == n.issuer() {
				both = true
				shared = shared || bears(a, m)
			}
		}
		if both && !shared {
			return true
		}
	}
	return false
}

func bears(numbers []number, m number) bool {
	for _, n := range numbers {
		if n.same(m) {
			return true
		}
	}
	return false
}

// differ returns two numbers of one scheme and issuing state where both
// entries state some and share none of the scheme; an argument against, since
// cards are renewed and registers are several.
func differ(a, b []number) (x, y number, ok bool) {
	for _, scheme := range []string{"national_id", "registration"} {
		for _, n := range a {
			for _, m := range b {
				if n.scheme != scheme || m.scheme != scheme {
					continue
				}
				if n.same(m) {
					return x, y, false
				}
				if !ok && n.country != "" && n.country == m.country {
					x, y, ok = n, m, true
				}
			}
		}
	}
	return x, y, ok
}
