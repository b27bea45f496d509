// Package client calls a ledger's HTTP API. The ledger's own tools use it, and
// programs of members may.
//
//	c, err := client.New("https://ledger.example", token, nil)
//	receipt, err := c.Submit(ctx, envelope)
//
// A failed call returns an *[Error] whose Code is a stable name to branch on.
// An answer that was lost (a network error, a 5xx) leaves open whether an event
// was recorded: keep the envelope and submit the same bytes again, which gives
// the first receipt if it was.
package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Limits on what is read from a server, in bytes.
const (
	maxAnswer  = 64 << 20
	maxProblem = 1 << 20
	maxLine    = 4 << 20
)

// Client calls one ledger with one token. It may be used by many goroutines.
type Client struct {
	base  *url.URL
	token string
	http  *http.Client
}

// New returns a client. The token may be empty for public paths. A nil
// http.Client means one without an overall timeout, because streams are long:
// bound each call by its context.
func New(baseURL, token string, h *http.Client) (*Client, error) {
	u, err := url.Parse(baseURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%q is no ledger address: write it as https://ledger.example", baseURL)
	}
	if h == nil {
		h = &http.Client{}
	}
	u.Path = strings.TrimSuffix(u.Path, "/")
	return &Client{base: u, token: token, http: h}, nil
}

// Error is a problem that the ledger answered with (RFC 9457).
type Error struct {
	Status   int    `json:"status"`
	Code     string `json:"code"`   // stable: branch on it
	Detail   string `json:"detail"` // what to do, for people
	Instance string `json:"instance,omitempty"`
	Rule     string `json:"rule,omitempty"`            // that refused an event
	Field    string `json:"field,omitempty"`           // where
	Refusal  string `json:"refusal,omitempty"`         // signed by the log
	Envelope string `json:"envelope_sha256,omitempty"` // that was refused
}

// Error returns the code, the field and the detail.
func (e *Error) Error() string {
	if e.Field == "" {
		return e.Code + ": " + e.Detail
	}
	return e.Code + " at " + e.Field + ": " + e.Detail
}

// Temporary reports whether the same call may succeed later unchanged.
func (e *Error) Temporary() bool {
	return e.Status == http.StatusTooManyRequests || e.Status >= 500 || e.Status == http.StatusRequestTimeout
}

// Receipt is the proof that an event is recorded.
type Receipt struct {
	Index      uint64      `json:"index"`
	Leaf       domain.Hash `json:"leaf"`
	RecordedAt int64       `json:"recorded_at"` // microseconds since 1970, UTC
	Proof      string      `json:"receipt"`     // C2SP tlog-proof text
	Effective  bool        `json:"effective"`   // the ledger says that its witnesses stand behind it: verify that
	Replayed   bool        `json:"-"`           // it had been recorded before
}

// Submit posts one envelope. Submitting it again is safe.
func (c *Client) Submit(ctx context.Context, envelope []byte) (Receipt, error) {
	res, err := c.call(ctx, http.MethodPost, "/v1/events", bytes.NewReader(envelope), "Content-Type", "application/jose")
	if err != nil {
		return Receipt{}, err
	}
	defer res.Body.Close()
	r := Receipt{Replayed: res.StatusCode == http.StatusOK}
	return r, decode(res.Body, &r)
}

// Get reads a path with its query ("/v1/countries/JP/compliance?on=2017-06-05")
// and decodes the JSON into a value; into a *[]byte goes the text as it is.
func (c *Client) Get(ctx context.Context, path string, into any) error {
	res, err := c.call(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if raw, ok := into.(*[]byte); ok {
		*raw, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer))
		return err
	}
	return decode(res.Body, into)
}

// Page returns an answer as a page in HTML, for what has one.
func (c *Client) Page(ctx context.Context, path string) ([]byte, error) {
	res, err := c.call(ctx, http.MethodGet, path, nil, "Accept", "text/html")
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if mediaType, _, err := mime.ParseMediaType(res.Header.Get("Content-Type")); err != nil || mediaType != "text/html" {
		return nil, fmt.Errorf("%s has no page: the ledger answered with %q", path, res.Header.Get("Content-Type"))
	}
	return io.ReadAll(io.LimitReader(res.Body, maxAnswer))
}

// Checkpoint returns the newest signed checkpoint, a note. It is not verified.
func (c *Client) Checkpoint(ctx context.Context) ([]byte, error) {
	var note []byte
	err := c.Get(ctx, "/v1/checkpoint", &note)
	return note, err
}

// Digests asks for the log's signed word on its views: after size events, or of
// now when size is 0. The caller verifies it.
func (c *Client) Digests(ctx context.Context, size uint64) ([]byte, error) {
	path := "/v1/digests"
	if size > 0 {
		path = fmt.Sprintf("%s?index=%d", path, size)
	}
	var note []byte
	err := c.Get(ctx, path, &note)
	return note, err
}

// Receipt asks for a receipt of a recorded event under the newest checkpoint.
func (c *Client) Receipt(ctx context.Context, index uint64) (Receipt, error) {
	var r Receipt
	err := c.Get(ctx, fmt.Sprintf("/v1/events/%d/receipt", index), &r)
	return r, err
}

// ReceiptWithin asks for a receipt that the policy's witnesses stand behind, and
// waits for one as long as the ledger lets it (Prefer: wait); after that it
// returns what there is.
func (c *Client) ReceiptWithin(ctx context.Context, index uint64, wait time.Duration) (Receipt, error) {
	var r Receipt
	res, err := c.call(ctx, http.MethodGet, fmt.Sprintf("/v1/events/%d/receipt", index), nil, "Prefer", fmt.Sprintf("wait=%d", int(wait.Seconds())))
	if err != nil {
		return r, err
	}
	defer res.Body.Close()
	return r, decode(res.Body, &r)
}

// call sends a request and returns an answer of 2xx, whose body the caller
// closes. Any other answer is an *Error.
func (c *Client) call(ctx context.Context, method, path string, body io.Reader, headers ...string) (*http.Response, error) {
	ref, err := url.Parse(path)
	if err != nil || ref.Host != "" || ref.Scheme != "" || !strings.HasPrefix(path, "/") {
		return nil, fmt.Errorf("%q is no path of the ledger: begin it with one slash", path)
	}
	u := *c.base
	u.Path, u.RawPath, u.RawQuery = c.base.Path+ref.Path, "", ref.RawQuery
	if ref.RawPath != "" {
		u.RawPath = c.base.EscapedPath() + ref.RawPath
	}
	r, err := http.NewRequestWithContext(ctx, method, u.String(), body)
	if err != nil {
		return nil, err
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := c.http.Do(r)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, ref.Path, err)
	}
	if res.StatusCode/100 != 2 {
		defer res.Body.Close()
		return nil, problem(res)
	}
	return res, nil
}

func problem(res *http.Response) error {
	text, err := io.ReadAll(io.LimitReader(res.Body, maxProblem))
	mediaType, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	p := &Error{}
	if err == nil && mediaType == "application/problem+json" && json.Unmarshal(text, p) == nil && p.Code != "" {
		p.Status = res.StatusCode
		return p
	}
	return &Error{
		Status: res.StatusCode, Code: "client.unexpected_answer",
		Detail: fmt.Sprintf("the server answered %d without saying why: check that this is a ledger's address", res.StatusCode),
	}
}

func decode(body io.Reader, into any) error {
	text, err := io.ReadAll(io.LimitReader(body, maxAnswer+1))
	if err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	if len(text) > maxAnswer {
		return errors.New("the answer is larger than 64 MiB: ask for a page")
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("the answer is not what this client expects: %w", err)
	}
	return nil
}
