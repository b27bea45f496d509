package web

import (
	_ "embed" // the page and its style
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

//go:embed report.html
var reportText string

//go:embed report.css
var reportStyle string

// Report is what the report on changes shows: the answer that is also given in
// JSON.
type Report struct {
	Coalition string // its name
	Notice    string // "" or a warning that stands first
	Self      string // the address that repeats this answer
	Until     *Until // nil: the report ends where it was asked to
	Genesis   domain.Hash
	Origin    string
	projections.Report
}

// Until says that a report was asked to end at a time that lies ahead.
type Until struct {
	Asked   string     `json:"asked"`   // as it was asked
	Reached *time.Time `json:"reached"` // when the last event told was recorded
}

// ReportPage is the parsed page of the report on changes.
type ReportPage struct{ t *template.Template }

// ParseReport reads the embedded page.
func ParseReport() (ReportPage, error) {
	t, err := template.New("report").Funcs(template.FuncMap{
		"against": against, "day": day, "first": first, "more": more, "spaced": spaced, "all": all,
	}).Parse(reportText)
	if err != nil {
		return ReportPage{}, fmt.Errorf("report page: %w", err)
	}
	return ReportPage{t}, nil
}

// Write writes the page; every value is escaped.
func (p ReportPage) Write(w io.Writer, v Report) error {
	return p.t.Execute(w, struct {
		Report
		Style template.CSS
	}{v, template.CSS(reportStyle)})
}

// against says what stands against an event.
func against(m projections.Marks) string {
	var out []string
	for _, mark := range []struct {
		is   bool
		word string
	}{
		{m.Disputed, "disputed"},
		{m.Contested, "contested"},
		{m.Repudiated, "repudiated"},
		{m.Transcribed, "transcribed"},
		{m.Illustrative, "illustrative"},
		{len(m.CorrectedBy) > 0, "corrected"},
	} {
		if mark.is {
			out = append(out, mark.word)
		}
	}
	return strings.Join(out, ", ")
}

func day(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

// told bounds the events that the page tells of one change; JSON has all.
const told = 20

func first(entries []projections.ReportEntry) []projections.ReportEntry {
	return entries[:min(len(entries), told)]
}

// more says how many are left out.
func more(c projections.Change) int { return c.Events.Total - len(first(c.Entries)) }

func spaced(s string) string { return strings.ReplaceAll(s, "_", " ") }

func all(s projections.ReportSection) []projections.ReportSection {
	return []projections.ReportSection{s}
}
