package importer

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/names"
)

// Proposal says that an entry of a national list is an entry of the UN's.
// It is a proposal: Confirmed means that the name alone carries it and nothing
// else could be meant; every other one a human reads before it is used.
type Proposal struct {
	NationalRef string   `json:"national_ref"`
	UNRef       string   `json:"un_ref"`
	Score       float64  `json:"score"`   // 0 to 1
	Reasons     []string `json:"reasons"` // for and against, in words
	Confirmed   bool     `json:"confirmed"`
}

const (
	nameSure      = 0.85 // similarity of names that confirms
	nameMargin    = 0.05 // by which it must beat the second best
	proposeFrom   = 0.55 // score below which nothing is proposed
	transposeDays = 120  // days after a listing in which its notice is likely
)

// Match proposes for each entry of a national list the UN entry that it
// transposes. Each entry is proposed once at most. Names weigh most, compared
// without case, punctuation, company form and the differences between the
// romanisations of Korean; the order of the list within one notice, which
// follows the UN's, and the dates support them. Proposals stand in the order
// of the national list; an entry without one has no counterpart that resembles it.
func Match(un, national []Entry) []Proposal {
	pairs := candidates(un, national)
	slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(b.score, a.score) })
	takenUN, takenNational := make(map[int]bool), make(map[int]bool)
	var chosen []pair
	for _, p := range pairs {
		if p.score < proposeFrom || takenUN[p.un] || takenNational[p.national] {
			continue
		}
		takenUN[p.un], takenNational[p.national] = true, true
		chosen = append(chosen, p)
	}
	slices.SortFunc(chosen, func(a, b pair) int { return cmp.Compare(a.national, b.national) })
	out := make([]Proposal, len(chosen))
	for i, p := range chosen {
		out[i] = propose(p, pairs, un, national)
	}
	return out
}

// pair is one possible link, by the places of its ends in their lists.
type pair struct {
	un, national int
	name, score  float64
	inTime       bool // the notice followed the listing
	inPlace      bool // both stand at the same place among those of their day
}

func candidates(un, national []Entry) []pair {
	unNames, nationalNames := latinNames(un), latinNames(national)
	unPlace, nationalPlace := places(un), places(national)
	var out []pair
	for j, n := range national {
		for i, u := range un {
			if u.Kind != n.Kind {
				continue
			}
			_, name := names.Best(unNames[i], nationalNames[j], primaryFirst)
			p := pair{
				un: i, national: j, name: name,
				inTime: followed(u.ListedOn, n.ListedOn), inPlace: unPlace[i] == nationalPlace[j],
			}
			if p.score = 0.8 * p.name; p.inTime {
				p.score += 0.12
				if p.inPlace {
					p.score += 0.08
				}
			}
			out = append(out, p)
		}
	}
	return out
}

// latinNames returns the comparable Latin names of each entry, primary names first.
func latinNames(entries []Entry) [][]names.Name {
	out := make([][]names.Name, len(entries))
	for i, e := range entries {
		for _, n := range e.Subject.Names {
			if n.Script != "Latn" && n.Script != "" {
				continue
			}
			if f := names.Parse(n.Text); !f.Empty() {
				out[i] = append(out[i], f)
			}
		}
	}
	return out
}

// primaryFirst has an alias count a little less than a primary name, which
// stands first.
func primaryFirst(i, j int) float64 {
	if i+j > 0 {
		return 0.95
	}
	return 1
}

func followed(listed, notice domain.Date) bool {
	if listed.Precision() != "day" || notice.Precision() != "day" {
		return false
	}
	days := domain.DaysBetween(listed, notice)
	return days >= 0 && days <= transposeDays
}

// places numbers the entries of each day in the order of their references.
func places(entries []Entry) []int {
	order := make([]int, len(entries))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return naturalCompare(entries[a].Ref, entries[b].Ref) })
	seen := make(map[string]int)
	out := make([]int, len(entries))
	for _, i := range order {
		day := entries[i].Kind + string(entries[i].ListedOn)
		seen[day]++
		out[i] = seen[day]
	}
	return out
}

// naturalCompare puts 1718/person/9 before 1718/person/10.
func naturalCompare(a, b string) int {
	if len(a) != len(b) {
		return cmp.Compare(len(a), len(b))
	}
	return cmp.Compare(a, b)
}

// propose words one link; rivals are the other pairs that share an end.
func propose(p pair, all []pair, un, national []Entry) Proposal {
	u, n := un[p.un], national[p.national]
	out := Proposal{NationalRef: n.Ref, UNRef: u.Ref, Score: p.score}
	out.Reasons = append(out.Reasons, fmt.Sprintf("names agree to %.0f %%", p.name*100))
	if p.inTime {
		out.Reasons = append(out.Reasons, fmt.Sprintf("notice %d days after the listing", domain.DaysBetween(u.ListedOn, n.ListedOn)))
	} else {
		out.Reasons = append(out.Reasons, fmt.Sprintf("dates do not fit: listed %s, notice %s", u.ListedOn, n.ListedOn))
	}
	if p.inPlace {
		out.Reasons = append(out.Reasons, "same place among those of the day")
	}
	rival := 0.0
	for _, q := range all {
		if (q.un == p.un) != (q.national == p.national) {
			rival = max(rival, q.name)
		}
	}
	out.Confirmed = p.inTime && p.name >= nameSure && p.name-rival >= nameMargin
	if p.name-rival < nameMargin {
		out.Reasons = append(out.Reasons, fmt.Sprintf("another name agrees to %.0f %%", rival*100))
	}
	return out
}
