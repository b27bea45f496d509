package importer

import (
	"slices"
	"strings"
	"unicode"
)

// foldedName is a name made comparable: exact in words, loose with the letters
// that romanisations of Korean write differently made one.
type foldedName struct{ exact, loose []string }

// foldAll returns the comparable Latin names of each entry, primary names first.
func foldAll(entries []Entry) [][]foldedName {
	out := make([][]foldedName, len(entries))
	for i, e := range entries {
		for _, n := range e.Subject.Names {
			if n.Script != "Latn" && n.Script != "" {
				continue
			}
			if f := fold(n.Text); len(f.exact) > 0 {
				out[i] = append(out[i], f)
			}
		}
	}
	return out
}

// nameSimilarity compares the primary names, which stand first, and all with
// all; an alias counts a little less than a primary name.
func nameSimilarity(a, b []foldedName) float64 {
	best := 0.0
	for i, x := range a {
		for j, y := range b {
			s := similarity(x, y)
			if i+j > 0 {
				s *= 0.95
			}
			best = max(best, s)
		}
	}
	return best
}

// similarity is 1 for the same words in any order, 0.97 for the same letters
// divided otherwise, and below that the better of shared words and shared letters.
func similarity(a, b foldedName) float64 {
	if slices.Equal(sorted(a.exact), sorted(b.exact)) {
		return 1
	}
	if strings.Join(a.exact, "") == strings.Join(b.exact, "") {
		return 0.97
	}
	words := dice(a.exact, b.exact)
	loose := 0.94 * dice(a.loose, b.loose)
	letters := 0.92 * letterSimilarity(strings.Join(a.loose, ""), strings.Join(b.loose, ""))
	return min(0.96, max(words, loose, letters))
}

func sorted(words []string) []string { return slices.Sorted(slices.Values(words)) }

// dice is twice the words shared over the words of both.
func dice(a, b []string) float64 {
	left := make(map[string]int)
	for _, w := range b {
		left[w]++
	}
	shared := 0
	for _, w := range a {
		if left[w] > 0 {
			left[w]--
			shared++
		}
	}
	return float64(2*shared) / float64(len(a)+len(b))
}

// letterSimilarity is 1 less the edit distance over the longer length.
func letterSimilarity(a, b string) float64 {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			cost := diagonal
			if x[i] != y[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return 1 - float64(row[len(y)])/float64(max(len(x), len(y), 1))
}

// fold divides a name into words: upper case, without what stands in brackets,
// apostrophes dropped, company forms written one way.
func fold(name string) foldedName {
	var f foldedName
	for _, w := range strings.FieldsFunc(strip(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if form, ok := companyForm(w); ok {
			w = form
		}
		f.exact = append(f.exact, w)
		f.loose = append(f.loose, loosen(w))
	}
	return f
}

// strip drops bracketed text that follows a name, such as an acronym, and
// makes full-width letters plain.
func strip(name string) string {
	name = strings.NewReplacer("&", " AND ", "（", "(", "）", ")").Replace(name)
	if i, j := strings.LastIndex(name, "("), strings.LastIndex(name, ")"); i > 0 && j == len(name)-1 {
		name = name[:i]
	}
	return strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("'’‘`´ʼ", r):
			return -1
		case r >= '！' && r <= '～':
			r += '!' - '！'
		}
		return unicode.ToUpper(r)
	}, name)
}

func companyForm(w string) (string, bool) {
	switch w {
	case "CO":
		return "COMPANY", true
	case "CORP":
		return "CORPORATION", true
	case "LTD":
		return "LIMITED", true
	case "CENTRE":
		return "CENTER", true
	}
	return "", false
}

// loosen makes one of the letters that the romanisations of Korean differ in.
func loosen(w string) string {
	return strings.NewReplacer(
		"CH", "J", "OO", "U", "WOO", "U", "EU", "U", "EO", "O", "AE", "E", "OE", "E",
		"K", "G", "P", "B", "T", "D", "R", "L",
	).Replace(w)
}
