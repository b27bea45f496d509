package main

import (
	"bytes"
	"fmt"
	"maps"
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
	last   uint64          // index
	by     int64           // recorded, microseconds since 1970
	signed map[string]bool // members that signed what was read; takes fills it
}

func (s selection) parse() (picked, error) {
	p := picked{selection: s, last: math.MaxUint64, by: math.MaxInt64, signed: map[string]bool{}}
	for _, t := range slices.Concat(s.Type, s.NotType) {
		if !slices.ContainsFunc(domain.Types(), func(have string) bool { return isType(have, t) }) {
			return p, unknownType(t)
		}
	}
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
	if !p.filters() {
		return l.Index >= p.From && !p.beyond(l)
	}
	e, err := seal.Parse(l.Envelope)
	if err != nil {
		return false
	}
	p.signed[string(e.Header.Issuer.Member())] = true
	if l.Index < p.From || p.beyond(l) {
		return false
	}
	member := func(c string) bool { return string(e.Header.Issuer.Member()) == c }
	kind := func(t string) bool { return isType(e.Header.Type, t) }
	named := func(id string) bool { return bytes.Contains(e.Payload, []byte(strconv.Quote(id))) }
	file := caseOf(e)
	return allowed(p.Member, p.NotMember, member) && allowed(p.Type, p.NotType, kind) &&
		allowed(p.Case, p.NotCase, func(c string) bool { return c == file }) && allowed(p.Subject, p.NotSubject, named)
}

// missed says what was asked for and is not in a journal of that many events,
// all of which were held to takes.
func (p picked) missed(size uint64) error {
	for _, m := range slices.Concat(p.Member, p.NotMember) {
		if !p.signed[m] {
			return usage("none of the %d events was signed by %s: check the code; those who signed are %s", size, m, strings.Join(slices.Sorted(maps.Keys(p.signed)), " "))
		}
	}
	if p.last != math.MaxUint64 && p.last >= size {
		return usage("--until %d lies behind the end: the last event has index %d; leave --until out to take all", p.last, size-1)
	}
	if p.From >= size {
		return usage("--from %d lies behind the end: the last event has index %d", p.From, size-1)
	}
	return nil
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
