package projections

import "slices"

// section works out the figures of some indicators together.
type section struct {
	numbers []int
	run     func(*sheet)
	paths   []string // of its figures, where it does not show all of an indicator's
}

// sections lists all of them, in the order in which a page shows their figures.
func sections() []section {
	return []section{
		{[]int{1, 3, 28}, func(s *sheet) { s.eachRegime(s.transposed) }, []string{"duties.transposition", "duties.backlog", "duties.coverage"}},
		{[]int{28}, (*sheet).modesDeclared, nil},
		{[]int{2}, func(s *sheet) { s.eachRegime(s.lags); s.eachRegime(s.benched) }, nil},
		{[]int{27}, func(s *sheet) { s.eachRegime(s.removals) }, nil},
		{[]int{8, 9, 10, 17}, (*sheet).reports, nil},
		{[]int{10}, (*sheet).followUps, nil},
		{[]int{13}, (*sheet).responses, nil},
		{[]int{16}, (*sheet).petroleum, nil},
		{[]int{18}, (*sheet).workforce, nil},
		{[]int{19}, (*sheet).ventures, nil},
		{[]int{4}, (*sheet).differences, nil},
		{[]int{5}, (*sheet).measureGaps, nil},
		{[]int{11, 14, 22}, (*sheet).actions, nil},
		{[]int{12}, (*sheet).flagChanges, nil},
		{[]int{15}, (*sheet).freezeLatency, nil},
		{[]int{20}, (*sheet).thefts, nil},
		{[]int{21}, (*sheet).requests, nil},
		{[]int{22}, (*sheet).funnel, nil},
		{[]int{23}, (*sheet).permits, nil},
		{[]int{6}, (*sheet).identifiers, nil},
		{[]int{7}, (*sheet).conflicts, nil},
		{[]int{24}, (*sheet).disputedShare, nil},
		{[]int{25}, (*sheet).lateRecording, nil},
		{[]int{26}, (*sheet).evidence, nil},
	}
}

// workOut shows the figures of some indicators, of all where none is named; of
// one path alone where one is asked for.
// Where nothing could be counted, it says so: an indicator is never left out.
func (s *sheet) workOut(numbers []int, path string) {
	wanted := func(n int) bool { return len(numbers) == 0 || slices.Contains(numbers, n) }
	for _, p := range sections() {
		elsewhere := path != "" && len(p.paths) > 0 && !slices.ContainsFunc(p.paths, func(of string) bool { return under(path, of) })
		if slices.ContainsFunc(p.numbers, wanted) && !elsewhere {
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
