package domain

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// step is an event of the golden journal. An empty payload stands for the
// golden file of its type, a word for a variant of it, an empty type for a
// record that no ledger let in. Steps refer to each other by index, so this list grows at its end only.
type step struct{ iss, typ, payload string }

var goldenJournal = []step{
	{"XA/root", "coalition.founded", ""},
	{"XA/root", "member.accepted", ""},
	{"XB/root", "member.accepted", ""},
	{"XC/root", "member.accepted", ""},
	{"XA/root", "agency.registered", ""}, // 4, XA/mof
	{"XA/root", "key.registered", ""},
	{"XA/root", "proposal.made", ""}, // 6, holds the ten decisions below
	{"XB/root", "proposal.endorsed", ""},
	{"XA/root", "member.admitted", ""}, // XD, without a vote
	{"XA/root", "regime.adopted", ""},
	{"XA/root", "custodian.appointed", ""}, // XA/mof in place of XB/root
	{"XA/root", "benchmark.adopted", ""},
	{"XB/root", "rules.adopted", ""},
	{"XB/root", "witness_policy.adopted", ""},
	{"XA/mof", "log_key.adopted", ""},
	{"XA/root", "member.suspended", ""}, // XC
	{"XA/root", "member.reinstated", ""},
	{"XA/root", "member.root_replaced", ""},
	{"XA/mof", "implementation.declared", ""},
	{"XA/mof", "designation.adopted", ""},                                             // 19
	{"XA/mof", "designation.adopted", strings.ReplaceAll(adoption, "$1", "XU:S.002")}, // 20
	{"XA/mof", "designation.amended", ""},
	{"XA/mof", "designation.transposed", ""},
	{"XB/root", "subject.linked", ""},
	{"XB/root", "subject.unlinked", ""},
	{"XA/mof", "enforcement.action_taken", ""}, // 25
	{"XA/mof", "asset.frozen", ""},             // 26
	{"XA/mof", "asset.unfrozen", ""},
	{"XA/mof", "interdiction.executed", ""}, // 28
	{"XB/root", "event.endorsed", ""},
	{"XB/root", "event.disputed", ""}, // 30
	{"XB/root", "dispute.closed", ""},
	{"XA/mof", "event.corrected", ""},
	{"XA/mof", "explanation.given", ""},
	{"XA/mof", "event.withdrawn", ""},
	{"XA/mof", "designation.removed", ""},
	{"XA/mof", "events.repudiated", ""},
	{"XA/mof", "agency.suspended", ""},
	{"XA/root", "agency.reinstated", ""},
	{"XA/mof", "key.rotated", ""},
	{"XA/mof", "key.revoked", ""}, // by the new key, of itself
	{"XB/root", "member.withdrew", ""},
	{}, // 42, written past the ledger
	{},
	{"XA/root", "journal.voided", ""},
	{"XA/root", "proposal.made", draftRules}, // 45
	{"XC/root", "proposal.endorsed", endorseRules},
	{"XC/root", "rules.adopted", `{"version":2}`},
	{"XC/root", "encryption_key.registered", ""},
	{"XC/root", "encryption_key.registered", fill(`{"agency":"XC/root","recipient":"$1"}`, recipient("XC/root 2"))},
	{"XA/root", "enforcement.action_taken", "sealed"}, // 50
	{"XA/root", "asset.frozen", "sealed"},
	{"XA/root", "interdiction.executed", "sealed"},
	{"XA/root", "asset.unfrozen", "sealed"},
	{"XA/root", "detail.released", ""},
	{"XA/root", "detail.opened", ""}, // 55
	{"XA/root", "detail.opened", "file"},
	{"XA/root", "detail.erased", ""},
	{"XC/root", "encryption_key.revoked", ""},
}

// chapters each go on where the golden journal ends, with the third version of
// the rules in force from index 62 on, so that groups of types grow apart from
// each other. A chapter, too, grows at its end only.
var chapters = map[string][]step{
	"rules":    {},
	"lists":    listsChapter,
	"maritime": maritimeChapter,
	"goods":    goodsChapter,
	"cases":    casesChapter,
	"finance":  financeChapter,
}

var rulesThree = []step{
	{"XA/root", "proposal.made", strings.NewReplacer("Sealed detail", "The whole domain", `"version":2`, `"version":3`).Replace(draftRules)}, // 59
	{"XC/root", "proposal.endorsed", fmt.Sprintf(`{"proposal":{"index":59,"leaf":%q}}`, sum("leaf", 59))},
	{"XC/root", "rules.adopted", `{"version":3}`},
}

const draftRules = `{"title":"Sealed detail","expires_on":"2026-01-31","drafts":[{"type":"rules.adopted","version":1,"payload":{"version":2}}]}`

