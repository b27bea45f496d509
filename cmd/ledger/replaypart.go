package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/coalition-ledger/coalition-ledger/cmd/internal/progress"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// items yields the leaves under the newest checkpoint, and then that, from the
// ledger or an archive.
func (c *replayCmd) items(ctx context.Context, a *app) (iter.Seq2[archive.Item, error], func(), error) {
	if c.In != "" {
		f, err := os.Open(c.In)
		if err != nil {
			return nil, nil, &usageError{err}
		}
		return archive.Read(f), func() { _ = f.Close() }, nil
	}
	r, err := a.connect()
	if err != nil {
		return nil, nil, err
	}
	text, err := r.Checkpoint(ctx)
	if err != nil {
		return nil, nil, err
	}
	head, err := translog.PeekCheckpoint(text)
	if err != nil {
		return nil, nil, fmt.Errorf("the ledger's checkpoint: %w", err)
	}
	return r.items(ctx, head.Size, text), func() {}, nil
}

// items yields leaves up to a size, and its checkpoint.
func (r *remote) items(ctx context.Context, size uint64, checkpoint []byte) iter.Seq2[archive.Item, error] {
	return func(yield func(archive.Item, error) bool) {
		for l, err := range r.leaves(ctx, 0) {
			if !yield(archive.Item{Leaf: l}, err) || err != nil {
				return
			}
			if l.Index+1 == size {
				yield(archive.Item{Checkpoint: checkpoint}, nil)
				return
			}
		}
		yield(archive.Item{}, fmt.Errorf("the ledger's stream ended before event %d", size))
	}
}

// extract writes the events selected, with proofs under the newest checkpoint.
// All leaves are read, because proofs need their hashes.
func (c *replayCmd) extract(ctx context.Context, a *app, pick picked) error {
	items, done, err := c.items(ctx, a)
	if err != nil {
		return err
	}
	defer done()
	hashes, remove, err := archive.ScratchHashes()
	if err != nil {
		return err
	}
	defer remove()
	tree, err := translog.NewTree(hashes)
	if err != nil {
		return err
	}
	bar := a.progress("selecting", 0)
	leaves, checkpoint, err := c.pick(items, tree, pick, bar)
	bar.End()
	if err == nil {
		err = pick.missed(tree.Size())
	}
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := archive.WriteExtract(&text, pick.String(), tree, leaves, checkpoint); err != nil {
		return err
	}
	if err := os.WriteFile(c.Out, text.Bytes(), 0o600); err != nil {
		return err
	}
	out := replayed{Archive: c.Out, Extract: true, Size: tree.Size(), Added: uint64(len(leaves))}
	return a.answer(out, func(w io.Writer) {
		fmt.Fprintf(w, "%s holds %d of %d events, each with its proof; it does not show what else was recorded\n", out.Archive, out.Added, out.Size)
	})
}

func (c *replayCmd) pick(items iter.Seq2[archive.Item, error], tree *translog.Tree, pick picked, bar *progress.Bar) (leaves []archive.Leaf, checkpoint []byte, err error) {
	var pending []domain.Hash
	flush := func() error {
		staged, err := tree.Stage(pending)
		pending = pending[:0]
		return errors.Join(err, tree.Commit(staged))
	}
	for item, err := range items {
		if err != nil {
			return nil, nil, err
		}
		if item.Checkpoint != nil {
			checkpoint = item.Checkpoint
			continue
		}
		if pick.takes(item.Leaf) {
			leaves = append(leaves, item.Leaf)
		}
		if pending = append(pending, translog.LeafHash(item.Leaf.RecordedAt, item.Leaf.Envelope)); len(pending) == 1024 {
			if err := flush(); err != nil {
				return nil, nil, err
			}
		}
		bar.Add(1)
	}
	if err := flush(); err != nil {
		return nil, nil, err
	}
	head, err := translog.PeekCheckpoint(checkpoint)
	if err != nil {
		return nil, nil, err
	}
	if head.Size != tree.Size() || head.Root != tree.Root() {
		return nil, nil, fmt.Errorf("the checkpoint of %d events has root %s, what was read has %s: run ledger verify on an archive", head.Size, head.Root, tree.Root())
	}
	return leaves, checkpoint, nil
}

