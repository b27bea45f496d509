package names

// letters is 1 less the edit distance over the longer length.
func letters(a, b []rune) float64 {
	return 1 - float64(distance(a, b))/float64(max(len(a), len(b), 1))
}

// distance counts the letters to insert, drop, change or swap with their
// neighbour to make one text the other: the optimal string alignment distance.
func distance(a, b []rune) int {
	var space [3 * 64]int
	rows := space[:]
	width := len(b) + 1
	if 3*width > len(rows) {
		rows = make([]int, 3*width)
	}
	before, last, row := rows[:width], rows[width:2*width], rows[2*width:3*width]
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			cost := last[j]
			if a[i] != b[j] {
				cost++
			}
			cost = min(cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				cost = min(cost, before[j-1]+1)
			}
			row[j+1] = cost
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// bag counts letters: A to Z, and all others together.
type bag [27]uint16

func bagOf(letters []rune) bag {
	var b bag
	for _, r := range letters {
		if r < 'A' || r > 'Z' {
			r = 'Z' + 1
		}
		b[r-'A']++
	}
	return b
}

// atLeast is a number of letters that two texts differ in at least, whatever
// their order: counted in a moment, it spares most edit distances.
func (b *bag) atLeast(c *bag) int {
	more, less := 0, 0
	for i := range b {
		if d := int(b[i]) - int(c[i]); d > 0 {
			more += d
		} else {
			less -= d
		}
	}
	return max(more, less)
}
