package projections

import "slices"

// section works out the figures of some indicators together.
type section struct {
	numbers []int
	run     func(*sheet)
}

// sections lists all of them, in the order in which a page shows their figures.
func sections() []section {
	return []section{
		{[]int{1, 3, 28}, func(s *sheet) { s.eachRegime(s.transposed) }},
		{[]int{28}, (*sheet).modesDeclared},
		{[]int{2}, func(s *sheet) { s.eachRegime(s.lags); s.eachRegime(s.benched) }},
		{[]int{27}, func(s *sheet) { s.eachRegime(s.removals) }},
		{[]int{8, 9, 10, 17}, (*sheet).reports},
		{[]int{10}, (*sheet).followUps},
		{[]int{13}, (*sheet).responses},
		{[]int{16}, (*sheet).petroleum},
		{[]int{18}, (*sheet).workforce},
		{[]int{19}, (*sheet).ventures},
		{[]int{4}, (*sheet).differences},
		{[]int{5}, (*sheet).measureGaps},
		{[]int{11, 14, 22}, (*sheet).actions},
		{[]int{12}, (*sheet).flagChanges},
		{[]int{15}, (*sheet).freezeLatency},
		{[]int{20}, (*sheet).thefts},
		{[]int{21}, (*sheet).requests},
		{[]int{22}, (*sheet).funnel},
		{[]int{23}, (*sheet).permits},
		{[]int{6}, (*sheet).identifiers},
		{[]int{7}, (*sheet).conflicts},
		{[]int{24}, (*sheet).disputedShare},
		{[]int{25}, (*sheet).lateRecording},
		{[]int{26}, (*sheet).evidence},
	}
}

// workOut shows the figures of some indicators, of all where none is named.
// Where nothing could be counted, it says so: an indicator is never left out.
func (s *sheet) workOut(numbers []int) {
	wanted := func(n int) bool { return len(numbers) == 0 || slices.Contains(numbers, n) }
	for _, p := range sections() {
		if slices.ContainsFunc(p.numbers, wanted) {
			p.run(s)
		}
	}
	shown := map[int]bool{}
	for _, f := range s.figures {
		shown[f.Indicator] = true
	}
	for _, i := range s.indicators {
		if wanted(i.Number) && !shown[i.Number] {
			s.lack(i.Number, i.NotEnough)
		}
	}
}
