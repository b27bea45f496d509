package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

type briefCmd struct {
	Get    briefGetCmd    `cmd:"" default:"withargs" help:"What was known of a subject, and when, with its proofs: ledger brief SUBJECT --as-of TIME."`
	Verify briefVerifyCmd `cmd:"" help:"Verify a brief offline, with the log's key."`
}

// brief is the ledger's answer, as it sends and the tool keeps it.
type brief struct {
	Format      string         `json:"format"`
	Subject     string         `json:"subject"`
	AsOf        uint64         `json:"as_of"`
	RecordedAt  int64          `json:"recorded_at"`
	On          domain.Date    `json:"on"`
	Genesis     domain.Hash    `json:"genesis"`
	Origin      string         `json:"origin"`
	Size        uint64         `json:"size"`
	Root        domain.Hash    `json:"root"`
	Consistency []string       `json:"consistency"`
	Checkpoint  string         `json:"checkpoint"`
	Known       jsontext.Value `json:"known"`
	Events      []provenEvent  `json:"events"`
	Later       []provenRemark `json:"later"`
	Unknown     jsontext.Value `json:",unknown"`
}

// provenEvent is a recorded event with its receipt.
type provenEvent struct {
	Index      uint64 `json:"index"`
	RecordedAt int64  `json:"recorded_at"`
	Handling   string `json:"handling"`
	Envelope   string `json:"envelope"`
	Receipt    string `json:"receipt"`
}

// provenRemark is a later event that speaks of events in the answer.
type provenRemark struct {
	provenEvent `json:",inline"`
	About       []uint64 `json:"about"`
	What        string   `json:"what"`
}

type briefGetCmd struct {
	trusting
	Subject string      `arg:"" help:"Designation, registered subject, IMO number or wallet."`
	AsOf    string      `required:"" placeholder:"INDEX|TIME" help:"What the ledger knew: an index, or a time as 2026-02-03T12:00:00Z."`
	On      domain.Date `placeholder:"DATE" help:"What was in force in the world on this day; default the day of --as-of."`
	Out     string      `short:"o" placeholder:"FILE" help:"Keep the brief: FILE must not exist."`
}

// Run asks for a brief, verifies it and keeps it.
func (c *briefGetCmd) Run(ctx context.Context, a *app) error {
	g, err := a.trusted(c.trusting)
	if err != nil {
		return err
	}
	r, err := a.connect()
	if err != nil {
		return err
	}
	q := url.Values{"subject": {c.Subject}, "as_of": {c.AsOf}}
	if c.On != "" {
		q.Set("on", string(c.On))
	}
	text, err := r.read(ctx, "/v1/briefs/knowledge?"+q.Encode())
	if err != nil {
		return err
	}
	b, err := readBrief(text)
	if err != nil {
		return fmt.Errorf("the ledger's brief: %w", err)
	}
	if err := b.verify(g); err != nil {
		return fmt.Errorf("the ledger's brief does not verify: %w", g.explain(err))
	}
	if c.Out != "" {
		if err := writeNew(c.Out, text, 0o644); err != nil {
			return err
		}
	}
	if a.JSON && c.Out == "" {
		_, err := fmt.Fprintf(a.out, "%s\n", strings.TrimSpace(string(text)))
		return err
	}
	out := b.outcome()
	out.File = c.Out
	return a.answer(out, func(w io.Writer) { b.tell(w, out) })
}

func readBrief(text []byte) (*brief, error) {
	var b brief
	if err := json.Unmarshal(text, &b); err != nil {
		return nil, err
	}
	if b.Format != briefFormat {
		return nil, fmt.Errorf("it is of the format %.60q, this program reads %s", b.Format, briefFormat)
	}
	if b.Unknown != nil {
		return nil, fmt.Errorf("it holds members that this program does not know: %.80s", b.Unknown)
	}
	return &b, nil
}

type briefVerifyCmd struct {
	trusting
	File    string `arg:"" help:"Brief, as ledger brief keeps it."`
	Archive string `placeholder:"FILE" help:"Archive of the ledger: shows also that no event on the subject was left out."`
}

// Help shows more under --help.
func (c *briefVerifyCmd) Help() string {
	return "Checks, with the log's key and nothing else: the checkpoint's signature; that the journal of then, with the root named, is its beginning; that each event stands in the journal where and when the brief says, those that were known before then and the later ones after; and that the answer rests on these events alone. What a brief cannot show by itself is that nothing was left out: --archive does, after verifying the archive from the genesis hash on."
}

// outcome is what both commands answer.
type outcome struct {
	Subject  string      `json:"subject"`
	AsOf     uint64      `json:"as_of"`
	Time     string      `json:"time"`
	On       domain.Date `json:"on"`
	Size     uint64      `json:"size"`
	Root     domain.Hash `json:"root"`
	Events   int         `json:"events"`
	Later    int         `json:"later"`
	Complete bool        `json:"complete"` // shown by an archive
	File     string      `json:"file,omitempty"`
}

func (b *brief) outcome() outcome {
	return outcome{Subject: b.Subject, AsOf: b.AsOf, Time: stamp(b.RecordedAt), On: b.On, Size: b.Size, Root: b.Root, Events: len(b.Events), Later: len(b.Later)}
}

// Run verifies a brief.
func (c *briefVerifyCmd) Run(ctx context.Context, a *app) error {
	g, err := a.trusted(c.trusting)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(c.File)
	if err != nil {
		return &usageError{err}
	}
	b, err := readBrief(text)
	if err != nil {
		return usage("%s: this is no brief: %w", c.File, err)
	}
	if err := b.verify(g); err != nil {
		return fmt.Errorf("%s does not verify: %w", c.File, g.explain(err))
	}
	out := b.outcome()
	if c.Archive != "" {
		if err := a.complete(ctx, g, b, c.Archive); err != nil {
			return err
		}
		out.Complete = true
	}
	return a.answer(out, func(w io.Writer) { b.tell(w, out) })
}

// tell writes a brief for people.
func (b *brief) tell(w io.Writer, out outcome) {
	fmt.Fprintf(w, "known of %s as of index %d, recorded at %s, in force on %s\njournal of %d events, root %s\n\n",
		b.Subject, b.AsOf, out.Time, b.On, b.Size, b.Root)
	for _, e := range b.Events {
		fmt.Fprintf(w, "%8d  %s  %s\n", e.Index, time.UnixMicro(e.RecordedAt).UTC().Format(time.DateTime), e.words())
	}
	if len(b.Later) > 0 {
		fmt.Fprintln(w, "\nsince then:")
	}
	for _, l := range b.Later {
		fmt.Fprintf(w, "%8d  %s  %s: %s %s\n", l.Index, time.UnixMicro(l.RecordedAt).UTC().Format(time.DateTime), l.words(), strings.ReplaceAll(l.What, "_", " "), list(l.About))
	}
	fmt.Fprintln(w, "\nverified: the log vouches for each of these events, their places and times")
	if out.Complete {
		fmt.Fprintln(w, "complete: the archive holds no other event on this subject up to then")
	}
}

func list(indexes []uint64) string { return strings.Trim(fmt.Sprint(indexes), "[]") }
