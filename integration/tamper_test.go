package integration

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
)

// tamper is one way to cheat, or to lose something.
type tamper struct {
	what string
	n    int // random edits
	edit func(g *ground, r *rand.Rand) trial
}

// trial is one edit, and where it must be found.
type trial struct {
	check  func(ctx context.Context) (at uint64, rule string, err error) // rule "" when nothing was found
	lo, hi uint64                                                        // indexes that may be named
}

// row is a line of the table.
type row struct {
	what                      string
	edits, found, exact, near int
	slowest                   time.Duration
	rules                     map[string]int
}

// Whatever is changed is found, its place is named, and the search ends. Each
// edit is one random change; the seed is fixed, so a failure repeats.
func TestTamper(t *testing.T) {
	g := newGround(t)
	for what, honest := range map[string]trial{"archive": g.textual(g.text, 0, 0), "store": g.fsck(g.journal, slices.Concat(g.marks, g.proofs), g.dir, 0, 0)} {
		if at, rule, err := honest.check(t.Context()); rule != "" || err != nil {
			t.Fatalf("the honest %s: %s at %d: %v", what, rule, at, err)
		}
	}
	began, total := time.Now(), 0
	var table []row
	for k, kind := range slices.Concat(archiveTampers, signedTampers, storeTampers) {
		out := row{what: kind.what, rules: map[string]int{}}
		random := rand.New(rand.NewPCG(1, uint64(k)))
		n := kind.n
		if testing.Short() { // under the race detector
			n = (n + 9) / 10
		}
		for i := range n {
			out.run(t, i, kind.edit(g, random))
		}
		total += out.edits
		table = append(table, out)
	}
	t.Logf("%d edits in %s\n%s", total, time.Since(began).Round(time.Millisecond), printed(table))
	if total < 1000 && !testing.Short() {
		t.Errorf("%d edits were tried, 1,000 are wanted", total)
	}
}

func (o *row) run(t *testing.T, i int, x trial) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	began := time.Now()
	at, rule, err := x.check(ctx)
	o.edits++
	o.slowest = max(o.slowest, time.Since(began))
	switch {
	case err != nil:
		t.Errorf("%s, edit %d: %v", o.what, i, err)
	case rule == "":
		t.Errorf("%s, edit %d: not found", o.what, i)
	case at < x.lo || at > x.hi:
		t.Errorf("%s, edit %d: found by %s at index %d, want %d to %d", o.what, i, rule, at, x.lo, x.hi)
	default:
		o.found++
		o.rules[rule]++
		if at == x.lo {
			o.exact++
		} else {
			o.near++
		}
	}
}

func printed(table []row) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%-46s %6s %6s %9s %9s %9s  %s\n", "changed", "edits", "found", "at index", "by range", "slowest", "by rule")
	for _, r := range table {
		rules := slices.SortedFunc(maps.Keys(r.rules), func(a, b string) int { return r.rules[b] - r.rules[a] })
		if len(rules) > 3 {
			rules = append(rules[:3], fmt.Sprintf("and %d more", len(r.rules)-3))
		}
		fmt.Fprintf(&out, "%-46s %6d %5d%% %9d %9d %9s  %s\n", r.what, r.edits, 100*r.found/max(1, r.edits), r.exact, r.near, r.slowest.Round(10*time.Microsecond), strings.Join(rules, " "))
	}
	return out.String()
}

// judged turns the answer of a verification into that of a trial.
func judged(err error) (uint64, string, error) {
	var bad *archive.Bad
	if errors.As(err, &bad) {
		return bad.Index, bad.Rule, nil
	}
	return 0, "", err
}
