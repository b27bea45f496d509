// Package ledgertest founds small coalitions for tests: members XA, XB, XC …
// with root keys, one agency "desk" each with a signing key, and a clock that
// ticks only when told. Everything else is the real code.
package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// Start is the first moment of every test coalition.
var start = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// Coalition is a founded coalition and all its private keys.
type Coalition struct {
	tb      testing.TB
	Members []domain.Country
	Log     note.Signer
	LogKey  string // verifier key of the log
	Genesis []byte
	Ledger  domain.Hash
	Roots   map[domain.Country]*seal.PrivateKey
	Desks   map[domain.Country]*seal.PrivateKey
	Time    time.Time
}

// Found makes the keys and the genesis envelope of a coalition, under the newest
// rules.
func Found(tb testing.TB, members ...domain.Country) *Coalition {
	tb.Helper()
	return FoundUnder(tb, domain.RulesVersion, members...)
}

// FoundUnder does so under a version of the rules.
func FoundUnder(tb testing.TB, rules int, members ...domain.Country) *Coalition {
	tb.Helper()
	c := &Coalition{tb: tb, Members: members, Roots: map[domain.Country]*seal.PrivateKey{}, Desks: map[domain.Country]*seal.PrivateKey{}, Time: start}
	skey, vkey, err := note.GenerateKey(nil, "test.example/ledger")
	c.must(err)
	c.Log, err = note.NewSigner(skey)
	c.must(err)
	c.LogKey = vkey
	founded := domain.CoalitionFounded{Name: "Test coalition", Origin: "test.example/ledger", Nonce: strings.ReplaceAll(uuid.NewString(), "-", ""), LogKey: vkey, Rules: rules}
	for _, m := range members {
		c.Roots[m], c.Desks[m] = c.key(), c.key()
		founded.Members = append(founded.Members, domain.Founding{Code: m, Votes: 1, Root: c.Roots[m].Public()})
	}
	c.Genesis = c.SignWith(c.Roots[members[0]], domain.RootAgency(members[0]), "coalition.founded", founded)
	e, err := seal.Parse(c.Genesis)
	c.must(err)
	c.Ledger = e.Hash()
	return c
}

func (c *Coalition) key() *seal.PrivateKey {
	k, err := seal.GenerateKey("Ed25519")
	c.must(err)
	return k
}

func (c *Coalition) must(err error) {
	c.tb.Helper()
	if err != nil {
		c.tb.Fatal(err)
	}
}

// Desk is the agency that speaks for a member in everyday matters.
func Desk(m domain.Country) domain.AgencyID { return domain.AgencyID(string(m) + "/desk") }

// Clock returns the coalition's time.
func (c *Coalition) Clock() time.Time { return c.Time }

// Sign signs a payload as a member's desk.
func (c *Coalition) Sign(m domain.Country, wireName string, payload any) []byte {
	c.tb.Helper()
	return c.SignWith(c.Desks[m], Desk(m), wireName, payload)
}

// SignRoot signs a payload with a member's root key.
func (c *Coalition) SignRoot(m domain.Country, wireName string, payload any) []byte {
	c.tb.Helper()
	return c.SignWith(c.Roots[m], domain.RootAgency(m), wireName, payload)
}

// SignWith signs a payload (a value, or JSON text as []byte) of the newest
// version of its type with any key.
func (c *Coalition) SignWith(k *seal.PrivateKey, agency domain.AgencyID, wireName string, payload any) []byte {
	c.tb.Helper()
	text, ok := payload.([]byte)
	if !ok {
		var err error
		text, err = json.Marshal(payload)
		c.must(err)
	}
	h := domain.Header{
		Issuer: agency, EventID: uuid.Must(uuid.NewV7()).String(), Type: wireName, Version: newest(wireName), Ledger: c.Ledger,
		IssuedAt: c.Time.Unix(), ExpiresAt: c.Time.Add(24 * time.Hour).Unix(),
	}
	e, err := seal.Sign(h, text, k)
	c.must(err)
	return e.Raw
}

// newest is the version that this program writes, 1 of a type it does not know.
func newest(wireName string) int {
	_, version, _ := domain.New(wireName)
	return max(version, 1)
}

