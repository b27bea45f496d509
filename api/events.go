package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/coalition-ledger/coalition-ledger/api/internal/gen"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// Receipt is the proof that an event is recorded, as the API sends it.
type Receipt struct {
	Index      uint64      `json:"index"`
	Leaf       domain.Hash `json:"leaf"`
	RecordedAt int64       `json:"recorded_at"` // microseconds since 1970, UTC
	Proof      string      `json:"receipt"`     // C2SP tlog-proof text
	Effective  bool        `json:"effective"`   // cosigned as the witness policy asks
}

func receiptOf(r ledger.Receipt, effective bool) Receipt {
	return Receipt{Index: r.Index, Leaf: r.Leaf, RecordedAt: r.RecordedAt, Proof: string(r.Proof), Effective: effective}
}

// PostEvent records one envelope.
func (h handlers) PostEvent(ctx context.Context, in gen.PostEventRequestObject) (gen.PostEventResponseObject, error) {
	raw, err := io.ReadAll(io.LimitReader(in.Body, seal.MaxEnvelope+1))
	if err != nil {
		return nil, fmt.Errorf("read envelope: %w", err)
	}
	wait, err := waitOf(in.Params.Prefer)
	if err != nil {
		return nil, err
	}
	r, err := h.submit(ctx, raw)
	if err != nil {
		return nil, err
	}
	status := http.StatusCreated
	if r.Replayed {
		status = http.StatusOK
	}
	receipt, late, err := h.best(ctx, r, wait)
	if err != nil {
		return nil, err
	}
	if late {
		status = http.StatusAccepted
	}
	answer, err := document(status, receipt)
	return reply(func(w http.ResponseWriter) error {
		index := strconv.FormatUint(r.Index, 10)
		w.Header().Set("Location", "/v1/events/"+index)
		w.Header().Set("Ledger-Index", index)
		return answer(w)
	}), err
}

// submit records an envelope if the caller's token may post for its issuer.
func (s *Server) submit(ctx context.Context, raw []byte) (ledger.Receipt, error) {
	if len(raw) == 0 {
		return ledger.Receipt{}, problem(http.StatusBadRequest, seal.CodeSize, "the body is empty: send one JWS in compact serialization")
	}
	e, err := seal.Parse(raw)
	if err != nil {
		return ledger.Receipt{}, err
	}
	if claims := callOf(ctx).claims; !claims.MaySubmit(e.Header.Issuer) {
		return ledger.Receipt{}, problem(http.StatusForbidden, "token.may_not_submit_for",
			fmt.Sprintf("this token may not post envelopes of %s: get one whose may_submit_for names it", e.Header.Issuer)).at("iss")
	}
	start := s.cfg.Clock()
	r, err := s.cfg.Ledger.Submit(ctx, raw)
	s.metrics.submitted(r, err, s.cfg.Clock().Sub(start))
	var refused *ledger.Refused
	if errors.As(err, &refused) {
		p := explainRefusal(refused)
		p.Envelope = e.Hash().String()
		return ledger.Receipt{}, p
	}
	return r, err
}

// event is one recorded event, decoded.
type event struct {
	Index      uint64          `json:"index"`
	Leaf       domain.Hash     `json:"leaf"`
	RecordedAt int64           `json:"recorded_at"`
	Time       time.Time       `json:"time"`
	Type       string          `json:"type"`
	Version    int             `json:"version"`
	Issuer     domain.AgencyID `json:"issuer"`
	EventID    string          `json:"event_id"`
	KeyID      string          `json:"key_id"`
	IssuedAt   int64           `json:"issued_at"`
	ExpiresAt  int64           `json:"expires_at"`
	Anchor     string          `json:"anchor,omitempty"`
	Handling   string          `json:"handling,omitempty"`
	Payload    jsontext.Value  `json:"payload"`
	Envelope   string          `json:"envelope"`
	Audience   *audience       `json:"audience,omitempty"`
}

// GetEvent answers with one recorded event.
func (h handlers) GetEvent(ctx context.Context, in gen.GetEventRequestObject) (gen.GetEventResponseObject, error) {
	released, err := h.released(ctx, in)
	if err != nil {
		return nil, err
	}
	leaf, err := h.cfg.Ledger.Leaf(ctx, in.Index)
	if err != nil {
		return nil, err
	}
	f, err := ledger.FactOf(leaf)
	if err != nil {
		return nil, err
	}
	return indexed(callOf(ctx), f.Index, event{
		Index: f.Index, Leaf: f.Leaf, RecordedAt: f.RecordedAt, Time: f.Time(), Type: f.Type, Version: f.Version,
		Issuer: f.Issuer, EventID: f.EventID, KeyID: f.KeyID, IssuedAt: f.IssuedAt, ExpiresAt: f.ExpiresAt,
		Anchor: f.Anchor, Handling: domain.HandlingOf(f.Body), Payload: jsontext.Value(f.Payload), Envelope: string(leaf.Envelope), Audience: released,
	})
}

// GetReceipt proves one recorded event, as effective if it is.
func (h handlers) GetReceipt(ctx context.Context, in gen.GetReceiptRequestObject) (gen.GetReceiptResponseObject, error) {
	wait, err := waitOf(in.Params.Prefer)
	if err != nil {
		return nil, err
	}
	r, err := h.cfg.Ledger.Receipt(ctx, in.Index)
	if err != nil {
		return nil, err
	}
	receipt, _, err := h.best(ctx, r, wait)
	if err != nil {
		return nil, err
	}
	return document(http.StatusOK, receipt)
}