var endorseRules = fmt.Sprintf(`{"proposal":{"index":45,"leaf":%q}}`, sum("leaf", 45))

// replay applies the golden journal, calling before ahead of each admission.
func replay(t testing.TB, before func(l *ledger, f Fact)) *ledger {
	t.Helper()
	l := newLedger(t)
	l.replay(goldenJournal, before)
	return l
}

// version gives a fact the version that the step's variant begins with.
func (st step) version(f *Fact) {
	if variant, _, _ := strings.Cut(st.payload, "."); strings.HasPrefix(variant, "v") {
		f.Version, _ = strconv.Atoi(variant[1:])
	}
}

// chapter applies the golden journal and a chapter, calling before ahead of
// each admission in the chapter.
func chapter(t testing.TB, name string, before func(l *ledger, f Fact)) *ledger {
	t.Helper()
	l := replay(t, nil)
	l.replay(rulesThree, nil)
	l.replay(chapters[name], before)
	return l
}

func (l *ledger) replay(steps []step, before func(l *ledger, f Fact)) {
	l.t.Helper()
	for _, st := range steps {
		if st.typ == "" {
			l.rogue()
			continue
		}
		payload := st.payload
		if !strings.HasPrefix(payload, "{") {
			payload = golden(l.t, st.typ, st.payload)
		}
		if st.typ == "key.revoked" {
			l.keys["XA/mof"] = "XA/mof 2"
		}
		if before != nil {
			before(l, l.fact(st.iss, st.typ, payload, st.version))
		}
		l.given(st.iss, st.typ, payload, st.version)
		if st.typ == "member.root_replaced" {
			l.keys["XC/root"] = "XC/root 2"
		}
	}
}

func golden(t testing.TB, typ, variant string) string {
	t.Helper()
	text, err := os.ReadFile(goldenFile(typ, variant))
	if err != nil {
		t.Fatalf("every event type has a golden file: %v", err)
	}
	return string(bytes.TrimSuffix(text, []byte("\n")))
}

// goldenFile names the file of a type's variant; a variant that begins with a
// version, v2 or v2.sealed, is of that version.
func goldenFile(typ, variant string) string {
	if version, _, _ := strings.Cut(variant, "."); len(version) < 2 || version[0] != 'v' || strings.Trim(version[1:], "0123456789") != "" {
		variant = "v1." + variant
	}
	return filepath.Join("testdata", "events", strings.TrimSuffix(typ+"."+variant, ".")+".json")
}

func TestGoldenEvents(t *testing.T) {
	seen := map[string]bool{}
	check := func(_ *ledger, f Fact) {
		seen[f.Type] = true
		roundTrip(t, f)
	}
	l := replay(t, check)
	if got, want := l.s.Next(), uint64(len(goldenJournal)); got != want {
		t.Errorf("next index %d, want %d", got, want)
	}
	steps := slices.Clone(goldenJournal)
	for name, chapterSteps := range chapters {
		chapter(t, name, check)
		steps = append(steps, chapterSteps...)
	}
	for _, typ := range Types() {
		if !seen[typ] {
			t.Errorf("%s does not stand in the golden journal", typ)
		}
	}
	files, err := filepath.Glob(filepath.Join("testdata", "events", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range steps {
		if !strings.HasPrefix(st.payload, "{") {
			files = slices.DeleteFunc(files, func(f string) bool { return f == goldenFile(st.typ, st.payload) })
		}
	}
	if len(files) > 0 {
		t.Errorf("no event of the golden journal has %s", files)
	}
}

// roundTrip holds a payload to be read whole: encoded again, in the newest
// version, it says the same.
func roundTrip(t testing.TB, f Fact) {
	t.Helper()
	body, r := decodeBody(f.Type, f.Version, f.Payload)
	if r != nil {
		t.Fatalf("%s: %v", f.Type, r)
	}
	again, err := json.Marshal(body)
	if err != nil {
		t.Fatalf("%s: %v", f.Type, err)
	}
	_, newest, _ := New(f.Type)
	back, r := decodeBody(f.Type, newest, again)
	if r != nil {
		t.Fatalf("%s, encoded and decoded again: %v", f.Type, r)
	}
	if d := cmp.Diff(compact(t, f.Payload), compact(t, again)); d != "" && f.Version == newest {
		t.Errorf("%s loses something of its golden file: %s", f.Type, d)
	}
	verbatim := f.Type == "proposal.made" || f.Type == "event.corrected" // hold a text, and encoding respaces it
	if d := cmp.Diff(body, back, cmpopts.EquateEmpty()); d != "" && !verbatim {
		t.Errorf("%s does not round-trip: %s", f.Type, d)
	}
}

// compact is a payload's JSON value, in which member order plays no part.
func compact(t testing.TB, text []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}
