package jp

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

var (
	noticeLine = regexp.MustCompile(`^(\d{4})\.(\d{1,2})\.(\d{1,2})\s*(改訂|削除)?$`)
	numberCell = regexp.MustCompile(`^([*#]*)(\d+)(?:[（(](.*)[）)])?$`)
	crossMark  = regexp.MustCompile(`([*#])\s*(\d+)`)
)

// history reads the cell 告示日付: the notice, then one line for each later one.
func (e *Entry) history(cell string) error {
	for line := range strings.Lines(cell) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		m := noticeLine.FindStringSubmatch(line)
		if m == nil {
			if e.ListedOn == "" && e.DeletedOn == "" {
				return fmt.Errorf("告示日付 %q does not begin with a date such as 2017.8.16", cell)
			}
			e.Warnings = append(e.Warnings, fmt.Sprintf("告示日付: the line %q was not understood and stays in Raw", line))
			continue
		}
		d := day(m[1], m[2], m[3])
		if !d.Valid() {
			return fmt.Errorf("告示日付 %q holds the impossible date %s", cell, d)
		}
		e.notice(d, m[4])
	}
	return nil
}

func (e *Entry) notice(d domain.Date, what string) {
	switch {
	case what == "削除":
		e.DeletedOn = d
	case e.ListedOn == "":
		e.ListedOn = d
	default:
		e.UpdatedOn = append(e.UpdatedOn, d)
	}
}

// number reads the cell 告示番号: the number on this sheet, with marks that the
// subject stands on another. On the sheets of resolution 1718 the mark stands
// before the number, * for 1695 and # for coordinated; on those two it stands
// in brackets with the number on the sheet of 1718.
func (e *Entry) number(cell, basis string) error {
	m := numberCell.FindStringSubmatch(strings.TrimSpace(cell))
	if m == nil {
		return fmt.Errorf("告示番号 %q is not a number such as 12, *1, #78 or 2(*39)", cell)
	}
	n, err := strconv.Atoi(m[2])
	if err != nil {
		return fmt.Errorf("告示番号 %q: %w", cell, err)
	}
	e.Number = n
	for _, mark := range m[1] {
		e.Cross = append(e.Cross, Reference{Basis: map[rune]string{'*': Basis1695, '#': BasisCoordinated}[mark]})
	}
	for _, c := range crossMark.FindAllStringSubmatch(m[3], -1) {
		n, err := strconv.Atoi(c[2])
		if err != nil {
			return fmt.Errorf("告示番号 %q: %w", cell, err)
		}
		e.Cross = append(e.Cross, Reference{Basis: Basis1718, Number: n})
	}
	if m[3] != "" && len(e.Cross) == 0 {
		e.Warnings = append(e.Warnings, fmt.Sprintf("告示番号 %q: what stands in brackets was not understood", cell))
	}
	e.RawRef, e.List = cell, basis
	return nil
}

func day(year, month, day string) domain.Date {
	return domain.Date(fmt.Sprintf("%s-%02s-%02s", year, month, day))
}
