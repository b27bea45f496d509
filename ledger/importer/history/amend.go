package history

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

const (
	maxChanges = 60
	maxChange  = 300      // characters of a value; the subject itself is whole
	maxBody    = 38 << 10 // bytes; an envelope takes 40 KiB
)

// amended words what the list says anew; nil when it says what is held.
func (c *comparison) amended(e Entry, h *Held) (*domain.DesignationAmended, error) {
	b := domain.DesignationAmended{Common: c.common(), Designation: e.Designation}
	if !same(h.Subject, e.Subject) {
		var err error
		if b.Substantive, b.Changes, err = changed(h.Subject, e.Subject); err != nil {
			return nil, err
		}
		b.Subject = &e.Subject
	}
	if e.Stated && !sameMeasures(e.Measures, h.Measures) {
		b.Measures, b.Substantive = e.Measures, true
		b.Changes = append([]domain.Change{{Path: "measures", Old: strings.Join(h.Measures, " "), New: strings.Join(e.Measures, " ")}}, b.Changes...)
	}
	if e.ListedOn != h.ListedOn && e.ListedOn != "" {
		b.Substantive = true
		b.Changes = append([]domain.Change{{Path: listedOn, Old: string(h.ListedOn), New: string(e.ListedOn)}}, b.Changes...)
	}
	if b.Subject == nil && len(b.Changes) == 0 {
		return nil, nil
	}
	for _, day := range e.UpdatedOn {
		b.AmendedOn = max(b.AmendedOn, day)
	}
	return fit(b)
}

// fit leaves out the last of the changes until the event fits its envelope: the
// subject says the same, whole.
func fit(b domain.DesignationAmended) (*domain.DesignationAmended, error) {
	for {
		body, err := json.Marshal(b)
		if err != nil {
			return nil, err
		}
		if len(body) <= maxBody || len(b.Changes) <= 1 {
			return &b, nil
		}
		b.Changes = b.Changes[:len(b.Changes)/2]
	}
}

// changed lists the values in which two subjects differ, by their paths in the
// new one, or in the old where the new one has none.
func changed(a, b domain.Subject) (substantive bool, changes []domain.Change, err error) {
	was, is, err := both(a, b)
	if err != nil {
		return false, nil, err
	}
	for _, field := range slices.Sorted(maps.Keys(merged(was, is))) {
		changes = append(changes, differ(field, was[field], is[field])...)
	}
	if len(changes) == 0 {
		changes = []domain.Change{{Path: "subject", Old: "in another order", New: "in another order"}}
	}
	if len(changes) > maxChanges {
		changes = changes[:maxChanges]
	}
	return !sameSubstance(was, is), changes, nil
}

func both(a, b domain.Subject) (was, is map[string]any, err error) {
	if was, err = plain(a); err == nil {
		is, err = plain(b)
	}
	return was, is, err
}

// plain is the subject's JSON as maps and lists.
func plain(s domain.Subject) (map[string]any, error) {
	text, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	var out map[string]any
	return out, json.Unmarshal(text, &out)
}

func merged(a, b map[string]any) map[string]any {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// differ compares two values at a path. Items that both lists have, in
// whatever place, are no difference; the others are compared in their order.
func differ(path string, a, b any) []domain.Change {
	x, isList := a.([]any)
	y, isListToo := b.([]any)
	if isList || isListToo {
		return differLists(path, x, y)
	}
	was, is := values("", a), values("", b)
	var out []domain.Change
	for _, k := range slices.Sorted(maps.Keys(mergedText(was, is))) {
		if was[k] != is[k] {
			out = append(out, domain.Change{Path: path + k, Old: short(was[k]), New: short(is[k])})
		}
	}
	return out
}

func differLists(path string, a, b []any) []domain.Change {
	onlyA, onlyB := alone(a, b), alone(b, a)
	var out []domain.Change
	for n := range max(len(onlyA), len(onlyB)) {
		var old, now any
		at := 0
		if n < len(onlyA) {
			at, old = onlyA[n], a[onlyA[n]]
		}
		if n < len(onlyB) {
			at, now = onlyB[n], b[onlyB[n]]
		}
		out = append(out, differ(fmt.Sprintf("%s[%d]", path, at), old, now)...)
	}
	return out
}

// alone returns the places of the items of a that b has not.
func alone(a, b []any) []int {
	have := make(map[string]int)
	for _, v := range b {
		have[text(v)]++
	}
	var out []int
	for i, v := range a {
		if k := text(v); have[k] > 0 {
			have[k]--
		} else {
			out = append(out, i)
		}
	}
	return out
}

// text is a value as one string, to compare by.
func text(v any) string { return fmt.Sprintf("%q", v) } // maps are printed in order of their keys

// values returns each plain value under its path, as .text or .parts[0].text.
func values(path string, v any) map[string]string {
	out := make(map[string]string)
	switch v := v.(type) {
	case nil:
	case map[string]any:
		for k, x := range v {
			maps.Copy(out, values(path+"."+k, x))
		}
	case []any:
		for i, x := range v {
			maps.Copy(out, values(fmt.Sprintf("%s[%d]", path, i), x))
		}
	default:
		out[path] = fmt.Sprint(v)
	}
	return out
}

func mergedText(a, b map[string]string) map[string]string {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

func short(s string) string {
	if r := []rune(s); len(r) > maxChange {
		return string(r[:maxChange]) + "…"
	}
	return s
}
