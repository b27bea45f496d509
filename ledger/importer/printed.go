package importer

import (
	"regexp"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

var slashDay = regexp.MustCompile(`^(dd|[0-9]{1,2})/(mm|[0-9]{1,2})/([0-9]{4})$`)

// SlashDay reads a date printed dd/mm/yyyy, of which day and month may be
// unknown: "00/00/1960", "dd/mm/1960". False when it is no such date.
func SlashDay(s string) (domain.Date, bool) {
	m := slashDay.FindStringSubmatch(strings.ToLower(strings.TrimSpace(s)))
	if m == nil {
		return "", false
	}
	d := m[3]
	if month := two(m[2]); month != "" {
		d += "-" + month
		if day := two(m[1]); day != "" {
			d += "-" + day
		}
	} else if two(m[1]) != "" { // a day of an unknown month
		return "", false
	}
	return domain.Date(d), domain.Date(d).Valid()
}

// two pads a number to two digits; "" for an unknown one.
func two(s string) string {
	if s = strings.TrimLeft(s, "0dm"); s == "" {
		return ""
	}
	return strings.Repeat("0", 2-len(s)) + s
}

var imoPrefix = regexp.MustCompile(`(?i)^\s*IMO[\s:.#-]*(?:no\.?|number)?[\s:.#-]*`)

// IMONumber reads what a list prints as the IMO number of a subject of that
// kind, with or without the letters IMO before it. A vessel's number is a
// ship's, an entity's the company's own; where the check digit says
// otherwise, the scheme is imo_company, imo or, for a number that is neither,
// other, and the warning says why.
func IMONumber(kind, printed string) (id domain.Identifier, warning string) {
	id = domain.Identifier{Scheme: "imo", Value: imoPrefix.ReplaceAllString(Clean(printed), "")}
	if id.Value == "" {
		id.Value = Clean(printed)
	}
	ship, company := domain.ValidIMO(id.Value), ValidIMOCompany(id.Value)
	switch {
	case kind == "vessel" && ship:
	case company:
		id.Scheme = "imo_company"
		if kind == "vessel" {
			warning = "IMO number " + id.Value + " is by its check digit a company's, not a ship's"
		}
	case ship:
		warning = "IMO number " + id.Value + " is by its check digit a ship's, not the " + kind + "'s own"
	default:
		id.Scheme, id.Label = "other", "IMO number"
		warning = "IMO number " + id.Value + " fails both check digits: compare it with the publisher's notice"
	}
	return id, warning
}
