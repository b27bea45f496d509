package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/coalition-ledger/coalition-ledger/api/internal/gen"
	"github.com/coalition-ledger/coalition-ledger/api/notify"
	"github.com/coalition-ledger/coalition-ledger/api/watch"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// FollowSubscription streams the notices of a subscription.
func (h handlers) FollowSubscription(ctx context.Context, in gen.FollowSubscriptionRequestObject) (gen.FollowSubscriptionResponseObject, error) {
	store, sub, err := h.own(ctx, in.Id)
	if err != nil {
		return nil, err
	}
	from := sub.From
	switch p := in.Params; {
	case p.LastEventID != nil:
		from = *p.LastEventID + 1
	case p.From != nil:
		from = *p.From
	}
	sctx, end, err := h.streams.begin(ctx, callOf(ctx).claims.Subject)
	if err != nil {
		return nil, err
	}
	return reply(func(w http.ResponseWriter) error {
		defer end()
		// The server's read deadline would end the stream with the request's.
		_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
		w.Header().Set("Content-Type", typeSSE)
		w.Header().Set("Cache-Control", "no-store")
		if headOnly(ctx) {
			return nil
		}
		return h.tell(sctx, h.streamWriter(w), store, sub, from)
	}), nil
}

// tell writes notices until the caller or the server ends it, or the
// subscription is deleted; and a comment now and then, so that a dead
// connection is noticed.
func (s *Server) tell(ctx context.Context, w *writer, store Subscriptions, sub notify.Subscription, next uint64) error {
	text := ": follow\n\n"
	beat := s.cfg.Clock()
	for {
		if text != "" {
			if _, err := w.Write([]byte(text)); err != nil {
				return err
			}
			if err := w.flush(); err != nil {
				return err
			}
			text, beat = "", s.cfg.Clock()
		}
		if ctx.Err() != nil {
			return nil
		}
		if next < s.cfg.Views.Index() {
			var err error
			if text, err = s.noticeText(sub, next); err != nil {
				return err
			}
			next++
		} else {
			s.waitViews(ctx, next)
		}
		if text == "" && s.cfg.Clock().Sub(beat) >= s.limits.Heartbeat {
			text = ": beat\n\n"
			if _, err := store.Get(sub.Agency, sub.ID); err != nil {
				return nil
			}
		}
	}
}

// waitViews waits for an event, no longer than until the next beat.
func (s *Server) waitViews(ctx context.Context, index uint64) {
	ctx, cancel := context.WithTimeout(ctx, s.limits.Heartbeat)
	defer cancel()
	_ = s.cfg.Views.Wait(ctx, index) // the caller looks again
}

// noticeText is one server-sent event, "" for an event that meets no watch.
func (s *Server) noticeText(sub notify.Subscription, index uint64) (string, error) {
	var n watch.Notice
	var ok bool
	s.cfg.Views.Read(func(v *projections.Views) {
		if e, known := watch.EventAt(v, index); known {
			n, ok = e.Tell(sub.ID, sub.Watch)
		}
	})
	if !ok {
		return "", nil
	}
	line, err := encode(n)
	return fmt.Sprintf("id: %d\ndata: %s\n\n", index, line), err
}
