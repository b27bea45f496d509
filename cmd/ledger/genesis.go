package main

import (
	"bytes"
	"os"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// genesis is what a member knows of a ledger from elsewhere than the ledger.
type genesis struct {
	hash   domain.Hash
	origin string // "" when only the hash is known
	logKey note.Verifier
}

// genesisKnown reads --genesis: a hash, or the file, of which the log key comes too.
func (a *app) genesisKnown() (genesis, error) {
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
	return genesis{hash: e.Hash(), origin: state.Origin(), logKey: v}, nil
}
