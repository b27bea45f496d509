package api

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/coalition-ledger/coalition-ledger/api/internal/gen"
	"github.com/coalition-ledger/coalition-ledger/ledger"
)

// Leaf is a recorded envelope, as streams send it.
type Leaf struct {
	Index      uint64 `json:"index"`
	RecordedAt int64  `json:"recorded_at"` // microseconds since 1970, UTC
	Envelope   string `json:"envelope"`
}

// streamLine is a line of an NDJSON stream: a leaf, or what broke the stream.
type streamLine struct {
	*Leaf   `json:",inline"`
	Problem *Problem `json:"problem,omitempty"`
}

// ListEvents answers with a page or a stream, as Accept asks.
func (h handlers) ListEvents(ctx context.Context, in gen.ListEventsRequestObject) (gen.ListEventsResponseObject, error) {
	form, err := callOf(ctx).accepted(typeJSON, typeNDJSON, typeSSE)
	if err != nil {
		return nil, err
	}
	if form == typeJSON {
		return h.feed(ctx, in.Params)
	}
	from, err := streamStart(in.Params)
	if err != nil {
		return nil, err
	}
	sctx, end, err := h.streams.begin(ctx, callOf(ctx).claims.Subject)
	if err != nil {
		return nil, err
	}
	return reply(func(w http.ResponseWriter) error {
		defer end()
		// The server's read deadline would end the stream with the request's.
		_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
		w.Header().Set("Content-Type", form)
		w.Header().Set("Cache-Control", "no-store")
		if form == typeNDJSON {
			w.Header().Set("Ledger-Index", strconv.FormatUint(h.cfg.Ledger.Size()-1, 10))
		}
		switch {
		case headOnly(ctx):
			return nil
		case form == typeSSE:
			return h.live(sctx, h.streamWriter(w), from)
		}
		return h.dump(sctx, h.streamWriter(w), from)
	}), nil
}

// streamStart refuses filters, which a stream would silently ignore.
func streamStart(p gen.ListEventsParams) (uint64, error) {
	if p.Type != nil || p.ExcludeType != nil || p.Member != nil || p.Agency != nil || p.Case != nil || p.Subject != nil ||
		p.RecordedAfter != nil || p.RecordedBefore != nil || p.After != nil || p.Limit != nil || p.AsOf != nil {
		return 0, problem(http.StatusBadRequest, "request.stream_filter", "streams are whole: only from and Last-Event-ID apply; filter on your side, or ask for application/json")
	}
	switch {
	case p.LastEventID != nil:
		return *p.LastEventID + 1, nil
	case p.From != nil:
		return *p.From, nil
	}
	return 0, nil
}

// dump writes every leaf from an index to the head, a line each.
func (s *Server) dump(ctx context.Context, w *writer, from uint64) error {
	out := bufio.NewWriterSize(w, 64<<10)
	for leaf, err := range s.cfg.Ledger.Leaves(ctx, from) {
		line := streamLine{Leaf: &Leaf{leaf.Index, leaf.RecordedAt, string(leaf.Envelope)}}
		if err != nil {
			s.log.Error("stream broke", "from", from, "cause", err)
			line = streamLine{Problem: explain(err)}
		}
		text, encErr := encode(line)
		if encErr != nil {
			return encErr
		}
		if _, werr := out.Write(append(text, '\n')); werr != nil || err != nil {
			return errors.Join(werr, out.Flush())
		}
	}
	return out.Flush()
}

// live writes leaves as server-sent events until the caller or the server ends
// it, and a comment now and then, so that a dead connection is noticed.
func (s *Server) live(ctx context.Context, w *writer, from uint64) error {
	ctx, cancel := context.WithCancel(ctx)
	leaves := make(chan ledger.Leaf, 64)
	go s.follow(ctx, from, leaves)
	defer func() { // the follower ends before the handler does
		cancel()
		for range leaves {
		}
	}()
	beat := time.NewTicker(s.limits.Heartbeat)
	defer beat.Stop()
	text := ": follow\n\n"
	for {
		if _, err := w.Write([]byte(text)); err != nil {
			return err
		}
		if len(leaves) == 0 {
			if err := w.flush(); err != nil {
				return err
			}
		}
		select {
		case leaf, ok := <-leaves:
			if !ok {
				return nil
			}
			line, err := encode(Leaf{leaf.Index, leaf.RecordedAt, string(leaf.Envelope)})
			if err != nil {
				return err
			}
			text = fmt.Sprintf("id: %d\ndata: %s\n\n", leaf.Index, line)
		case <-beat.C:
			text = ": beat\n\n"
		}
	}
}

func (s *Server) follow(ctx context.Context, from uint64, to chan<- ledger.Leaf) {
	defer close(to)
	for leaf, err := range s.cfg.Ledger.FollowLeaves(ctx, from) {
		if err != nil {
			if ctx.Err() == nil {
				s.log.Error("live stream broke", "from", from, "cause", err)
			}
			return
		}
		select {
		case to <- leaf:
		case <-ctx.Done():
			return
		}
	}
}
