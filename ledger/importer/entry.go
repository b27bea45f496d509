package importer

import (
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// List is one published file, read whole.
type List struct {
	Source      string      `json:"source"`                 // the publisher's list, e.g. "UN Security Council Consolidated List"
	File        string      `json:"file"`                   // the file's name as given to the importer
	PublishedOn domain.Date `json:"published_on,omitempty"` // the date that the file bears; claimed, not proven
	SHA256      domain.Hash `json:"sha256"`                 // of the bytes read
	Entries     []Entry     `json:"entries"`                // in the file's order
	Warnings    []string    `json:"warnings,omitempty"`     // on the file; those on one entry stand there
}

// Entry is one listed subject.
type Entry struct {
	Ref        string         `json:"ref"`                   // normalised reference, unique in its list
	RawRef     string         `json:"raw_ref,omitempty"`     // the reference as printed
	List       string         `json:"list,omitempty"`        // the part of the list, e.g. the UN's "DPRK"
	Kind       string         `json:"kind"`                  // as Subject.Kind
	ListedOn   domain.Date    `json:"listed_on,omitempty"`   // the importer's package comment says what this date means
	UpdatedOn  []domain.Date  `json:"updated_on,omitempty"`  // in the source's order
	Measures   []string       `json:"measures,omitempty"`    // that the list itself states for this entry, in the words of domain.Measures
	Unworded   []string       `json:"unworded,omitempty"`    // measures that the list states too, in its own words: domain.Measures has none for them
	DelistedOn domain.Date    `json:"delisted_on,omitempty"` // the date of delisting that the list states
	Subject    domain.Subject `json:"subject"`
	Warnings   []string       `json:"warnings,omitempty"`
	Place      string         `json:"place"` // file:line or file:sheet!cell
}

// Under returns the entry as a ledger can say it under a version of the rules:
// measures whose words came later are Unworded.
func (e Entry) Under(rules int) Entry {
	known, all := domain.MeasuresUnder(rules), e.Measures
	e.Measures, e.Unworded = nil, slices.Clone(e.Unworded)
	for _, m := range all {
		if slices.Contains(known, m) {
			e.Measures = append(e.Measures, m)
		} else {
			e.Unworded = append(e.Unworded, m)
		}
	}
	return e
}

// Unheld reports whether the list states measures for the entry and none that
// the domain has a word for: then no designation can say what it imposes.
func (e Entry) Unheld() bool { return len(e.Measures) == 0 && len(e.Unworded) > 0 }

// ByRef returns the entries under their references.
func (l *List) ByRef() map[string]Entry {
	m := make(map[string]Entry, len(l.Entries))
	for _, e := range l.Entries {
		m[e.Ref] = e
	}
	return m
}
