package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// trusting names log keys beside those of --genesis.
type trusting struct {
	Log []string `placeholder:"VKEY" help:"A key of the log, as NAME+HASH+KEY, that you have from elsewhere; repeat for more. Without, the keys of genesis and those learned with ledger keys log."`
}

// trusted returns the keys that signatures of the log are checked with.
func (a *app) trusted(t trusting) (genesis, error) {
	var g genesis
	if a.Genesis != "" || len(t.Log) == 0 {
		known, err := a.genesisKnown()
		if err != nil {
			return g, err
		}
		g = known
	}
	for _, text := range t.Log {
		v, err := note.NewVerifier(text)
		if err != nil {
			return g, usage("--log %s: write a verifier key, NAME+HASH+KEY: %w", text, err)
		}
		if g.origin != "" && v.Name() != g.origin {
			return g, usage("--log %s: this is a key of another log, not of %s", text, g.origin)
		}
		g.learn([]logKey{{text: text, verifier: v}})
	}
	return g, nil
}

// receiptFile is a receipt that needs nothing but its envelope to be verified:
// its extra line holds the recorded time, which the leaf commits to.
func receiptFile(proof []byte, recordedAt int64) ([]byte, error) {
	r, err := translog.ParseReceipt(proof)
	if err != nil {
		return nil, err
	}
	return translog.NewReceipt(r.Index, r.Proof, r.Checkpoint, strconv.AppendInt(nil, recordedAt, 10)), nil
}

// readReceipt reads what receiptFile wrote, or a bare receipt with a time.
func readReceipt(text []byte, recordedAt int64) (translog.Receipt, int64, error) {
	r, err := translog.ParseReceipt(text)
	if err != nil {
		return r, 0, err
	}
	if r.Extra == nil {
		return r, recordedAt, nil
	}
	at, err := strconv.ParseInt(string(r.Extra), 10, 64)
	if err != nil || at < 0 || strconv.FormatInt(at, 10) != string(r.Extra) {
		return r, 0, fmt.Errorf("%w: the extra line is not the recorded time in microseconds", translog.ErrMalformed)
	}
	r.Extra = nil
	return r, at, nil
}

type receiptCmd struct {
	Show    receiptShowCmd    `cmd:"" help:"Show what a receipt says; verifies nothing."`
	Verify  receiptVerifyCmd  `cmd:"" help:"Verify a receipt offline, against its envelope and the log's key."`
	Upgrade receiptUpgradeCmd `cmd:"" help:"Fetch a receipt of the same event under the newest checkpoint, and keep it if it verifies."`
}

// shownReceipt is a receipt as the tool prints it.
type shownReceipt struct {
	Index      uint64      `json:"index"`
	RecordedAt int64       `json:"recorded_at,omitzero"` // microseconds since 1970, UTC
	Time       string      `json:"time,omitempty"`
	Origin     string      `json:"origin"`
	Size       uint64      `json:"size"`
	Root       domain.Hash `json:"root"`
	Signatures []string    `json:"signatures"` // names below the checkpoint
	Leaf       domain.Hash `json:"leaf,omitzero"`
	Type       string      `json:"type,omitempty"`     // of the event, where its envelope is at hand
	Handling   string      `json:"handling,omitempty"` // TLP label of its public part
	Verified   bool        `json:"verified"`
	level
}

func showReceipt(r translog.Receipt, at int64) (shownReceipt, error) {
	head, err := translog.PeekCheckpoint(r.Checkpoint)
	if err != nil {
		return shownReceipt{}, err
	}
	out := shownReceipt{Index: r.Index, RecordedAt: at, Origin: head.Origin, Size: head.Size, Root: head.Root, Signatures: signers(r.Checkpoint)}
	if at > 0 {
		out.Time = stamp(at)
	}
	return out, nil
}

// signers lists the names on the signature lines of a note.
func signers(text []byte) []string {
	var out []string
	_, lines, _ := bytes.Cut(text, []byte("\n\n"))
	for line := range strings.Lines(string(lines)) {
		name, _, _ := strings.Cut(strings.TrimPrefix(line, "— "), " ")
		out = append(out, name)
	}
	return out
}

