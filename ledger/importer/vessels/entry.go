package vessels

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// language of the list.
const language = "en"

// none is what the list writes where it has nothing to say.
const none = "na"

// builder moves the cells of one ship into its subject. keep puts a cell into
// Raw unless its exact text stands in a typed field.
type builder struct{ e importer.Entry }

// entry reads the draft as ship number n.
func (d *draft) entry(n int) (importer.Entry, error) {
	if err := d.check(n); err != nil {
		return importer.Entry{}, err
	}
	b := &builder{}
	b.e.Kind, b.e.Subject.Kind = "vessel", "vessel"
	b.e.Ref, b.e.RawRef = fmt.Sprintf("1718V.%02d", n), d.number.text()
	b.keep(headingNumber, d.number, false)
	b.names(d.names)
	b.numbers(d.imo)
	for _, detail := range d.details {
		b.detail(detail)
	}
	for i, on := range d.dates {
		b.designation(fmt.Sprintf("designation[%d]/", i), on)
	}
	b.dates()
	return b.e, nil
}

func (b *builder) keep(path string, c *cell, exact bool) {
	if !exact {
		b.e.Subject.Raw = append(b.e.Subject.Raw, domain.RawField{Path: path, Value: c.text()})
	}
	for _, l := range c.links {
		b.e.Subject.Raw = append(b.e.Subject.Raw, domain.RawField{Path: path + "/@href", Value: l})
	}
}

func (b *builder) names(c *cell) {
	parts := numbered(c.clean())
	for i, p := range parts {
		kind := "primary"
		if i > 0 {
			kind = "aka"
		}
		b.e.Subject.Names = append(b.e.Subject.Names, domain.Name{Text: p, Kind: kind, Script: importer.Script(p)})
	}
	b.keep(headingName, c, len(parts) == 1 && parts[0] == c.text())
}

// numbers reads the IMO number and the MMSI numbers below it.
func (b *builder) numbers(c *cell) {
	if c == nil {
		b.warn("no IMO number is stated")
		return
	}
	imo, mmsi, _ := strings.Cut(c.clean(), "MMSI:")
	imo = strings.TrimSpace(imo)
	id := domain.Identifier{Scheme: "imo", Value: imo}
	switch {
	case !sevenDigits.MatchString(imo):
		b.warn(fmt.Sprintf("no IMO number is stated: the column says %q", imo))
		id.Value = ""
	case domain.ValidIMO(imo):
	case importer.ValidIMOCompany(imo):
		b.warn("IMO number " + imo + " has the check digit of a company's, not of a ship's")
		id.Scheme, id.Label = "imo_company", headingIMO
	default:
		b.warn("IMO number " + imo + " fails its check digit")
		id.Scheme, id.Label = "other", headingIMO
	}
	if id.Value != "" {
		b.e.Subject.Identifiers = append(b.e.Subject.Identifiers, id)
	}
	b.keep(headingIMO, c, id.Value == c.text())
	b.mmsi(mmsi)
}

var sevenDigits = regexp.MustCompile(`^[0-9]{7}$`)

func (b *builder) mmsi(text string) {
	for _, v := range numbered(text) {
		id := domain.Identifier{Scheme: "mmsi", Value: v}
		if !nineDigits.MatchString(v) {
			b.warn(fmt.Sprintf("MMSI %q has not nine digits", v))
			id.Scheme, id.Label = "other", "MMSI"
		}
		b.e.Subject.Identifiers = append(b.e.Subject.Identifiers, id)
	}
}

var nineDigits = regexp.MustCompile(`^[0-9]{9}$`)

// detail reads what stands under a heading of its own.
func (b *builder) detail(d detail) {
	heading := d.heading.clean()
	if d.text == nil || len(d.text.lines) == 0 {
		b.keep("heading", d.heading, false)
		return
	}
	text := d.text.clean()
	exact := false
	switch heading {
	case "Flag":
		exact = b.flags(text) && text == d.text.text()
	case "Call Sign":
		exact = b.callSigns(text) && text == d.text.text()
	case "Type", "Other information", headingOwner:
		if text != none {
			b.e.Subject.Remarks = append(b.e.Subject.Remarks, domain.Text{Text: text, Language: language, Label: heading})
			exact = text == d.text.text()
		}
	case "Picture link":
	default:
		b.warn(fmt.Sprintf("heading %q is not known; its text stays in Raw", heading))
	}
	b.keep(heading, d.text, exact)
}

// flags adds each flag, the last numbered first, and says whether one alone
// stands there without a number.
func (b *builder) flags(text string) bool {
	parts := numbered(text)
	for _, p := range slices.Backward(parts) {
		if p == none {
			continue
		}
		code, ok := domain.CountryByName(p)
		if !ok {
			b.warn(fmt.Sprintf("flag %q is no known name of a country", p))
		}
		b.e.Subject.Flags = append(b.e.Subject.Flags, domain.Text{Text: p, Language: language, Code: code})
	}
	return len(parts) == 1 && parts[0] == text && text != none
}

func (b *builder) callSigns(text string) bool {
	parts := numbered(text)
	for _, p := range parts {
		if p != none {
			b.e.Subject.Identifiers = append(b.e.Subject.Identifiers, domain.Identifier{Scheme: "call_sign", Value: p})
		}
	}
	return len(parts) == 1 && parts[0] == text && text != none
}

// designation keeps a date and its measures: see Designations.
func (b *builder) designation(path string, on dated) {
	b.keep(path+headingDate, on.on, false)
	if _, ok := day(on.on.clean()); !ok {
		b.warn(fmt.Sprintf("date of designation %q is no date such as 30-Mar-18", on.on.clean()))
	}
	for i, c := range measureColumns() {
		b.keep(path+c.heading, on.marks[i], false)
	}
}

// dates sums up the designations: the earliest date, the later ones, all measures.
func (b *builder) dates() {
	var on []domain.Date
	for _, d := range Designations(b.e) {
		if d.On != "" {
			on = append(on, d.On)
		}
		for _, m := range d.Measures {
			for _, w := range m.Words {
				if !slices.Contains(b.e.Measures, w) {
					b.e.Measures = append(b.e.Measures, w)
				}
			}
		}
	}
	if slices.Sort(on); len(on) > 0 {
		b.e.ListedOn, b.e.UpdatedOn = on[0], slices.Clip(on[1:])
	}
	if len(b.e.Measures) == 0 {
		b.warn("no column of measures says Yes")
	}
}

// day reads 30-Mar-18.
func day(text string) (domain.Date, bool) {
	t, err := time.Parse("02-Jan-06", text)
	if err != nil {
		return "", false
	}
	return domain.DateOf(t), true
}

// numbered divides "1: X 2. Y" into its parts. Each number must follow the one
// before it, so that a number within a name ("BILLIONS NO. 18") divides nothing.
// A text without "1:" or "1." at its beginning is one part.
func numbered(text string) []string {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil
	}
	var out []string
	for n := 1; ; n++ {
		mark := regexp.MustCompile(fmt.Sprintf(`(?:^|\s)%d[:.]`, n)).FindStringIndex(text)
		if mark == nil || n == 1 && mark[0] > 0 {
			break
		}
		if n > 1 {
			out = append(out, strings.TrimSpace(text[:mark[0]]))
		}
		text = text[mark[1]:]
	}
	out = append(out, strings.TrimSpace(text))
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

func (b *builder) warn(text string) { b.e.Warnings = append(b.e.Warnings, text) }
