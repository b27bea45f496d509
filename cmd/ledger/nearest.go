package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// unknownType says that there is no such event type, and which is meant.
func unknownType(name string) error {
	return usage("no event type %q%s: ledger template --list shows them all", name, meant(name, domain.Types()))
}

// meant names the known word that is nearest to a mistyped one, if one is near.
func meant(word string, known []string) string {
	best := slices.MinFunc(known, func(a, b string) int { return distance(word, a) - distance(word, b) })
	if i := slices.IndexFunc(known, func(k string) bool { return strings.Contains(k, word) }); i >= 0 {
		best = known[i]
	} else if distance(word, best) > max(2, len(best)/3) {
		return ""
	}
	return fmt.Sprintf(" (did you mean %s?)", best)
}

// distance counts the letters to insert, drop or replace to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		left, corner := i+1, row[0]
		row[0] = left
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			left = min(change, left+1, corner+1)
			row[j+1] = left
		}
	}
	return row[len(b)]
}
