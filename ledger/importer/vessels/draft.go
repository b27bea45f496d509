package vessels

import (
	"errors"
	"fmt"
	"strconv"
)

// draft is one ship's rows, sorted by what their cells are.
type draft struct {
	place
	number, names, imo *cell
	details            []detail
	dates              []dated
}

// detail is a heading below the name, with the text beside it.
type detail struct{ heading, text *cell }

// dated is a date of designation with the measures beside it.
type dated struct {
	on    *cell
	marks [columns - columnFirst]*cell
}

// add takes the cells of a row that have a text. The one place of a number and
// of an IMO number is taken once.
func (d *draft) add(file string, l line) error {
	for column, c := range l.cells {
		if !l.has(column) {
			continue
		}
		var err error
		switch column {
		case columnNumber:
			d.number, err = once(d.number, c, "number")
		case columnIMO:
			d.imo, err = once(d.imo, c, "IMO number")
		case columnText:
			if !l.has(columnName) {
				err = errors.New("the text has no heading beside it")
			}
		case columnDate:
			on := dated{on: c}
			copy(on.marks[:], l.cells[columnFirst:])
			d.dates = append(d.dates, on)
		case columnName:
			d.addName(l)
		default:
			if !l.has(columnDate) {
				err = errors.New("the measure has no date beside it")
			}
		}
		if err != nil {
			return c.refuse(file, fmt.Sprintf("column %d of the row cannot be read", column+1), err)
		}
	}
	return nil
}

func (d *draft) addName(l line) {
	if c := l.cells[columnName]; c != d.names {
		d.details = append(d.details, detail{c, l.cells[columnText]})
	}
}

func once(have, c *cell, what string) (*cell, error) {
	if have != nil {
		return have, fmt.Errorf("the ship has a second %s: a name is missing between them", what)
	}
	return c, nil
}

// check holds the draft to what every ship has. An IMO number may be missing.
func (d *draft) check(want int) error {
	if d.number == nil || len(d.names.lines) == 0 || len(d.dates) == 0 {
		return errors.New("a number, a name and a date of designation are needed")
	}
	if got := d.number.clean(); got != strconv.Itoa(want) {
		return fmt.Errorf("its number is %q: numbers run from 1 without a gap", got)
	}
	for _, on := range d.dates {
		for i, c := range on.marks {
			if c == nil || c.clean() != "Yes" && c.clean() != "na" {
				return fmt.Errorf("measure column %d beside the date %s says neither Yes nor na", i+1, on.on.clean())
			}
		}
	}
	return nil
}
