package witness

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// maxTries is how often a witness is asked in one round: it may stand elsewhere
// than was known, and be moved meanwhile.
const maxTries = 3

// question is one witness asked in one round.
type question struct {
	g        *Gatherer
	witness  Witness
	peer     peer
	standing *standing
	turn     uint64
	log      []note.Verifier
	head     translog.Checkpoint
	text     []byte
	tree     Tree
	report   Report
}

// reply is what came of it.
type reply struct {
	i             int
	report        Report
	line          *translog.SignatureLine
	contradiction *Contradiction
}

func (q *question) ask(ctx context.Context, i int) reply {
	begun := q.g.clock()
	out := reply{i: i}
	out.line, out.contradiction = q.put(ctx)
	if q.report.Outcome != OutcomeSlow {
		q.report.Took = max(q.g.clock().Sub(begun), time.Nanosecond)
	}
	out.report = q.report
	return out
}

// put waits until the witness is free and asks it.
func (q *question) put(ctx context.Context) (*translog.SignatureLine, *Contradiction) {
	if q.witness.URL == "" {
		return q.fail(OutcomeDown, errors.New("the policy gives no address for it"))
	}
	select {
	case q.standing.busy <- struct{}{}:
		defer func() { <-q.standing.busy }()
	case <-ctx.Done():
		return q.fail(OutcomeSlow, errors.New("it is still busy with an earlier round"))
	}
	old, replaced := q.from()
	if replaced {
		return q.fail(OutcomeSlow, errors.New("a newer checkpoint waits for it"))
	}
	for range maxTries {
		line, err := q.send(ctx, old)
		var at *stands
		if !errors.As(err, &at) {
			return q.settle(ctx, line, err)
		}
		q.stands(at.size)
		if at.size > q.head.Size {
			return q.dispute(ctx, OutcomeAhead, err)
		}
		old = at.size
	}
	return q.fail(OutcomeBehind, errors.New("it named another size each time"))
}

// from is the size to begin with, and whether a newer round wants the witness.
func (q *question) from() (old uint64, replaced bool) {
	q.g.mu.Lock()
	defer q.g.mu.Unlock()
	return min(q.standing.size, q.head.Size), q.standing.turn != q.turn
}

// stands notes at which size the witness is.
func (q *question) stands(size uint64) {
	q.g.mu.Lock()
	defer q.g.mu.Unlock()
	q.report.Restored = q.report.Restored || size < q.standing.size
	q.report.Size, q.standing.size = size, size
}

var errAbsent = errors.New("no cosignature")

// errProve says that our own tree did not yield a proof.
var errProve = errors.New("no consistency proof could be made")

// send asks once, with a proof from old.
func (q *question) send(ctx context.Context, old uint64) (*translog.SignatureLine, error) {
	r := request{old: old, checkpoint: q.text}
	var err error
	if old > 0 && old < q.head.Size {
		if r.proof, err = q.tree.Consistency(old, q.head.Size); err != nil {
			return nil, fmt.Errorf("%w: %w", errProve, err)
		}
	}
	lines, err := q.peer.add(ctx, r)
	if err != nil {
		return nil, err
	}
	text, _, err := translog.SplitNote(q.text)
	if err != nil {
		return nil, err
	}
	by, err := q.witness.latest(text, lines)
	if err == nil && by == nil {
		err = fmt.Errorf("%w: it answered without the cosignature of %s", errAbsent, q.witness.Key)
	}
	if err != nil {
		return nil, err
	}
	q.report.Time = by.Time
	return &by.line, nil
}

// settle words the end of the asking.
func (q *question) settle(ctx context.Context, line *translog.SignatureLine, err error) (*translog.SignatureLine, *Contradiction) {
	var s *status
	switch {
	case err == nil:
		q.stands(q.head.Size)
		q.report.Outcome = OutcomeCosigned
		return line, nil
	case ctx.Err() != nil:
		return q.fail(OutcomeSlow, errors.New("it did not answer in time"))
	case errors.Is(err, errProve):
		return q.fail(OutcomeBehind, err)
	case errors.As(err, &s) && (s.code == http.StatusConflict || s.code == http.StatusUnprocessableEntity):
		return q.dispute(ctx, OutcomeRefused, err)
	case errors.As(err, &s) && s.code < 500, errors.Is(err, translog.ErrMalformed), errors.Is(err, translog.ErrSignature), errors.Is(err, errAbsent):
		return q.fail(OutcomeRefused, err)
	}
	return q.fail(OutcomeDown, err)
}

// dispute looks at what the witness holds against our checkpoint.
func (q *question) dispute(ctx context.Context, otherwise Outcome, cause error) (*translog.SignatureLine, *Contradiction) {
	c, err := q.examine(ctx)
	if c == nil {
		return q.fail(otherwise, errors.Join(cause, err))
	}
	q.report.Outcome, q.report.Err = OutcomeDisagrees, c
	return nil, c
}

func (q *question) fail(o Outcome, err error) (*translog.SignatureLine, *Contradiction) {
	q.report.Outcome, q.report.Err = o, err
	return nil, nil
}
