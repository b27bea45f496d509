package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// genesis is what a member knows of a ledger from elsewhere than the ledger.
type genesis struct {
	hash    domain.Hash
	origin  string          // "" when only the hash is known
	logKeys []note.Verifier // of genesis, and those learned from an archive; none when only the hash is known
	keys    []logKey        // beside logKeys: since when
}

// open verifies a checkpoint of the ledger's log.
func (g genesis) open(text []byte) (translog.Checkpoint, error) {
	if len(g.logKeys) == 0 {
		return translog.Checkpoint{}, usage("only the genesis hash is known, not the log's key: give the file (--genesis genesis.jws), or learn the keys from an archive: ledger keys log --archive FILE")
	}
	c, err := translog.OpenCheckpoint(text, g.origin, g.logKeys...)
	return c, g.explain(err)
}

// explain adds what to do when a key signed that is not known.
func (g genesis) explain(err error) error {
	if errors.Is(err, translog.ErrSignature) {
		return fmt.Errorf("%w; if the coalition has changed the log's key since (log_key.adopted), learn it from an archive: ledger replay --out FILE, then ledger keys log --archive FILE", err)
	}
	return err
}

// learn adds keys, each once.
func (g *genesis) learn(keys []logKey) {
	for _, k := range keys {
		if !slices.ContainsFunc(g.keys, func(o logKey) bool { return o.text == k.text }) {
			g.origin = k.verifier.Name()
			g.keys, g.logKeys = append(g.keys, k), append(g.logKeys, k.verifier)
		}
	}
}

// genesisKnown reads --genesis: a hash, or the file, of which the log key comes
// too. Keys that the log had later are those that this tool has learned.
func (a *app) genesisKnown() (genesis, error) {
	g, err := a.genesisGiven()
	if err != nil {
		return g, err
	}
	home, err := a.home()
	if err != nil {
		return g, nil // no folder, nothing learned
	}
	keys, err := seenIn(home, g.hash).logKeys()
	g.learn(keys)
	return g, err
}

func (a *app) genesisGiven() (genesis, error) {
	if a.Genesis == "" {
		return genesis{}, usage("name the ledger: --genesis or LEDGER_GENESIS, with genesis.jws or its hash")
	}
	if h, err := domain.ParseHash(a.Genesis); err == nil {
		return genesis{hash: h}, nil
	}
	raw, err := os.ReadFile(a.Genesis)
	if err != nil {
		return genesis{}, usage("--genesis is no hash and no file that can be read: %w", err)
	}
	g, err := readGenesis(raw)
	if err != nil {
		return genesis{}, usage("%s:1: this is no genesis of a ledger: %w", a.Genesis, err)
	}
	return g, nil
}

// readGenesis checks a genesis envelope by itself: form, rules, signature.
func readGenesis(raw []byte) (genesis, error) {
	e, err := seal.Parse(bytes.TrimSpace(raw))
	if err != nil {
		return genesis{}, err
	}
	event, refusal := domain.Decode(e.Header, e.Payload)
	if refusal != nil {
		return genesis{}, refusal
	}
	key, refusal := domain.GenesisKey(event)
	if refusal != nil {
		return genesis{}, refusal
	}
	if err := e.Verify(key); err != nil {
		return genesis{}, err
	}
	state := domain.NewState()
	state.Apply(domain.Fact{Event: event, Envelope: e.Hash()})
	v, err := note.NewVerifier(state.LogKey())
	if err != nil {
		return genesis{}, err
	}
	g := genesis{hash: e.Hash()}
	g.learn([]logKey{{text: state.LogKey(), verifier: v}})
	return g, nil
}
