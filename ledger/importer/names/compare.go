package names

import (
	"fmt"
	"slices"
	"strings"
)

// Agreement says how far two names agree, and what it took.
type Agreement struct {
	Score     float64 // 0 to 1
	A, B      string  // the names as written
	I, J      int     // which they are, from Best
	Loose     bool    // after letters were made one that romanisations differ in
	Romanised bool    // after one was written in Latin letters by table
	Lookalike bool    // by what letters look like, not by what they are
	Ideal     bool    // in Han, Hangul or kana
}

// String words an agreement.
func (a Agreement) String() string {
	how := ""
	switch {
	case a.Lookalike:
		how = " only by letters that look alike in two scripts"
	case a.Romanised || a.Loose:
		how = " after romanisation"
	case a.Ideal:
		how = " in the original script"
	}
	if a.A == a.B {
		return fmt.Sprintf("names agree to %.0f %%%s: %q on both", a.Score*100, how, a.A)
	}
	return fmt.Sprintf("names agree to %.0f %%%s: %q and %q", a.Score*100, how, a.A, a.B)
}

// What each way of agreeing is worth; the package comment words it.
const (
	sameLetters  = 0.97
	sameLook     = 0.96
	looseWorth   = 0.94
	partWorth    = 0.93
	letterWorth  = 0.92
	vowelless    = 0.90
	wordNear     = 0.75 // from which two words are one, misspelt
	fewestBones  = 5    // consonants from which a name without vowels says anything
	mostUnlike   = 0.96 // of names whose words are not the same
	shortestNear = 4    // letters of the shortest word that may be misspelt
)

// Compare says how far two names agree; which stands first makes no difference.
func Compare(a, b Name) Agreement { return compare(&a, &b, 0) }

// Above is Compare for callers that need only agreements above a floor: of
// others it says false, in less time.
func Above(a, b *Name, floor float64) (Agreement, bool) {
	g := compare(a, b, floor)
	return g, g.Score > floor
}

// compare may return any lower score for one that is not above the floor.
func compare(a, b *Name, floor float64) Agreement {
	out := Agreement{A: a.Text, B: b.Text}
	switch {
	case a.Empty() || b.Empty() || (len(a.ideal) > 0) != (len(b.ideal) > 0):
	case len(a.ideal) > 0:
		out.Ideal, out.Score = true, compareIdeal(a, b)
	case (a.scripts^b.scripts)&arabic != 0:
		out.Romanised, out.Score = true, compareBones(a, b)
	default:
		out.Romanised = a.scripts != b.scripts && (!a.Latin() || !b.Latin())
		out.Score, out.Loose = compareWords(a, b, floor)
		if s := look(a, b); s > out.Score {
			out.Score, out.Lookalike, out.Romanised, out.Loose = s, true, false, false
		}
	}
	return out
}

func compareIdeal(a, b *Name) float64 {
	switch {
	case slices.Equal(a.ideal, b.ideal):
		if len(a.ideal) < 2 {
			return 0
		}
		return 1
	case a.Exact() || b.Exact():
		return 0
	}
	return letterWorth * letters(a.ideal, b.ideal)
}

func compareBones(a, b *Name) float64 {
	if min(len(strings.Join(a.bones, "")), len(strings.Join(b.bones, ""))) < fewestBones {
		return 0
	}
	return vowelless * dice(a.bones, b.bones)
}

// look compares the skeletons of names whose scripts differ or are mixed.
func look(a, b *Name) float64 {
	if a.scripts == b.scripts && !a.Mixed && !b.Mixed || a.Latin() && b.Latin() {
		return 0
	}
	if inOrder(a.skeleton) == inOrder(b.skeleton) {
		return sameLook
	}
	return sameLook * letterWorth * dice(a.skeleton, b.skeleton)
}

// compareWords says too whether the tables of romanisations were needed.
func compareWords(a, b *Name, floor float64) (score float64, loose bool) {
	if a.sorted == b.sorted {
		return 1, false
	}
	if slices.Equal(a.joined, b.joined) {
		return sameLetters, false
	}
	score = max(dice(a.words, b.words), partWorth*near(a.words, b.words))
	for i := range looseTables {
		s := looseWorth * dice(a.loose[i], b.loose[i])
		if a.couldAgree(b, i, max(s, score, floor)) {
			s = max(s, letterWorth*letters(a.joint[i], b.joint[i]))
		}
		if s > score {
			score, loose = s, true
		}
	}
	return min(mostUnlike, score), loose
}

// couldAgree reports whether the letters of two names by a table may agree to
// more than score.
func (n *Name) couldAgree(m *Name, table int, score float64) bool {
	long := max(len(n.joint[table]), len(m.joint[table]))
	return long > 0 && letterWorth*(1-float64(n.bags[table].atLeast(&m.bags[table]))/float64(long)) > score
}

// dice is twice the words shared over the words of both. Lists of words are
// short: looking through them beats a map.
func dice(a, b []string) float64 {
	shared, all := 0, len(a)+len(b)
	var taken uint64
	for _, w := range a {
		for j, v := range b {
			if j < 64 && taken>>j&1 == 0 && w == v {
				taken |= 1 << j
				shared++
				break
			}
		}
	}
	if all == 0 {
		return 0
	}
	return float64(2*shared) / float64(all)
}

// near is the share of letters that stand in words of the other name, or in
// words nearly the same.
func near(a, b []string) float64 {
	agreed, _ := Shared(a, b, func(w string) float64 { return float64(len(w)) })
	return agreed
}

// Shared aligns the words of two names. It returns the share of their weight
// that stands in words which agree, and how much weight that is in one name.
// Which stands first makes no difference.
func Shared(a, b []string, weight func(string) float64) (share, agreed float64) {
	if slices.Compare(a, b) > 0 {
		a, b = b, a
	}
	var taken uint64
	all := 0.0
	for _, w := range b {
		all += weight(w)
	}
	for _, w := range a {
		all += weight(w)
		best, at := 0.0, -1
		for j, v := range b {
			if j < 64 && taken>>j&1 == 0 {
				if s := wordAgreement(w, v); s > best {
					best, at = s, j
				}
			}
		}
		if at >= 0 {
			taken |= 1 << at
			agreed += best * (weight(w) + weight(b[at])) / 2
		}
	}
	if all == 0 {
		return 0, 0
	}
	return 2 * agreed / all, agreed
}

// wordAgreement is 1 for one word, 0 for words that are not nearly the same.
func wordAgreement(a, b string) float64 {
	if a == b {
		return 1
	}
	short, long := min(len(a), len(b)), max(len(a), len(b))
	if short < shortestNear || float64(short)/float64(long) < wordNear {
		return 0
	}
	if s := letters([]rune(a), []rune(b)); s >= wordNear {
		return s
	}
	return 0
}

// Best returns the best agreement between two sets of names and what it counts:
// its score times what weigh says of the pair of the i-th and the j-th name.
// The agreement is the zero Agreement when no two names agree at all.
func Best(a, b []Name, weigh func(i, j int) float64) (best Agreement, counts float64) {
	for i := range a {
		for j := range b {
			w := weigh(i, j)
			if w <= counts {
				continue
			}
			if g := compare(&a[i], &b[j], counts/w); g.Score*w > counts {
				best, counts = g, g.Score*w
				best.I, best.J = i, j
			}
		}
	}
	return best, counts
}
