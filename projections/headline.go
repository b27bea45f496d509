package projections

import (
	"fmt"
	"strings"
)

// Headline is a sentence on one duty that can be defended: what it is computed
// from, what stands against it, and what the state itself says.
type Headline struct {
	Sentence     string   `json:"sentence"`
	Figure       string   `json:"figure,omitempty"` // its path
	Indicator    int      `json:"indicator,omitempty"`
	Label        string   `json:"label,omitempty"`
	Formula      string   `json:"formula,omitempty"`
	Events       Events   `json:"events"`
	Disputed     int      `json:"disputed"`
	Transcribed  int      `json:"transcribed"`
	Signed       int      `json:"signed"` // by the state or the authority itself
	Explanations []Remark `json:"explanations"`
}

// headline says what was measured of the duties, one sentence a figure, and
// last what there is not enough data for. Activity, differences, data quality
// and what a state merely declared do not stand in it.
func (s *sheet) headline() []Headline {
	out, lacking := []Headline{}, []string{}
	for _, f := range s.figures {
		switch {
		case f.Class != ClassDuty || f.Indicator == 28 || under(f.Path, "duties.lag_per_notice"):
		case f.measured():
			out = append(out, f.headline())
		case f.NotEnoughData != "":
			lacking = append(lacking, f.Name)
		}
	}
	if len(lacking) > 0 {
		out = append(out, Headline{
			Sentence: "There is not enough data on: " + strings.Join(lacking, "; ") + ". That is no finding.",
			Events:   Events{Indexes: []uint64{}}, Explanations: []Remark{},
		})
	}
	return out
}

func (f figure) headline() Headline {
	out := Headline{
		Figure: f.Path, Indicator: f.Indicator, Label: f.Label, Formula: f.Formula, Events: bounded(f.events),
		Disputed: f.Disputed, Transcribed: f.Transcribed, Signed: len(f.events) - f.Transcribed, Explanations: f.Explanations,
	}
	out.Sentence = fmt.Sprintf("%s: %s.", f.Name, f.Text)
	if f.Regime != "" {
		out.Sentence = fmt.Sprintf("%s under %s: %s.", f.Name, f.Regime, f.Text)
	}
	out.Sentence += fmt.Sprintf(" Of %d events behind it %d are transcribed and %d signed by whose act they are.", len(f.events), out.Transcribed, out.Signed)
	if n := len(f.Explanations); n > 0 {
		out.Sentence += fmt.Sprintf(" The state explains: %s", stop(f.Explanations[n-1].Text))
		if !strings.HasSuffix(out.Sentence, ".") {
			out.Sentence += "."
		}
	}
	return out
}
