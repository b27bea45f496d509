package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/coalition-ledger/coalition-ledger/cmd/internal/progress"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// delivered is what became of one envelope: a receipt, or a refusal.
type delivered struct {
	EventID    string      `json:"event_id"`
	Type       string      `json:"type"`
	Index      uint64      `json:"index"`
	Leaf       domain.Hash `json:"leaf,omitzero"`
	RecordedAt int64       `json:"recorded_at,omitzero"`
	Receipt    string      `json:"receipt,omitempty"`
	Before     bool        `json:"recorded_before,omitempty"`
	Verified   bool        `json:"receipt_verified"` // against the log key of the genesis file
	Refused    *refused    `json:"refused,omitempty"`
	Kept       *refused    `json:"kept,omitempty"` // why the ledger did not decide; the envelope stays in the outbox

	RefusalFile string `json:"refusal_file,omitempty"` // the log's signed refusal
}

// deliver keeps the envelopes in the outbox, posts them, resolves those that
// had been recorded before, checks receipts, and files away what was answered.
// Refusals are in the results; the error says that the outcome of some is not
// known, the results then hold what is.
func (a *app) deliver(ctx context.Context, envelopes []*seal.Envelope, p *progress.Bar) ([]delivered, error) {
	r, err := a.connect()
	if err != nil {
		return nil, err
	}
	box, err := a.outbox()
	if err != nil {
		return nil, err
	}
	if envelopes, err = box.reuse(envelopes, a.now()); err != nil {
		return nil, err
	}
	path, err := box.put(envelopes)
	if err != nil {
		return nil, err
	}
	results, failed := a.post(ctx, r, envelopes, p)
	if err := a.settle(ctx, r, envelopes, results); err != nil {
		return nil, errors.Join(err, undecided(failed, path)) // nothing is said of receipts that do not verify
	}
	left, err := box.file(path, envelopes, results)
	return results, firstError(undecided(failed, left...), err)
}

// undecided says why the ledger left envelopes undecided, and how to go on with
// the files that keep them.
func undecided(err error, files ...string) error {
	switch again := "ledger submit " + strings.Join(files, " "); {
	case err == nil:
		return nil
	case turnedAway(err):
		return fmt.Errorf("%w\nthe ledger turned this away because of the token; what it did not decide is kept: with a token that may post it, run: %s; or delete it there", err, again)
	default:
		return fmt.Errorf("%w\nwhat was recorded is not known; the envelopes are kept: post the same bytes again with: %s", err, again)
	}
}

// settle completes and checks what the ledger answered.
func (a *app) settle(ctx context.Context, r *remote, envelopes []*seal.Envelope, results []delivered) error {
	if err := a.resolve(ctx, r, envelopes, results); err != nil {
		return err
	}
	if err := a.checkReceipts(envelopes, results); err != nil {
		return err
	}
	return a.keepRefusals(envelopes, results)
}

// post sends one envelope alone and many in bulk.
func (a *app) post(ctx context.Context, r *remote, envelopes []*seal.Envelope, p *progress.Bar) ([]delivered, error) {
	results := make([]delivered, len(envelopes))
	for i, e := range envelopes {
		results[i] = delivered{EventID: e.Header.EventID, Type: e.Header.Type}
	}
	if len(envelopes) == 1 {
		got, err := r.submit(ctx, envelopes[0].Raw)
		return results, results[0].take(got, err)
	}
	answers := 0
	var failed error
	err := r.bulk(ctx, envelopes, func(i int, got receipt, err error) {
		answers++
		p.Add(1)
		failed = firstError(failed, results[i].take(got, err))
	})
	err = firstError(failed, err)
	if err == nil && answers < len(envelopes) {
		err = fmt.Errorf("the ledger answered %d of %d events", answers, len(envelopes))
	}
	return results, err
}

// answered reports whether the ledger has decided.
func (d delivered) answered() bool { return d.Refused != nil || d.Before || d.Receipt != "" }

// take keeps a receipt or a refusal; another error is returned.
func (d *delivered) take(got receipt, err error) error {
	var no *refused
	switch {
	case errors.As(err, &no) && final(no):
		d.Refused = no
		return nil
	case no != nil:
		d.Kept = no
	case err == nil:
		d.Index, d.Leaf, d.RecordedAt, d.Receipt, d.Before = got.Index, got.Leaf, got.RecordedAt, got.Proof, got.Replayed
	}
	return err
}

