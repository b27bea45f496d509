package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/coalition-ledger/coalition-ledger/api/peer"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// demo is a coalition of three members that stand for nobody, whose
// transcriber records public facts, with all their keys.
type demo struct {
	*node
	dir     string
	log     peer.Key
	genesis []byte
	ledgerH domain.Hash
	keys    map[domain.AgencyID]*seal.PrivateKey
}

const (
	transcriber = domain.AgencyID("XA/transcriber")
	customs     = domain.AgencyID("XA/customs")
	treasury    = domain.AgencyID("XB/treasury")
	customsXB   = domain.AgencyID("XB/customs")
	registry    = domain.AgencyID("XB/registry")
	coastguard  = domain.AgencyID("XC/coastguard")
)

func demoMembers() []domain.Country { return []domain.Country{"XA", "XB", "XC"} }

// demoAgencies names the agencies and what they are.
func demoAgencies() map[domain.AgencyID]string {
	return map[domain.AgencyID]string{
		transcriber: "Demonstration transcriber of public lists",
		customs:     "Customs of XA (fictional)",
		treasury:    "Treasury of XB (fictional)",
		customsXB:   "Customs of XB (fictional)",
		registry:    "Ship registry of XB (fictional)",
		coastguard:  "Coast guard of XC (fictional)",
	}
}

func (d *demo) agencies() []domain.AgencyID {
	return []domain.AgencyID{transcriber, customs, treasury, customsXB, registry, coastguard}
}

// foundDemo makes the keys and genesis of a demonstration, or finds those that
// an earlier run left in the folder.
func foundDemo(e *env, dir string) (*demo, error) {
	keyDir := filepath.Join(dir, "demo-keys")
	if err := os.MkdirAll(keyDir, 0o700); err != nil {
		return nil, err
	}
	d := &demo{dir: dir, keys: map[domain.AgencyID]*seal.PrivateKey{}}
	ids := d.agencies()
	for _, m := range demoMembers() {
		ids = append(ids, domain.RootAgency(m))
	}
	for _, id := range ids {
		key, err := demoKey(filepath.Join(keyDir, strings.ReplaceAll(string(id), "/", "-")+".key"))
		if err != nil {
			return nil, err
		}
		d.keys[id] = key
	}
	if err := d.findGenesis(e, dir); err != nil {
		return nil, err
	}
	envelope, err := seal.Parse(d.genesis)
	if err != nil {
		return nil, fmt.Errorf("genesis of the demonstration: %w", err)
	}
	d.ledgerH = envelope.Hash()
	return d, nil
}

// demoKey reads a demonstration key or makes it. Its passphrase is no secret:
// serve refuses every ledger that such a key founded.
func demoKey(path string) (*seal.PrivateKey, error) {
	passphrase := []byte("demonstration")
	if _, err := os.Stat(path); err == nil {
		return seal.ReadKeyFile(path, passphrase)
	}
	key, err := seal.GenerateKey(domain.AlgEd25519)
	if err != nil {
		return nil, err
	}
	return key, seal.WriteKeyFile(path, key, passphrase, seal.WorkFactor(10))
}

func (d *demo) findGenesis(e *env, dir string) error {
	logKey, genesis := filepath.Join(dir, "log.key"), filepath.Join(dir, "genesis.jws")
	_, err := os.Stat(genesis)
	if err == nil {
		if d.log, err = readLogKey(logKey); err == nil {
			d.genesis, err = readEnvelope(genesis)
		}
		return err
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	skey, vkey, err := translog.GenerateLogKey(demoOrigin)
	if err != nil {
		return err
	}
	if d.log, err = parseLogKey(skey); err != nil {
		return err
	}
	if d.genesis, err = d.signGenesis(e.clock(), vkey); err != nil {
		return err
	}
	return errors.Join(os.WriteFile(logKey, []byte(skey+"\n"), 0o600), os.WriteFile(genesis, d.genesis, 0o644))
}

func (d *demo) signGenesis(now time.Time, vkey string) ([]byte, error) {
	founded := domain.CoalitionFounded{
		Name: "Demonstration coalition", Origin: demoOrigin, Nonce: randomHex(), LogKey: vkey, Rules: domain.RulesVersion,
	}
	for _, m := range demoMembers() {
		founded.Members = append(founded.Members, domain.Founding{
			Code: m, Name: "Member " + string(m) + " (fictional)", Votes: 1, Root: d.keys[domain.RootAgency(m)].Public(),
		})
	}
	return d.sign(now, domain.RootAgency("XA"), "coalition.founded", founded)
}

func randomHex() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// sign signs a payload (a value, or its exact text as []byte) as an agency.
func (d *demo) sign(now time.Time, as domain.AgencyID, wireName string, payload any) ([]byte, error) {
	text, ok := payload.([]byte)
	if !ok {
		var err error
		if text, err = json.Marshal(payload); err != nil {
			return nil, fmt.Errorf("encode %s: %w", wireName, err)
		}
	}
	id, err := uuid.NewV7()
	if err != nil {
		return nil, err
	}
	h := domain.Header{
		Issuer: as, EventID: id.String(), Type: wireName, Version: 1, Ledger: d.ledgerH,
		IssuedAt: now.Unix(), ExpiresAt: now.Add(time.Hour).Unix(),
	}
	e, err := seal.Sign(h, text, d.keys[as])
	if err != nil {
		return nil, fmt.Errorf("sign %s: %w", wireName, err)
	}
	return e.Raw, nil
}

// post signs and records one event.
func (d *demo) post(ctx context.Context, as domain.AgencyID, wireName string, payload any) (ledger.Receipt, error) {
	envelope, err := d.sign(d.clock(), as, wireName, payload)
	if err != nil {
		return ledger.Receipt{}, err
	}
	r, err := d.ledger.Submit(ctx, envelope)
	if err != nil {
		return ledger.Receipt{}, fmt.Errorf("%s as %s: %w", wireName, as, err)
	}
	return r, nil
}

func encode(payload any) ([]byte, error) {
	text, err := json.Marshal(payload)
	if err != nil {
		return nil, fmt.Errorf("encode payload: %w", err)
	}
	return text, nil
}
