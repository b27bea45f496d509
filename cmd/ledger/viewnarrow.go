package main

import (
	"slices"
	"strings"
)

// narrowed are the columns of a list whose rows are too wide for a table; a path of
// its own and --json have the rest.
type narrowed struct {
	list    string
	mark    string // member that every row has: other lists are called the same
	columns []string
}

var narrow = []narrowed{
	{"cases", "counts", []string{
		"id", "state", "lead", "members", "opened_on", "age_days", "next_due_on", "overdue_since", "counts.violations",
		"counts.requests_open", "counts.requests_overdue", "counts.actions", "handling", "title",
	}},
	{"cases", "status", []string{ // of a duty
		"period.from", "period.to", "trigger", "triggered_on", "due_on", "first_due_on", "status", "submitted_on", "symbol", "days_late",
		"disputed", "transcribed", "events", "completed", "reason",
	}},
}

// shortened leaves of the rows of a list what the narrow table shows; others stay
// as they are.
func (n node) shortened(name string) node {
	for _, c := range narrow {
		if c.list == name && n.list && !slices.ContainsFunc(n.kids, func(row node) bool { return !slices.Contains(row.names, c.mark) }) {
			return n.only(c.columns)
		}
	}
	return n
}

// only is a list with some columns of its rows.
func (n node) only(columns []string) node {
	out := node{list: true}
	for _, row := range n.kids {
		short := node{}
		for _, path := range columns {
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
