package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/api"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// remote is a ledger over HTTP.
type remote struct {
	base  string
	token string
	http  *http.Client
}

// connect says which ledger, and as whom; it sends nothing yet.
func (a *app) connect() (*remote, error) {
	u, err := url.Parse(a.Server)
	if a.Server == "" || err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, usage("name the ledger's address: --server or LEDGER_SERVER, as https://ledger.example (got %q)", a.Server)
	}
	token := strings.TrimSpace(a.getenv("LEDGER_TOKEN"))
	if a.TokenFile != "" {
		text, err := os.ReadFile(a.TokenFile)
		if err != nil {
			return nil, usage("read the token: %w", err)
		}
		token = strings.TrimSpace(string(text))
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = 60 * time.Second
	return &remote{base: strings.TrimRight(a.Server, "/"), token: token, http: &http.Client{Transport: transport}}, nil
}

// receipt is the ledger's answer to one event.
type receipt struct {
	api.Receipt
	Replayed bool
}

// refused is a problem that the ledger answered with.
type refused api.Problem

// Error names the code, the field and what to do.
func (e *refused) Error() string {
	if e.Field != "" {
		return fmt.Sprintf("%s at %s: %s", e.Code, e.Field, e.Detail)
	}
	return e.Code + ": " + e.Detail
}

// final reports whether the same envelope would be refused again: not so when
// the ledger is busy or the token is at fault.
func (e *refused) final() bool {
	switch e.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests, http.StatusRequestTimeout:
		return false
	}
	return e.Status >= 400 && e.Status < 500
}

// do sends a request, again when the ledger is busy and says how long to wait.
func (r *remote) do(ctx context.Context, method, path, accept string, body []byte, kind string) (*http.Response, error) {
	for tries := 1; ; tries++ {
		resp, err := r.once(ctx, method, path, accept, body, kind)
		if err != nil {
			return nil, fmt.Errorf("reach the ledger: %w", err)
		}
		if resp.StatusCode < 300 {
			return resp, nil
		}
		wait, busy := retryAfter(resp)
		err = errors.Join(problemOf(resp), resp.Body.Close())
		if !busy || tries == 5 {
			return nil, err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil, err
		}
	}
}

func retryAfter(resp *http.Response) (time.Duration, bool) {
	seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	busy := resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable
	return time.Duration(min(max(seconds, 1), 30)) * time.Second, busy && err == nil
}

func (r *remote) once(ctx context.Context, method, path, accept string, body []byte, kind string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, r.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", accept)
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	return r.http.Do(req)
}

// problemOf reads the problem of an answer that is none of success.
func problemOf(resp *http.Response) error {
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return fmt.Errorf("read the ledger's answer: %w", err)
	}
	p := &refused{}
	if json.Unmarshal(text, p) != nil || p.Code == "" {
		return fmt.Errorf("%s answered %s, and that is no answer of a ledger: check --server", resp.Request.URL.Host, resp.Status)
	}
	return p
}

// get reads a JSON answer.
func (r *remote) get(ctx context.Context, path string, into any) error {
	text, err := r.read(ctx, path, "application/json")
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("read the ledger's answer to %s: %w", path, err)
	}
	return nil
}

func (r *remote) read(ctx context.Context, path, accept string) ([]byte, error) {
	resp, err := r.do(ctx, http.MethodGet, path, accept, nil, "")
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("read the ledger's answer: %w", err)
	}
	return text, nil
}

// checkpoint returns the newest signed checkpoint.
func (r *remote) checkpoint(ctx context.Context) ([]byte, error) {
	return r.read(ctx, "/v1/checkpoint", "text/plain")
}

// submit posts one envelope, and once more when the answer was lost: the
// ledger answers the same envelope with the first receipt.
func (r *remote) submit(ctx context.Context, raw []byte) (receipt, error) {
	got, err := r.submitOnce(ctx, raw)
	var no *refused
	if err == nil || errors.As(err, &no) || ctx.Err() != nil {
		return got, err
	}
	return r.submitOnce(ctx, raw)
}

