package api

import (
	"context"
	"net/http"

	"github.com/coalition-ledger/coalition-ledger/api/internal/gen"
)

// handlers implements the contract.
type handlers struct{ *Server }

var _ gen.StrictServerInterface = handlers{}

type health struct {
	Status string `json:"status"`
	Size   uint64 `json:"size"`
	Views  uint64 `json:"view_index"`

	*StoreContact `json:",inline"` // of readiness
}

// GetHealth says that the process runs.
func (h handlers) GetHealth(context.Context, gen.GetHealthRequestObject) (gen.GetHealthResponseObject, error) {
	return document(http.StatusOK, health{Status: "ok", Size: h.cfg.Ledger.Size(), Views: h.cfg.Views.Index()})
}

// GetReady says whether writes are taken and the views follow. A runner that
// stopped with events left to fold is found by its heartbeat, not its lag. A
// replica whose store does not answer is not ready, but lives and is read from.
func (h handlers) GetReady(context.Context, gen.GetReadyRequestObject) (gen.GetReadyResponseObject, error) {
	contact := h.contact()
	if d, silent := h.storeSilent(); silent {
		h.log.Warn("not ready: the event store does not answer", "contact", contact.At, "silence", d)
		return nil, problem(http.StatusServiceUnavailable, "store.silent", "the event store does not answer: no writes are taken until it does; reads are answered as of its last answer, with Ledger-Stale").after(5).told(contact)
	}
	if err := h.cfg.Ledger.Ready(); err != nil {
		h.log.Warn("not ready", "cause", err)
		return nil, problem(http.StatusServiceUnavailable, "ledger.not_ready", "the ledger takes no writes now: its log says why").after(5).told(contact)
	}
	size, live := h.cfg.Ledger.Size(), h.cfg.Views.Liveness()
	silent := h.cfg.Clock().Sub(live.Heartbeat) > h.limits.ViewStaleness
	if live.LastError != nil || live.Size < size && silent {
		h.log.Warn("views do not follow", "size", size, "folded", live.Size, "heartbeat", live.Heartbeat, "cause", live.LastError)
		return nil, problem(http.StatusServiceUnavailable, "views.stalled", "the views do not follow the journal: its log says why").after(5).told(contact)
	}
	return document(http.StatusOK, health{Status: "ready", Size: size, Views: live.Size, StoreContact: contact})
}

// GetMetrics answers in the Prometheus text format.
func (h handlers) GetMetrics(ctx context.Context, _ gen.GetMetricsRequestObject) (gen.GetMetricsResponseObject, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "/metrics", nil)
	if err != nil {
		return nil, err
	}
	return reply(func(w http.ResponseWriter) error {
		h.metrics.handler().ServeHTTP(w, r)
		return nil
	}), nil
}

// GetDescription answers with openapi.yaml.
func (h handlers) GetDescription(context.Context, gen.GetDescriptionRequestObject) (gen.GetDescriptionResponseObject, error) {
	return body(http.StatusOK, "application/yaml", description), nil
}

// GetIndex answers with a page that says what this is.
func (h handlers) GetIndex(context.Context, gen.GetIndexRequestObject) (gen.GetIndexResponseObject, error) {
	return h.indexPage()
}
