// Package web holds the pages that the server shows to people: the first page,
// which says what this is and where to go on, and the report on changes, which
// is made to be printed. Pages are rendered whole, without script; every value
// is escaped, and their style is allowed by its hash alone.
package web

import (
	"crypto/sha256"
	_ "embed" // the page and its style
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
)

//go:embed index.html
var indexText string

//go:embed style.css
var style string

// StylePolicy are the sources of style that a content security policy allows:
// the hashes of the sheets that pages hold.
func StylePolicy() string {
	var out []string
	for _, sheet := range []string{style, reportStyle} {
		sum := sha256.Sum256([]byte(sheet))
		out = append(out, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	}
	return strings.Join(out, " ")
}

// Index is what the first page shows.
type Index struct {
	Name   string // of the coalition
	Notice string // "" or a warning that stands first
	Origin string // of the log
	LogKey string
	Events uint64
}

// Page is a parsed page.
type Page struct{ t *template.Template }

// ParseIndex reads the embedded first page.
func ParseIndex() (Page, error) {
	t, err := template.New("index").Parse(indexText)
	if err != nil {
		return Page{}, fmt.Errorf("index page: %w", err)
	}
	return Page{t}, nil
}

// Write writes the page; every value is escaped.
func (p Page) Write(w io.Writer, v Index) error {
	return p.t.Execute(w, struct {
		Index
		Style template.CSS
	}{v, template.CSS(style)})
}
