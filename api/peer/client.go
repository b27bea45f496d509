package peer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coalition-ledger/coalition-ledger/ledger"
)

// timeout is for one request, until the holder has recorded the batch.
const timeout = 15 * time.Second

// Client calls other replicas. It is a ledger.Peers, for any goroutine.
type Client struct {
	key   Key
	clock func() time.Time
	http  *http.Client
}

var _ ledger.Peers = (*Client)(nil)

// NewClient returns a client that signs with the log key. Connections are kept
// open between calls; Close ends them.
func NewClient(key Key, clock func() time.Time) *Client {
	return &Client{key: key, clock: clock, http: &http.Client{
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:         (&net.Dialer{Timeout: 2 * time.Second}).DialContext,
			TLSHandshakeTimeout: 5 * time.Second,
			MaxIdleConnsPerHost: 8,
			IdleConnTimeout:     time.Minute,
			DisableCompression:  true,
		},
	}}
}

// Close ends the connections that are kept open.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Forward hands submissions to the replica at holder and returns one outcome
// for each, in order. After an error it is unknown what became of them.
func (c *Client) Forward(ctx context.Context, holder string, items []ledger.Forwarded) ([]ledger.Outcome, error) {
	if err := CheckAddress(holder); err != nil {
		return nil, fmt.Errorf("forward %d events to the replica that orders them: %w", len(items), err)
	}
	body, err := encodeItems(items)
	if err != nil {
		return nil, err
	}
	text, err := c.post(ctx, PathTake, holder, body)
	if err != nil {
		return nil, fmt.Errorf("forward %d events to the replica at %s: %w", len(items), holder, err)
	}
	outcomes, err := decodeOutcomes(text)
	if err == nil && len(outcomes) != len(items) {
		err = fmt.Errorf("%d outcomes for %d events", len(outcomes), len(items))
	}
	if err != nil {
		return nil, fmt.Errorf("answer of the replica at %s: %w", holder, err)
	}
	return outcomes, nil
}

// Leaves returns what the replica at holder has committed and still has in
// memory, from an index up to, but without, to, or the beginning of it.
func (c *Client) Leaves(ctx context.Context, holder string, from, to uint64) ([]ledger.Leaf, error) {
	if err := CheckAddress(holder); err != nil {
		return nil, fmt.Errorf("ask for the events from %d on: %w", from, err)
	}
	text, err := c.post(ctx, PathLeaves, holder, encodeRange(from, to))
	if err != nil {
		return nil, fmt.Errorf("ask the replica at %s for the events from %d on: %w", holder, from, err)
	}
	leaves, err := decodeLeaves(from, text)
	if err == nil && uint64(len(leaves)) > to-from {
		err = fmt.Errorf("%d events where %d were asked for", len(leaves), to-from)
	}
	if err != nil {
		return nil, fmt.Errorf("answer of the replica at %s: %w", holder, err)
	}
	return leaves, nil
}

// post returns the body of a signed answer.
func (c *Client) post(ctx context.Context, path, holder string, body []byte) ([]byte, error) {
	asked := request{path: path, at: c.clock().UnixMicro(), target: holder, digest: sha256.Sum256(body)}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(holder, "/")+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/octet-stream")
	if err := c.key.seal(asked, r.Header); err != nil {
		return nil, err
	}
	res, err := c.http.Do(r)
	if err != nil {
		return nil, fmt.Errorf("it does not answer: %w; check that it runs with --peer-listen and that this host reaches its --peer-url", err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, MaxBody+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("its answer broke off: %w", err)
	case res.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("it answers %s: %.300q", res.Status, bytes.TrimSpace(text))
	case len(text) > MaxBody:
		return nil, fmt.Errorf("its answer is longer than %d bytes", MaxBody)
	case !c.key.verifies(answerText(asked, text), res.Header.Get(headerSignature)):
		return nil, errors.New("its answer is not signed with the ledger's log key: it is no replica of this ledger, and nothing that it says is believed")
	}
	return text, nil
}

// CheckAddress refuses what cannot be a replica's address: it must be an http
// or https URL of scheme, host and port alone.
func CheckAddress(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
		return fmt.Errorf("%.200q is no address of a replica: write it as http://host:8471", address)
	}
	return nil
}