func (r *remote) submitOnce(ctx context.Context, raw []byte) (receipt, error) {
	resp, err := r.do(ctx, http.MethodPost, "/v1/events", "application/json", raw, "application/jose")
	if err != nil {
		return receipt{}, err
	}
	defer resp.Body.Close()
	got := receipt{Replayed: resp.StatusCode == http.StatusOK}
	if err := json.UnmarshalRead(resp.Body, &got.Receipt); err != nil {
		return receipt{}, fmt.Errorf("read the receipt: %w", err)
	}
	return got, nil
}

const bulkSize = 2000 // envelopes in one request

// bulk posts envelopes; each gets its answer as it comes.
func (r *remote) bulk(ctx context.Context, envelopes []*seal.Envelope, each func(i int, got receipt, err error) error) error {
	for from := 0; from < len(envelopes); from += bulkSize {
		part := envelopes[from:min(from+bulkSize, len(envelopes))]
		err := r.bulkPart(ctx, part, func(i int, got receipt, err error) error { return each(from+i, got, err) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *remote) bulkPart(ctx context.Context, envelopes []*seal.Envelope, each func(int, receipt, error) error) error {
	var body bytes.Buffer
	for _, e := range envelopes {
		body.Write(e.Raw)
		body.WriteByte('\n')
	}
	resp, err := r.do(ctx, http.MethodPost, "/v1/events/bulk", "application/x-ndjson", body.Bytes(), "application/x-ndjson")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	n := 0
	for line, err := range lines(resp.Body) {
		var item api.BulkResult
		if err == nil {
			err = json.Unmarshal(line, &item)
		}
		if err != nil {
			return fmt.Errorf("the answer broke off after %d of %d events: %w", n, len(envelopes), err)
		}
		if n++; item.Item != n || n > len(envelopes) {
			return fmt.Errorf("the ledger answered item %d where %d was due", item.Item, n)
		}
		if err := each(n-1, bulkReceipt(item), bulkError(item)); err != nil {
			return err
		}
	}
	if n < len(envelopes) {
		return fmt.Errorf("the answer broke off after %d of %d events", n, len(envelopes))
	}
	return nil
}

func bulkReceipt(item api.BulkResult) receipt {
	if item.Receipt == nil {
		return receipt{}
	}
	return receipt{Receipt: *item.Receipt, Replayed: item.Status == http.StatusOK}
}

func bulkError(item api.BulkResult) error {
	switch {
	case item.Problem != nil:
		return (*refused)(item.Problem)
	case item.Receipt == nil:
		return fmt.Errorf("item %d has neither receipt nor problem", item.Item)
	}
	return nil
}

// lines yields the lines of a stream.
func lines(r io.Reader) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		s := bufio.NewScanner(r)
		s.Buffer(make([]byte, 64<<10), 1<<20)
		for s.Scan() {
			if !yield(s.Bytes(), nil) {
				return
			}
		}
		if err := s.Err(); err != nil {
			yield(nil, err)
		}
	}
}

// leaf is a recorded envelope as the API streams it.
type leaf struct {
	Index      uint64 `json:"index"`
	RecordedAt int64  `json:"recorded_at"`
	Envelope   string `json:"envelope"`
}

// leaves streams the journal from an index to the head.
func (r *remote) leaves(ctx context.Context, from uint64) iter.Seq2[archive.Leaf, error] {
	return func(yield func(archive.Leaf, error) bool) {
		resp, err := r.do(ctx, http.MethodGet, "/v1/events?from="+strconv.FormatUint(from, 10), "application/x-ndjson", nil, "")
		if err != nil {
			yield(archive.Leaf{}, err)
			return
		}
		defer resp.Body.Close()
		for line, err := range lines(resp.Body) {
			var l leaf
			if err == nil {
				err = json.Unmarshal(line, &l)
			}
			if !yield(archive.Leaf{Index: l.Index, RecordedAt: l.RecordedAt, Envelope: []byte(l.Envelope)}, err) || err != nil {
				return
			}
		}
	}
}
