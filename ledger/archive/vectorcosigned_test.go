package archive_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
)

// badCosigned are edits of the first cosigned checkpoint in archive.txt, whose
// line is seen[0]: text of three lines, an empty one, the log's signature, those
// of a and c, an empty one.
func badCosigned(t testing.TB, s *scribe, clean []string, seen []int) []badArchive {
	t.Helper()
	at := seen[0]
	signed := []byte(strings.Join(clean[at+1:at+6], "\n") + "\n")
	size, err := strconv.ParseUint(clean[at+2], 10, 64)
	check(t, err)
	recorded := s.at/1_000_000 - int64(s.state.Next()-size) + 1 // when a saw it
	var out []badArchive
	add := func(name, rule string, edits map[int]string, gone ...int) {
		t.Helper()
		v := badArchive{Name: name, Lines: map[string]*string{}, Rule: rule}
		for i, line := range edits {
			v.Lines[strconv.Itoa(i+1)] = &line
		}
		for _, i := range gone {
			v.Lines[strconv.Itoa(i+1)] = nil
		}
		v.judge(t, s, clean)
		out = append(out, v)
	}
	instead := func(name, rule string, time int64, by ...string) {
		t.Helper()
		text := strings.TrimSuffix(string(cosign(t, signed, time, by...)), "\n")
		add(name, rule, map[int]string{at + 1: text}, lines(at+2, at+8)...)
	}
	flip := func(i, fromEnd int) map[int]string {
		b := []byte(clean[i])
		b[len(b)-fromEnd] ^= 1
		return map[int]string{i: string(b)}
	}
	add("a byte of a cosignature", archive.RuleCosigned, flip(at+6, 20))
	add("a cosignature's time", archive.RuleCosigned, map[int]string{at + 6: strings.Replace(clean[at+6], "AAAABpV", "AAAABpW", 1)})
	add("the log's signature on what was cosigned", archive.RuleCosigned, flip(at+5, 20))
	add("a cosigned size", archive.RuleCosigned, map[int]string{at + 2: "5"})
	add("a cosignature left out", archive.RuleCosigned, nil, at+7)
	add("the cosignature left out that the policy requires", archive.RuleCosigned, nil, at+6)
	add("no log signature", archive.RuleCosigned, nil, at+5)
	add("cosignatures in another order", archive.RuleCosigned, map[int]string{at + 6: clean[at+7], at + 7: clean[at+6]})
	instead("a cosignature by a key that the policy does not name", archive.RuleCosigned, recorded, "a", "c", "d")
	instead("a witness that cosigned twice", archive.RuleCosigned, recorded, "a", "c", "a")
	add("a cosigned checkpoint that stands twice", archive.RuleCosigned, map[int]string{at: strings.Join(clean[at:at+9], "\n") + "\n" + clean[at]})
	add("a cosigned checkpoint before there is a policy", archive.RuleCosigned, map[int]string{at - 1: strings.Join(clean[at:at+9], "\n") + "\n" + clean[at-1]}, lines(at, at+9)...)
	add("a cosigned checkpoint a leaf later", archive.RuleCosigned, map[int]string{seen[1]: strings.Join(clean[at:at+9], "\n") + "\n" + clean[seen[1]]}, lines(at, at+9)...)
	instead("witnesses saw an hour before what was recorded", archive.RuleTime, recorded-3600, "a", "c")
	instead("recorded an hour before witnesses saw that it was not", archive.RuleTime, recorded+3600, "a", "c")
	return out
}
