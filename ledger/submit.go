package ledger

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// item is one submission on its way through the sequencer.
type item struct {
	envelope *seal.Envelope
	event    domain.Event
	verified bool        // the signature verifies under the key that kid names
	hash     domain.Hash // of the envelope
	decided  uint64      // events before it when it was decided
	index    uint64      // where it was, or had been, recorded
	leaf     domain.Hash
	at       int64 // recorded, microseconds
	replayed bool  // the same content had been recorded before
	reused   bool  // other content had been recorded under its id
	refusal  *domain.Refusal
	signed   []byte // the refusal, if another replica signed it
	afar     bool   // another replica decided it
	err      error
	size     uint64 // of the tree when this was decided
	text     []byte // checkpoint of that size
	done     chan struct{}
}

// Submit records one envelope (JWS compact serialization) and returns its
// receipt. It fails with [*seal.Error] for malformed bytes, [*Refused] for an
// inadmissible event, [ErrNotReady], [ErrClosed], or the context's error. After
// ErrNotReady and after the context's error the outcome is unknown; the same
// envelope may always be submitted again.
func (l *Ledger) Submit(ctx context.Context, raw []byte) (Receipt, error) {
	l.open.RLock() // Close waits: an answer needs the tree's hashes
	defer l.open.RUnlock()
	r, sent, err := l.submit(ctx, raw)
	if sent && errors.Is(err, ErrClosed) {
		err = fmt.Errorf("%w: outcome unknown: submit it again: %w", ErrNotReady, err)
	}
	return r, err
}

// submit reports as well whether the event may be recorded although this ledger
// closed: another replica had it, or an earlier attempt came to no decision.
func (l *Ledger) submit(ctx context.Context, raw []byte) (r Receipt, sent bool, err error) {
	it, err := l.prepare(ctx, raw, false)
	for try := 0; err == nil && !it.replayed; try++ {
		to := l.queue
		if !l.Leading() {
			to = l.outbox
		}
		sent = sent || try > 0 || to == l.outbox
		if err = l.pass(ctx, it, to); !errors.Is(err, errMoved) {
			break
		}
		it, err = l.again(ctx, it, try)
	}
	if err == nil {
		r, err = l.answer(ctx, it)
	}
	return r, sent, err
}

// pass hands an item on and waits until it is decided.
func (l *Ledger) pass(ctx context.Context, it *item, to chan<- *item) error {
	select {
	case <-l.stop:
		return ErrClosed
	default:
	}
	select {
	case to <- it:
	case <-ctx.Done():
		return fmt.Errorf("submit, this attempt recorded nothing: %w", ctx.Err())
	case <-l.stop:
		return ErrClosed
	}
	select {
	case <-it.done:
		return it.err
	case <-l.ended:
		return it.atEnd()
	case <-ctx.Done():
		return fmt.Errorf("submit, outcome unknown: %w", ctx.Err())
	}
}

// mostTries bounds how often a submission is decided anew, which takes about
// five seconds.
const mostTries = 24

// again prepares an item for another decision, once the right to order events
// has moved or a moment has passed. By then it may be recorded.
func (l *Ledger) again(ctx context.Context, it *item, try int) (*item, error) {
	if err := l.Ready(); err != nil {
		return nil, err
	}
	if try == mostTries {
		return nil, fmt.Errorf("%w: no replica could record the event, outcome unknown: submit it again: %w", ErrNotReady, it.err)
	}
	l.mu.RLock()
	turned := l.replica.turned
	l.mu.RUnlock()
	select {
	case <-turned:
	case <-time.After(min(10*time.Millisecond<<min(try, 5), 250*time.Millisecond)):
	case <-ctx.Done():
		return nil, fmt.Errorf("submit, outcome unknown: %w", ctx.Err())
	case <-l.stop:
		return nil, ErrClosed
	}
	next := &item{envelope: it.envelope, event: it.event, verified: it.verified, hash: it.hash, done: make(chan struct{})}
	return next, l.recall(ctx, next)
}

// move sends an item through the front door again.
func (it *item) move() { it.settle(errMoved) }

func (it *item) settle(err error) {
	it.err = err
	close(it.done)
}

// withhold answers an item while nothing can be recorded.
func (it *item) withhold() {
	switch {
	case it.err != nil:
	case it.refusal != nil:
		it.err = fmt.Errorf("%w: this event does not change that: %w", ErrNotReady, it.refusal)
	default:
		it.err = ErrNotReady
	}
	close(it.done)
}

// atEnd answers an item that met the closing ledger: what was settled has its
// answer, what the sequencer never took is not recorded.
func (it *item) atEnd() error {
	select {
	case <-it.done:
		return it.err
	default:
		return ErrClosed
	}
}

