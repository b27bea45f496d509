package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Names of members that a CSV cell gives in another form than text.
const (
	listsOfText    = " designations concerning measures kinds amended_on reasons link_reasons released_to "
	listsOfObjects = " legal_basis evidence sealed names parts identifiers birth_dates birth_places addresses nationalities titles roles flags remarks raw cargo changes "
	numbers        = " index days version votes "
	booleans       = " illustrative substantive "
)

// csvRows reads a CSV file whose header names the payload's members by their
// paths: amount.currency, legal_basis.instrument, respondent.names[1].text.
// Values of a list of texts are separated by |. Empty cells are left out.
func csvRows(file string, text []byte) ([]row, error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))))
	head, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, usage("%s:1: the file is empty: the first line names the columns", file)
	}
	if err != nil {
		return nil, usage("%s: %w", file, err)
	}
	if len(head) == 1 && strings.ContainsAny(head[0], ";\t") {
		return nil, usage("%s:1: the columns are divided by semicolons or tabs: save the file as CSV divided by commas", file)
	}
	if !utf8.Valid(text) {
		return nil, usage("%s: the file is not UTF-8: save it as CSV UTF-8", file)
	}
	if err := checkHead(file, head); err != nil {
		return nil, err
	}
	var rows []row
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, usage("%s: row %d: %w; cells with commas or quotes stand in double quotes", file, len(rows)+1, err)
		}
		if !slices.ContainsFunc(cells, func(cell string) bool { return strings.TrimSpace(cell) != "" }) {
			continue // spreadsheets end with rows of empty cells
		}
		line, _ := r.FieldPos(0)
		payload, err := csvPayload(head, cells)
		if err != nil {
			return nil, usage("%s:%d: row %d: %w", file, line, len(rows)+1, err)
		}
		rows = append(rows, row{number: len(rows) + 1, line: line, payload: payload})
	}
}

func checkHead(file string, head []string) error {
	for i, name := range head {
		head[i] = strings.TrimSpace(name)
		if head[i] == "" {
			return usage("%s:1: column %d has no name", file, i+1)
		}
		if slices.Contains(head[:i], head[i]) {
			return usage("%s:1: two columns are named %s", file, head[i])
		}
	}
	return nil
}

func csvPayload(head, cells []string) ([]byte, error) {
	o := object{}
	for i, cell := range cells {
		if cell = strings.TrimSpace(cell); cell == "" {
			continue
		}
		if err := o.set(strings.Split(head[i], "."), cell); err != nil {
			return nil, fmt.Errorf("%s: %w", head[i], err)
		}
	}
	return o.encode()
}

// set puts a cell at its path.
func (o object) set(path []string, cell string) error {
	name, index, err := step(path[0])
	if err != nil {
		return err
	}
	if len(path) == 1 {
		if _, ok := o[name]; ok {
			return errors.New("another column gives the same member")
		}
		o[name] = cellValue(name, cell)
		return nil
	}
	inner, err := o.inner(name, index)
	if err != nil {
		return err
	}
	return inner.set(path[1:], cell)
}

// inner returns the object of that name, of a list the one at index, made if
// need be.
func (o object) inner(name string, index int) (object, error) {
	if !strings.Contains(listsOfObjects, " "+name+" ") {
		if o[name] == nil {
			o[name] = object{}
		}
		inner, ok := o[name].(object)
		if !ok {
			return nil, errors.New("another column gives the same member as a plain value")
		}
		return inner, nil
	}
	list, ok := o[name].([]object)
	if o[name] != nil && !ok {
		return nil, errors.New("another column gives the same member as a plain value")
	}
	if index > len(list) {
		return nil, fmt.Errorf("%s[%d] comes before %s[%d]: number the columns from 0 without gaps, and fill them from the first", name, index, name, len(list))
	}
	if index == len(list) {
		list = append(list, object{})
		o[name] = list
	}
	return list[index], nil
}

// step takes legal_basis[1] apart; without brackets the index is 0.
func step(text string) (name string, index int, err error) {
	name, rest, found := strings.Cut(text, "[")
	if !found {
		return name, 0, nil
	}
	index, err = strconv.Atoi(strings.TrimSuffix(rest, "]"))
	if err != nil || index < 0 || !strings.HasSuffix(rest, "]") {
		return "", 0, fmt.Errorf("%q is no path: write as in legal_basis[0].instrument", text)
	}
	return name, index, nil
}

// cellValue gives a cell the form of its member. What does not parse stays
// text: the check of the row then names the member and the form it wants.
func cellValue(name, cell string) any {
	key := " " + name + " "
	switch {
	case strings.Contains(listsOfText, key):
		list := strings.Split(cell, "|")
		for i := range list {
			list[i] = strings.TrimSpace(list[i])
		}
		return list
	case strings.Contains(booleans, key) && (strings.EqualFold(cell, "true") || strings.EqualFold(cell, "false")):
		return strings.EqualFold(cell, "true")
	case strings.Contains(numbers, key):
		if n, err := strconv.ParseUint(cell, 10, 64); err == nil {
			return jsontext.Value(strconv.FormatUint(n, 10))
		}
	}
	return cell
}
