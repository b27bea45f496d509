package api

import (
	"strings"
	"testing"
)

func TestIndicatorsAreListed(t *testing.T) {
	f := newFixture(t)
	var list struct {
		Indicators []struct {
			Number  int    `json:"number"`
			Class   string `json:"class"`
			Unit    string `json:"unit"`
			Formula string `json:"formula"`
		} `json:"indicators"`
	}
	f.view("/v1/indicators", &list)
	if len(list.Indicators) != 28 {
		t.Fatalf("%d indicators, want 28", len(list.Indicators))
	}
	for k, i := range list.Indicators {
		if i.Number != k+1 || i.Class == "" || i.Unit == "" || i.Formula == "" {
			t.Errorf("indicator %d: %+v", k+1, i)
		}
	}
}

func TestFiguresSayWhyThereIsNoNumber(t *testing.T) {
	f := newFixture(t)
	f.withDesignation()
	var fig struct {
		Path      string `json:"path"`
		Count     *int   `json:"count"`
		NotEnough string `json:"not_enough_data"`
	}
	f.view("/v1/countries/XB/figures/duties.overdue?on=2026-03-01", &fig)
	if fig.Path != "duties.overdue" || fig.Count != nil || fig.NotEnough == "" {
		t.Fatalf("got %+v, want a reason and no number", fig)
	}
	var owed struct {
		Country     string `json:"country"`
		Notice      string `json:"notice"`
		Obligations []any  `json:"obligations"`
	}
	f.view("/v1/countries/XB/obligations?on=2026-03-01", &owed)
	if owed.Country != "XB" || owed.Notice == "" || owed.Obligations == nil {
		t.Fatalf("got %+v", owed)
	}
}

// Every path that /v1/indicators names is answered as it stands up to its
// braces: with the reason why there is no number, or with the paths that go on
// from it.
func TestEveryPathOfAnIndicatorIsAnswered(t *testing.T) {
	f := newFixture(t)
	f.withDesignation()
	var list struct {
		Indicators []struct {
			Path    string   `json:"path"`
			Figures []string `json:"figures"`
		} `json:"indicators"`
	}
	f.view("/v1/indicators", &list)
	for _, i := range list.Indicators {
		if len(i.Figures) == 0 {
			t.Errorf("%s names no figure", i.Path)
		}
		for _, form := range append(i.Figures, i.Path) {
			base, _, more := strings.Cut(form, ".{")
			switch a := f.get("/v1/countries/XB/figures/" + base + "?on=2026-03-01"); a.status {
			case 200:
			case 404:
				p := f.problem(a, 404, "figure.unknown")
				if more && strings.HasPrefix(i.Path, base) && !strings.Contains(p.Detail, base+".") {
					t.Errorf("%s: %q", form, p.Detail)
				}
			default:
				t.Errorf("%s: %d %.200s", form, a.status, a.body)
			}
		}
	}
}