// Config returns what opens the coalition's ledger on a store.
func (c *Coalition) Config(store eventstore.Store, dir string) ledger.Config {
	return ledger.Config{Store: store, Signer: c.Log, Clock: c.Clock, Dir: dir, Genesis: c.Genesis}
}

// Open opens the ledger and closes it with the test.
func (c *Coalition) Open(store eventstore.Store, dir string) *ledger.Ledger {
	c.tb.Helper()
	l, err := ledger.Open(context.Background(), c.Config(store, dir))
	c.must(err)
	c.tb.Cleanup(func() {
		if err := l.Close(); err != nil {
			c.tb.Errorf("close ledger: %v", err)
		}
	})
	return l
}

// Seat lets every member accept and register its desk and the desk's key.
func (c *Coalition) Seat(l *ledger.Ledger) {
	c.tb.Helper()
	for _, m := range c.Members {
		c.Must(l, c.SignRoot(m, "member.accepted", domain.MemberAccepted{}))
	}
	for _, m := range c.Members {
		k := c.Desks[m]
		c.Must(l, c.SignRoot(m, "agency.registered", domain.AgencyRegistered{Agency: Desk(m), Name: "Desk of " + string(m)}))
		c.Must(l, c.SignRoot(m, "key.registered", domain.KeyRegistered{Agency: Desk(m), Key: k.Public(), Proof: k.Possession(c.Ledger, Desk(m))}))
	}
}

// Decide proposes a payload, endorses it with every root key that has a vote,
// and enacts it as the first member's desk.
func (c *Coalition) Decide(l *ledger.Ledger, wireName string, payload any) ledger.Receipt {
	c.tb.Helper()
	text, err := json.Marshal(payload)
	c.must(err)
	made := domain.ProposalMade{Title: wireName, ExpiresOn: "2030", Drafts: []domain.Draft{{Type: wireName, Version: newest(wireName), Payload: text}}}
	p := c.Must(l, c.Sign(c.Members[0], "proposal.made", made))
	for _, m := range c.Members {
		c.Must(l, c.SignRoot(m, "proposal.endorsed", domain.ProposalEndorsed{Proposal: domain.Ref{Index: p.Index, Leaf: p.Leaf}}))
	}
	return c.Must(l, c.Sign(c.Members[0], wireName, text))
}

// Must submits an envelope that has to be admitted.
func (c *Coalition) Must(l *ledger.Ledger, envelope []byte) ledger.Receipt {
	c.tb.Helper()
	r, err := l.Submit(context.Background(), envelope)
	c.must(err)
	return r
}

// Refused submits an envelope that has to be refused by a rule.
func (c *Coalition) Refused(l *ledger.Ledger, envelope []byte, rule string) *ledger.Refused {
	c.tb.Helper()
	before := l.Size()
	_, err := l.Submit(context.Background(), envelope)
	var refused *ledger.Refused
	if !errors.As(err, &refused) || refused.Refusal.Rule != rule {
		c.tb.Fatalf("got %v, want a refusal by %s", err, rule)
	}
	if l.Size() != before {
		c.tb.Fatalf("a refused event changed the journal: %d events, before %d", l.Size(), before)
	}
	return refused
}

// Action returns the payload of an enforcement action numbered n.
func Action(n int) domain.EnforcementActionTaken {
	return domain.EnforcementActionTaken{
		Common: domain.Common{
			OccurredOn: "2026-11-20", Illustrative: true,
			SourceRef:  &domain.SourceRef{System: "cases", ID: fmt.Sprint(n)},
			LegalBasis: []domain.LegalBasis{{Instrument: "Example Act", Paragraph: "7"}},
		},
		Kind: "penalty", Amount: &domain.Money{Amount: "125000.50", Currency: "EUR"},
		Summary: &domain.Text{Text: "A fictional company paid a penalty for brokering.", Language: "en"},
	}
}

// Actions returns n signed enforcement actions, from the members in turn.
func (c *Coalition) Actions(n int) [][]byte {
	c.tb.Helper()
	out := make([][]byte, n)
	for i := range out {
		out[i] = c.Sign(c.Members[i%len(c.Members)], "enforcement.action_taken", Action(i))
	}
	return out
}
