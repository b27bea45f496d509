package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/coalition-ledger/coalition-ledger/api"
)

type serveCmd struct {
	Genesis    string        `env:"LEDGERD_GENESIS" placeholder:"DIR" help:"Folder that 'ledger found' wrote: genesis.jws and acceptances. Needed at the first start."`
	LogKey     string        `env:"LEDGERD_LOG_KEY" required:"" placeholder:"FILE" help:"The log's signing key, log.key of 'ledger found'; readable by its owner alone."`
	Store      string        `env:"LEDGERD_STORE" required:"" placeholder:"URL" help:"Event store: pebble:///path, esdb://host:2113,… of EventStoreDB, or memory: to try things out. An address with a password belongs into the environment."`
	Data       string        `env:"LEDGERD_DATA" placeholder:"DIR" help:"Folder for caches and the mark of the highest signed checkpoint, of this process alone. Default: beside the Pebble store. Needed with EventStoreDB."`
	Listen     string        `env:"LEDGERD_LISTEN" default:"127.0.0.1:8470" help:"Address to listen on."`
	AuthKeys   string        `env:"LEDGERD_AUTH_KEYS" required:"" placeholder:"FILE" help:"JWK Set of the public keys whose tokens are trusted."`
	Issuer     string        `env:"LEDGERD_TOKEN_ISSUER" default:"coalition-ledger" help:"iss that tokens must bear."`
	Audience   string        `env:"LEDGERD_TOKEN_AUDIENCE" default:"coalition-ledger" help:"aud that tokens must bear."`
	TokenTTL   time.Duration `env:"LEDGERD_TOKEN_TTL" default:"1h" help:"Longest lifetime of a token."`
	PeerListen string        `env:"LEDGERD_PEER_LISTEN" placeholder:"ADDR" help:"Address to listen on for other replicas on the same EventStoreDB. Default: none, this replica stands alone."`
	PeerURL    string        `env:"LEDGERD_PEER_URL" name:"peer-url" placeholder:"URL" help:"How the other replicas reach --peer-listen, as http://ledgerd-1:8471."`
	sealing
	subscribing
	AddrFile string `placeholder:"FILE" help:"Write the server's URL to this file once it listens."`
}

// Run serves until a signal ends the process.
func (c *serveCmd) Run(ctx context.Context, e *env) error {
	cfg, err := c.config(e)
	if err != nil {
		return err
	}
	n, err := e.start(ctx, cfg)
	if err != nil {
		return err
	}
	if err := c.ready(ctx, n); err != nil {
		return errors.Join(err, n.close())
	}
	return n.run(ctx)
}

func (c *serveCmd) config(e *env) (nodeConfig, error) {
	cfg := nodeConfig{store: c.Store, dir: c.cacheDir(), listen: c.Listen, sealing: c.beside(c.Store), telling: c.near(c.Store), peers: peersConfig{listen: c.PeerListen, url: c.PeerURL}}
	if shared(c.Store) && c.Data == "" {
		return cfg, errors.New("--data DIR is needed with EventStoreDB: this replica keeps its caches there, and the mark by which it finds that a store came back shorter")
	}
	if err := cfg.peers.check(c.Store); err != nil {
		return cfg, err
	}
	var err error
	if cfg.key, err = readLogKey(c.LogKey); err != nil {
		return cfg, err
	}
	if cfg.key.Signer.Name() == demoOrigin {
		return cfg, errors.New("this key was made by 'ledgerd demo': found a ledger of your own with 'ledger found'")
	}
	if cfg.tokens, err = c.tokens(e); err != nil {
		return cfg, err
	}
	if c.Genesis != "" {
		cfg.genesis, err = readEnvelope(filepath.Join(c.Genesis, "genesis.jws"))
	}
	return cfg, err
}

func (c *serveCmd) tokens(e *env) (api.TokenPolicy, error) {
	set, err := os.ReadFile(c.AuthKeys)
	if err != nil {
		return api.TokenPolicy{}, fmt.Errorf("--auth-keys: %w", err)
	}
	keys, err := api.ParseKeys(set)
	if err != nil {
		return api.TokenPolicy{}, fmt.Errorf("--auth-keys %s: %w", c.AuthKeys, err)
	}
	return api.TokenPolicy{Issuer: c.Issuer, Audience: c.Audience, Keys: keys, MaxLifetime: c.TokenTTL, Clock: e.clock}, nil
}

// cacheDir puts caches beside a Pebble store unless told otherwise.
func (c *serveCmd) cacheDir() string {
	path, isPebble := strings.CutPrefix(c.Store, "pebble://")
	if c.Data != "" || !isPebble {
		return c.Data
	}
	return strings.TrimSuffix(path, "/") + ".cache"
}

// ready posts the founders' acceptances that stand beside genesis, and says
// where the server listens. An acceptance posted before is a retry.
func (c *serveCmd) ready(ctx context.Context, n *node) error {
	acceptances, err := filepath.Glob(filepath.Join(c.Genesis, "[0-9][0-9]*.jws"))
	if err != nil || c.Genesis == "" {
		acceptances = nil
	}
	for _, path := range acceptances {
		envelope, err := readEnvelope(path)
		if err != nil {
			return err
		}
		if _, err := n.ledger.Submit(ctx, envelope); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	fmt.Fprintf(n.out, "%s serves %d events\n", n.url(), n.ledger.Size())
	if c.AddrFile == "" {
		return nil
	}
	return os.WriteFile(c.AddrFile, []byte(n.url()+"\n"), 0o644)
}

func readEnvelope(path string) ([]byte, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return bytes.TrimSpace(raw), nil
}
