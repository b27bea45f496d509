package main

import (
	"context"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

type keysLogCmd struct {
	Archive string `placeholder:"FILE" help:"Archive that ledger replay wrote; without it, the keys known are shown."`
}

// Help shows more under --help.
func (c *keysLogCmd) Help() string {
	return "Genesis names the log's first key; the coalition changes it by quorum (log_key.adopted). This verifies an archive from the genesis hash on, takes the log's keys out of it and keeps them, so that receipts, refusals, briefs and checkpoints signed by any of them can be verified from then on without the archive. Nobody's word is taken for a key: every vote is checked."
}

// shownLogKey is a key of the log as the tool prints it.
type shownLogKey struct {
	Since  uint64 `json:"since"` // index at which it was adopted
	LogKey string `json:"log_key"`
}

// Run learns and shows the keys of the log.
func (c *keysLogCmd) Run(ctx context.Context, a *app) error {
	g, err := a.genesisKnown()
	if err != nil {
		return err
	}
	if c.Archive != "" {
		if err := a.learn(ctx, &g, c.Archive); err != nil {
			return err
		}
	}
	out := []shownLogKey{}
	for _, k := range g.keys {
		out = append(out, shownLogKey{Since: k.since, LogKey: k.text})
	}
	return a.answer(out, func(w io.Writer) {
		for _, k := range out {
			fmt.Fprintf(w, "since index %d  %s\n", k.Since, k.LogKey)
		}
	})
}

// learn takes the log's keys out of an archive, once it verified, and keeps them.
func (a *app) learn(ctx context.Context, g *genesis, path string) error {
	d, err := a.audit(ctx, *g, path)
	if err != nil {
		return err
	}
	defer d.file.Close()
	keys, err := d.logKeys()
	if err != nil {
		return err
	}
	g.learn(keys)
	s, err := a.seen(g.hash)
	if err != nil {
		return err
	}
	return s.keepLogKeys(g.keys)
}

func (d *audited) logKeys() ([]logKey, error) {
	var out []logKey
	for r, err := range d.records() {
		if err != nil {
			return nil, err
		}
		text := ""
		switch b := r.fact.Body.(type) {
		case domain.CoalitionFounded:
			text = b.LogKey
		case domain.LogKeyAdopted:
			text = b.LogKey
		default:
			continue
		}
		v, err := note.NewVerifier(text)
		if err != nil {
			return nil, fmt.Errorf("the log key adopted at index %d: %w", r.fact.Index, err)
		}
		out = append(out, logKey{since: r.fact.Index, text: text, verifier: v})
	}
	return out, nil
}

type keysNewLogCmd struct {
	Out string `required:"" short:"o" placeholder:"FILE" help:"Key file to write, for ledgerd; an existing one is never replaced."`
}

// Help shows more under --help.
func (c *keysNewLogCmd) Help() string {
	return "The operator's part of a change of the log's key. Prints the draft of log_key.adopted, for ledger propose. Once it is enacted, ledgerd signs with the new key from its next start on: ledgerd serve --log-key FILE."
}

// Run makes a log key and prints the draft that adopts it.
func (c *keysNewLogCmd) Run(a *app) error {
	g, err := a.genesisKnown()
	if err != nil {
		return err
	}
	if g.origin == "" {
		return usage("give the genesis file, not its hash: the new key bears the log's origin")
	}
	skey, vkey, err := translog.GenerateLogKey(g.origin)
	if err != nil {
		return err
	}
	payload, err := json.Marshal(domain.LogKeyAdopted{LogKey: vkey})
	if err != nil {
		return err
	}
	if err := writeNew(c.Out, []byte(skey+"\n"), 0o600); err != nil {
		return err
	}
	writeJSON(a.out, domain.Draft{Type: "log_key.adopted", Version: 1, Payload: payload})
	return nil
}