func (v shownReceipt) tell(w io.Writer) {
	recorded := "recorded at a time that the receipt does not hold"
	if v.Time != "" {
		recorded = "recorded at " + v.Time
	}
	fmt.Fprintf(w, "index %d of %s, %s\nunder the checkpoint of %d events with root %s\nsigned by %s\n",
		v.Index, v.Origin, recorded, v.Size, v.Root, strings.Join(v.Signatures, ", "))
	if v.Type != "" {
		fmt.Fprintf(w, "of an event of type %s%s\n", v.Type, labelled(v.Handling))
	}
	if v.Verified {
		fmt.Fprintln(w, "verified: the log vouches that this envelope was recorded there, then")
	}
	v.level.tell(w)
}

func labelled(handling string) string {
	if handling == "" {
		return ""
	}
	return ", " + handling
}

type receiptShowCmd struct {
	File string `arg:"" help:"Receipt (C2SP tlog-proof)."`
}

// Run shows a receipt.
func (c *receiptShowCmd) Run(a *app) error {
	text, err := a.noteText(c.File)
	if err != nil {
		return err
	}
	r, at, err := readReceipt(text, 0)
	if err != nil {
		return usage("%s:1: %w", c.File, err)
	}
	out, err := showReceipt(r, at)
	if err != nil {
		return usage("%s: %w", c.File, err)
	}
	if bare, ok := strings.CutSuffix(c.File, ".receipt"); ok {
		if text, err := os.ReadFile(bare); err == nil { // it lies beside it, and is not verified
			out.Type, out.Handling = described(bytes.TrimSpace(text))
		}
	}
	return a.answer(out, out.tell)
}

// evidence is a receipt and what it is about.
type evidence struct {
	trusting
	File       string `arg:"" help:"Receipt (C2SP tlog-proof), as ledger submit writes it beside the envelope."`
	Envelope   string `placeholder:"FILE" help:"The envelope; default: FILE without .receipt."`
	RecordedAt int64  `placeholder:"MICROS" help:"When it was recorded, where the receipt does not hold it: microseconds since 1970, UTC."`
}

// verify reads the files and checks them against the log's keys.
func (c *evidence) verify(a *app, g genesis) (translog.Receipt, shownReceipt, error) {
	text, err := a.noteText(c.File)
	if err != nil {
		return translog.Receipt{}, shownReceipt{}, err
	}
	return c.check(a, g, text)
}

func (c *evidence) check(a *app, g genesis, text []byte) (translog.Receipt, shownReceipt, error) {
	var out shownReceipt
	r, at, err := readReceipt(text, c.RecordedAt)
	if err != nil {
		return r, out, fmt.Errorf("%s: %w", c.File, err)
	}
	envelope, err := c.envelope(a)
	if err != nil {
		return r, out, err
	}
	if at == 0 {
		return r, out, usage("%s does not hold when the event was recorded: give it with --recorded-at, from where the receipt came with it", c.File)
	}
	if out, err = showReceipt(r, at); err != nil {
		return r, out, err
	}
	out.Leaf = translog.LeafHash(at, envelope.Raw)
	out.Type, out.Handling = described(envelope.Raw)
	if _, err := r.Verify(out.Leaf, g.origin, g.logKeys...); err != nil {
		return r, out, fmt.Errorf("%s: %w", c.File, g.explain(err))
	}
	out.Verified = true
	return r, out, nil
}

func (c *evidence) envelope(a *app) (*seal.Envelope, error) {
	path := c.Envelope
	if path == "" {
		bare, ok := strings.CutSuffix(c.File, ".receipt")
		if !ok {
			return nil, usage("name the envelope that the receipt is for: --envelope FILE")
		}
		path = bare
	}
	text, err := a.input(path)
	if err != nil {
		return nil, err
	}
	e, err := seal.Parse(bytes.TrimSpace(text))
	if err != nil {
		return nil, usage("%s:1: %w", path, err)
	}
	return e, nil
}

type receiptVerifyCmd struct {
	evidence
	judging
}

// Help shows more under --help.
func (c *receiptVerifyCmd) Help() string {
	return "Needs no network, now or in ten years: the receipt, the envelope and a key of the log. Line ends that a tool changed on its way are put right, nothing else. If the log's key was changed since genesis, learn the later ones once from an archive (ledger keys log --archive FILE), or give one with --log. A receipt proves the level recorded: the log vouches. With the witness policy, from a file or from an archive, its cosignatures are checked too: if they are as many as the policy asks for, it proves the level effective, and says by whom and when."
}

