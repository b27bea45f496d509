package main

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// selection says which events. Lists of one kind are alternatives; kinds are
// joined by "and".
type selection struct {
	From       uint64   `placeholder:"INDEX" help:"Only events from this index on."`
	Until      string   `placeholder:"INDEX|TIME" help:"Stop after this index, or after the last event recorded by this time (RFC 3339)."`
	Member     []string `placeholder:"CC" help:"Only events that this member's agencies signed; repeat for more."`
	NotMember  []string `placeholder:"CC" help:"None of this member's."`
	Type       []string `placeholder:"TYPE" help:"Only events of this type; designation.* is a group."`
	NotType    []string `placeholder:"TYPE" help:"None of this type."`
	Case       []string `placeholder:"CASE" help:"Only events of this case."`
	NotCase    []string `placeholder:"CASE" help:"None of this case."`
	Subject    []string `placeholder:"ID" help:"Only events whose payload has this value anywhere: a designation's id, an IMO number."`
	NotSubject []string `placeholder:"ID" help:"None with this value."`
}

// picked is a selection that was understood.
type picked struct {
	selection
	last uint64 // index
	by   int64  // recorded, microseconds since 1970
}

func (s selection) parse() (picked, error) {
	p := picked{selection: s, last: math.MaxUint64, by: math.MaxInt64}
	if s.Until == "" {
		return p, nil
	}
	if n, err := strconv.ParseUint(s.Until, 10, 64); err == nil {
		p.last = n
	} else if t, err := time.Parse(time.RFC3339, s.Until); err == nil {
		p.by = t.UnixMicro()
	} else {
		return p, usage("--until %s is neither an index nor a time like 2026-11-23T12:00:00Z", s.Until)
	}
	if p.last < s.From {
		return p, usage("--until %d lies before --from %d", p.last, s.From)
	}
	return p, nil
}

// some reports whether anything is left out.
func (p picked) some() bool { return p.From > 0 || p.Until != "" || p.filters() }

func (p picked) filters() bool {
	return len(p.Member)+len(p.NotMember)+len(p.Type)+len(p.NotType)+len(p.Case)+len(p.NotCase)+len(p.Subject)+len(p.NotSubject) > 0
}

// beyond reports that a leaf, and so all behind it, comes too late.
func (p picked) beyond(l archive.Leaf) bool { return l.Index > p.last || l.RecordedAt > p.by }

// takes reports whether a leaf is selected. What is no event only a selection
// without filters takes.
func (p picked) takes(l archive.Leaf) bool {
	if l.Index < p.From || p.beyond(l) {
		return false
	}
	if !p.filters() {
		return true
	}
	e, err := seal.Parse(l.Envelope)
	if err != nil {
		return false
	}
	member := func(c string) bool { return string(e.Header.Issuer.Member()) == c }
	kind := func(t string) bool { return isType(e.Header.Type, t) }
	named := func(id string) bool { return bytes.Contains(e.Payload, []byte(strconv.Quote(id))) }
	file := caseOf(e)
	return allowed(p.Member, p.NotMember, member) && allowed(p.Type, p.NotType, kind) &&
		allowed(p.Case, p.NotCase, func(c string) bool { return c == file }) && allowed(p.Subject, p.NotSubject, named)
}

func allowed(only, none []string, is func(string) bool) bool {
	return (len(only) == 0 || slices.ContainsFunc(only, is)) && !slices.ContainsFunc(none, is)
}

func isType(have, want string) bool {
	group, ok := strings.CutSuffix(want, "*")
	return have == want || ok && strings.HasPrefix(have, group)
}

func caseOf(e *seal.Envelope) string {
	event, refusal := domain.Decode(e.Header, e.Payload)
	if refusal != nil {
		return ""
	}
	if st, ok := event.Body.(domain.Statement); ok {
		return st.Base().Case
	}
	return ""
}

// String words the selection in one line, for the extract.
func (p picked) String() string {
	var out []string
	if p.From > 0 {
		out = append(out, fmt.Sprint("from=", p.From))
	}
	if p.Until != "" {
		out = append(out, "until="+p.Until)
	}
	for _, one := range []struct {
		name string
		all  []string
	}{
		{"member", p.Member},
		{"not-member", p.NotMember},
		{"type", p.Type},
		{"not-type", p.NotType},
		{"case", p.Case},
		{"not-case", p.NotCase},
		{"subject", p.Subject},
		{"not-subject", p.NotSubject},
	} {
		for _, v := range one.all {
			out = append(out, one.name+"="+strconv.Quote(v))
		}
	}
	return strings.Join(out, " ")
}
