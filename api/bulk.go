package api

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/api/internal/gen"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// BulkResult is the answer to one item of a bulk: a receipt or a problem.
type BulkResult struct {
	Item    int      `json:"item"` // place in the body, from 1
	Status  int      `json:"status"`
	Receipt *Receipt `json:"receipt,omitempty"`
	Problem *Problem `json:"problem,omitempty"`
}

// bulkItem is one line on its way.
type bulkItem struct {
	n       int
	raw     []byte
	crowded bool // submitted while earlier items were under way
	receipt ledger.Receipt
	err     error
	done    chan struct{}
}

// bulk is one bulk request under way: one goroutine reads and submits, the
// handler's writes results in order.
type bulk struct {
	*Server
	items   chan *bulkItem
	flying  sync.WaitGroup
	runType string // of the run under way; "" when the next item must wait for it
	since   int    // items submitted since the last barrier
}

// PostEvents records a stream of envelopes and streams the results.
func (h handlers) PostEvents(ctx context.Context, in gen.PostEventsRequestObject) (gen.PostEventsResponseObject, error) {
	ctx, end, err := h.streams.begin(ctx, callOf(ctx).claims.Subject)
	if err != nil {
		return nil, err
	}
	return reply(func(w http.ResponseWriter) error {
		defer end()
		ctl := http.NewResponseController(w)
		_ = ctl.EnableFullDuplex() // results go out while the body comes in
		b := &bulk{Server: h.Server, items: make(chan *bulkItem, h.limits.BulkInFlight)}
		body := &patientReader{over: ctx.Err, r: http.MaxBytesReader(innermost(w), io.NopCloser(in.Body), h.limits.BulkBytes), ctl: ctl, clock: h.cfg.Clock, each: h.limits.StreamRead}
		w.Header().Set("Content-Type", "application/x-ndjson")
		w.Header().Set("Cache-Control", "no-store")
		defer context.AfterFunc(ctx, func() { _ = ctl.SetReadDeadline(time.Unix(1, 0)) })()
		go b.read(ctx, body)
		err := b.answer(ctx, h.streamWriter(w))
		if err != nil {
			end() // the caller is gone: stop reading, let what was submitted finish
		}
		for it := range b.items {
			<-it.done
		}
		return err
	}), nil
}

// innermost returns the server's own writer, which lingers on close when told
// that a body was too large: the caller then reads the answer, not a reset.
func innermost(w http.ResponseWriter) http.ResponseWriter {
	for {
		outer, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return w
		}
		w = outer.Unwrap()
	}
}

// answer writes one result a line until the items end.
func (b *bulk) answer(ctx context.Context, w *writer) error {
	out := bufio.NewWriterSize(w, 32<<10)
	for it := range b.items {
		<-it.done
		if refusedInCrowd(it) {
			// Earlier items may have been the reason, and they are settled now.
			it.receipt, it.err = b.submit(ctx, it.raw)
		}
		line, err := encode(b.result(ctx, it))
		if err != nil {
			return err
		}
		if _, err := out.Write(append(line, '\n')); err != nil {
			return err
		}
		if len(b.items) > 0 {
			continue
		}
		if err := errors.Join(out.Flush(), w.flush()); err != nil {
			return err
		}
	}
	return out.Flush()
}

func refusedInCrowd(it *bulkItem) bool {
	var p *Problem
	return it.crowded && errors.As(it.err, &p) && p.Rule != ""
}

func (b *bulk) result(ctx context.Context, it *bulkItem) BulkResult {
	if it.err != nil {
		p := *explain(it.err)
		p.Instance = callOf(ctx).id
		if p.Code == codeInternal {
			b.log.Error("internal error", "id", p.Instance, "item", it.n, "cause", it.err)
		}
		return BulkResult{Item: it.n, Status: p.Status, Problem: &p}
	}
	status, r := http.StatusCreated, receiptOf(it.receipt, false)
	if it.receipt.Replayed {
		status = http.StatusOK
	}
	return BulkResult{Item: it.n, Status: status, Receipt: &r}
}