// Run verifies a receipt.
func (c *receiptVerifyCmd) Run(ctx context.Context, a *app) error {
	g, err := a.trusted(c.trusting)
	if err != nil {
		return err
	}
	text, err := a.noteText(c.File)
	if err != nil {
		return err
	}
	bare, err := translog.ParseReceipt(text)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	policy, name, err := c.policyOf(ctx, a, &g, bare.Checkpoint)
	if err != nil {
		return err
	}
	r, out, err := c.check(a, g, text)
	if err != nil {
		return err
	}
	if out.level, err = judge(r, g, policy, name); err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	if err := a.answer(out, out.tell); err != nil {
		return err
	}
	if c.Effective && out.Level != levelEffective {
		return errNotEffective
	}
	return nil
}

type receiptUpgradeCmd struct {
	evidence
	Wait time.Duration `placeholder:"DURATION" help:"Wait so long for one that witnesses stand behind."`
}

// upgraded is what the command answers.
type upgraded struct {
	shownReceipt
	Before uint64 `json:"size_before"`
	Newer  bool   `json:"newer"`
}

// Run replaces a receipt by a newer one of the same event.
func (c *receiptUpgradeCmd) Run(ctx context.Context, a *app) error {
	g, err := a.trusted(c.trusting)
	if err != nil {
		return err
	}
	old, was, err := c.verify(a, g)
	if err != nil {
		return err
	}
	r, err := a.connect()
	if err != nil {
		return err
	}
	got, err := r.ReceiptWithin(ctx, old.Index, c.Wait)
	if err != nil {
		return err
	}
	text, now, err := r.upgrade(ctx, g, old, was, []byte(got.Proof))
	if err != nil {
		return err
	}
	out := upgraded{shownReceipt: now, Before: was.Size, Newer: now.Size > was.Size || len(now.Signatures) > len(was.Signatures)}
	if !out.Newer {
		out.shownReceipt = was
	} else if err := replaceFile(c.File, text); err != nil {
		return fmt.Errorf("keep the receipt: %w", err)
	}
	return a.answer(out, func(w io.Writer) {
		if !out.Newer {
			fmt.Fprintf(w, "the ledger has no newer receipt; %s is as it was\n", c.File)
		}
		out.tell(w)
	})
}

// upgrade checks that a receipt is of the same event, in a tree that continues
// the one the receipt at hand is of.
func (r *remote) upgrade(ctx context.Context, g genesis, old translog.Receipt, was shownReceipt, proof []byte) ([]byte, shownReceipt, error) {
	fresh, err := translog.ParseReceipt(proof)
	if err != nil {
		return nil, was, err
	}
	if fresh.Index != old.Index {
		return nil, was, fmt.Errorf("the ledger's receipt is for index %d, not %d", fresh.Index, old.Index)
	}
	head, err := fresh.Verify(was.Leaf, g.origin, g.logKeys...)
	if err != nil {
		return nil, was, fmt.Errorf("the ledger's newer receipt does not verify, keep yours as evidence: %w", g.explain(err))
	}
	mine := translog.Checkpoint{Origin: was.Origin, Size: was.Size, Root: was.Root}
	now, err := showReceipt(fresh, was.RecordedAt)
	if err != nil {
		return nil, was, err
	}
	older, newer := mine, head
	if head.Size < mine.Size { // effective is less than what is recorded
		older, newer = head, mine
	}
	if head.Size < mine.Size && len(now.Signatures) <= len(was.Signatures) {
		return nil, was, fmt.Errorf("the ledger shows %s, your receipt is under %s: try again; if it stays so, the ledger was rolled back and your receipt shows it", words(head), words(mine))
	}
	if err := r.consistent(ctx, older, newer); err != nil {
		return nil, was, fmt.Errorf("the ledger's checkpoint and that of your receipt are not of one history, keep both: %w", err)
	}
	text, err := receiptFile(proof, was.RecordedAt)
	if err != nil {
		return nil, was, err
	}
	now.Leaf, now.Verified, now.Type, now.Handling = was.Leaf, true, was.Type, was.Handling
	return text, now, nil
}

// writeReceipt saves a receipt beside its envelope.
func writeReceipt(path string, d delivered) error {
	text, err := receiptFile([]byte(d.Receipt), d.RecordedAt)
	if err == nil {
		err = os.WriteFile(path, text, 0o644)
	}
	if err != nil {
		return fmt.Errorf("keep the receipt: %w", err)
	}
	return nil
}
