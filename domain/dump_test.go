package domain

import (
	"fmt"
	"maps"
)

// snapshot is all that a state holds, in a form that cmp compares: its tables
// by place, with names for those that tests ask for.
type snapshot map[string]any

func (s *State) snapshot() snapshot {
	out := snapshot{"head": s.head}
	for i, t := range s.tables() {
		name := fmt.Sprint(i)
		if t == table(s.skipped) {
			name = "skipped"
		}
		out[name] = t.(interface{ collect() any }).collect()
	}
	return out
}

// collect returns every entry, overlays included.
func (t *keyed[K, V]) collect() any { return maps.Collect(t.all()) }
