package vessels

import "fmt"

// columns of the list.
const (
	columnNumber = 0
	columnName   = 1 // two wide, or a heading with its text beside it
	columnText   = 2
	columnIMO    = 3
	columnDate   = 4
	columnFirst  = 5 // of the five of measures
	columns      = 10
)

// line is one row of the table laid out: the cells that begin in it, nil where
// one from above or from the left stands.
type line struct {
	place
	cells [columns]*cell
}

// has reports whether a cell with a text begins there.
func (l line) has(column int) bool { return l.cells[column] != nil && len(l.cells[column].lines) > 0 }

// lay puts the cells of a table in their columns. Each row must fill all ten,
// and no cell may reach below the last row.
func lay(file string, rows []row) ([]line, error) {
	var below [columns]int // rows that a cell above still takes
	out := make([]line, len(rows))
	for i, r := range rows {
		l, reach, err := layRow(file, r, below)
		if err != nil {
			return nil, err
		}
		out[i], below = l, reach
	}
	for _, n := range below {
		if n > 0 {
			return nil, rows[len(rows)-1].refuse(file, "a cell reaches below the last row of its table: a row is missing", nil)
		}
	}
	return out, nil
}

func layRow(file string, r row, above [columns]int) (line, [columns]int, error) {
	l, at := line{place: r.place}, 0
	var below [columns]int
	for column := 0; column < columns; {
		if above[column] > 0 {
			below[column] = above[column] - 1
			column++
			continue
		}
		if at == len(r.cells) {
			return l, below, r.refuse(file, fmt.Sprintf("the row has no cell in column %d of %d", column+1, columns), nil)
		}
		c := r.cells[at]
		at++
		l.cells[column] = c
		for range c.width {
			if column == columns || above[column] > 0 {
				return l, below, c.refuse(file, "the cell is wider than its place in the table", nil)
			}
			below[column] = c.height - 1
			column++
		}
	}
	if at < len(r.cells) {
		return l, below, r.cells[at].refuse(file, fmt.Sprintf("the row has more than %d columns", columns), nil)
	}
	return l, below, nil
}
