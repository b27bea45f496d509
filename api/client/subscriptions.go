package client

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/api/watch"
	"github.com/coalition-ledger/coalition-ledger/domain"
)

// NewSubscription is what an agency asks to be told of.
type NewSubscription struct {
	Agency  domain.AgencyID `json:"agency"`
	Watch   []watch.Watch   `json:"watch"` // any of these
	Webhook string          `json:"webhook,omitempty"`
	From    *uint64         `json:"from,omitempty"` // nil: the next event
}

// Subscription is one that the ledger keeps.
type Subscription struct {
	ID        string          `json:"id"`
	Agency    domain.AgencyID `json:"agency"`
	Watch     []watch.Watch   `json:"watch"`
	Webhook   string          `json:"webhook,omitempty"`
	CreatedAt time.Time       `json:"created_at"`
	From      uint64          `json:"from"`
	Delivery  *Delivery       `json:"delivery,omitempty"`
}

// Delivery is how far a webhook was told.
type Delivery struct {
	Next      uint64    `json:"next"`
	Lag       uint64    `json:"lag"`
	Delivered uint64    `json:"delivered"`
	Failures  int       `json:"failures"`
	LastError string    `json:"last_error,omitempty"`
	LastTry   time.Time `json:"last_try,omitzero"`
	NextTry   time.Time `json:"next_try,omitzero"`
	Parked    bool      `json:"parked"`
}

// Subscribe makes a subscription.
func (c *Client) Subscribe(ctx context.Context, n NewSubscription) (Subscription, error) {
	body, err := json.Marshal(n)
	if err != nil {
		return Subscription{}, err
	}
	return c.subscription(ctx, "/v1/subscriptions", bytes.NewReader(body), "Content-Type", "application/json")
}

// Resume lets a parked webhook go on where it stopped.
func (c *Client) Resume(ctx context.Context, id string) (Subscription, error) {
	return c.subscription(ctx, "/v1/subscriptions/"+url.PathEscape(id)+"/resume", nil)
}

func (c *Client) subscription(ctx context.Context, path string, body io.Reader, headers ...string) (sub Subscription, err error) {
	res, err := c.call(ctx, http.MethodPost, path, body, headers...)
	if err != nil {
		return sub, err
	}
	defer res.Body.Close()
	return sub, decode(res.Body, &sub)
}

// Subscriptions lists those of the token's agencies.
func (c *Client) Subscriptions(ctx context.Context) ([]Subscription, error) {
	var out struct {
		Subscriptions []Subscription `json:"subscriptions"`
	}
	err := c.Get(ctx, "/v1/subscriptions", &out)
	return out.Subscriptions, err
}

// Unsubscribe removes a subscription.
func (c *Client) Unsubscribe(ctx context.Context, id string) error {
	res, err := c.call(ctx, http.MethodDelete, "/v1/subscriptions/"+url.PathEscape(id), nil)
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// Notices yields what meets a subscription, live, from an index on. When the
// connection ends it yields an error once: ask again from the index after the
// last notice.
func (c *Client) Notices(ctx context.Context, id string, from uint64) iter.Seq2[watch.Notice, error] {
	return func(yield func(watch.Notice, error) bool) {
		path := "/v1/subscriptions/" + url.PathEscape(id) + "/events?from=" + strconv.FormatUint(from, 10)
		res, err := c.call(ctx, http.MethodGet, path, nil, "Accept", "text/event-stream")
		if err != nil {
			yield(watch.Notice{}, err)
			return
		}
		defer res.Body.Close()
		for line, err := range linesOf(res.Body) {
			data, ok := strings.CutPrefix(string(line), "data: ")
			if err == nil && !ok {
				continue
			}
			var n watch.Notice
			if err == nil {
				err = json.Unmarshal([]byte(data), &n)
			}
			if err != nil {
				yield(n, fmt.Errorf("the stream broke off: %w", err))
				return
			}
			if !yield(n, nil) {
				return
			}
		}
		yield(watch.Notice{}, io.ErrUnexpectedEOF)
	}
}
