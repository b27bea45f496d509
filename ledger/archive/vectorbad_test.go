package archive_test

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
)

// badArchives are edits of archive.txt, each with the fault that is to be named.
func badArchives(t testing.TB, s *scribe) []badArchive {
	t.Helper()
	clean := strings.Split(strings.TrimSuffix(s.out.String(), "\n"), "\n")
	leaf := map[int]int{} // line of a leaf, from 0
	var marks []int       // lines of checkpoints
	views := 0            // line of the digests
	var seen []int        // lines of cosigned checkpoints
	for i, line := range clean {
		if n, err := strconv.Atoi(strings.SplitN(line, " ", 2)[0]); err == nil && strings.Contains(line, ".") {
			leaf[n] = i
		}
		if line == "checkpoint" {
			marks = append(marks, i)
		}
		if line == "cosigned" {
			seen = append(seen, i)
		}
		if line == "digests" {
			views = i
		}
	}
	fields := func(n int) []string { return strings.Split(clean[leaf[n]], " ") }
	later := func(n int, micros int64) string {
		at, err := strconv.ParseInt(fields(n)[1], 10, 64)
		check(t, err)
		return fmt.Sprintf("%d %d %s", n, at+micros, fields(n)[2])
	}
	flip := func(line string, fromEnd int) string {
		b := []byte(line)
		b[len(b)-fromEnd] ^= 1
		return string(b)
	}
	last := len(s.states) - 1
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
	add("another first line", archive.RuleHeader, map[int]string{0: "coalition-ledger archive v2"})
	add("a byte of genesis", archive.RuleGenesis, map[int]string{leaf[0]: flip(clean[leaf[0]], 21)})
	add("a byte of a payload", "envelope.signature", map[int]string{leaf[4]: flip(clean[leaf[4]], 95)})
	add("a byte of a signature", "envelope.signature", map[int]string{leaf[1]: flip(clean[leaf[1]], 20)})
	add("a leaf dropped", archive.RuleIndex, nil, leaf[5])
	add("two leaves in each other's place", archive.RuleIndex, map[int]string{leaf[1]: clean[leaf[2]], leaf[2]: clean[leaf[1]]})
	add("two envelopes in each other's place", archive.RuleRoot, map[int]string{
		leaf[1]: strings.Join([]string{"1", fields(1)[1], fields(2)[2]}, " "), leaf[2]: strings.Join([]string{"2", fields(2)[1], fields(1)[2]}, " "),
	})
	add("a leaf repeated", "event.duplicate_id", map[int]string{leaf[4]: strings.Join([]string{"4", fields(4)[1], fields(3)[2]}, " ")})
	add("recorded later", archive.RuleRoot, map[int]string{leaf[2]: later(2, 1)})
	add("recorded before the event before it", "recorded_at.backwards", map[int]string{leaf[2]: later(2, -60_000_000)})
	add("recorded after it expired", "envelope.expired", map[int]string{leaf[last]: later(last, 86_400_000_000)})
	add("an index with a leading zero", archive.RuleLine, map[int]string{leaf[2]: "0" + clean[leaf[2]]})
	add("two spaces", archive.RuleLine, map[int]string{leaf[2]: strings.Replace(clean[leaf[2]], " ", "  ", 1)})
	add("a checkpoint's size", archive.RuleSigned, map[int]string{marks[0] + 2: "5"})
	add("a checkpoint's root", archive.RuleSigned, map[int]string{marks[0] + 3: std64(s.states[2].Root)})
	add("a checkpoint's signature", archive.RuleSigned, map[int]string{marks[1] + 5: flip(clean[marks[1]+5], 20)})
	add("a checkpoint earlier than it was", archive.RuleCheckpoint, map[int]string{leaf[3]: strings.Join(clean[marks[0]:marks[0]+7], "\n") + "\n" + clean[leaf[3]]})
	add("a checkpoint of the next log key before its adoption", archive.RuleSigned, map[int]string{marks[0] + 5: noteLine(t, s)})
	add("a view's digest", archive.RuleDigests, map[int]string{views + 4: flip(clean[views+4], 5)})
	add("digests that stand twice", archive.RuleDigests, map[int]string{views: strings.Join(clean[views:views+8], "\n") + "\n" + clean[views]})
	add("digests of fewer events", archive.RuleDigests, map[int]string{views + 3: strings.Replace(clean[views+3], strings.SplitN(clean[views+3], " ", 2)[0], "3", 1)})
	out = append(out, badCosigned(t, s, clean, seen)...)
	add("the voiding dropped", "envelope.encoding", nil, leaf[s.voiding()])
	add("a checkpoint of a record not voided", "envelope.encoding", map[int]string{leaf[s.voiding()]: strings.Join(clean[marks[3]:marks[3]+7], "\n")})
	add("the end cut off", archive.RuleUnsigned, nil, lines(marks[len(marks)-1], len(clean))...)
	add("the last leaf cosigned alone", archive.RuleUnsigned, nil, lines(marks[len(marks)-1], seen[len(seen)-1])...)
	add("cut within a checkpoint", archive.RuleTruncated, nil, lines(len(clean)-1, len(clean))...)
	return out
}

// voiding is the index of journal.voided.
func (s *scribe) voiding() int {
	for i, v := range s.states {
		if v.Type == "journal.voided" {
			return i
		}
	}
	return -1
}

func lines(from, to int) []int {
	var out []int
	for ; from < to; from++ {
		out = append(out, from)
	}
	return out
}

// noteLine is a signature line of the log's last key below the first
// checkpoint's text.
func noteLine(t testing.TB, s *scribe) string {
	t.Helper()
	text := s.out.String()
	_, rest, _ := strings.Cut(text, "\ncheckpoint\n")
	body, _, _ := strings.Cut(rest, "\n\n")
	sig, err := s.log.Sign([]byte(body + "\n"))
	check(t, err)
	return signatureLine(s.log, sig)
}

// judge applies the edits and takes down what this program says.
func (v *badArchive) judge(t testing.TB, s *scribe, clean []string) {
	t.Helper()
	var text strings.Builder
	for i, line := range clean {
		edit, edited := v.Lines[strconv.Itoa(i+1)]
		switch {
		case !edited:
			text.WriteString(line + "\n")
		case edit != nil:
			text.WriteString(*edit + "\n")
		}
	}
	_, err := archive.Verify(t.Context(), bytes.NewReader([]byte(text.String())), archive.Options{Genesis: s.genesis})
	var bad *archive.Bad
	if !errors.As(err, &bad) || bad.Rule != v.Rule {
		t.Errorf("%q: got %v, want %s", v.Name, err, v.Rule)
		return
	}
	v.Line, v.Index = bad.Line, bad.Index
}
