package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/coalition-ledger/coalition-ledger/api"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/sealed"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// custody is a ledger served in this process, on which XA/desk is custodian of
// all regimes, and the members' tool set up to speak for it.
type custody struct {
	tb  testing.TB
	c   *ledgertest.Coalition
	l   *ledger.Ledger
	app *app
	key string
}

// newCustody founds and serves a ledger under the newest rules.
func newCustody(tb testing.TB) *custody {
	tb.Helper()
	return custodyOf(tb, ledgertest.Found(tb, "XA"))
}

// oldCustody does so under the first rules.
func oldCustody(tb testing.TB) *custody {
	tb.Helper()
	return custodyOf(tb, ledgertest.FoundUnder(tb, 1, "XA"))
}

func custodyOf(tb testing.TB, c *ledgertest.Coalition) *custody {
	tb.Helper()
	k := &custody{tb: tb, c: c}
	k.l = k.c.Open(eventstore.Memory(), "")
	k.c.Seat(k.l)
	url, token := k.serve()
	dir := tb.TempDir()
	at := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		k.must(os.WriteFile(path, data, 0o600))
		return path
	}
	k.key = filepath.Join(dir, "desk.key")
	k.must(seal.WriteKeyFile(k.key, k.c.Desks["XA"], []byte("correct horse"), seal.WorkFactor(8)))
	k.app = &app{
		globals: globals{JSON: true, Server: url, Genesis: at("genesis.jws", append(bytes.Clone(k.c.Genesis), '\n')), PassphraseFile: at("passphrase", []byte("correct horse\n")), Home: filepath.Join(dir, "home")},
		now:     k.c.Clock,
		getenv:  func(name string) string { return map[string]string{"LEDGER_TOKEN": token}[name] },
	}
	return k
}

func (k *custody) must(err error) {
	k.tb.Helper()
	if err != nil {
		k.tb.Fatal(err)
	}
}

// serve returns the server's address and a token for XA/desk.
func (k *custody) serve() (url, token string) {
	views, err := projections.New(projections.Config{Clock: time.Now})
	k.must(err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- views.Run(ctx, k.l) }()
	key, err := seal.GenerateKey("ES256")
	k.must(err)
	keys, err := api.NewKeys(key.Public())
	k.must(err)
	store, err := sealed.OpenStore(k.tb.TempDir(), 1<<20)
	k.must(err)
	s, err := api.New(api.Config{
		Ledger: k.l, Views: views, Sealed: store, Clock: time.Now,
		Tokens: api.TokenPolicy{Issuer: "i", Audience: "a", Keys: keys, MaxLifetime: time.Hour, Clock: time.Now},
	})
	k.must(err)
	srv := httptest.NewServer(s.Handler())
	k.tb.Cleanup(func() { s.Close(); srv.Close(); cancel(); <-done })
	token, err = api.Mint(key, api.Claims{
		Issuer: "i", Subject: "XA/desk", Audience: api.Audience{"a"}, IssuedAt: time.Now().Unix(), ExpiresAt: time.Now().Add(time.Hour).Unix(),
		Role: api.RoleAgency, MaySubmitFor: []domain.AgencyID{"XA/desk"},
	})
	k.must(err)
	return srv.URL, token
}

// adopt drafts the regimes that a file falls under, and adopts them.
func (k *custody) adopt(list, file string, all bool) {
	k.tb.Helper()
	dir := k.tb.TempDir()
	var out bytes.Buffer
	a := *k.app
	a.streams = streams{out: &out, err: &out}
	cmd := regimesForCmd{drafting: drafting{Custodian: ledgertest.Desk("XA"), Dir: dir}, List: list, File: file, AllPrograms: all}
	k.must(cmd.Run(&a))
	drafts, err := filepath.Glob(filepath.Join(dir, "*.json"))
	k.must(err)
	for _, path := range drafts {
		text, err := os.ReadFile(path)
		k.must(err)
		var d struct {
			Payload json.RawMessage `json:"payload"`
		}
		k.must(json.Unmarshal(text, &d))
		k.c.Decide(k.l, "regime.adopted", jsontext.Value(d.Payload))
	}
}

// run runs an import and returns what it answered.
func (k *custody) run(cmd importCmd) (string, error) {
	k.tb.Helper()
	var out bytes.Buffer
	a := *k.app
	a.streams = streams{out: &out, err: &out}
	cmd.signing = signing{keyed: keyed{Key: k.key}, Issuer: ledgertest.Desk("XA"), Valid: time.Hour}
	err := cmd.Run(k.tb.Context(), &a)
	return out.String(), err
}

// importFile imports one file, which has to go through.
func (k *custody) importFile(cmd importCmd) (got imported) {
	k.tb.Helper()
	out, err := k.run(cmd)
	if err != nil {
		k.tb.Fatalf("import %s %s: %v\n%s", cmd.List, cmd.File, err, tail(out, 2000))
	}
	k.must(json.Unmarshal([]byte(out), &got))
	return got
}

// importSeries replays a folder, which has to go through.
func (k *custody) importSeries(cmd importCmd) []*imported {
	k.tb.Helper()
	out, err := k.run(cmd)
	if err != nil {
		k.tb.Fatalf("import %s --series %s: %v\n%s", cmd.List, cmd.Series, err, tail(out, 2000))
	}
	var got seriesTold
	k.must(json.Unmarshal([]byte(out), &got))
	return got.Snapshots
}
