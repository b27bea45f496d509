package scenarios

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/*.scenario")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".scenario"), func(t *testing.T) {
			lines, err := read(path)
			if err != nil {
				t.Fatal(err)
			}
			s := &stage{T: t, keys: map[string]*seal.PrivateKey{}, names: map[string]ledger.Receipt{}}
			held := 0
			for _, l := range lines {
				held += s.play(l)
			}
			t.Logf("%d events, %d figures held", s.ledger.Size(), held)
			if held == 0 {
				t.Errorf("%s holds nothing against the answers", path)
			}
		})
	}
}

// play does what a line says and returns how many figures it compared.
func (s *stage) play(l line) int {
	s.Helper()
	rest := s.fill(l.rest)
	switch l.word {
	case "members":
		s.found(strings.Fields(rest))
	case "at":
		day, err := time.Parse("2006-01-02", rest)
		if err != nil || day.Before(s.c.Time.Truncate(24*time.Hour)) {
			s.Fatalf("%s: %q is no later day", l.place, rest)
		}
		s.c.Time = day.Add(9 * time.Hour)
	case "key":
		name, member, _ := strings.Cut(rest, " ")
		s.register(name, member)
	case "as":
		s.names[rest] = s.last
	case "get":
		return s.compare(l.place, rest)
	case "repeat":
		s.repeat(l, rest)
	case "refuse":
		rule, more, _ := strings.Cut(rest, " ")
		who, event, _ := strings.Cut(more, " ")
		wireName, payload, _ := strings.Cut(event, " ")
		s.c.Refused(s.ledger, s.sign(who, wireName, payload), rule)
	default:
		s.post(l, rest)
	}
	return 0
}

// repeat posts an event so many times, with $i running from 1.
func (s *stage) repeat(l line, rest string) {
	s.Helper()
	times, rest, _ := strings.Cut(rest, " ")
	who, event, _ := strings.Cut(rest, " ")
	n, err := strconv.Atoi(times)
	s.must(err)
	for i := range n {
		s.post(line{place: l.place, word: who}, strings.ReplaceAll(event, "$i", strconv.Itoa(i+1)))
		s.c.Time = s.c.Time.Add(-time.Minute) // all in one
	}
}

func (s *stage) post(l line, rest string) {
	s.Helper()
	wireName, payload, _ := strings.Cut(rest, " ")
	if l.word == "decide" {
		body, version, ok := domain.New(wireName)
		event, refusal := domain.Decode(domain.Header{Type: wireName, Version: version}, []byte(payload))
		if !ok || refusal != nil {
			s.Fatalf("%s: %T %v", l.place, body, refusal)
		}
		s.last = s.c.Decide(s.ledger, wireName, event.Body)
		return
	}
	r, err := s.ledger.Submit(s.Context(), s.sign(l.word, wireName, payload))
	if err != nil {
		s.Fatalf("%s: %v", l.place, err)
	}
	s.last = r
	s.c.Time = s.c.Time.Add(time.Minute)
}

// fill puts in what names stand for.
func (s *stage) fill(text string) string {
	for name, key := range s.keys {
		text = strings.ReplaceAll(text, "$"+name[strings.Index(name, "/")+1:], key.Public().Thumbprint())
	}
	for name, r := range s.names {
		text = strings.ReplaceAll(text, "$"+name+".index", fmt.Sprint(r.Index))
		text = strings.ReplaceAll(text, "$"+name+"#", fmt.Sprintf(`{"index":%d,"leaf":%q}`, r.Index, r.Leaf))
	}
	return text
}

// compare asks for a view and holds each line below it against the answer.
func (s *stage) compare(place, text string) int {
	s.Helper()
	path, claims, _ := strings.Cut(text, "\n")
	answer := s.get(path)
	held := 0
	for claim := range strings.SplitSeq(claims, "\n") {
		if claim == "" {
			continue
		}
		held++
		member, want, equal := strings.Cut(claim, " = ")
		if !equal {
			member = strings.TrimSuffix(claim, " absent")
		}
		have, found := find(answer, strings.TrimSpace(member))
		if !equal {
			if found {
				s.Errorf("%s %s: %s is %v, want nothing", place, path, member, have)
			}
			continue
		}
		var value any
		if err := json.Unmarshal([]byte(want), &value); err != nil {
			s.Fatalf("%s: %q is no JSON: %v", place, want, err)
		}
		if !found || !reflect.DeepEqual(have, value) {
			s.Errorf("%s %s: %s is %v, want %v", place, path, member, have, value)
		}
	}
	return held
}
