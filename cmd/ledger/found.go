package main

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

type foundCmd struct {
	Dir    string            `required:"" placeholder:"DIR" help:"Folder to write; genesis.jws must not exist in it."`
	Name   string            `required:"" help:"Name of the coalition."`
	Origin string            `required:"" placeholder:"HOST/PATH" help:"Origin of the log, as ledger.example/2026: a name for ever, not an address."`
	Member []string          `required:"" placeholder:"CC[:VOTES]" help:"A founder and its votes (1 or 0; default 1); repeat for each."`
	Root   map[string]string `placeholder:"CC=FILE" help:"A founder's own root key: its key file, or its public JWK (then it signs its acceptance itself). Without, a key file is made."`
	Valid  time.Duration     `default:"720h" help:"Time by which genesis and acceptances must be recorded."`
	keyMaker
}

// Help shows more under --help.
func (c *foundCmd) Help() string {
	return "Writes genesis.jws, the acceptances 01.jws, 02.jws …, the log's key log.key (for ledgerd) and root keys made here (CC-root.key). Prints the genesis hash: give it to every member over another channel; it is what all verification starts from."
}

// founder is one member on its way into genesis.
type founder struct {
	code   domain.Country
	votes  int
	public domain.PublicKey
	key    *seal.PrivateKey // nil when only the public half is here
}

// founded is what the command answers.
type founded struct {
	Genesis  domain.Hash `json:"genesis"`
	File     string      `json:"file"`
	LogKey   string      `json:"log_key"`
	Unsigned []string    `json:"unsigned,omitempty"`
}

// Run founds a coalition on disk.
func (c *foundCmd) Run(a *app) error {
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return &usageError{err}
	}
	if _, err := os.Stat(filepath.Join(c.Dir, "genesis.jws")); err == nil {
		return fmt.Errorf("%s holds a genesis already: a ledger is founded once; choose another folder", c.Dir)
	}
	founders, err := c.founders(a)
	if err != nil {
		return err
	}
	skey, vkey, err := translog.GenerateLogKey(c.Origin)
	if err != nil {
		return usage("--origin: %w", err)
	}
	genesis, err := c.genesis(a, founders, vkey)
	if err != nil {
		return err
	}
	out := founded{Genesis: genesis.Hash(), File: filepath.Join(c.Dir, "genesis.jws"), LogKey: vkey}
	for i, f := range founders {
		unsigned, err := c.accept(a, i, f, genesis.Hash())
		if err != nil {
			return err
		}
		if unsigned != "" {
			out.Unsigned = append(out.Unsigned, unsigned)
		}
	}
	if err := writeNew(filepath.Join(c.Dir, "log.key"), []byte(skey+"\n"), 0o600); err != nil {
		return err
	}
	if err := writeNew(out.File, append(genesis.Raw, '\n'), 0o644); err != nil {
		return err
	}
	return a.answer(out, func(w io.Writer) { c.tell(w, out) })
}

func (c *foundCmd) tell(w io.Writer, out founded) {
	fmt.Fprintf(w, "genesis %s\n", out.Genesis)
	fmt.Fprintf(w, "written to %s, with the acceptances and log.key\n", out.Dir())
	for _, u := range out.Unsigned {
		fmt.Fprintf(w, "to be signed by its member: %s\n", u)
	}
	fmt.Fprintf(w, "next: ledgerd serve --genesis %s --log-key %s\n", out.Dir(), filepath.Join(out.Dir(), "log.key"))
}

// Dir returns the folder that was written.
func (f founded) Dir() string { return filepath.Dir(f.File) }

func (c *foundCmd) founders(a *app) ([]founder, error) {
	var out []founder
	for _, text := range c.Member {
		code, votes, given := strings.Cut(text, ":")
		f := founder{code: domain.Country(code), votes: 1}
		if !f.code.Valid() || given && votes != "0" && votes != "1" {
			return nil, usage("--member %s: write a country code, and :0 for a member without a vote", text)
		}
		if slices.ContainsFunc(out, func(o founder) bool { return o.code == f.code }) {
			return nil, usage("--member %s stands there twice: name each founder once", f.code)
		}
		if votes == "0" {
			f.votes = 0
		}
		out = append(out, f)
	}
	for i := range out { // only now: nothing is written for members that cannot be
		if err := c.root(a, &out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// root takes the founder's root key from --root, or makes one.
func (c *foundCmd) root(a *app, f *founder) (err error) {
	path, given := c.Root[string(f.code)]
	if !given {
		f.key, err = c.make(a, filepath.Join(c.Dir, string(f.code)+"-root.key"))
	} else if f.public, err = publicFile(path); err == nil {
		return nil
	} else {
		f.key, err = a.openKey(path)
	}
	if err == nil {
		f.public = f.key.Public()
	}
	return err
}

func (c *foundCmd) genesis(a *app, founders []founder, vkey string) (*seal.Envelope, error) {
	nonce := make([]byte, 32)
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	body := domain.CoalitionFounded{Name: c.Name, Origin: c.Origin, Nonce: hex.EncodeToString(nonce), LogKey: vkey, Rules: domain.RulesVersion}
	var first *founder
	for i, f := range founders {
		body.Members = append(body.Members, domain.Founding{Code: f.code, Name: domain.CountryName(f.code), Votes: f.votes, Root: f.public})
		if first == nil && f.key != nil {
			first = &founders[i]
		}
	}
	if first == nil {
		return nil, usage("genesis is signed by one founder's root key: give at least one --root as a key file, or leave one out to make it here")
	}
	return c.sign(a, *first, domain.Hash{}, "coalition.founded", body)
}

func (c *foundCmd) sign(a *app, f founder, ledger domain.Hash, kind string, body any) (*seal.Envelope, error) {
	payload, err := json.Marshal(body, jsontext.WithIndent(" "))
	if err != nil {
		return nil, err
	}
	s := &signer{key: f.key, issuer: domain.RootAgency(f.code), ledger: ledger, valid: c.Valid, now: a.now}
	return s.sign(kind, "", payload)
}

// accept writes a founder's acceptance, or what it must sign itself.
func (c *foundCmd) accept(a *app, i int, f founder, ledger domain.Hash) (unsigned string, err error) {
	base := filepath.Join(c.Dir, fmt.Sprintf("%02d", i+1))
	if f.key == nil {
		path := base + "-" + string(f.code) + ".unsigned.json"
		return path, writeNew(path, []byte("{}\n"), 0o644)
	}
	e, err := c.sign(a, f, ledger, "member.accepted", domain.MemberAccepted{})
	if err != nil {
		return "", err
	}
	return "", writeNew(base+".jws", append(bytes.Clone(e.Raw), '\n'), 0o644)
}
