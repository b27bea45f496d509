package identity_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/identity"
)

// drawList draws entries that share names and numbers often.
func drawList(t *rapid.T, prefix string) []importer.Entry {
	var out []importer.Entry
	for i := range rapid.IntRange(0, 8).Draw(t, "entries") {
		e := importer.Entry{Ref: fmt.Sprint(prefix, i), Kind: rapid.SampledFrom([]string{"person", "entity", "vessel"}).Draw(t, "kind")}
		for range rapid.IntRange(0, 2).Draw(t, "names") {
			e.Subject.Names = append(e.Subject.Names, domain.Name{Text: rapid.SampledFrom([]string{"OREL VANTA ADLER", "Vanta Orel-Adler", "KIM CHOL", "김철", "ОREL ВANTA", "Орел Ванта"}).Draw(t, "name")})
		}
		for range rapid.IntRange(0, 3).Draw(t, "numbers") {
			e.Subject.Identifiers = append(e.Subject.Identifiers, drawNumber(t))
		}
		out = append(out, e)
	}
	return out
}

func drawNumber(t *rapid.T) domain.Identifier {
	values := map[string][]string{
		"imo":          {"9187629", "9356593", "9362073"},
		"imo_company":  {"5342883", "5571322"},
		"passport":     {"A0002303", "a-000 2303", "12345678"},
		"national_id":  {"A0002303", "12345678"},
		"registration": {"CHE-123456", "CHE123456"},
		"un_ref":       {"KPi.001", "KPi.002", "QDi.001"},
		"swift":        {"DCBKKPPY", "KDBKKPPY"},
		"mmsi":         {"572469210", "677049200"},
		"wallet":       {"1DJoVLgn1foJHHngduRPJvRbwpaFEKxvxd"},
	}
	schemes := make([]string, 0, len(values))
	for s := range values {
		schemes = append(schemes, s)
	}
	slices.Sort(schemes)
	scheme := rapid.SampledFrom(schemes).Draw(t, "scheme")
	id := domain.Identifier{Scheme: scheme, Value: rapid.SampledFrom(values[scheme]).Draw(t, "value")}
	if scheme == "passport" || scheme == "national_id" || scheme == "registration" {
		id.Country = rapid.SampledFrom([]domain.Country{"", "KP", "IR"}).Draw(t, "country")
	}
	return id
}

// TestNumbersBindAndForbid compares what is proposed for drawn lists with what
// all pairs of numbers say.
func TestNumbersBindAndForbid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawList(t, "a"), drawList(t, "b")
		links := identity.Propose(a, b, identity.Options{})
		for _, p := range links {
			if p.Confirmed && len(p.Against) > 0 {
				t.Fatalf("confirmed against a reason: %+v", p)
			}
		}
		for _, x := range a {
			for _, y := range b {
				p := find(links, x.Ref, y.Ref)
				switch {
				case twoNumbers(x, y):
					if p.Basis != "" {
						t.Fatalf("linked against two numbers: %+v", p)
					}
				case x.Kind == y.Kind && shareNumber(x, y):
					if p.Basis != identity.ByIdentifier || p.Score < 0.3 || len(p.For) == 0 {
						t.Fatalf("%v and %v share a number: %+v", x, y, p)
					}
				case p.Basis == identity.ByIdentifier && x.Kind == y.Kind:
					t.Fatalf("%v and %v share no number: %+v", x, y, p)
				}
			}
		}
		if again := identity.Propose(a, b, identity.Options{}); !cmp.Equal(links, again) {
			t.Fatalf("twice the same lists: %s", cmp.Diff(links, again))
		}
		bothWays(t, links, identity.Propose(b, a, identity.Options{}))
	})
}

// bothWays checks that the order of the lists makes no difference to what
// numbers link. Which of two names that agree as well is shown may differ, and
// with it what else may be meant.
func bothWays(t *rapid.T, there, back []identity.Proposal) {
	for _, p := range there {
		if q := find(back, p.B, p.A); p.Basis == identity.ByIdentifier && (q.Basis != p.Basis || q.Score != p.Score) {
			t.Fatalf("one way %+v, the other %+v", p, q)
		}
	}
}
