package demodata_test

import (
	"slices"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/cmd/ledgerd/demodata"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/google/go-cmp/cmp"
)

func load(t *testing.T) demodata.Facts {
	t.Helper()
	f, err := demodata.Load()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestEveryListingIsTransposedOnce(t *testing.T) {
	f := load(t)
	if len(f.Listings) != 155 || len(f.Transpositions) != 155 {
		t.Fatalf("%d listings, %d transpositions, want 155 each", len(f.Listings), len(f.Transpositions))
	}
	notices := make(map[string]domain.Date)
	national := make(map[string]bool)
	for _, tr := range f.Transpositions {
		if tr.Name == "" || national[tr.NationalRef] {
			t.Errorf("transposition %+v: no name, or its number stands twice", tr)
		}
		notices[tr.Ref], national[tr.NationalRef] = tr.NoticeOn, true
	}
	kinds := make(map[string]int)
	var lags []int
	for _, l := range f.Listings {
		kinds[l.Kind]++
		on, ok := notices[l.Ref]
		if !ok || l.Name == "" {
			t.Errorf("listing %+v: no name, or no notice", l)
			continue
		}
		lags = append(lags, domain.DaysBetween(l.ListedOn, on))
	}
	if diff := cmp.Diff(map[string]int{"person": 80, "entity": 75}, kinds); diff != "" {
		t.Errorf("kinds differ:\n%s", diff)
	}
	slices.Sort(lags)
	if len(lags) != 155 || lags[77] != 9 || lags[154] != 29 || lags[0] != -26 || lags[1] < 0 {
		t.Errorf("days from listing to notice: median %d, most %d, least %d and %d; want 9, 29, -26 (KPi.063) and none other below 0", lags[77], lags[154], lags[0], lags[1])
	}
}

func TestWhatStoodOpen(t *testing.T) {
	const day = domain.Date("2017-06-05")
	f := load(t)
	listed, transposed := 0, 0
	for _, l := range f.Listings {
		if l.ListedOn <= day {
			listed++
		}
	}
	for _, tr := range f.Transpositions {
		if tr.NoticeOn <= day {
			transposed++
		}
	}
	if listed != 99 || transposed != 81 {
		t.Errorf("on %s %d listed, %d transposed; want 99 and 81", day, listed, transposed)
	}
}

func TestVessels(t *testing.T) {
	f := load(t)
	if len(f.Vessels) != 59 {
		t.Fatalf("%d vessels, want 59", len(f.Vessels))
	}
	listings := make(map[string]bool)
	for _, l := range f.Listings {
		listings[l.Ref] = true
	}
	numbers := make(map[string]bool)
	kinds := make(map[string]int)
	for i, v := range f.Vessels {
		if v.Number != i+1 || len(v.Names) == 0 || len(v.Designations) == 0 {
			t.Errorf("vessel %d: %+v", i+1, v)
		}
		if v.IMO == "" {
			if v.Names[0] != "MIN NING DE YOU 078" {
				t.Errorf("%s has no IMO number", v.Names[0])
			}
		} else if !domain.ValidIMO(v.IMO) || numbers[v.IMO] {
			t.Errorf("%s: IMO number %s is wrong or stands twice", v.Names[0], v.IMO)
		}
		numbers[v.IMO] = true
		if v.Owner != "" && !listings[v.Owner] {
			t.Errorf("%s: owner %s is not listed", v.Names[0], v.Owner)
		}
		for _, d := range v.Designations {
			for _, m := range d.Measures {
				kinds[m.Kind+" "+m.Basis]++
			}
		}
	}
	if len(numbers) != 59 {
		t.Errorf("%d IMO numbers, want 58", len(numbers)-1)
	}
	want := map[string]int{
		"asset_freeze KPe.020": 22, "asset_freeze 1718/8(d)": 2, "asset_freeze 2321/12(d)": 13,
		"deflag 2321/12(a)": 15, "port_ban 2371/6": 35,
	}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Errorf("measures differ (-want +got):\n%s", diff)
	}
}

func TestAVesselDesignatedTwice(t *testing.T) {
	want := demodata.Vessel{
		Number: 12, Names: []string{"HAO FAN 6"}, IMO: "8628597", MMSI: []string{"341985000"},
		Designations: []demodata.Designation{
			{On: "2017-10-03", Measures: []demodata.Measure{{Kind: "port_ban", Basis: "2371/6"}}},
			{On: "2018-03-30", Measures: []demodata.Measure{{Kind: "deflag", Basis: "2321/12(a)"}}},
		},
	}
	if diff := cmp.Diff(want, load(t).Vessels[11]); diff != "" {
		t.Errorf("vessel 12 differs (-want +got):\n%s", diff)
	}
}
