package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/coalition-ledger/coalition-ledger/api/internal/gen"
	"github.com/coalition-ledger/coalition-ledger/api/notify"
	"github.com/coalition-ledger/coalition-ledger/api/watch"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// Subscription is a subscription as its agency sees it.
type Subscription struct {
	ID        string          `json:"id"`
	Agency    domain.AgencyID `json:"agency"`
	Watch     []watch.Watch   `json:"watch"`
	Webhook   string          `json:"webhook,omitempty"`
	CreatedAt time.Time       `json:"created_at"`
	From      uint64          `json:"from"`
	Delivery  *Delivery       `json:"delivery,omitempty"` // of those with a webhook
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

const maxWatches = 20

func (s *Server) subscriptions() (Subscriptions, error) {
	if s.cfg.Subscriptions == nil {
		return nil, problem(http.StatusNotImplemented, "subscription.no_store", "this ledger keeps no subscriptions: its operator names a folder for them (ledgerd serve --subscriptions)")
	}
	return s.cfg.Subscriptions, nil
}

func unknownSubscription() error {
	return problem(http.StatusNotFound, "subscription.unknown", "the token's agencies have no such subscription: see /v1/subscriptions")
}

// own finds a subscription among those of the token's agencies. Another
// agency's is as unknown as one that nobody has.
func (s *Server) own(ctx context.Context, id string) (Subscriptions, notify.Subscription, error) {
	store, err := s.subscriptions()
	if err != nil {
		return nil, notify.Subscription{}, err
	}
	for _, a := range callOf(ctx).claims.MaySubmitFor {
		sub, err := store.Get(a, id)
		if !errors.Is(err, notify.ErrUnknown) {
			return store, sub, err
		}
	}
	return nil, notify.Subscription{}, unknownSubscription()
}

// limitNew bounds how fast a caller makes subscriptions.
func (s *Server) limitNew(ctx context.Context) error {
	if !s.perMinute.allow(callOf(ctx).claims.Subject) {
		return problem(http.StatusTooManyRequests, "limit.subscriptions", "too many subscriptions made or resumed in a minute: wait").after(60)
	}
	return nil
}

func (s *Server) shown(store Subscriptions, sub notify.Subscription) (Subscription, error) {
	out := Subscription{ID: sub.ID, Agency: sub.Agency, Watch: sub.Watch, Webhook: sub.Webhook, CreatedAt: sub.CreatedAt, From: sub.From}
	if sub.Webhook == "" {
		return out, nil
	}
	p, err := store.Progress(sub)
	if err != nil {
		return out, err
	}
	d := Delivery{
		Next: p.Next, Delivered: p.Delivered, Failures: p.Failures, LastError: p.LastError, LastTry: p.LastTry, NextTry: p.NextTry, Parked: p.Parked,
	}
	if size := s.cfg.Ledger.Size(); size > p.Next {
		d.Lag = size - p.Next
	}
	out.Delivery = &d
	return out, nil
}

// ListSubscriptions answers with all of the token's agencies.
func (h handlers) ListSubscriptions(ctx context.Context, _ gen.ListSubscriptionsRequestObject) (gen.ListSubscriptionsResponseObject, error) {
	store, err := h.subscriptions()
	if err != nil {
		return nil, err
	}
	out := struct {
		Subscriptions []Subscription `json:"subscriptions"`
	}{[]Subscription{}}
	for _, a := range callOf(ctx).claims.MaySubmitFor {
		list, err := store.Of(a)
		if err != nil {
			return nil, err
		}
		for _, sub := range list {
			one, err := h.shown(store, sub)
			if err != nil {
				return nil, err
			}
			out.Subscriptions = append(out.Subscriptions, one)
		}
	}
	return document(http.StatusOK, out)
}

// AddSubscription keeps a new one.
func (h handlers) AddSubscription(ctx context.Context, in gen.AddSubscriptionRequestObject) (gen.AddSubscriptionResponseObject, error) {
	store, err := h.subscriptions()
	if err != nil {
		return nil, err
	}
	sub, err := h.asSubscription(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	if err := h.limitNew(ctx); err != nil {
		return nil, err
	}
	sub, err = store.Add(sub)
	if errors.Is(err, notify.ErrLimit) {
		return nil, problem(http.StatusConflict, "subscription.limit", "the agency has as many subscriptions as it may: delete one, or watch several things in one")
	}
	if err != nil {
		return nil, err
	}
	return h.subscribed(store, sub, http.StatusCreated)
}

func (h handlers) subscribed(store Subscriptions, sub notify.Subscription, status int) (reply, error) {
	one, err := h.shown(store, sub)
	if err != nil {
		return nil, err
	}
	answer, err := document(status, one)
	return reply(func(w http.ResponseWriter) error {
		w.Header().Set("Location", "/v1/subscriptions/"+sub.ID+"/events")
		return answer(w)
	}), err
}

// asSubscription checks what a caller asks for.
func (s *Server) asSubscription(ctx context.Context, in *gen.NewSubscription) (notify.Subscription, error) {
	sub := notify.Subscription{Agency: domain.AgencyID(in.Agency), Webhook: value(in.Webhook), CreatedAt: s.cfg.Clock().UTC(), From: s.cfg.Ledger.Size()}
	if !callOf(ctx).claims.MaySubmit(sub.Agency) {
		return sub, problem(http.StatusForbidden, "token.may_not_submit_for",
			fmt.Sprintf("this token does not speak for %s: get one whose may_submit_for names it", printable(in.Agency))).at("agency")
	}
	var err error
	if sub.Watch, err = s.watches(in.Watch); err != nil {
		return sub, err
	}
	if in.From != nil {
		sub.From = *in.From
	}
	if sub.From > s.cfg.Ledger.Size() {
		return sub, problem(http.StatusUnprocessableEntity, "subscription.from", "no event has that index yet: leave from out to begin with the next one").at("from")
	}
	if sub.Webhook == "" {
		return sub, nil
	}
	if sub.Loopback, err = notify.CheckURL(sub.Webhook, s.cfg.Loopback); err != nil {
		return sub, problem(http.StatusUnprocessableEntity, "subscription.webhook", err.Error()).at("webhook")
	}
	return sub, nil
}

// watches refuses what can never be met, so that silence means that nothing
// happened.
func (s *Server) watches(in []gen.Watch) ([]watch.Watch, error) {
	if len(in) == 0 || len(in) > maxWatches {
		return nil, problem(http.StatusUnprocessableEntity, "subscription.watch", fmt.Sprintf("watch 1 to %d things", maxWatches)).at("watch")
	}
	var out []watch.Watch
	for i, w := range in {
		field := fmt.Sprintf("watch[%d]", i)
		one, err := watch.Parse(watch.Watch{Kind: string(w.Kind), Value: w.Value})
		if err != nil {
			return nil, problem(http.StatusUnprocessableEntity, "subscription.watch", err.Error()).at(field)
		}
		if one.Kind == projections.FacetRegime {
			if err := byRegime.check(s, one.Value, field); err != nil {
				return nil, err
			}
		}
		out = append(out, one)
	}
	return out, nil
}

// DeleteSubscription forgets one.
func (h handlers) DeleteSubscription(ctx context.Context, in gen.DeleteSubscriptionRequestObject) (gen.DeleteSubscriptionResponseObject, error) {
	store, sub, err := h.own(ctx, in.Id)
	if err != nil {
		return nil, err
	}
	if err := store.Remove(sub.Agency, sub.ID); err != nil && !errors.Is(err, notify.ErrUnknown) {
		return nil, err
	}
	return reply(noContent), nil
}

// ResumeSubscription lets one go on.
func (h handlers) ResumeSubscription(ctx context.Context, in gen.ResumeSubscriptionRequestObject) (gen.ResumeSubscriptionResponseObject, error) {
	store, sub, err := h.own(ctx, in.Id)
	if err != nil {
		return nil, err
	}
	if err := h.limitNew(ctx); err != nil {
		return nil, err
	}
	if sub, err = store.Resume(sub.Agency, sub.ID); errors.Is(err, notify.ErrUnknown) {
		return nil, unknownSubscription()
	}
	if err != nil {
		return nil, err
	}
	return h.subscribed(store, sub, http.StatusOK)
}