// resolve finds events that were recorded by an earlier run in another
// envelope: same id, same payload. Another payload under the id stays refused.
func (a *app) resolve(ctx context.Context, r *remote, envelopes []*seal.Envelope, results []delivered) error {
	wanted := make(map[eventKey]int)
	var types []string
	for i, d := range results {
		if d.Refused != nil && d.Refused.Code == "event.duplicate_id" {
			wanted[keyOf(envelopes[i])] = i
			types = append(types, d.Type)
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	for e, err := range r.events(ctx, types...) {
		if err != nil {
			return err
		}
		if i, ok := wanted[eventKey{envelopes[0].Header.Ledger, e.Issuer, e.EventID}]; ok {
			results[i].settle(e, envelopes[i].Payload)
		}
	}
	return r.receipts(ctx, results)
}

// receipts fetches the receipts of events that were found recorded.
func (r *remote) receipts(ctx context.Context, results []delivered) error {
	for i := range results {
		if d := &results[i]; d.Before && d.Receipt == "" {
			got, err := r.Receipt(ctx, d.Index)
			if err != nil {
				return err
			}
			d.Receipt = got.Proof
		}
	}
	return nil
}

// settle compares a refused event with the one recorded under its id.
func (d *delivered) settle(e event, payload []byte) {
	if !samePayload(e.Payload, payload) {
		d.Refused.Detail = fmt.Sprintf("another content was posted under this reference at index %d: correct that event with event.corrected, or give the new record a reference of its own", e.Index)
		return
	}
	d.Refused, d.Before = nil, true
	d.Index, d.Leaf, d.RecordedAt = e.Index, e.Leaf, e.RecordedAt
}

// checkReceipts verifies each receipt against the log key of the genesis file.
func (a *app) checkReceipts(envelopes []*seal.Envelope, results []delivered) error {
	g, err := a.genesisKnown()
	if err != nil || len(g.logKeys) == 0 {
		return nil // only a hash is known: the receipt can be checked later
	}
	check := receiptCheck{genesis: g, opened: make(map[string]translog.Checkpoint)}
	for i := range results {
		d := &results[i]
		if d.Receipt == "" {
			continue
		}
		leaf := d.Leaf // of an earlier envelope of the same content
		if !d.Before {
			leaf = translog.LeafHash(d.RecordedAt, envelopes[i].Raw)
		}
		err := check.verify(d, leaf)
		if err != nil {
			return fmt.Errorf("the ledger's receipt of event %s does not verify, keep it as evidence: %w", d.EventID, err)
		}
		d.Verified = true
	}
	return nil
}

// receiptCheck verifies many receipts: those of one batch share a checkpoint,
// whose signature is checked once.
type receiptCheck struct {
	genesis
	opened map[string]translog.Checkpoint
}

func (c receiptCheck) verify(d *delivered, leaf domain.Hash) error {
	r, err := translog.ParseReceipt([]byte(d.Receipt))
	if err != nil {
		return err
	}
	if r.Index != d.Index {
		return fmt.Errorf("it is for index %d, not %d", r.Index, d.Index)
	}
	if head, ok := c.opened[string(r.Checkpoint)]; ok && r.Extra == nil {
		return translog.VerifyInclusion(r.Proof, head, r.Index, leaf)
	}
	head, err := r.Verify(leaf, c.origin, c.logKeys...)
	if err == nil {
		c.opened[string(r.Checkpoint)] = head
	}
	return c.explain(err)
}

// deliverOne posts one envelope and tells what became of it.
func (a *app) deliverOne(ctx context.Context, e *seal.Envelope) error {
	_, err := a.record(ctx, e)
	return err
}

// record is deliverOne for those who go on with what was recorded.
func (a *app) record(ctx context.Context, e *seal.Envelope) (delivered, error) {
	results, err := a.deliver(ctx, []*seal.Envelope{e}, nil)
	if err != nil {
		return delivered{}, err
	}
	d := results[0]
	if d.Refused != nil {
		return d, fmt.Errorf("%s was refused: %w%s", d.Type, d.Refused, d.contest())
	}
	return d, a.answer(d, func(w io.Writer) { d.tell(w) })
}

// contest says how a refusal can be contested.
func (d delivered) contest() string {
	if d.RefusalFile == "" {
		return ""
	}
	return "\nthe log signed this refusal, it is kept: to contest it, ledger refusal verify " + d.RefusalFile
}

func (d delivered) tell(w io.Writer) {
	how := "recorded"
	if d.Before {
		how = "recorded before"
	}
	checked := ""
	if d.Verified {
		checked = ", receipt verified"
	}
	fmt.Fprintf(w, "%s %s at index %d, %s%s\n  leaf %s\n", d.Type, how, d.Index, time.UnixMicro(d.RecordedAt).UTC().Format(time.RFC3339), checked, d.Leaf)
}
