package identity

import (
	"math"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer/names"
)

// index finds the entries of a list that may be an entry of another, without
// comparing all with all.
type index struct {
	subjects []subject
	numbers  map[[2]string][]int // entries by scheme and value
	owners   []owner             // of the names that words, pairs and grams hold
	words    map[string][]int
	pairs    map[string][]int
	grams    map[string][]int
	length   []int          // number of grams of each name
	said     map[string]int // entries that say a word
}

// owner is the entry of a name, and which of its names it is.
type owner struct{ entry, name int }

// A key of more names than these is too common to find anybody by. Names that
// share only such keys share a pair of words, or most of their letters.
const (
	commonWord = 80
	commonPair = 400
	commonGram = 1000
	sharedGram = 0.5 // of the grams of the longer name
)

// leastName is the agreement below which names alone say nothing.
const leastName = 0.6

func newIndex(subjects []subject) *index {
	x := &index{
		subjects: subjects, numbers: make(map[[2]string][]int), words: make(map[string][]int),
		pairs: make(map[string][]int), grams: make(map[string][]int), said: make(map[string]int),
	}
	for i := range subjects {
		for _, n := range subjects[i].numbers {
			key := [2]string{n.scheme, n.value}
			x.numbers[key] = append(x.numbers[key], i)
		}
		x.count(&subjects[i])
	}
	return x
}

// count adds the words that a subject says, each once.
func (x *index) count(s *subject) {
	seen := make(map[string]bool)
	for i := range s.names {
		for _, w := range s.names[i].Words() {
			if !seen[w] {
				seen[w] = true
				x.said[w]++
			}
		}
	}
}

// keys returns the keys of all names: only by these will another list be
// looked through.
func (x *index) keys() map[string]bool {
	out := make(map[string]bool)
	for i := range x.subjects {
		for j := range x.subjects[i].names {
			k := x.subjects[i].names[j].Keys()
			for _, keys := range [][]string{k.Words, k.Pairs, k.Grams} {
				for _, key := range keys {
					out[key] = true
				}
			}
		}
	}
	return out
}

// spell adds the names under those of their keys that are asked for.
func (x *index) spell(asked map[string]bool) {
	for i := range x.subjects {
		for j := range x.subjects[i].names {
			k := x.subjects[i].names[j].Keys()
			put(x.words, k.Words, asked, len(x.owners))
			put(x.pairs, k.Pairs, asked, len(x.owners))
			put(x.grams, k.Grams, asked, len(x.owners))
			x.owners, x.length = append(x.owners, owner{i, j}), append(x.length, len(k.Grams))
		}
	}
}

func put(held map[string][]int, keys []string, asked map[string]bool, name int) {
	for _, k := range keys {
		if asked[k] {
			held[k] = append(held[k], name)
		}
	}
}

// scratch is space to find names in: for each name of an index whether it was
// found, and how many grams it shares. It is all zero between two names.
type scratch struct {
	found  []bool
	grams  []int
	marked []int
}

func newScratch(x *index) *scratch {
	return &scratch{found: make([]bool, len(x.owners)), grams: make([]int, len(x.owners))}
}

// candidates returns the entries that may be s, and how far their names agree.
func (x *index) candidates(s *subject, space *scratch) map[int]agreed {
	found := make(map[int]agreed)
	for i := range s.names {
		for _, id := range x.near(&s.names[i], space) {
			x.compare(s, i, x.owners[id], found)
		}
	}
	for _, n := range s.numbers {
		for _, j := range x.numbers[[2]string{n.scheme, n.value}] {
			found[j] = best(s, &x.subjects[j])
		}
	}
	return found
}

func (x *index) compare(s *subject, i int, o owner, found map[int]agreed) {
	b := &x.subjects[o.entry]
	if b.entry.Kind != s.entry.Kind {
		return
	}
	counts, floor := pairs(s, b)(i, o.name), max(leastName, found[o.entry].counts)
	if counts <= floor {
		return
	}
	if g, ok := names.Above(&s.names[i], &b.names[o.name], floor/counts); ok {
		g.I, g.J = i, o.name
		found[o.entry] = agreed{g, g.Score * counts}
	}
}

// near returns the names that share a rare key with n, or most of its letters.
func (x *index) near(n *names.Name, space *scratch) []int {
	var out []int
	k := n.Keys()
	add := func(held []int) {
		for _, id := range held {
			if !space.found[id] {
				space.found[id] = true
				out = append(out, id)
			}
		}
	}
	for _, w := range k.Words {
		if held := x.words[w]; len(held) <= commonWord {
			add(held)
		}
	}
	for _, p := range k.Pairs {
		if held := x.pairs[p]; len(held) <= commonPair {
			add(held)
		}
	}
	add(x.byGrams(k.Grams, space))
	for _, id := range out {
		space.found[id] = false
	}
	return out
}

// byGrams returns the names that share most of their letters.
func (x *index) byGrams(grams []string, space *scratch) []int {
	space.marked = space.marked[:0]
	for _, g := range grams {
		held := x.grams[g]
		if len(held) > commonGram {
			continue
		}
		for _, id := range held {
			if space.grams[id] == 0 {
				space.marked = append(space.marked, id)
			}
			space.grams[id]++
		}
	}
	out := space.marked[:0]
	for _, id := range space.marked {
		if float64(space.grams[id]) >= sharedGram*float64(max(len(grams), x.length[id])) {
			out = append(out, id)
		}
		space.grams[id] = 0
	}
	return out
}

// telling returns how much a word says: 1 for one that an entry of each list
// says and no other, less the more entries say it.
func telling(a, b *index) func(string) float64 {
	all := float64(len(a.subjects) + len(b.subjects))
	one := math.Log(1 + all/3)
	return func(w string) float64 { return math.Log(1+all/float64(1+a.said[w]+b.said[w])) / one }
}
