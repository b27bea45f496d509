package witness

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// members makes n keys and the lines that define them as a, b, c …
func members(t testing.TB, n int) (keys []*Signer, lines string) {
	t.Helper()
	for i := range n {
		name := string(rune('a' + i))
		k := testKey(t, "witness.example/"+name)
		keys = append(keys, k)
		lines += fmt.Sprintf("witness %s %s\n", name, k.Verifier())
	}
	return keys, lines
}

func by(keys []*Signer, who string) (out []Cosignature) {
	for _, r := range who {
		out = append(out, Cosignature{Key: keys[r-'a'].Verifier()})
	}
	return out
}

func TestAPolicyIsSatisfiedByItsQuorumAndByNothingLess(t *testing.T) {
	keys, lines := members(t, 7)
	for _, row := range []struct{ rule, enough, short string }{
		{"quorum a", "a ab", "- b bcdefg"},
		{"quorum none", "- a", ""},
		{"group q 5 a b c d e f g\nquorum q", "abcde cdefg abcdefg", "- abcd aaaaa"},
		{"group q any a b\nquorum q", "a b ab", "- cdefg"},
		{"group q all a b\nquorum q", "ab", "a b"},
		{"group others 4 b c d e f g\ngroup q all a others\nquorum q", "abcde", "bcdefg abcd"},
		{"group x 2 a b c\ngroup y any d e f\ngroup q all x y\nquorum q", "abd bcf", "abc def ad"},
		{"group x 2 a b c\ngroup y all d e\ngroup q any x y\nquorum q", "ab de", "ad g"},
	} {
		p := mustPolicy(t, lines+row.rule)
		for _, who := range strings.Fields(row.enough) {
			if !p.Satisfied(by(keys, strings.Trim(who, "-"))) {
				t.Errorf("%q: %s are enough", row.rule, who)
			}
		}
		for _, who := range strings.Fields(row.short) {
			if p.Satisfied(by(keys, strings.Trim(who, "-"))) {
				t.Errorf("%q: %s are not enough", row.rule, who)
			}
		}
	}
}

func TestAPolicyListsWhoItNamesAndKeepsItsText(t *testing.T) {
	log, keys := newLog(t), []*Signer{testKey(t, "witness.example/a"), testKey(t, "Ünïcode.example")}
	text := fmt.Sprintf("# our policy\n\n \tlog  %s\thttps://ledger.example/\nwitness a %s https://a.example:8443/w//\n  # a comment\nwitness B\xff %s\ngroup g any a B\xff \nquorum g", log.vkey, keys[0].Verifier(), keys[1].Verifier())
	p := mustPolicy(t, text)
	if p.String() != text {
		t.Errorf("got %q", p)
	}
	if got := p.Logs(); len(got) != 1 || got[0].Key.KeyHash() != log.key.KeyHash() || got[0].URL != "https://ledger.example" {
		t.Errorf("logs: %+v", got)
	}
	want := []Witness{{"a", keys[0].Verifier(), "https://a.example:8443/w"}, {"B\xff", keys[1].Verifier(), ""}}
	if got := p.Witnesses(); !slices.Equal(got, want) {
		t.Errorf("witnesses: %+v", got)
	}
}

