package domain

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// refusal is an attempt that a rule must refuse. The ledger it gets is listed.
type refusal struct {
	rule string
	try  func(l *ledger, rule string)
}

func attempt(iss, typ, payload string, change ...func(*Fact)) func(*ledger, string) {
	return func(l *ledger, rule string) { l.expect(rule, iss, typ, payload, change...) }
}

// about attempts an event whose payload names, as $1, an event posted before.
func about(given [3]string, iss, typ, payload string) func(*ledger, string) {
	return func(l *ledger, rule string) {
		l.expect(rule, iss, typ, fill(payload, l.given(given[0], given[1], given[2])))
	}
}

// decidedFirst attempts a payload that a quorum has endorsed.
func decidedFirst(typ, payload string) func(*ledger, string) {
	return func(l *ledger, rule string) {
		l.propose(typ, payload)
		l.expect(rule, "XA/root", typ, payload)
	}
}

func TestRefusals(t *testing.T) {
	n := map[string]int{}
	for _, group := range [][]refusal{
		envelopeRefusals(), payloadRefusals(), governanceRefusals(), keyRefusals(), listRefusals(), valueRefusals(), enforcementRefusals(), aboutRefusals(), voidingRefusals(), encryptionKeyRefusals(), sealedRefusals(), detailRefusals(),
		identityRefusals(), maritimeRefusals(), goodsRefusals(), financeRefusals(),
		peopleRefusals(), caseRefusals(), violationRefusals(), courtRefusals(), obligationRefusals(), complianceRefusals(), mandateRefusals(), integrityRefusals(), soundRefusals(),
	} {
		for _, c := range group {
			n[c.rule]++
			t.Run(c.rule+"/"+strconv.Itoa(n[c.rule]), func(t *testing.T) { c.try(listed(t), c.rule) })
		}
	}
	for _, rule := range rules(t) {
		if n[rule] == 0 {
			t.Errorf("rule %s has no case", rule)
		}
		delete(n, rule)
	}
	for rule := range n {
		t.Errorf("the package holds no rule %s", rule)
	}
}

