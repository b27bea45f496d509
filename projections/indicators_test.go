package projections

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

var update = flag.Bool("update", false, "write docs/INDICATORS.md instead of comparing it")

const indicatorsPage = "../docs/INDICATORS.md"

const indicatorsHead = `# Indicators

What is computed for each state watched, on any day (` + "`on`" + `) and as known at any index (` + "`as_of`" + `). The four classes
are never added, and there is no score. A figure is a number, or it says that there is **not enough data**, or that a duty is
**not applicable** because nothing sets it off: neither is a zero, and neither is late. Every figure lists the events behind it
(and in ` + "`of_events`" + ` those that it is counted out of, where these are more), and how many of them are disputed, contested, repudiated, transcribed or illustrative, and carries the state's explanations.
Percentiles are by nearest rank over dates that are exact to the day.

Only duties stand in the headline of a state's page (28 does not: it is what the state declares), and only duties compare
members. Overdue is said of a duty that something recorded sets off, on the day asked for, where something recorded shows
that this very duty is followed for the state: what set it off in the state's own or the custodian's record, a benchmark that the
coalition adopted, or a report on it, an extension or an explanation of it. What is recorded of another duty shows nothing:
silence is no finding. What others allege sets no duty off.

**[G]** marks sources that nobody compared with the original yet. The duties themselves are recorded events
(` + "`obligation.defined`" + `), each with its own source and mark, and so is a cap: nothing of that kind stands in the program. How to record one, as that of
resolution 2397, paragraph 5, stands in [ONBOARDING.md](ONBOARDING.md), section 8.

One figure alone: ` + "`GET /v1/countries/{cc}/figures/{path}`" + `; all of this: ` + "`GET /v1/indicators`" + `; duties case by case:
` + "`GET /v1/countries/{cc}/obligations?on=&as_of=`" + `. What stands in braces in a path below is what the figure is of: a regime, as in
` + "`duties.transposition.UN-DPRK`" + `, an obligation, a currency. A state's compliance page gives the path of each figure that it
has; what stands before the braces answers where there is no number, with the reason, or says which paths go on from it. The page is written from the table in ` + "`projections/indicators.go`" + ` by
` + "`go test ./projections -run TestIndicatorsPage -update`" + `.

In a demonstration (until you stop it): Japan's share on a day with every event behind it, and what it owes.

` + "```sh" + `
go run ./cmd/ledgerd demo --data demo --json > demo.json &
until [ -s demo.json ]; do sleep 0.2; done
field() { sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/" demo.json; }
export LEDGER_SERVER=$(field url) LEDGER_TOKEN=$(field auditor)
go run ./cmd/ledger view indicators
go run ./cmd/ledger view countries/JP/figures/duties.transposition.UN-DPRK on=2017-06-05
go run ./cmd/ledger view countries/JP/obligations on=2017-06-05
` + "```" + `

| # | Indicator | Class | Unit |
|---|---|---|---|
`

func indicatorsText() string {
	var b strings.Builder
	b.WriteString(indicatorsHead)
	for _, i := range Indicators() {
		fmt.Fprintf(&b, "| [%d](#%d) | %s | %s | %s |\n", i.Number, i.Number, i.Name, plain(i.Class), i.Unit)
	}
	for _, i := range Indicators() {
		fmt.Fprintf(&b, "\n## %d\n\n**%s** (%s), in %s. Figures: `%s`", i.Number, i.Name, plain(i.Class), i.Unit, strings.Join(i.Figures, "`, `"))
		fmt.Fprintf(&b, "\n\n- Formula: %s.\n- Events: %s.\n- Not enough data: %s.\n- Source: %s", i.Formula, strings.Join(i.Events, ", "), i.NotEnough, i.Source)
		if i.General {
			b.WriteString(" **[G]**")
		}
		b.WriteString(".\n")
	}
	return b.String()
}

