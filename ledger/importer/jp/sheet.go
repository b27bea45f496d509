package jp

import (
	"fmt"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// readSheet finds the table below its heading and reads each row.
func readSheet(file, name string, rows [][]string) (Sheet, error) {
	s := Sheet{Name: name, Basis: basisOf(name), Kind: kindOf(name)}
	if s.Basis == "" {
		return s, refuse(file, name, "the title names no known basis (1695, 1718, 協調)", nil)
	}
	head := slices.IndexFunc(rows, func(row []string) bool {
		return len(row) > 0 && importer.Clean(row[0]) == "告示日付"
	})
	if head < 0 {
		return s, refuse(file, name, "no heading row begins 告示日付", nil)
	}
	for _, row := range rows[:head] {
		if note := strings.TrimSpace(strings.Join(row, " ")); note != "" {
			s.Notes = append(s.Notes, note)
		}
	}
	columns := make([]string, len(rows[head]))
	for i, c := range rows[head] {
		columns[i] = importer.Clean(c)
	}
	return s, s.readRows(file, columns, rows, head+1)
}

func (s *Sheet) readRows(file string, columns []string, rows [][]string, from int) error {
	seen := make(map[string]bool)
	for i := from; i < len(rows); i++ {
		if strings.TrimSpace(strings.Join(rows[i], "")) == "" {
			continue
		}
		place := fmt.Sprintf("%s!A%d", s.Name, i+1)
		e, err := newEntry(s, columns, rows[i])
		if err != nil {
			return refuse(file, place, "the row is no entry", err)
		}
		if seen[e.Ref] {
			return refuse(file, place, fmt.Sprintf("number %d stands twice on the sheet", e.Number), nil)
		}
		seen[e.Ref] = true
		e.Place = file + ":" + place
		s.Entries = append(s.Entries, e)
	}
	if len(s.Entries) == 0 {
		return refuse(file, s.Name, "the sheet has no entry", nil)
	}
	return nil
}

func basisOf(name string) string {
	switch {
	case strings.Contains(name, "1695"):
		return Basis1695
	case strings.Contains(name, "1718"):
		return Basis1718
	case strings.Contains(name, "協調"):
		return BasisCoordinated
	}
	return ""
}

func kindOf(name string) string {
	if strings.Contains(name, "個人") {
		return "person"
	}
	return "entity"
}
