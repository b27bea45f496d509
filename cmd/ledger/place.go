package main

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// lineOf returns the line on which a field of a JSON text stands, as in
// designations[0] or amount.currency; of its nearest parent when the field
// itself is missing; 1 when nothing of it is found.
func lineOf(text []byte, field string) int {
	want := strings.NewReplacer("[", ".", "]", "").Replace(strings.Trim(field, "."))
	d := jsontext.NewDecoder(bytes.NewReader(text), jsontext.AllowDuplicateNames(true))
	best, at := -1, 0
	for {
		if _, err := d.ReadToken(); err != nil {
			break
		}
		path := strings.ReplaceAll(strings.TrimPrefix(string(d.StackPointer()), "/"), "/", ".")
		if (want == path || strings.HasPrefix(want, path+".") || path == "") && len(path) > best {
			best, at = len(path), int(d.InputOffset())
		}
	}
	return 1 + bytes.Count(text[:min(at, len(text))], []byte{'\n'})
}