// The page says what the table in the code says.
func TestIndicatorsPage(t *testing.T) {
	want := indicatorsText()
	if *update {
		if err := os.WriteFile(indicatorsPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(indicatorsPage)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("docs/INDICATORS.md differs: write it again with -update (-code +page):\n%s", diff)
	}
}

func TestIndicatorsAreComplete(t *testing.T) {
	classes := map[string][]int{}
	for k, i := range Indicators() {
		if i.Number != k+1 || i.Name == "" || i.Path == "" || i.Unit == "" || i.Formula == "" || i.NotEnough == "" || i.Source == "" || len(i.Events) == 0 {
			t.Errorf("indicator %d is not whole: %+v", k+1, i)
		}
		classes[i.Class] = append(classes[i.Class], i.Number)
		for _, e := range i.Events {
			if _, _, ok := domain.New(e); !ok && !strings.HasPrefix(e, "every ") {
				t.Errorf("indicator %d rests on %q, which is no event type", i.Number, e)
			}
		}
	}
	want := map[string][]int{
		ClassDuty: {1, 2, 3, 8, 9, 10, 13, 16, 17, 18, 19, 27, 28}, ClassDifference: {4, 5},
		ClassActivity: {11, 12, 14, 15, 20, 21, 22, 23}, ClassDataQuality: {6, 7, 24, 25, 26},
	}
	if diff := cmp.Diff(want, classes); diff != "" {
		t.Errorf("classes (-want +got):\n%s", diff)
	}
}

// Of a state of which nothing is recorded every indicator says why there is no
// number, and none is a zero that could be taken for a finding.
func TestNotEnoughDataIsAValueOfItsOwn(t *testing.T) {
	v := given([]domain.Country{"JP", "XA", "US"}).views(-1)
	got := mustCompliance(t, v, "US", Query{On: "2026-03-05"})
	shown := map[int]bool{}
	for _, list := range [][]Figure{got.Duties, got.Differences, got.Activity, got.DataQuality} {
		for _, f := range list {
			shown[f.Indicator] = true
			if f.measured() || f.Count != nil || f.Value != "" {
				t.Errorf("%d %s: %q", f.Indicator, f.Path, f.Text)
			}
		}
	}
	for n := 1; n <= 28; n++ {
		if !shown[n] {
			t.Errorf("indicator %d is left out", n)
		}
	}
	if len(got.Headline) != 1 || !strings.Contains(got.Headline[0].Sentence, "not enough data") {
		t.Errorf("headline %+v, want what is not known alone", got.Headline)
	}
}

// A figure asked for alone is the one on the page.
func TestAFigureAloneIsTheOneOnThePage(t *testing.T) {
	v := large(300, 20).views(-1)
	q := Query{On: "2024-06-05"}
	for _, c := range []domain.Country{"JP", "CA", "DE", "XA"} {
		page := mustCompliance(t, v, c, q)
		for _, list := range [][]Figure{page.Duties, page.Differences, page.Activity, page.DataQuality} {
			for _, want := range list {
				got := figureOf(t, v, c, want.Path, q)
				got.Events, got.Details = bounded(got.Events.Indexes), nil
				if got.OfEvents != nil {
					of := bounded(got.OfEvents.Indexes)
					got.OfEvents = &of
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s %s (-page +alone):\n%s", c, want.Path, diff)
				}
			}
		}
	}
}

var braces = regexp.MustCompile(`\\{[a-z]+\\}`)

// pathPattern makes a pattern of a path as the page names it.
func pathPattern(form string) *regexp.Regexp {
	return regexp.MustCompile("^" + braces.ReplaceAllString(regexp.QuoteMeta(form), ".+") + "$")
}

// pathsNamed are all that the page names.
func pathsNamed(t *testing.T) []string {
	t.Helper()
	page, err := os.ReadFile(indicatorsPage)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, line := range strings.Split(string(page), "\n") {
		_, paths, _ := strings.Cut(line, " Figures: ")
		for _, p := range strings.Fields(paths) {
			out = append(out, strings.Trim(p, "`,"))
		}
	}
	return out
}

// Every figure is found under a path that the page names; and where nothing is
// recorded, what stands before the braces answers with the reason.
func TestEveryPathOnThePageIsAnswered(t *testing.T) {
	named, q := pathsNamed(t), Query{On: "2024-06-05"}
	states := manyStates()[:5]
	for _, v := range []*Views{busy(wide(states, 300, 60), states).views(-1), goldenJournal(t).views(-1)} {
		for _, row := range v.Countries(q).Countries {
			page := mustCompliance(t, v, row.Country, q)
			for _, f := range slices.Concat(page.Duties, page.Differences, page.Activity, page.DataQuality) {
				figureOf(t, v, row.Country, f.Path, q)
				if f.measured() && !slices.ContainsFunc(named, func(p string) bool { return pathPattern(p).MatchString(f.Path) }) {
					t.Errorf("%s: no path on the page is that of %s", row.Country, f.Path)
				}
			}
		}
	}
	v := given([]domain.Country{"JP"}).views(-1)
	for _, i := range Indicators() {
		f, ok := v.Figure("JP", i.Path, q)
		if under := v.FiguresUnder("JP", i.Path, q); f.measured() == ok || !ok && len(under) == 0 {
			t.Errorf("%s: found %v, %q where nothing is recorded; under it %v", i.Path, ok, f.Text, under)
		}
	}
}