// decision is one step of the state machine.
type decision struct {
	Index      uint64          `json:"index"`
	RecordedAt string          `json:"recorded_at"`
	Type       string          `json:"type,omitempty"`
	Issuer     domain.AgencyID `json:"issuer,omitempty"`
	KeyID      string          `json:"key_id,omitempty"`
	EventID    string          `json:"event_id,omitempty"`
	Leaf       domain.Hash     `json:"leaf"`
	Decision   string          `json:"decision"` // admitted or refused
	Rule       string          `json:"rule,omitempty"`
	Message    string          `json:"message,omitempty"`
	About      string          `json:"about,omitempty"` // what a statement is about
}

// errStop ends a replay at --until.
var errStop = errors.New("stopped where it was told to")

// decisions verifies from genesis on and prints each decision that is selected.
func (c *replayCmd) decisions(ctx context.Context, a *app, pick picked) error {
	g, err := a.genesisKnown()
	if err != nil {
		return err
	}
	items, done, err := c.items(ctx, a)
	if err != nil {
		return err
	}
	defer done()
	o := archive.Options{Genesis: g.hash, Decided: func(d archive.Decision) {
		if pick.takes(d.Leaf) {
			decisionOf(d).print(a)
		}
	}}
	report, err := archive.VerifyItems(ctx, until(items, pick), o)
	if err != nil && !errors.Is(err, errStop) {
		return err
	}
	if err := a.answer(summaryOf(report.State), func(w io.Writer) { summaryOf(report.State).print(w) }); err != nil {
		return err
	}
	return pick.missed(report.State.Next())
}

// summary is the state at the end, in numbers.
type summary struct {
	Events   uint64 `json:"events"`
	Open     bool   `json:"open"` // a quorum of founders has accepted
	Members  int    `json:"members"`
	Agencies int    `json:"agencies"`
	Keys     int    `json:"keys"` // that may sign
	Regimes  int    `json:"regimes"`
	Pending  int    `json:"pending"` // records refused and not voided
}

func summaryOf(s *domain.State) summary {
	out := summary{Events: s.Next(), Open: s.Open(), Members: len(s.Members()), Regimes: len(s.Regimes()), Pending: len(s.Pending())}
	for _, m := range s.Members() {
		out.Agencies += len(s.Agencies(m.Code))
		for _, k := range s.Keys(m.Code) {
			if k.RevokedAt == 0 {
				out.Keys++
			}
		}
	}
	return out
}

func (s summary) print(w io.Writer) {
	fmt.Fprintf(w, "after %d events: open %t, %d members, %d agencies, %d keys that may sign, %d regimes, %d records pending\n", s.Events, s.Open, s.Members, s.Agencies, s.Keys, s.Regimes, s.Pending)
}

// until ends the items behind the last one that is asked for.
func until(items iter.Seq2[archive.Item, error], pick picked) iter.Seq2[archive.Item, error] {
	return func(yield func(archive.Item, error) bool) {
		for item, err := range items {
			if err == nil && item.Checkpoint == nil && pick.beyond(item.Leaf) {
				yield(archive.Item{}, errStop)
				return
			}
			if !yield(item, err) {
				return
			}
		}
	}
}

func decisionOf(d archive.Decision) decision {
	f := d.Fact
	out := decision{
		Index: d.Leaf.Index, RecordedAt: stamp(d.Leaf.RecordedAt), Type: f.Type, Issuer: f.Issuer, KeyID: f.KeyID, EventID: f.EventID,
		Leaf: translog.LeafHash(d.Leaf.RecordedAt, d.Leaf.Envelope), Decision: "admitted",
	}
	if d.Refused != nil {
		out.Decision, out.Rule, out.Message = "refused", d.Refused.Rule, d.Refused.Message
	}
	if st, ok := f.Body.(domain.Statement); ok {
		out.About = st.Key()
	}
	return out
}

func (d decision) print(a *app) {
	if a.JSON {
		writeJSON(a.out, d)
		return
	}
	fmt.Fprintf(a.out, "%d %s %s %s %s", d.Index, d.RecordedAt, d.Decision, d.Type, d.Issuer)
	if d.About != "" {
		fmt.Fprintf(a.out, " about %s", d.About)
	}
	if d.Rule != "" {
		fmt.Fprintf(a.out, " %s: %s", d.Rule, d.Message)
	}
	fmt.Fprintln(a.out)
}
