package domain

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// ledger is a journal in the making: given records a fact, expect tries one.
type ledger struct {
	t     testing.TB
	s     *State
	at    int64             // recorded time of the next fact, seconds
	keys  map[string]string // agency to the name of its signing key
	facts []Fact
}

// noon of 5 January 2026, a Monday.
const start = 1767614400

func newLedger(t testing.TB) *ledger {
	return &ledger{t: t, s: NewState(), at: start, keys: map[string]string{}}
}

func (l *ledger) fact(iss, typ, payload string, change ...func(*Fact)) Fact {
	n := l.s.Next()
	key := iss
	if name, ok := l.keys[iss]; ok {
		key = name
	}
	f := Fact{Index: n, RecordedAt: l.at * 1e6, Leaf: sum("leaf", n), Envelope: sum("envelope", n)}
	f.Header = Header{Alg: AlgEd25519, KeyID: pub(key).Thumbprint(), Issuer: AgencyID(iss), EventID: fmt.Sprintf("event-%d", n), Type: typ, Version: 1, Ledger: l.s.Genesis(), IssuedAt: l.at, ExpiresAt: l.at + 3600}
	f.Payload = []byte(payload)
	for _, c := range change {
		c(&f)
	}
	return f
}

// given records an event that must be admissible and returns its reference.
func (l *ledger) given(iss, typ, payload string, change ...func(*Fact)) string {
	l.t.Helper()
	f := l.fact(iss, typ, payload, change...)
	if r := Admit(l.s, f); r != nil {
		l.t.Fatalf("index %d, %s by %s: %v\n%s", f.Index, typ, iss, r, payload)
	}
	l.s.Apply(f)
	l.facts = append(l.facts, f)
	l.at++
	return fmt.Sprintf(`{"index":%d,"leaf":"%s"}`, f.Index, f.Leaf)
}

// rogue is a record that was written into the journal past the ledger.
func (l *ledger) rogue() Ref {
	l.t.Helper()
	f := l.fact("XA/root", "member.withdrew", `{}`, signedBy("nobody"))
	if Admit(l.s, f) == nil {
		l.t.Fatalf("index %d: a rogue record is admitted", f.Index)
	}
	take(l.s, f)
	l.facts = append(l.facts, f)
	return Ref{Index: f.Index, Leaf: f.Leaf}
}

// take replays one record by the rule that all replay by.
func take(s *State, f Fact) {
	if Admit(s, f) == nil {
		s.Apply(f)
	} else {
		s.Skip(f.Index, f.Leaf)
	}
}

// expect tries an event: it must be refused by the rule ("" admits), twice
// alike, with a message, and leave the state as it was.
func (l *ledger) expect(rule, iss, typ, payload string, change ...func(*Fact)) *Refusal {
	l.t.Helper()
	f, before := l.fact(iss, typ, payload, change...), deep(l.t, l.s)
	r, again := Admit(l.s, f), Admit(l.s, f)
	if d := cmp.Diff(r, again); d != "" {
		l.t.Errorf("the second answer differs: %s", d)
	}
	if d := cmp.Diff(before, l.s.snapshot(), cmpopts.EquateEmpty()); d != "" {
		l.t.Errorf("Admit changed the state: %s", d)
	}
	switch {
	case rule == "" && r != nil:
		l.t.Errorf("%s by %s: %v, want it admitted", typ, iss, r)
	case rule != "" && (r == nil || r.Rule != rule):
		l.t.Errorf("%s by %s: got %v, want a refusal by %s", typ, iss, r, rule)
	case r != nil && (len(r.Message) < 10 || strings.HasSuffix(r.Field, ".") || !strings.Contains(r.Error(), r.Message)):
		l.t.Errorf("%s: message %q, field %q", rule, r.Message, r.Field)
	}
	return r
}

// deep copies all that the state holds, through its stored form.
func deep(t testing.TB, s *State) snapshot {
	t.Helper()
	return reload(t, s).snapshot()
}

func reload(t testing.TB, s *State) *State {
	t.Helper()
	data, err := s.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	var c State
	if err := c.UnmarshalBinary(data); err != nil {
		t.Fatal(err)
	}
	return &c
}

func sum(what string, n uint64) Hash { return sha256.Sum256(fmt.Appendf(nil, "%s %d", what, n)) }

func private(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("key of " + name))
	return ed25519.NewKeyFromSeed(seed[:])
}

func pub(name string) PublicKey { return edKey(private(name).Public().(ed25519.PublicKey)) }

