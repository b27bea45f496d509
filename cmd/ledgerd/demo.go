package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/api"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// demoOrigin names the demonstration's log. A ledger of this origin, and the
// keys made for it, are refused by serve.
const demoOrigin = "demo.invalid/coalition-ledger"

type demoCmd struct {
	Listen string        `default:"127.0.0.1:0" help:"Address to listen on."`
	Data   string        `placeholder:"DIR" help:"Folder to keep the demonstration in, its keys above all. Default: a temporary one, removed at the end."`
	Store  string        `placeholder:"URL" help:"Event store: memory:, pebble:///path or esdb://host:2113. Default: Pebble in the data folder."`
	Once   bool          `help:"Seed, print and exit."`
	JSON   bool          `name:"json" help:"Print one line of JSON when ready."`
	Every  time.Duration `default:"5s" help:"Time between live events; 0 switches them off."`
}

// demoReady is what --json prints.
type demoReady struct {
	URL    string              `json:"url"`
	Tokens map[api.Role]string `json:"tokens"`
	Events uint64              `json:"events"`
}

// Run seeds a ledger with public facts and illustrative events, and serves it.
func (c *demoCmd) Run(ctx context.Context, e *env) (err error) {
	dir, temporary := c.Data, c.Data == ""
	if temporary {
		if dir, err = os.MkdirTemp("", "coalition-ledger-demo-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	if c.Store == "" {
		c.Store = "pebble://" + filepath.Join(dir, "journal")
	}
	return c.runIn(ctx, e, dir)
}

func (c *demoCmd) runIn(ctx context.Context, e *env, dir string) error {
	if err := c.checkKeys(ctx, e, dir); err != nil {
		return err
	}
	d, err := foundDemo(e, dir)
	if err != nil {
		return err
	}
	tokenKey, err := seal.GenerateKey(domain.AlgEd25519)
	if err != nil {
		return err
	}
	keys, err := api.NewKeys(tokenKey.Public())
	if err != nil {
		return err
	}
	n, err := e.start(ctx, nodeConfig{
		store: c.Store, dir: dir, listen: c.Listen, sealing: sealing{Sealed: filepath.Join(dir, "sealed"), SealedQuota: 64},
		telling: d.telling(), key: d.log, genesis: d.genesis, notice: demoNotice,
		tokens: api.TokenPolicy{Issuer: "demo", Audience: "demo", Keys: keys, MaxLifetime: demoTokenLife, Clock: e.clock},
	})
	if err != nil {
		return err
	}
	d.node = n
	if err := c.seedAndPrint(ctx, d, tokenKey); err != nil || c.Once {
		return errors.Join(err, n.close())
	}
	go d.trickle(ctx, c.Every)
	return n.run(ctx)
}

// checkKeys refuses a store that an earlier demonstration filled when its keys
// are not in the folder: new keys could not go on with it.
func (c *demoCmd) checkKeys(ctx context.Context, e *env, dir string) error {
	if _, err := os.Stat(filepath.Join(dir, "genesis.jws")); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	n, err := head(ctx, c.Store, e.log)
	if err != nil || n == 0 {
		return err
	}
	return fmt.Errorf("%s holds a ledger of %d events, and the keys that it was made with are not in %s: name the folder of its first run with --data DIR, or an empty store", shown(c.Store), n, dir)
}

const (
	demoNotice    = "Demonstration. Listings, Japan's notices and the duties of resolution 2397 are public facts, transcribed by a demonstration agency. Everything marked illustrative is invented and uses codes that stand for nobody."
	demoTokenLife = 24 * time.Hour
)

func (c *demoCmd) seedAndPrint(ctx context.Context, d *demo, tokenKey *seal.PrivateKey) error {
	if err := d.seed(ctx); err != nil {
		return fmt.Errorf("seed the demonstration: %w", err)
	}
	size := d.ledger.Size()
	if err := d.views.Wait(ctx, size-1); err != nil {
		return fmt.Errorf("fold the views: %w", err)
	}
	ready := demoReady{URL: d.url(), Tokens: map[api.Role]string{}, Events: size}
	for _, role := range []api.Role{api.RoleAgency, api.RoleAuditor, api.RoleCoordinator, api.RoleOperator} {
		token, err := d.token(tokenKey, role)
		if err != nil {
			return err
		}
		ready.Tokens[role] = token
	}
	if c.JSON {
		line, err := json.Marshal(ready, json.Deterministic(true))
		fmt.Fprintf(d.out, "%s\n", line)
		return err
	}
	c.greet(d, ready)
	return nil
}

// demoPages names what the stories fill.
const demoPages = `    /v1/countries/XB/obligations            duties case by case: late, overdue, asserted by others
    /v1/countries/XB/compliance             the 28 indicators, and what XB explains
    /v1/coalition/caps                      petroleum against its cap, by whose word it is
    /v1/coalition/vessels?min_changes=1     a ship under four flags
    /v1/coalition/cyber                     stolen coins, and what came back
    /v1/coalition/assets                    what is frozen, by currency
    /v1/cases                               cases, what was asked in them and is overdue
    /v1/designations?status=annulled        a listing that a court took away from its first day on
    /v1/countries/XZ/assertions             what is asserted of a state that is no member
    /v1/reports/changes?from=2000-01-01     all that was recorded; as a page with Accept: text/html
    /v1/subscriptions                       what XB's registry is told of (with the agency's token)
`

func (d *demo) token(key *seal.PrivateKey, role api.Role) (string, error) {
	now := d.clock()
	claims := api.Claims{
		Issuer: "demo", Subject: "demo-" + string(role), Audience: api.Audience{"demo"},
		IssuedAt: now.Unix(), ExpiresAt: now.Add(demoTokenLife).Unix(), Role: role,
	}
	if role == api.RoleAgency {
		claims.MaySubmitFor = d.agencies()
	}
	return api.Mint(key, claims)
}

func (c *demoCmd) greet(d *demo, r demoReady) {
	fmt.Fprintf(d.out, `The demonstration is ready: %d events at %s

%s

Tokens, good for a day:
`, r.Events, r.URL, demoNotice)
	for _, role := range []api.Role{api.RoleAgency, api.RoleAuditor, api.RoleCoordinator, api.RoleOperator} {
		fmt.Fprintf(d.out, "  %s\n    %s\n", role, r.Tokens[role])
	}
	if c.Once {
		return
	}
	fmt.Fprintf(d.out, `
To try (TOKEN is the coordinator's, URL is above):

  export URL=%s TOKEN=%s

  How Japan transposed the UN's list, with its lags in days; then as it stood on 5 June 2017:
    curl -s -H "Authorization: Bearer $TOKEN" "$URL/v1/countries/JP/compliance"
    curl -s -H "Authorization: Bearer $TOKEN" "$URL/v1/countries/JP/compliance?on=2017-06-05"
  What some hold and others have not recorded, with the events behind each:
    curl -s -H "Authorization: Bearer $TOKEN" "$URL/v1/coalition/loopholes?limit=5"
  Events as they are recorded:
    curl -sN -H "Authorization: Bearer $TOKEN" -H "Accept: text/event-stream" "$URL/v1/events"

  And of XA, XB and XC, which stand for nobody; ask each as above:
%s
End with Ctrl-C.
`, r.URL, r.Tokens[api.RoleCoordinator], demoPages)
}