// rules collects the first argument of every call of refuse in the package.
func rules(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	visit := func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if name, ok := call.Fun.(*ast.Ident); !ok || name.Name != "refuse" {
			return true
		}
		literal, ok := call.Args[0].(*ast.BasicLit)
		if !ok {
			t.Errorf("refuse at %d is called without a literal rule", call.Pos())
			return true
		}
		rule, _ := strconv.Unquote(literal.Value)
		found = append(found, rule)
		return true
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, visit)
	}
	if len(found) < 100 {
		t.Fatalf("found only %d rules: is the source where this test looks?", len(found))
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func envelopeRefusals() []refusal {
	const withdrew = "member.withdrew"
	return []refusal{
		{"index.gap", attempt("XA/root", withdrew, `{}`, func(f *Fact) { f.Index++ })},
		{"index.gap", attempt("XA/root", withdrew, `{}`, func(f *Fact) { f.Index = 0 })},
		{"recorded_at.backwards", attempt("XA/root", withdrew, `{}`, func(f *Fact) { f.RecordedAt = (start - 1) * 1e6 })},
		{"envelope.expired", attempt("XA/root", withdrew, `{}`, func(f *Fact) { f.ExpiresAt = f.RecordedAt / 1e6 })},
		{"envelope.expired", attempt("XA/root", withdrew, `{}`, func(f *Fact) { f.ExpiresAt = -1 << 62 })},
		{"envelope.other_ledger", attempt("XA/root", withdrew, `{}`, func(f *Fact) { f.Ledger[0]++ })},
		{"envelope.other_ledger", attempt("XA/root", withdrew, `{}`, func(f *Fact) { f.Ledger = Hash{} })},
		{"envelope.other_ledger", func(l *ledger, rule string) {
			newLedger(l.t).expect(rule, "XA/root", "coalition.founded", genesis(founder("XA", 1)), func(f *Fact) { f.Ledger[0] = 1 })
		}},
		{"event.duplicate_id", attempt("XA/root", withdrew, `{}`, func(f *Fact) { f.EventID = "event-0" })},
		{"genesis.not_first", attempt("XA/root", "coalition.founded", genesis(founder("XA", 1)))},
		{"genesis.missing", func(l *ledger, rule string) {
			newLedger(l.t).expect(rule, "XA/root", "member.accepted", `{}`)
		}},
		{"key.unknown", attempt("XA/root", withdrew, `{}`, signedBy("nobody"))},
		{"key.foreign_issuer", attempt("XA/root", withdrew, `{}`, signedBy("XB/root"))},
		{"key.foreign_issuer", attempt("XB/mof", "asset.frozen", freeze, signedBy("XA/mof"))},
		{"key.algorithm", attempt("XA/root", withdrew, `{}`, func(f *Fact) { f.Alg = AlgES256 })},
		{"key.algorithm", func(l *ledger, rule string) {
			newLedger(l.t).expect(rule, "XA/root", "coalition.founded", genesis(founder("XA", 1)), func(f *Fact) { f.Alg = AlgES256 })
		}},
		{"key.revoked", func(l *ledger, rule string) {
			l.given("XA/root", "key.revoked", fill(`{"key_id":"$1"}`, pub("XA/mof").Thumbprint()))
			l.expect(rule, "XA/mof", "asset.frozen", freeze)
		}},
		{"key.purpose", func(l *ledger, rule string) { // no event registers such a key yet
			k, _ := l.s.Key(pub("XA/mof").Thumbprint())
			k.Purpose = "encrypt"
			l.s.keys.put(k.KeyID, k)
			l.expect(rule, "XA/mof", "asset.frozen", freeze)
		}},
		{"agency.suspended", func(l *ledger, rule string) {
			l.given("XA/mof", "agency.suspended", `{"agency":"XA/mof","reason":"break-in"}`)
			l.expect(rule, "XA/mof", "asset.frozen", freeze)
		}},
		{"member.unknown", func(l *ledger, rule string) { // no journal leads here; a damaged snapshot might
			delete(l.s.members.own, "XC")
			l.expect(rule, "XC/root", withdrew, `{}`)
		}},
		{"member.withdrew", func(l *ledger, rule string) {
			l.given("XC/root", withdrew, `{"reason":"vote of parliament"}`)
			l.expect(rule, "XC/mof", "asset.frozen", freeze)
		}},
		{"member.suspended", func(l *ledger, rule string) {
			l.decide("member.suspended", `{"member":"XC","reason":"keys published"}`)
			l.expect(rule, "XC/root", withdrew, `{}`)
		}},
		{"coalition.not_open", func(l *ledger, rule string) {
			l = newLedger(l.t)
			l.given("XA/root", "coalition.founded", genesis(founder("XA", 1), founder("XB", 1)))
			l.given("XA/root", "member.accepted", `{}`)
			l.expect(rule, "XA/root", "agency.registered", `{"agency":"XA/mof","name":"M"}`)
		}},
		{"member.not_accepted", func(l *ledger, rule string) {
			l.decide("member.admitted", `{"member":`+founder("XD", 1)+`}`)
			l.expect(rule, "XD/root", "agency.registered", `{"agency":"XD/mof","name":"M"}`)
		}},
	}
}

func signedBy(key string) func(*Fact) {
	return func(f *Fact) { f.KeyID = pub(key).Thumbprint() }
}

func payloadRefusals() []refusal {
	post := func(payload string) func(*ledger, string) {
		return attempt("XA/mof", "enforcement.action_taken", payload)
	}
	return []refusal{
		{"type.unknown", attempt("XA/mof", "designation.adoptd", `{}`)},
		{"type.unknown_version", attempt("XA/mof", "asset.frozen", freeze, func(f *Fact) { f.Version = 2 })},
		{"type.unknown_version", attempt("XA/mof", "asset.frozen", freeze, func(f *Fact) { f.Version = 0 })},
		{"payload.too_deep", post(`{"kind":` + strings.Repeat("[", 32) + strings.Repeat("]", 32) + `}`)},
		{"payload.duplicate_name", post(`{"kind":"penalty","kind":"warning"}`)},
		{"payload.duplicate_name", post(`{"kind":"penalty","respondent":{"kind":"vessel","kind":"vessel"}}`)},
		{"payload.case_variant", post(`{"Kind":"penalty"}`)},
		{"payload.case_variant", post(`{"kind":"penalty","KIND":"penalty"}`)},
		{"payload.case_variant", post(`{"respondent":{"Kind":"vessel"}}`)},
		{"payload.unknown_member", post(`{"knd":"penalty"}`)},
		{"payload.unknown_member", post(`{"respondent":{"unheard_of":1}}`)},
		{"payload.utf8", post("{\"kind\":\"\xff\"}")},
		{"payload.utf8", post("{\"\xc3\x28\":1}")},
		{"payload.syntax", post(``)},
		{"payload.syntax", post(`{"kind":"penalty"`)},
		{"payload.syntax", post(`{"kind":"penalty"} {}`)},
		{"payload.syntax", post("{}\x00")},
		{"payload.syntax", post(`{"kind":"\ud800"}`)},
		{"payload.type", post(`null`)},
		{"payload.type", post(` null`)},
		{"payload.type", post(`[]`)},
		{"payload.type", post(`"x"`)},
		{"payload.type", post(`{"kind":1}`)},
		{"payload.type", post(`{"evidence":[{"sha256":"AB"}]}`)},
	}
}
