package names

import (
	"slices"
	"strings"
)

// Keys are the strings by which names that may agree are found without
// comparing all with all. Two names that agree well share one of them.
type Keys struct {
	Words []string // each word in each of its forms
	Pairs []string // each two words in each form, and the whole name
	Grams []string // three letters in a row, of all letters without division
}

// mostPaired is the number of words up to which each two make a key.
const mostPaired = 8

// Keys returns the keys of a name.
func (n Name) Keys() Keys {
	var k Keys
	if len(n.ideal) > 0 {
		k.Pairs = []string{string(n.ideal)}
		if !n.Exact() {
			k.Grams = grams(n.ideal, 2)
		}
		return k
	}
	for i, words := range [][]string{n.words, n.loose[0], n.loose[1], n.skeleton, n.bones} {
		form := string(rune('0' + i))
		if i == 3 {
			form = "0" // what it looks like must meet what it is
		}
		for j, w := range words {
			if w == "" {
				continue
			}
			k.Words = append(k.Words, form+w)
			for _, v := range words[j+1 : max(j+1, min(len(words), mostPaired))] {
				k.Pairs = append(k.Pairs, form+min(w, v)+" "+max(w, v))
			}
		}
		k.Pairs = append(k.Pairs, form+"="+strings.Join(words, ""))
	}
	k.Words, k.Pairs = unique(k.Words), unique(k.Pairs)
	k.Grams = grams(n.joint[1], 3)
	return k
}

// grams are the runs of n letters.
func grams(letters []rune, n int) []string {
	var out []string
	for i := 0; i+n <= len(letters); i++ {
		out = append(out, string(letters[i:i+n]))
	}
	return unique(out)
}

func unique(keys []string) []string {
	slices.Sort(keys)
	return slices.Compact(keys)
}
