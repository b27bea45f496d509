package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/api/watch"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// errGone means that a receiver wants no more.
var errGone = errors.New("the receiver answered 410: it wants no more")

const maxAnswer = 4 << 10

// send delivers one notice and returns nil when the receiver has it.
func (d *Deliverer) send(ctx context.Context, sub Subscription, n watch.Notice) error {
	client, err := d.clientFor(sub)
	if err != nil {
		return err
	}
	body, err := json.Marshal(n, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("encode the notice: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, d.cfg.Timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, sub.Webhook, bytes.NewReader(body))
	if err != nil {
		return errors.New("the webhook's address is none: subscribe again")
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "coalition-ledger")
	if err := watch.Sign(d.cfg.Signer, d.cfg.Clock(), sub.ID, body, r.Header); err != nil {
		return err
	}
	res, err := client.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, maxAnswer)) // what it says is not read, its status counts
	switch {
	case res.StatusCode == http.StatusGone:
		return errGone
	case res.StatusCode/100 == 3:
		return fmt.Errorf("the receiver answered %d: redirects are not followed, subscribe with the address itself", res.StatusCode)
	case res.StatusCode/100 != 2:
		return fmt.Errorf("the receiver answered %d", res.StatusCode)
	}
	return nil
}

// clientFor returns what connects to a webhook: to this machine only if the
// operator lets that in now, and did when it was subscribed.
func (d *Deliverer) clientFor(sub Subscription) (*http.Client, error) {
	local := sub.Loopback && d.cfg.Loopback
	if _, err := CheckURL(sub.Webhook, local); err != nil {
		return nil, err
	}
	if local {
		return d.local, nil
	}
	return d.public, nil
}

// events keeps the newest events that were looked at: all subscriptions look
// at the same ones.
type events struct {
	mu   sync.Mutex
	kept map[uint64]watch.Event
}

const keptEvents = 1024

func (e *events) at(views Views, index uint64) (out watch.Event, ok bool) {
	e.mu.Lock()
	out, ok = e.kept[index]
	e.mu.Unlock()
	if ok {
		return out, true
	}
	views.Read(func(v *projections.Views) { out, ok = watch.EventAt(v, index) })
	if !ok {
		return out, false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.kept) >= keptEvents {
		clear(e.kept)
	}
	e.kept[index] = out
	return out, true
}
