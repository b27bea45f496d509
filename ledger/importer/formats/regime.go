package formats

import (
	"strings"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// dprk is the name of the regime on the DPRK under every authority.
const dprk = "DPRK"

// listType is the UN's own word.
func listType(e importer.Entry) string { return word(e.List) }

// ships is one regime: that of the list of ships. It is not UN-DPRK, since
// states implement the two by other acts, or the one alone.
func ships(importer.Entry) string { return "1718-VESSELS" }

// program takes OFAC's DPRK, DPRK2 … for one regime, before any other program
// that an entry stands under.
func program(e importer.Entry) string {
	programs := strings.Fields(e.List)
	for _, p := range programs {
		if strings.HasPrefix(p, dprk) {
			return dprk
		}
	}
	if len(programs) == 0 {
		return "none"
	}
	return word(programs[0])
}

// programme is the EU's, PRK for the DPRK.
func programme(e importer.Entry) string {
	if e.List == "PRK" {
		return dprk
	}
	return word(e.List)
}

// regulations shortens "The Russia (Sanctions) (EU Exit) Regulations 2019".
func regulations(e importer.Entry) string {
	if isDPRK(e.List) {
		return dprk
	}
	name := strings.TrimPrefix(importer.Clean(e.List), "The ")
	for _, tail := range []string{" (Sanctions", " (United Nations Sanctions", " (EU Exit", " Sanctions", " Regulations"} {
		name, _, _ = strings.Cut(name, tail)
	}
	return word(name)
}

// country is what Canada's list calls the regulations of a record by.
func country(e importer.Entry) string {
	if isDPRK(e.List) {
		return dprk
	}
	return word(e.List)
}

// committee takes what Australia puts in brackets first, unless it is a year:
// "1718 (DPRK)", "1970 (Libya) 1973 (Libya)", "1373 (2001)".
func committee(e importer.Entry) string {
	if isDPRK(e.List) {
		return dprk
	}
	if name := bracketed(e.List); strings.Trim(name, "0123456789") != "" {
		return word(name)
	}
	return word(e.List)
}

// bracketed is what stands in the first brackets, with those within it.
func bracketed(text string) string {
	open, depth := strings.Index(text, "("), 0
	for i, r := range text {
		switch r {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 && open >= 0 {
				return text[open+1 : i]
			}
		}
	}
	return ""
}

// japan is the one regime of the sheets that are read.
func japan(importer.Entry) string { return dprk }

func isDPRK(list string) bool {
	return strings.Contains(list, "DPRK") || strings.Contains(list, "Democratic People") && strings.Contains(list, "Korea")
}

// word makes a text fit the id of a regime.
func word(text string) string {
	out := strings.Trim(fit(importer.Clean(text)), "-")
	if len(out) > 48 {
		out = strings.TrimRight(out[:48], "-")
	}
	if out == "" {
		return "none"
	}
	return out
}

// fit replaces each run of characters that no id holds by a hyphen.
func fit(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune(".()_@:", r):
			b.WriteRune(r)
		case !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return b.String()
}
