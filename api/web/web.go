// Package web holds the pages that the server shows to people. For now there
// is one: it says what this is and where to go on.
package web

import (
	"crypto/sha256"
	_ "embed" // the page and its style
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
)

//go:embed index.html
var indexText string

//go:embed style.css
var style string

// StylePolicy is the source of style that a content security policy allows:
// the hash of the one sheet that pages hold.
func StylePolicy() string {
	sum := sha256.Sum256([]byte(style))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
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
