package names_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer/names"
)

func ExampleCompare() {
	fmt.Println(names.Compare(names.Parse("ORELI, Vanta Co., Ltd."), names.Parse("Vanta Oreli Company Limited")))
	fmt.Println(names.Compare(names.Parse("VЕTA"), names.Parse("VETA"))) // the first has a Cyrillic Е
	// Output:
	// names agree to 100 %: "ORELI, Vanta Co., Ltd." and "Vanta Oreli Company Limited"
	// names agree to 96 % only by letters that look alike in two scripts: "VЕTA" and "VETA"
}

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		a, b      string
		low, high float64
		what      string // Loose, Romanised, Lookalike or Ideal
	}{
		{"JANG BOM SU", "Jang Bom-su", 1, 1, ""},
		{"JANG BOM SU", "SU, Jang Bom", 1, 1, ""},
		{"Jang Bomsu", "JANG BOM SU", 0.97, 0.97, ""},
		{"Ri U'n So’ng", "RI UN SONG", 1, 1, ""},
		{"Ch’ŏl", "CHOL", 1, 1, ""},
		{"CHANG POM SU", "JANG BOM SU", 0.94, 0.94, "Loose"},
		{"Mohammed Qadhafi", "MUHAMAD KADAFI", 0.84, 0.96, "Loose"},
		{"OREL TRADING CO., LTD", "Orel Trading Company Limited (OTC)", 1, 1, ""},
		{"Orel Trading (Kenya)", "Orel Trading (Norway)", 0.6, 0.9, "any"}, // branches differ by the bracket
		{"ＯＲＥＬ", "orel", 1, 1, ""},
		{"Ore\u200bl", "OREL", 1, 1, ""},
		{"ADLERSHIP", "ADLRESHIP", 0.80, 0.86, ""},
		{"Kim Chol", "Pak Yong", 0, 0.45, "any"},
		{"Абдулла", "ABDULLA", 1, 1, "Romanised"},
		{"Орел Ванта", "OREL VANTA", 1, 1, "Romanised"},
		{"Ορελ Βαντα", "OREL VANTA", 1, 1, "Romanised"},
		{"محمد سالم منصور", "MUHAMMAD SALIM MANSUR", 0.9, 0.9, "Romanised"},
		{"محمد سالم المنصور", "محمد سالم منصور", 1, 1, ""},
		{"ВETA STAR", "BETA STAR", 0.96, 0.96, "Lookalike"},
		{"ΒETA STAR", "BETA STAR", 0.96, 0.96, "Lookalike"},
		{"김철", "김철", 1, 1, "Ideal"},
		{"김철", "김절", 0, 0, "Ideal"},
		{"金哲", "金哲秀", 0, 0, "Ideal"},
		{"金哲", "KIM CHOL", 0, 0, ""},
		{"朝鮮長安海連海運会社", "朝鮮長安海連海運公司", 0.7, 0.9, "Ideal"},
		{"", "", 0, 0, ""},
		{"()", "-", 0, 0, ""},
	} {
		got := names.Compare(names.Parse(c.a), names.Parse(c.b))
		if got.Score < c.low-1e-9 || got.Score > c.high+1e-9 {
			t.Errorf("%q and %q: %.3f, want %.2f to %.2f", c.a, c.b, got.Score, c.low, c.high)
		}
		what := map[bool]string{true: "Loose"}[got.Loose] + map[bool]string{true: "Romanised"}[got.Romanised] +
			map[bool]string{true: "Lookalike"}[got.Lookalike] + map[bool]string{true: "Ideal"}[got.Ideal]
		if c.what != "any" && what != c.what {
			t.Errorf("%q and %q agree by %q, want %q", c.a, c.b, what, c.what)
		}
	}
}

func TestMixed(t *testing.T) {
	for text, want := range map[string]bool{"BETA": false, "ВETA": true, "ВЕТА": false, "Орел OREL": false, "Α1B": true} {
		if got := names.Parse(text).Mixed; got != want {
			t.Errorf("%q: mixed %v, want %v", text, got, want)
		}
	}
}

func TestShared(t *testing.T) {
	weight := func(w string) float64 { return map[string]float64{"COMPANY": 1, "OREL": 5, "ADLER": 5}[w] }
	share, agreed := names.Shared([]string{"OREL", "COMPANY"}, []string{"ADLER", "COMPANY"}, weight)
	if math.Abs(share-2.0/12) > 1e-9 || agreed != 1 {
		t.Errorf("got %v, %v", share, agreed)
	}
}

func FuzzCompare(f *testing.F) {
	for _, s := range []string{"KIM, Chol", "Абдулла", "김철수", "محمد", "ВETA (B)", "\xff", "İıß", strings.Repeat("A B ", 90)} {
		f.Add(s, "Kim Ch'ol")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := names.Parse(a), names.Parse(b)
		one, other := names.Compare(x, y), names.Compare(y, x)
		if one.Score < 0 || one.Score > 1 {
			t.Fatalf("score %v", one.Score)
		}
		if one.Lookalike && x.Latin() && y.Latin() {
			t.Fatalf("%q and %q: a lookalike among Latin letters", a, b)
		}
		if one.Score != other.Score {
			t.Fatalf("%q and %q: %v one way, %v the other", a, b, one.Score, other.Score)
		}
		if self := names.Compare(x, x); !x.Empty() && !x.Exact() && self.Score != 1 {
			t.Fatalf("%q agrees with itself to %v", a, self.Score)
		}
	})
}
