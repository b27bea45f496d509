package jp

import (
	"fmt"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// newEntry reads one row. keep puts each cell into Raw unless its exact text
// stands in a typed field.
func newEntry(s *Sheet, columns, row []string) (Entry, error) {
	e := Entry{Entry: importer.Entry{Kind: s.Kind, Subject: domain.Subject{Kind: s.Kind}}}
	for i, cell := range row {
		if strings.TrimSpace(cell) == "" {
			continue
		}
		heading := fmt.Sprintf("column %d", i+1)
		if i < len(columns) && columns[i] != "" {
			heading = columns[i]
		}
		exact, err := e.cell(heading, cell, s.Basis)
		if err != nil {
			return e, err
		}
		if !exact {
			e.Subject.Raw = append(e.Subject.Raw, domain.RawField{Path: heading, Value: cell})
		}
	}
	if e.ListedOn == "" && e.DeletedOn == "" || e.Number == 0 || len(e.Subject.Names) == 0 {
		return e, fmt.Errorf("a date, a number and a name are needed; found %q, %d and %d names", e.ListedOn, e.Number, len(e.Subject.Names))
	}
	e.Subject.Kind = e.Kind
	e.Ref = fmt.Sprintf("%s/%s/%d", s.Basis, s.Kind, e.Number)
	return e, nil
}

// cell reads one cell by its heading and says whether its exact text now
// stands in a typed field.
func (e *Entry) cell(heading, cell, basis string) (exact bool, err error) {
	s := &e.Subject
	switch heading {
	case "告示日付":
		return false, e.history(cell)
	case "告示番号":
		return false, e.number(cell, basis)
	case "日本語表記", "英語表記":
		text := importer.Clean(cell)
		s.Names = append(s.Names, name(text, "primary"))
		return text == cell, nil
	case "別称・旧称", "別称・別名":
		return e.aliases(cell), nil
	case "役職":
		parts := lines(cell, "\n")
		for _, p := range parts {
			role := text(p)
			if role.Language == "" {
				role.Language = "ja"
			}
			s.Roles = append(s.Roles, role)
		}
		return len(parts) == 1 && parts[0] == cell, nil
	case "生年月日":
		return e.births(cell), nil
	case "国籍":
		s.Nationalities = append(s.Nationalities, domain.Text{Text: cell, Language: "ja", Code: countryIn(cell)})
		return true, nil
	case "旅券番号":
		return e.documents(cell, "passport", heading), nil
	case "身分証番号":
		return e.documents(cell, "national_id", heading), nil
	case "住所", "所在地", "住所・所在地":
		return e.addresses(cell), nil
	case "その他の情報":
		e.other(cell)
		return true, nil
	}
	e.Warnings = append(e.Warnings, fmt.Sprintf("heading %q is not known; its text stays in Raw", heading))
	return false, nil
}

func name(s, kind string) domain.Name {
	t := text(s)
	return domain.Name{Text: s, Kind: kind, Script: t.Script, Language: t.Language}
}

// text is s with its script, and the language that the sheet has for it: the
// English column and its like are in Latin letters, all else is Japanese.
func text(s string) domain.Text {
	script := importer.Script(s)
	if strings.ContainsAny(s, "ー・") && script != "Latn" {
		script = "Jpan"
	}
	switch script {
	case "Latn":
		return domain.Text{Text: s, Script: script, Language: "en"}
	case "Hani":
		return domain.Text{Text: s, Script: script}
	}
	return domain.Text{Text: s, Script: script, Language: "ja"}
}

// lines splits at any of the separators; parts are trimmed, blank ones left out.
func lines(cell, separators string) []string {
	var out []string
	for _, p := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// aliases adds each other name of the cell: one line in Japanese, one in
// English, （旧称） for former names. A cell that is a sentence is a remark. A
// comma divides names of entities only: in a person's it may divide family and
// given name.
func (e *Entry) aliases(cell string) bool {
	if strings.HasSuffix(strings.TrimSpace(cell), "。") {
		e.Subject.Remarks = append(e.Subject.Remarks, domain.Text{Text: cell, Language: "ja", Label: "別称・旧称"})
		return true
	}
	kind, count, exact := "aka", 0, false
	for _, line := range lines(cell, "\n") {
		if rest, ok := strings.CutPrefix(line, "（旧称）"); ok {
			kind, line = "fka", rest
		} else if rest, ok := strings.CutPrefix(line, "（別称）"); ok {
			kind, line = "aka", rest
		}
		for _, p := range e.divide(line) {
			e.Subject.Names = append(e.Subject.Names, name(p, kind))
			count++
			exact = p == cell
		}
	}
	return count == 1 && exact
}

func (e *Entry) divide(line string) []string {
	if strings.ContainsAny(line, "；;") || e.Kind == "person" {
		return lines(line, "；;")
	}
	return lines(strings.ReplaceAll(line, ", ", "、"), "、")
}