func TestAPolicyThatIsNotToTheLetterIsRefusedWithItsLine(t *testing.T) {
	_, lines := members(t, 3)
	log := newLog(t)
	a := strings.Fields(lines)[2]
	many := "group g any"
	for range 3 {
		many += " a"
	}
	for text, want := range map[string]string{
		"":                                    "no quorum line",
		lines:                                 "no quorum line",
		"quorum none\nquorum none":            "line 2: .*a second quorum",
		"quorum a\n" + lines:                  "line 1: .*\"a\" is defined on no line before",
		lines + "quorum":                      "line 4: .*want 'quorum <name>'",
		lines + "quorum a b":                  "want 'quorum <name>'",
		lines + "quorum a # why":              "want 'quorum <name>'",
		"Quorum none":                         "\"Quorum\" begins no line",
		"quorum none\r":                       "line 1: .*control character 0x0d",
		"quorum none\n\x7f":                   "line 2: .*control character",
		"witness a\nquorum none":              "want 'witness <name> <verifier key>",
		"witness none " + a + "\nquorum none": "\"none\" is taken",
		lines + "witness a " + testKey(t, "x.example").Verifier().String(): "line 4: .*\"a\" is taken",
		lines + "witness d " + a + "\nquorum none":                         "the key stands on line 1",
		lines + "witness d " + renamed(t, a) + "\nquorum none":             "the key stands on line 1",
		"witness a " + a + "x\nquorum none":                                "verifier key",
		"witness a " + log.vkey + "\nquorum none":                          "of type 1, cosignatures want Ed25519",
		"witness a w.example+00000000+BgAA\nquorum none":                   "of type 6",
		"witness a w1.example+5e6f7a8b+BQYHCA\nquorum a":                   "want name",
		"witness a " + strings.Replace(a, "+", "+0", 1) + "\nquorum none":  "copied wrongly",
		"witness a " + weak() + "\nquorum none":                            "verifier key of w.example",
		"witness a " + a + " witness.example\nquorum none":                 "no address",
		"witness a " + a + " ftp://w.example\nquorum none":                 "no address",
		"witness a " + a + " https://u:p@w.example\nquorum none":           "no address",
		"witness a " + a + " https://w.example?x\nquorum none":             "no address",
		"log\nquorum none":                                        "want 'log",
		"log " + a + "\nquorum none":                              "no Ed25519 key of a log",
		"log " + log.vkey + "\nlog " + log.vkey + "\nquorum none": "the key stands on line 1",
		lines + "group g\nquorum g":                               "want 'group",
		lines + "group g 1\nquorum g":                             "want 'group",
		lines + "group g 0 a b\nquorum g":                         "threshold \"0\"",
		lines + "group g 3 a b\nquorum g":                         "threshold \"3\"",
		lines + "group g 01 a b\nquorum g":                        "threshold \"01\"",
		lines + "group g most a b\nquorum g":                      "threshold \"most\"",
		lines + "group g 1 a none\nquorum g":                      "\"none\" is defined on no line",
		lines + "group g 1 a g\nquorum g":                         "\"g\" is defined on no line",
		lines + "group none 1 a\nquorum none":                     "\"none\" is taken",
		lines + "group g 1 a a\nquorum g":                         "\"a\" is a member of \"g\" already",
		lines + "group g 1 a b\ngroup h 1 b c\nquorum h":          "\"b\" is a member of \"g\" already",
		lines + many + "\nquorum g":                               "already",
		"quorum none\n#" + strings.Repeat("x", maxPolicy):         "the most is",
	} {
		_, err := ParsePolicy(text)
		if !errors.Is(err, translog.ErrMalformed) || !matches(want, err.Error()) {
			t.Errorf("%.300q: got %v, want %s", text, err, want)
		}
	}
}

// The limits that tlog-policy asks for, and beyond ours.
func TestAPolicyMayBeLargeButNotEndless(t *testing.T) {
	var b strings.Builder
	all := ""
	for i := range maxMembers {
		fmt.Fprintf(&b, "witness w%d %s\ngroup g%d any w%d\n", i, testKey(t, fmt.Sprintf("w%d.example", i)).Verifier(), i, i)
		all += fmt.Sprintf(" g%d", i)
	}
	p := mustPolicy(t, strings.Replace(b.String(), "group g63 any w63\n", "group g63 any w63"+strings.ReplaceAll(all[:len(all)-4], " ", " ")+"\nquorum g63", 1))
	if len(p.Witnesses()) != maxMembers {
		t.Errorf("got %d", len(p.Witnesses()))
	}
	for _, more := range []string{"witness x " + testKey(t, "x.example").Verifier().String(), "group x any g0"} {
		if _, err := ParsePolicy(b.String() + more + "\nquorum none"); err == nil || !strings.Contains(err.Error(), "more than 64") {
			t.Errorf("%s: got %v", more, err)
		}
	}
}

func FuzzParsePolicy(f *testing.F) {
	_, lines := members(f, 3)
	f.Add(lines + "group q 2 a b c\nquorum q")
	f.Add("log " + newLog(f).vkey + " https://x.example\nquorum none\n")
	f.Add("witness w1 w1.example+5e6f7a8b+BQYHCA\nquorum w1")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePolicy(text)
		if err != nil {
			if !errors.Is(err, translog.ErrMalformed) {
				t.Fatalf("got %v", err)
			}
			return
		}
		if p.String() != text {
			t.Fatalf("read %q, wrote %q", text, p)
		}
		everyone := make([]Cosignature, 0)
		for _, w := range p.Witnesses() {
			everyone = append(everyone, Cosignature{Key: w.Key})
		}
		if !p.Satisfied(everyone) {
			t.Fatalf("all witnesses together do not satisfy %q", text)
		}
		if p.Satisfied(nil) != (p.quorum == noQuorum) {
			t.Fatalf("nobody satisfies %q", text)
		}
	})
}