// proof is the possession proof of a key of that name in scenarios' ledger.
func proof(agency, name string) string {
	return b64(ed25519.Sign(private(name), PossessionMessage(sum("envelope", 0), AgencyID(agency), pub(name).Thumbprint())))
}

func jwk(name string) string {
	text, _ := json.Marshal(pub(name))
	return string(text)
}

// fill replaces $1, $2 … in a payload.
func fill(payload string, args ...string) string {
	for i, a := range args {
		payload = strings.ReplaceAll(payload, fmt.Sprintf("$%d", i+1), a)
	}
	return payload
}

func founder(code string, votes int) string {
	return fmt.Sprintf(`{"code":%q,"votes":%d,"root":%s}`, code, votes, jwk(code+"/root"))
}

func genesis(founders ...string) string {
	return fill(`{"name":"Test","origin":"test.example/ledger","nonce":"0123456789abcdef0123456789abcdef","log_key":"test.example/ledger+00000000+AA","rules":1,"members":[$1]}`, strings.Join(founders, ","))
}

// founded is a ledger whose members XA, XB and XC have accepted.
func founded(t testing.TB) *ledger {
	t.Helper()
	return foundedBy(t, founder("XA", 1), founder("XB", 1), founder("XC", 1))
}

func foundedBy(t testing.TB, founders ...string) *ledger {
	t.Helper()
	l := newLedger(t)
	l.given("XA/root", "coalition.founded", genesis(founders...))
	for _, f := range founders {
		var m Founding
		if err := json.Unmarshal([]byte(f), &m); err != nil {
			t.Fatal(err)
		}
		l.given(string(m.Code)+"/root", "member.accepted", `{}`)
	}
	return l
}

// agency registers an agency and a key of its name.
func (l *ledger) agency(id string) {
	l.t.Helper()
	root := string(RootAgency(AgencyID(id).Member()))
	l.given(root, "agency.registered", fill(`{"agency":"$1","name":"An agency"}`, id))
	l.given(root, "key.registered", fill(`{"agency":"$1","key":$2,"proof":"$3"}`, id, jwk(id), proof(id, id)))
}

func draft(typ, payload string) string {
	return fmt.Sprintf(`{"type":%q,"version":1,"payload":%s}`, typ, payload)
}

func proposal(drafts ...string) string {
	return `{"title":"A question","expires_on":"2026-01-31","drafts":[` + strings.Join(drafts, ",") + `]}`
}

// decide has XA propose, XB endorse and XA enact.
func (l *ledger) decide(typ, payload string) string {
	l.t.Helper()
	l.propose(typ, payload)
	return l.given("XA/root", typ, payload)
}

func (l *ledger) propose(typ, payload string) string {
	l.t.Helper()
	p := l.given("XA/root", "proposal.made", proposal(draft(typ, payload)))
	l.given("XB/root", "proposal.endorsed", `{"proposal":`+p+`}`)
	return p
}

const (
	regime     = `{"id":"XU-1","name":"Test measures","authority":"XU","custodian":"XA/mof","measures":["asset_freeze","port_entry_ban"]}`
	adoption   = `{"designation":"$1","regime":"XU-1","authority":"XU","list_ref":"$1","subject":{"kind":"vessel","names":[{"text":"Fictional $1"}]},"measures":["asset_freeze"]}`
	transposal = `{"designation":"$1","member":"$2","notice_on":"2026-01-02"}`
	freeze     = `{"occurred_on":"2026-01-04","asset_kind":"account","designations":["XU:1"],"amount":{"amount":"100.50","currency":"EUR"}}`
	penalty    = `{"occurred_on":"2026-01-04","kind":"penalty","regime":"XU-1"}`
	unfreezing = `{"freeze":$1,"amount":{"amount":"$2","currency":"EUR"},"reason":"licence"}`
	release    = `{"freeze":$1,"reason":"delisted"}`
)

// listed is a ledger at work: agencies XA/mof, XB/mof and XC/mof, the regime
// XU-1 with custodian XA/mof, and the designations XU:1 and XU:2.
func listed(t testing.TB) *ledger {
	t.Helper()
	l := founded(t)
	for _, id := range []string{"XA/mof", "XB/mof", "XC/mof"} {
		l.agency(id)
	}
	l.decide("regime.adopted", regime)
	l.given("XA/mof", "designation.adopted", fill(adoption, "XU:1"))
	l.given("XA/mof", "designation.adopted", fill(adoption, "XU:2"))
	return l
}
