package main

import (
	"slices"
	"strings"
)

// narrow are the columns of lists whose rows are too wide for a table; a path of
// its own and --json have the rest.
var narrow = map[string][]string{
	"cases": {
		"id", "state", "lead", "members", "opened_on", "age_days", "next_due_on", "overdue_since", "counts.violations",
		"counts.requests_open", "counts.requests_overdue", "counts.actions", "handling", "title",
	},
}

// shortened leaves of the rows of a list what the narrow table shows; others stay
// as they are.
func (n node) shortened(name string) node {
	paths, ok := narrow[name]
	if !ok || !n.list {
		return n
	}
	out := node{list: true}
	for _, row := range n.kids {
		if !row.object() {
			return n
		}
		short := node{}
		for _, path := range paths {
			short.names = append(short.names, path[strings.LastIndex(path, ".")+1:])
			short.kids = append(short.kids, row.at(path))
		}
		out.kids = append(out.kids, short)
	}
	return out
}

// at returns the member at a path, an empty text where there is none.
func (n node) at(path string) node {
	name, rest, deeper := strings.Cut(path, ".")
	i := slices.Index(n.names, name)
	switch {
	case i < 0:
		return node{}
	case deeper:
		return n.kids[i].at(rest)
	}
	return n.kids[i]
}

// counted reports whether n is a number with what is behind it, as
// {"count":3,"text":"3, of which 1 disputed",…}: its text says it.
func (n node) counted() bool {
	return len(n.names) > 1 && n.names[0] == "count" && n.names[1] == "text"
}