// read takes lines from the body and submits them. It closes items.
func (b *bulk) read(ctx context.Context, body io.Reader) {
	defer close(b.items)
	defer b.flying.Wait()
	lines := bufio.NewReaderSize(body, maxBulkLine)
	for n := 1; ; {
		line, err := readLine(lines)
		last := err != nil && !errors.Is(err, errLineTooLong)
		blank := len(bytes.TrimSpace(line)) == 0
		if blank && (errors.Is(err, io.EOF) || errors.Is(err, errCut)) {
			return
		}
		if !blank || err != nil {
			it := &bulkItem{n: n, done: make(chan struct{})}
			n++
			it.raw, it.err = envelopeOf(line, err)
			b.take(ctx, it)
		}
		if last {
			return
		}
	}
}

// take puts an item in order and submits it: together with its run where
// order cannot matter, otherwise after everything before it.
func (b *bulk) take(ctx context.Context, it *bulkItem) {
	if run := runOf(it); run == "" || run != b.runType {
		b.flying.Wait()
		b.since, b.runType = 0, run
	}
	it.crowded = b.since > 0
	b.since++
	b.items <- it // the handler takes all, whatever happens
	if it.err != nil {
		close(it.done)
		return
	}
	b.flying.Go(func() {
		defer close(it.done)
		it.receipt, it.err = b.submit(ctx, it.raw)
	})
}

// runOf returns the event type if neighbours of that type may be recorded in
// any order, and "" otherwise.
func runOf(it *bulkItem) string {
	if it.err != nil {
		return ""
	}
	e, err := seal.Parse(it.raw)
	if err != nil {
		return ""
	}
	switch e.Header.Type {
	case "designation.adopted", "designation.transposed", "enforcement.action_taken", "asset.frozen",
		"interdiction.executed", "subject.linked", "agency.registered", "key.registered", "member.accepted":
		return e.Header.Type
	}
	return ""
}

const maxBulkLine = 128 << 10

var (
	errLineTooLong = errors.New("line too long")
	errCut         = errors.New("line without end")
)

// readLine returns a line without its end. A line that is cut off by the end
// of the body comes with errCut, a longer one than can be with errLineTooLong;
// any other error is the body's.
func readLine(r *bufio.Reader) ([]byte, error) {
	line, err := r.ReadSlice('\n')
	switch {
	case err == nil:
		return bytes.Clone(bytes.TrimSuffix(line[:len(line)-1], []byte{'\r'})), nil
	case errors.Is(err, bufio.ErrBufferFull):
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = r.ReadSlice('\n')
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		return nil, errLineTooLong
	case errors.Is(err, io.EOF) && len(line) > 0:
		return bytes.Clone(line), errCut
	}
	return nil, err
}

// envelopeOf takes the envelope out of a line: bare, or as {"envelope":"…"}.
// A last line without line end is taken if it is whole.
func envelopeOf(line []byte, err error) ([]byte, error) {
	cut := errors.Is(err, errCut)
	switch {
	case errors.Is(err, errLineTooLong):
		return nil, problem(http.StatusRequestEntityTooLarge, "bulk.line_too_long", "this line is longer than an envelope can be: end each envelope with a line feed")
	case err != nil && !cut:
		return nil, readProblem(err)
	}
	raw := line
	if line[0] == '{' {
		var in struct {
			Envelope string `json:"envelope"`
		}
		if json.Unmarshal(line, &in, json.RejectUnknownMembers(true)) != nil && !cut {
			return nil, problem(http.StatusBadRequest, "bulk.line", `this line is neither {"envelope":"…"} nor a compact JWS: write one of them a line`)
		}
		raw = []byte(in.Envelope)
	}
	if _, err := seal.Parse(raw); cut && err != nil {
		return nil, problem(http.StatusBadRequest, "bulk.truncated", "the body ends within this line: it was not recorded; send all again, what is recorded gets its first receipt")
	}
	return raw, nil
}

func readProblem(err error) error {
	if p := explainRead(err); p != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return p
	}
	return problem(http.StatusBadRequest, "bulk.truncated", "the body broke off here: send all again, what is recorded gets its first receipt")
}

// patientReader gives each read of a long body its own deadline: a slow
// caller is cut off, a long upload is not.
type patientReader struct {
	over  func() error // nil while the request lives
	r     io.Reader
	ctl   *http.ResponseController
	clock func() time.Time
	each  time.Duration
}

func (p *patientReader) Read(b []byte) (int, error) {
	if err := p.over(); err != nil {
		return 0, err
	}
	_ = p.ctl.SetReadDeadline(p.clock().Add(p.each)) // a recorder in a test has none
	return p.r.Read(b)
}
