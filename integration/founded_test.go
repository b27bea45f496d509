package integration

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/api"
	"github.com/coalition-ledger/coalition-ledger/api/client"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// founded is a coalition of ledgertest, founded now, that ledgerd serves.
type founded struct {
	*ledgertest.Coalition
	dir   string
	store string
	token *seal.PrivateKey
	*process
	caller
}

// tokenKey makes a key for tokens, and the key set that trusts it.
func tokenKey(t *testing.T) (string, *seal.PrivateKey) {
	t.Helper()
	key, err := seal.GenerateKey(domain.AlgEd25519)
	if err != nil {
		t.Fatal(err)
	}
	set, err := api.KeySet(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return string(set), key
}

// found founds a coalition of XA, XB and XC with a log key that can be given to
// a process. The coalition's clock stands at now: the process has a real one.
func found(t *testing.T) *founded {
	t.Helper()
	f := &founded{Coalition: ledgertest.Found(t, "XA", "XB", "XC"), dir: t.TempDir()}
	f.Time = time.Now()
	e, err := seal.Parse(f.Genesis)
	if err != nil {
		t.Fatal(err)
	}
	body := decode[domain.CoalitionFounded](t, e.Payload)
	skey, vkey, err := translog.GenerateLogKey(body.Origin)
	if err != nil {
		t.Fatal(err)
	}
	body.LogKey, f.LogKey, f.Ledger = vkey, vkey, domain.Hash{}
	f.Genesis = f.SignRoot("XA", "coalition.founded", body)
	if e, err = seal.Parse(f.Genesis); err != nil {
		t.Fatal(err)
	}
	f.Ledger = e.Hash()
	set, key := tokenKey(t)
	f.token, f.store = key, "pebble://"+filepath.Join(f.dir, "journal")
	writeFile(t, 0o600, skey+"\n", f.dir, "log.key")
	writeFile(t, 0o644, set, f.dir, "tokens.json")
	writeFile(t, 0o644, string(f.Genesis)+"\n", f.dir, "genesis.jws")
	for i, m := range f.Members {
		writeFile(t, 0o644, string(f.SignRoot(m, "member.accepted", domain.MemberAccepted{})), f.dir, "0"+string(rune('1'+i))+".jws")
	}
	return f
}

// serve starts ledgerd on the coalition's store and waits until it is ready.
func (f *founded) serve(t *testing.T) {
	t.Helper()
	addr := filepath.Join(f.dir, "addr")
	_ = os.Remove(addr) // of the process before
	f.process = run(t, "ledgerd", f.flags()...)
	f.waitFor(t, "address", func() bool {
		text, err := os.ReadFile(addr)
		return err == nil && len(text) > 0 && text[len(text)-1] == '\n'
	})
	f.caller = call(t, readFile(t, addr), f.mint(t, time.Now(), f.everyone()...))
	f.waitFor(t, "readiness", func() bool { return f.Get(t.Context(), "/readyz", new(any)) == nil })
}

func (f *founded) flags() []string {
	in := func(name string) string { return filepath.Join(f.dir, name) }
	return []string{
		"serve", "--genesis", f.dir, "--log-key", in("log.key"), "--auth-keys", in("tokens.json"),
		"--store", f.store, "--listen", "127.0.0.1:0", "--addr-file", in("addr"),
	}
}

func (f *founded) everyone() (out []domain.AgencyID) {
	for _, m := range f.Members {
		out = append(out, domain.RootAgency(m), ledgertest.Desk(m))
	}
	return out
}

// mint makes a token of half an hour, from a time on.
func (f *founded) mint(t *testing.T, from time.Time, agencies ...domain.AgencyID) string {
	t.Helper()
	token, err := api.Mint(f.token, api.Claims{
		Issuer: "coalition-ledger", Audience: api.Audience{"coalition-ledger"}, Subject: "test", Role: api.RoleAgency,
		IssuedAt: from.Unix(), ExpiresAt: from.Add(30 * time.Minute).Unix(), MaySubmitFor: agencies,
	})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// post records an event that has to be admitted.
func (f *founded) post(t *testing.T, envelope []byte) client.Receipt {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	r, err := f.Submit(ctx, envelope)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// seat registers each member's desk and adopts a regime by quorum.
func (f *founded) seat(t *testing.T) {
	t.Helper()
	for _, m := range f.Members {
		desk, key := ledgertest.Desk(m), f.Desks[m]
		f.post(t, f.SignRoot(m, "agency.registered", domain.AgencyRegistered{Agency: desk, Name: "Desk of " + string(m)}))
		f.post(t, f.SignRoot(m, "key.registered", domain.KeyRegistered{Agency: desk, Key: key.Public(), Proof: key.Possession(f.Ledger, desk)}))
	}
	text := encode(t, domain.RegimeAdopted{Regime: domain.Regime{
		ID: "XA-TEST", Name: "Regime of the test", Authority: "XA", Custodian: ledgertest.Desk("XA"),
		Basis: []domain.LegalBasis{{Instrument: "Example Act"}}, Measures: []string{"asset_freeze"}, Addressees: f.Members,
	}})
	expires := domain.DateOf(f.Time.AddDate(0, 1, 0))
	p := f.post(t, f.Sign("XA", "proposal.made", domain.ProposalMade{
		Title: "regime", ExpiresOn: expires, Drafts: []domain.Draft{{Type: "regime.adopted", Version: 1, Payload: text}},
	}))
	for _, m := range f.Members {
		f.post(t, f.SignRoot(m, "proposal.endorsed", domain.ProposalEndorsed{Proposal: domain.Ref{Index: p.Index, Leaf: p.Leaf}}))
	}
	f.post(t, f.Sign("XA", "regime.adopted", []byte(text)))
}
