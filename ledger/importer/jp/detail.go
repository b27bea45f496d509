package jp

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

var (
	serialDay  = regexp.MustCompile(`^[1-9]\d{3,4}$`)
	fullDay    = regexp.MustCompile(`(\d{4})年(\d{1,2})月(\d{1,2})日`)
	yearOnly   = regexp.MustCompile(`^(\d{4})年$`)
	yearRange  = regexp.MustCompile(`^(\d{4})年から(\d{4})年までの間$`)
	documentNo = regexp.MustCompile(`[A-Z]{0,2}\d{7,18}[A-Z]?|[A-Z]\d{6}\(\d\)`)
	issuer     = regexp.MustCompile(`（([^（）]*?)(?:旅券)?）`)
	otherField = regexp.MustCompile(`(?m)^[\s　]*([^：:\n]+)[：:](.*)$`)
	wallet     = regexp.MustCompile(`\b0x[0-9a-fA-F]{40}\b|\b[13][1-9A-HJ-NP-Za-km-z]{25,34}\b|\bbc1[0-9a-z]{25,60}\b`)
	imoNumber  = regexp.MustCompile(`\b\d{7}\b`)
)

// births adds each date of the cell: a day as the workbook counts days, or
// words. What is not understood stays as text.
func (e *Entry) births(cell string) bool {
	if serialDay.MatchString(cell) {
		n, _ := strconv.Atoi(cell)
		e.Subject.BirthDates = append(e.Subject.BirthDates, domain.FuzzyDate{Type: "exact", Date: fromSerial(n)})
		return false
	}
	parts := lines(strings.ReplaceAll(cell, "又は", "；"), "；;\n")
	for _, p := range parts {
		e.Subject.BirthDates = append(e.Subject.BirthDates, birth(half(p)))
	}
	return false
}

// fromSerial returns the day of a serial number: 1 is 1 January 1900, and the
// format counts a 29 February 1900 that never was.
func fromSerial(n int) domain.Date {
	if n < 60 {
		n++
	}
	return domain.DateOf(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n))
}

func birth(s string) domain.FuzzyDate {
	if m := yearRange.FindStringSubmatch(s); m != nil {
		return domain.FuzzyDate{Type: "between", From: domain.Date(m[1]), To: domain.Date(m[2]), Text: s}
	}
	if m := yearOnly.FindStringSubmatch(s); m != nil {
		return domain.FuzzyDate{Type: "exact", Date: domain.Date(m[1]), Text: s}
	}
	if d := dayIn(s); d != "" {
		return domain.FuzzyDate{Type: "exact", Date: d, Text: s}
	}
	return domain.FuzzyDate{Text: s}
}

// dayIn returns the first full day written in s, "" when there is none.
func dayIn(s string) domain.Date {
	m := fullDay.FindStringSubmatch(half(s))
	if m == nil {
		return ""
	}
	if d := day(m[1], m[2], m[3]); d.Valid() {
		return d
	}
	return ""
}

// documents adds each number of the cell with what is said of it up to the
// next number: who issued it, since when and until when it is valid.
func (e *Entry) documents(cell, scheme, label string) bool {
	at := documentNo.FindAllStringIndex(cell, -1)
	for i, m := range at {
		end := len(cell)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		id := domain.Identifier{Scheme: scheme, Value: cell[m[0]:m[1]], Label: label}
		about := cell[m[1]:end]
		if who := issuer.FindStringSubmatch(about); who != nil {
			id.Country = countryIn(who[1])
		}
		id.IssuedOn = dayAfter(about, "発行日", "発効日")
		id.ExpiresOn = dayAfter(about, "失効日")
		e.Subject.Identifiers = append(e.Subject.Identifiers, id)
	}
	if len(at) == 0 {
		e.Warnings = append(e.Warnings, label+": no number was found; the text stays in Raw")
	}
	return len(at) == 1 && at[0][1]-at[0][0] == len(cell)
}

func dayAfter(s string, words ...string) domain.Date {
	for _, w := range words {
		if _, after, ok := strings.Cut(s, w); ok {
			return dayIn(after)
		}
	}
	return ""
}

func (e *Entry) addresses(cell string) bool {
	parts := lines(cell, "；;\n")
	for _, p := range parts {
		e.Subject.Addresses = append(e.Subject.Addresses, domain.Place{Text: p, Country: countryIn(p)})
	}
	return len(parts) == 1 && parts[0] == cell
}

// other keeps the cell as a remark and lifts out of it what it names: sex,
// place and date of birth, bank codes, IMO numbers, wallets.
func (e *Entry) other(cell string) {
	s := &e.Subject
	s.Remarks = append(s.Remarks, domain.Text{Text: cell, Language: "ja", Label: "その他の情報"})
	for _, m := range otherField.FindAllStringSubmatch(cell, -1) {
		heading, value := half(strings.TrimSpace(m[1])), strings.TrimSpace(m[2])
		switch {
		case heading == "性別":
			s.Gender = map[string]string{"男性": "male", "女性": "female"}[value]
		case heading == "出生地":
			s.BirthPlaces = append(s.BirthPlaces, domain.Place{Text: value, Country: countryIn(value)})
		case heading == "生年月日":
			e.Kind = "person"
			s.BirthDates = append(s.BirthDates, birth(value))
		case strings.HasPrefix(heading, "SWIFT"):
			code := strings.ReplaceAll(half(value), " ", "")
			s.Identifiers = append(s.Identifiers, domain.Identifier{Scheme: "swift", Value: code, Label: heading})
		case strings.Contains(heading, "IMO") || strings.Contains(value, "IMO"):
			e.imo(heading, value)
		}
	}
	for _, w := range wallet.FindAllString(cell, -1) {
		chain := "XBT"
		if strings.HasPrefix(w, "0x") {
			chain = "ETH"
		}
		s.Identifiers = append(s.Identifiers, domain.Identifier{Scheme: "wallet", Value: w, Label: "暗号資産アドレス", Chain: chain})
	}
}

// imo adds the number of an entity: a company's when its check digit says so,
// else a ship's; one that is neither stays in the remark.
func (e *Entry) imo(heading, value string) {
	digits := strings.TrimPrefix(half(value), "IMO")
	for _, n := range imoNumber.FindAllString(digits, -1) {
		id := domain.Identifier{Scheme: "imo_company", Value: n, Label: heading}
		if e.Kind != "entity" || !importer.ValidIMOCompany(n) {
			id.Scheme = "imo"
			if !domain.ValidIMO(n) {
				e.Warnings = append(e.Warnings, "IMO number "+n+" fails both check digits and was left in the remark")
				continue
			}
		}
		e.Subject.Identifiers = append(e.Subject.Identifiers, id)
	}
}

// half turns full-width Latin letters, digits and signs into plain ones.
func half(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			return r - '！' + '!'
		}
		return r
	}, s)
}
