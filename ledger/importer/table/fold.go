package table

import (
	"fmt"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer/tree"
)

// record is the columns that together give one element.
type record struct {
	name  string
	cells []cell
}

type cell struct {
	column int
	path   []string
}

// plan groups the columns of a file by the record they are of. Columns of the
// entry itself, and unknown ones, are each a record without a name.
func plan(names []string, columns []Column) []record {
	known := make(map[string]Column)
	for _, c := range columns {
		known[letters(c.Name)] = c
	}
	var out []record
	at := make(map[string]int)
	for i, name := range names {
		c, ok := known[letters(name)]
		path := strings.Split(c.Path, "/")
		if !ok {
			path = []string{heading(name, i)}
		} else if c.Path == "" {
			path = nil
		}
		if c.Record == "" {
			out = append(out, record{cells: []cell{{i, path}}})
			continue
		}
		if _, ok := at[c.Record]; !ok {
			at[c.Record] = len(out)
			out = append(out, record{name: c.Record})
		}
		r := &out[at[c.Record]]
		r.cells = append(r.cells, cell{i, path})
	}
	return out
}

func heading(name string, i int) string {
	if name = strings.TrimSpace(name); name == "" {
		return fmt.Sprintf("column %d", i+1)
	}
	return name
}

// fold gathers the rows of one entry.
type fold struct {
	root *tree.Node
	seen map[string]bool
}

// add adds what the row says in a record, unless a row before said the same.
func (f *fold) add(number int, rec record, row []string, line int) {
	key := fmt.Sprint(number)
	empty := true
	for _, c := range rec.cells {
		key += "\x1f" + row[c.column]
		empty = empty && strings.TrimSpace(row[c.column]) == ""
	}
	if empty || f.seen[key] {
		return
	}
	f.seen[key] = true
	n := f.root
	if rec.name != "" {
		n = &tree.Node{Name: rec.name, Line: line}
		f.root.Kids = append(f.root.Kids, n)
	}
	for _, c := range rec.cells {
		if strings.TrimSpace(row[c.column]) != "" {
			put(n, c.path, row[c.column], line)
		}
	}
}

// put places a value below n; elements on the way are shared, the last is new.
func put(n *tree.Node, path []string, value string, line int) {
	for i, name := range path {
		var next *tree.Node
		if kids := n.All(name); len(kids) > 0 && i < len(path)-1 {
			next = kids[0]
		} else {
			next = &tree.Node{Name: name, Line: line}
			n.Kids = append(n.Kids, next)
		}
		n = next
	}
	n.Text = value
}
