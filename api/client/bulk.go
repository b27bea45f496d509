package client

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"

	"github.com/go-json-experiment/json"
)

// Result is the answer to one envelope of a bulk: a receipt, or a problem.
type Result struct {
	Item    int      `json:"item"` // place in the bulk, from 1
	Status  int      `json:"status"`
	Receipt *Receipt `json:"receipt,omitempty"`
	Problem *Error   `json:"problem,omitempty"`
}

// Err returns the problem as an error, or nil.
func (r Result) Err() error {
	if r.Problem == nil {
		return nil
	}
	return r.Problem
}

// ErrBulkCut says that a bulk's answer ended before its last result: submit
// all again, what is recorded answers with its first receipt.
var ErrBulkCut = errors.New("the bulk broke off before its last result: send all of it again")

// Bulk posts envelopes as they come and calls each for every result, in the
// same order, while it is still sending. It returns ErrBulkCut (wrapped) if
// fewer results came than envelopes were sent, or an error of the source.
func (c *Client) Bulk(ctx context.Context, envelopes iter.Seq2[[]byte, error], each func(Result)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	body, in := io.Pipe()
	sent := make(chan sending, 1)
	go func() { sent <- send(in, envelopes) }()
	res, err := c.call(ctx, http.MethodPost, "/v1/events/bulk", body, "Content-Type", "application/x-ndjson")
	if err != nil {
		_ = body.CloseWithError(err)
		<-sent
		return err
	}
	defer res.Body.Close()
	got, err := results(res.Body, each)
	_ = body.CloseWithError(io.ErrClosedPipe) // nothing more is read
	s := <-sent
	switch {
	case s.err != nil:
		return s.err
	case err != nil:
		return fmt.Errorf("%w: %w", ErrBulkCut, err)
	case got < s.n || s.cut:
		return fmt.Errorf("%d results for %d envelopes: %w", got, s.n, ErrBulkCut)
	}
	return nil
}

// sending is how far the source got.
type sending struct {
	n   int
	cut bool  // the server stopped reading
	err error // of the source
}

func send(in *io.PipeWriter, envelopes iter.Seq2[[]byte, error]) (s sending) {
	defer func() { _ = in.CloseWithError(s.err) }() // nil ends the body
	for e, err := range envelopes {
		if err != nil {
			s.err = err
			return s
		}
		if _, err := in.Write(append(e[:len(e):len(e)], '\n')); err != nil {
			s.cut = true
			return s
		}
		s.n++
	}
	return s
}

func results(body io.Reader, each func(Result)) (int, error) {
	n := 0
	for line, err := range linesOf(body) {
		if err != nil {
			return n, err
		}
		var r Result
		if err := json.Unmarshal(line, &r); err != nil {
			return n, fmt.Errorf("result %d: %w", n+1, err)
		}
		if r.Receipt != nil {
			r.Receipt.Replayed = r.Status == http.StatusOK
		}
		n++
		each(r)
	}
	return n, nil
}

// linesOf yields whole lines; a line without end is an error.
func linesOf(body io.Reader) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		in := bufio.NewReaderSize(body, maxLine)
		for {
			line, err := in.ReadSlice('\n')
			if errors.Is(err, io.EOF) && len(line) == 0 {
				return
			}
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			if !yield(line, err) || err != nil {
				return
			}
		}
	}
}
