package uk

import (
	"slices"
	"strings"
	"unicode"
)

// words are the domain's words for the measures of the UK, of which letters
// count. What is not among them has no word.
var words = map[string]string{
	"assetfreeze":                              "asset_freeze",
	"travelban":                                "travel_ban",
	"armsembargo":                              "arms_embargo",
	"targetedarmsembargo":                      "arms_embargo",
	"prohibitionofportentry":                   "port_entry_ban",
	"deflag":                                   "deflag",
	"crewservicingofshipsandaircraft":          "crew_services_ban",
	"crewservicing":                            "crew_services_ban",
	"crewservicingofships":                     "crew_services_ban",
	"charteringofships":                        "chartering_ban",
	"charteringofshipsandaircraft":             "chartering_ban",
	"preventionofcharteringofships":            "chartering_ban",
	"preventionofcharteringofshipsandaircraft": "chartering_ban",
	"preventionofbusinessarrangements":         "joint_venture_ban",
	"closureofrepresentativeoffices":           "representative_office_closure",
	"directordisqualification":                 "director_disqualification",
	"directordisqualificationsanction":         "director_disqualification",
	"trustservicessanctions":                   "trust_services_ban",
	"technicalassistancerelatedtoaircraft":     "aircraft_technical_assistance_ban",
	"shippingsanctions":                        "maritime_restriction",
	"shippingsanctionsseeotherinformation":     "maritime_restriction",
}

// measures adds what the text names, divided by "|", then what an indicator
// sets besides. Both stay in Raw.
func (b *builder) measures() {
	named := make(map[string]bool)
	for _, text := range b.distinct("SanctionsImposed") {
		for name := range strings.SplitSeq(text, "|") {
			named[letters(name)] = true
			b.measure(strings.TrimSpace(name))
		}
	}
	for _, list := range b.all("SanctionsImposedIndicators") {
		for _, n := range list.Kids {
			if !strings.EqualFold(strings.TrimSpace(n.Text), "true") || named[letters(n.Name)] {
				continue
			}
			known := len(b.e.Measures)
			b.measure(n.Name)
			if len(named) > 0 && len(b.e.Measures) > known {
				b.warn("indicator " + n.Name + " is set, and SanctionsImposed does not name it")
			}
		}
	}
}

func (b *builder) measure(name string) {
	if name == "" {
		return
	}
	word, ok := words[letters(name)]
	if !ok && slices.Contains(b.e.Unworded, name) {
		return
	}
	if !ok {
		b.e.Unworded = append(b.e.Unworded, name)
		b.warn("the measure " + name + " has no word in the ledger's vocabulary: it stands in Raw alone")
		return
	}
	if !slices.Contains(b.e.Measures, word) {
		b.e.Measures = append(b.e.Measures, word)
	}
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