// prepare parses, decodes and verifies: the part that runs on all cores.
// trusted says that another replica has verified the signature.
func (l *Ledger) prepare(ctx context.Context, raw []byte, trusted bool) (*item, error) {
	e, err := seal.Parse(raw)
	if err != nil {
		return nil, errors.Join(l.Ready(), err)
	}
	if err := l.Ready(); err != nil && (e.Header.Type != voidedType || !l.onlyHeld()) {
		return nil, err
	}
	it := &item{envelope: e, hash: e.Hash(), done: make(chan struct{})}
	var refusal *domain.Refusal
	if it.event, refusal = domain.Decode(e.Header, e.Payload); refusal == nil {
		if err := l.awaitAnchor(ctx, it.event); err != nil {
			return nil, err
		}
		refusal = l.checkAnchor(it.event, l.tree.Size(), nil)
	}
	if refusal != nil {
		return nil, l.refused(it.hash, l.Size(), refusal)
	}
	var key domain.KeyRecord
	l.View(func(s *domain.State) { key, it.verified = s.Key(e.Header.KeyID) })
	if !it.verified {
		return it, nil // the sequencer tries again: the key may be in flight
	}
	if !trusted {
		if refusal := checkSignature(e, key.Key); refusal != nil {
			return nil, l.refused(it.hash, l.Size(), refusal)
		}
	}
	return it, l.recall(ctx, it)
}

const voidedType = "journal.voided"

// onlyHeld reports whether nothing but an inadmissible record stops the ledger.
func (l *Ledger) onlyHeld() bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.rogue != nil && l.failure == nil && l.replica.away == nil
}

// awaitAnchor waits until this replica has seen as much as the signer had. An
// anchor beyond the journal is not waited for: checkAnchor refuses it.
func (l *Ledger) awaitAnchor(ctx context.Context, e domain.Event) error {
	digits, _, _ := strings.Cut(e.Anchor, ":")
	size, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || !l.shared() || size <= l.tree.Size() {
		return nil
	}
	stored, err := l.cfg.Store.Next(ctx, eventstore.Journal)
	if err != nil || stored < size {
		return err
	}
	if err := l.commits(ctx, size); err != nil {
		return fmt.Errorf("submit, the signer had seen a checkpoint of %d events: %w", size, err)
	}
	return nil
}

// checkAnchor refuses an event whose signer had seen another history: its
// anchor is not the root of the tree at a size before the event. above are
// leaves that the tree does not have yet.
func (l *Ledger) checkAnchor(e domain.Event, index uint64, above []domain.Hash) *domain.Refusal {
	if e.Anchor == "" {
		return nil
	}
	digits, root, _ := strings.Cut(e.Anchor, ":")
	size, err := strconv.ParseUint(digits, 10, 64)
	if err == nil && 0 < size && size <= index {
		if have, err := l.rootAt(size, above); err != nil || have.String() == root {
			return nil
		}
	}
	return &domain.Refusal{Rule: "envelope.anchor", Message: fmt.Sprintf("the signer had verified the checkpoint %s, which this ledger never signed: keep that checkpoint, it proves that somebody shows two histories, and sign again with one of this ledger", e.Anchor)}
}

// rootAt is the root of the tree at a size, which may reach into the leaves
// above it.
func (l *Ledger) rootAt(size uint64, above []domain.Hash) (domain.Hash, error) {
	have := l.tree.Size()
	if size <= have {
		return l.tree.RootAt(size)
	}
	if size-have > uint64(len(above)) {
		return domain.Hash{}, fmt.Errorf("root of size %d: the tree has %d leaves", size, have)
	}
	staged, err := l.tree.Stage(above[:size-have])
	if err != nil {
		return domain.Hash{}, err
	}
	return staged.Root(), nil
}

func checkSignature(e *seal.Envelope, key domain.PublicKey) *domain.Refusal {
	err := e.Verify(key)
	if err == nil {
		return nil
	}
	var se *seal.Error
	if errors.As(err, &se) {
		return &domain.Refusal{Rule: se.Code, Message: se.Message}
	}
	return &domain.Refusal{Rule: "envelope.signature", Message: err.Error()}
}

// refused signs a refusal, at the size of the tree that it was decided on: a
// court that runs the rules on that journal comes to the same answer.
func (l *Ledger) refused(envelope domain.Hash, size uint64, r *domain.Refusal) error {
	root, err := l.tree.RootAt(size)
	if err != nil {
		return fmt.Errorf("sign refusal %s: %w", r.Rule, err)
	}
	signed, err := translog.SignRefusal(translog.Refusal{
		Origin: l.cfg.Signer.Name(), Envelope: envelope, Size: size, Root: root, Rule: r.Rule,
	}, l.cfg.Signer)
	if err != nil {
		return fmt.Errorf("sign refusal %s: %w", r.Rule, err)
	}
	return &Refused{Refusal: *r, Signed: signed}
}

func (l *Ledger) answer(ctx context.Context, it *item) (Receipt, error) {
	switch {
	case it.signed != nil:
		return Receipt{}, &Refused{Refusal: *it.refusal, Signed: it.signed}
	case it.refusal != nil:
		return Receipt{}, l.refused(it.hash, it.decided, it.refusal)
	case it.afar:
		if err := l.await(ctx, it); err != nil {
			return Receipt{}, err
		}
	}
	if it.replayed {
		r, err := l.Receipt(ctx, it.index)
		r.Replayed = true
		return r, err
	}
	return l.receipt(it.size, it.text, Leaf{Index: it.index, Hash: it.leaf, RecordedAt: it.at})
}

// Receipt returns a receipt for a recorded event under the newest checkpoint.
func (l *Ledger) Receipt(ctx context.Context, index uint64) (Receipt, error) {
	leaf, err := l.Leaf(ctx, index)
	if err != nil {
		return Receipt{}, err
	}
	l.mu.RLock()
	size, text := l.state.Next(), l.checkpoint
	l.mu.RUnlock()
	return l.receipt(size, text, leaf)
}
