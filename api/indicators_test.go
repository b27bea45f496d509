package api

import (
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
