package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// keepRefusals files each refusal that the log signed beside its envelope, as
// refused/EVENT-ID.refusal and .jws: what an agency shows when it contests one.
func (a *app) keepRefusals(envelopes []*seal.Envelope, results []delivered) error {
	for i := range results {
		d := &results[i]
		if d.Refused == nil || d.Refused.Refusal == "" {
			continue
		}
		home, err := a.home()
		if err != nil {
			return err
		}
		dir := filepath.Join(home, "refused")
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return &usageError{err}
		}
		d.RefusalFile = filepath.Join(dir, d.EventID+".refusal")
		envelope := append(bytes.Clone(envelopes[i].Raw), '\n')
		err = errors.Join(replaceFile(beside(d.RefusalFile), envelope), replaceFile(d.RefusalFile, []byte(d.Refused.Refusal)))
		if err != nil {
			return fmt.Errorf("keep the log's refusal: %w", err)
		}
	}
	return nil
}

// beside is where the envelope of a refusal is kept.
func beside(refusal string) string { return strings.TrimSuffix(refusal, ".refusal") + ".jws" }

type refusalCmd struct {
	Verify refusalVerifyCmd `cmd:"" help:"Verify a refusal that the log signed, and with an archive whether it was right."`
}

type refusalVerifyCmd struct {
	trusting
	File     string `arg:"" help:"Refusal, as kept in refused under --home."`
	Envelope string `placeholder:"FILE" help:"The envelope that was refused; default: the file beside it that ends in .jws."`
	Archive  string `placeholder:"FILE" help:"Archive of the ledger: decides again, on the journal as it was then."`
}

// Help shows more under --help.
func (c *refusalVerifyCmd) Help() string {
	return "A refusal is the log's signed word that it did not admit an envelope, when the journal had a certain size and root, and by which rule. This needs no network. With --archive the archive is verified, must have had that root at that size, and the rules are run on its events up to there: whoever holds the journal can say whether the refusal was right. Exit code 0: signed by the log, and right as far as was asked. 1: not signed by the log, of another history, or wrong."
}

// judged is what the command answers.
type judged struct {
	Origin   string          `json:"origin"`
	Envelope domain.Hash     `json:"envelope_sha256"`
	Size     uint64          `json:"size"`
	Root     domain.Hash     `json:"root"`
	Rule     string          `json:"rule"`
	Issuer   domain.AgencyID `json:"issuer,omitempty"`
	Type     string          `json:"type,omitempty"`
	EventID  string          `json:"event_id,omitempty"`
	Verdict  string          `json:"verdict,omitempty"` // with an archive: right, other_rule or wrong
	Message  string          `json:"message,omitempty"`
}

// Verdicts on a refusal.
const (
	verdictRight = "right"
	verdictOther = "other_rule" // refused, by another rule
	verdictWrong = "wrong"      // admissible
)

// Run verifies a refusal.
func (c *refusalVerifyCmd) Run(ctx context.Context, a *app) error {
	g, err := a.trusted(c.trusting)
	if err != nil {
		return err
	}
	text, err := a.noteText(c.File)
	if err != nil {
		return err
	}
	r, err := translog.OpenRefusal(text, g.origin, g.logKeys...)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, g.explain(err))
	}
	out := judged{Origin: r.Origin, Envelope: r.Envelope, Size: r.Size, Root: r.Root, Rule: r.Rule}
	e, err := c.envelope(a, r)
	if err != nil {
		return err
	}
	if e != nil {
		out.Issuer, out.Type, out.EventID = e.Header.Issuer, e.Header.Type, e.Header.EventID
	}
	if c.Archive != "" {
		if err := c.judge(ctx, a, g, r, e, &out); err != nil {
			return err
		}
	}
	if err := a.answer(out, out.tell); err != nil || out.Verdict == "" || out.Verdict == verdictRight {
		return err
	}
	return fmt.Errorf("the refusal does not hold: %s", out.Message)
}

func (v judged) tell(w io.Writer) {
	fmt.Fprintf(w, "refused by %s: rule %s, at %d events with root %s\nenvelope %s\n", v.Origin, v.Rule, v.Size, v.Root, v.Envelope)
	if v.Type != "" {
		fmt.Fprintf(w, "which is %s %s by %s\n", v.Type, v.EventID, v.Issuer)
	}
	if v.Verdict == verdictRight {
		fmt.Fprintf(w, "decided again on the archive: %s: %s\n", v.Verdict, v.Message)
	}
}

// envelope reads the envelope that was refused; nil when it is not here.
func (c *refusalVerifyCmd) envelope(a *app, r translog.Refusal) (*seal.Envelope, error) {
	path := c.Envelope
	if path == "" {
		path = beside(c.File)
		if _, err := os.Stat(path); err != nil && c.Archive == "" {
			return nil, nil
		}
	}
	text, err := a.input(path)
	if err != nil {
		return nil, err
	}
	e, err := seal.Parse(bytes.TrimSpace(text))
	if err != nil {
		return nil, usage("%s:1: %w", path, err)
	}
	if e.Hash() != r.Envelope {
		return nil, fmt.Errorf("%s holds the envelope %s, the refusal is of %s: name the one that was refused with --envelope", path, e.Hash(), r.Envelope)
	}
	return e, nil
}

// judge decides again, on the journal as it was.
func (c *refusalVerifyCmd) judge(ctx context.Context, a *app, g genesis, r translog.Refusal, e *seal.Envelope, out *judged) error {
	if g.hash.IsZero() {
		return usage("to decide again, name the ledger: --genesis or LEDGER_GENESIS")
	}
	d, err := a.audit(ctx, g, c.Archive, translog.Checkpoint{Origin: r.Origin, Size: r.Size, Root: r.Root})
	if err != nil {
		return err
	}
	defer d.file.Close()
	court, err := d.court(r.Size)
	if err != nil {
		return err
	}
	*out = court.judge(*out, e)
	return nil
}
