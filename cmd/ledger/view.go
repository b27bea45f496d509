package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

type viewCmd struct {
	Path string   `arg:"" help:"View, as countries/JP/compliance, coalition/loopholes, events/12, designations/UN:KPe.001."`
	With []string `arg:"" optional:"" placeholder:"NAME=VALUE" help:"Parameters, as on=2017-06-05 as_of=1200 regime=UN-DPRK."`
}

// Run shows a view: as tables, or as the ledger sent it with --json.
func (c *viewCmd) Run(ctx context.Context, a *app) error {
	path, err := c.path()
	if err != nil {
		return err
	}
	r, err := a.connect()
	if err != nil {
		return err
	}
	text, err := r.read(ctx, path)
	if err != nil {
		return err
	}
	if a.JSON {
		_, err := fmt.Fprintf(a.out, "%s\n", strings.TrimSpace(string(text)))
		return err
	}
	return render(a.out, text)
}

func (c *viewCmd) path() (string, error) {
	path := "/" + strings.TrimPrefix(strings.TrimPrefix(c.Path, "/"), "v1/")
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	for _, p := range c.With {
		name, value, ok := strings.Cut(p, "=")
		if !ok {
			return "", usage("parameter %q: write NAME=VALUE", p)
		}
		path += separator + url.QueryEscape(name) + "=" + url.QueryEscape(value)
		separator = "&"
	}
	return "/v1" + path, nil
}

// render writes any JSON answer for people: members one a line, lists of
// objects as tables, in the order in which the ledger sent them.
func render(w io.Writer, text []byte) error {
	v, err := parseNode(text)
	if err != nil {
		return fmt.Errorf("read the ledger's answer: %w", err)
	}
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	v.write(t, "")
	return t.Flush()
}

// node is a JSON value that keeps the order of its members.
type node struct {
	names []string // of an object
	kids  []node   // of an object or a list
	list  bool
	text  string // of anything else
}

func parseNode(text []byte) (node, error) {
	v := jsontext.Value(text)
	switch v.Kind() {
	case '{':
		return parseObject(v)
	case '[':
		var list []jsontext.Value
		n := node{list: true}
		err := json.Unmarshal(v, &list)
		for _, item := range list {
			kid, kidErr := parseNode(item)
			err = firstError(err, kidErr)
			n.kids = append(n.kids, kid)
		}
		return n, err
	case '"':
		var s string
		err := json.Unmarshal(v, &s)
		return node{text: s}, err
	}
	return node{text: strings.TrimSpace(string(v))}, nil
}

func parseObject(v jsontext.Value) (node, error) {
	var n node
	d := jsontext.NewDecoder(strings.NewReader(string(v)))
	if _, err := d.ReadToken(); err != nil {
		return n, err
	}
	for d.PeekKind() == '"' {
		name, err := d.ReadToken()
		if err != nil {
			return n, err
		}
		n.names = append(n.names, name.String())
		value, err := d.ReadValue()
		if err != nil {
			return n, err
		}
		kid, err := parseNode(value)
		if err != nil {
			return n, err
		}
		n.kids = append(n.kids, kid)
	}
	_, err := d.ReadToken()
	return n, err
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func (n node) object() bool { return n.names != nil }

// flat reports whether n fits a cell of a table.
func (n node) flat() bool {
	return n.counted() || !n.object() && !slices.ContainsFunc(n.kids, func(k node) bool { return !k.flat() })
}

func (n node) cell() string {
	if n.counted() {
		return n.kids[1].cell()
	}
	if !n.list {
		return plain(n.text)
	}
	cells := make([]string, 0, len(n.kids))
	for _, k := range n.kids[:min(len(n.kids), 12)] {
		cells = append(cells, k.cell())
	}
	if len(n.kids) > 12 {
		cells = append(cells, fmt.Sprintf("… %d in all", len(n.kids)))
	}
	return strings.Join(cells, " ")
}

// plain keeps a text on one line, and control characters off the terminal:
// anyone may have written it.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

func (n node) write(w io.Writer, indent string) {
	switch {
	case n.object():
		n.writeMembers(w, indent)
	case n.table():
		n.writeTable(w, indent)
	case n.list && !n.flat():
		for _, k := range n.kids {
			k.write(w, indent+"  ")
			fmt.Fprintln(w)
		}
	default:
		fmt.Fprintf(w, "%s%s\n", indent, n.cell())
	}
}

func (n node) writeMembers(w io.Writer, indent string) {
	for i, k := range n.kids {
		if k.flat() {
			fmt.Fprintf(w, "%s%s\t%s\n", indent, n.names[i], k.cell())
			continue
		}
		fmt.Fprintf(w, "%s%s\n", indent, n.names[i])
		k.shortened(n.names[i]).write(w, indent+"  ")
	}
}

// table reports whether n is a list of objects all of whose members are flat.
func (n node) table() bool {
	if !n.list || len(n.kids) == 0 {
		return false
	}
	return !slices.ContainsFunc(n.kids, func(row node) bool {
		return !row.object() || slices.ContainsFunc(row.kids, func(k node) bool { return !k.flat() })
	})
}

// writeTable leaves out columns that say nothing in any row, and the hashes
// and ids that --json has.
func (n node) writeTable(w io.Writer, indent string) {
	columns := n.columns()
	fmt.Fprintf(w, "%s%s\n", indent, strings.Join(columns, "\t"))
	for _, row := range n.kids {
		cells := make([]string, len(columns))
		for i, name := range row.names {
			if at := slices.Index(columns, name); at >= 0 && row.kids[i].text != "false" {
				cells[at] = row.kids[i].cell()
			}
		}
		fmt.Fprintf(w, "%s%s\n", indent, strings.Join(cells, "\t"))
	}
}

func (n node) columns() []string {
	var out []string
	for _, row := range n.kids {
		for i, name := range row.names {
			silent := row.kids[i].cell() == "" || row.kids[i].text == "false" || name == "leaf" || name == "event_id"
			if !silent && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}
