package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/coalition-ledger/coalition-ledger/api/internal/gen"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// GetDigests answers with the log's signed word on what the views hold.
func (h handlers) GetDigests(ctx context.Context, in gen.GetDigestsRequestObject) (gen.GetDigestsResponseObject, error) {
	size := h.cfg.Views.Index()
	if in.Params.Index != nil {
		size = *in.Params.Index
	}
	if 0 < size && size <= h.cfg.Ledger.Size() { // the views follow closely
		if err := h.await(ctx, size-1); err != nil {
			return nil, err
		}
	}
	list, ok := h.cfg.Views.Digests(size)
	if !ok {
		return nil, problem(http.StatusNotFound, "digests.not_kept", fmt.Sprintf("digests after %d events are not kept: ask for a multiple of 65,536, or leave index out", size)).at("index")
	}
	views := make([]translog.ViewDigest, 0, len(list))
	for _, d := range list {
		views = append(views, translog.ViewDigest(d))
	}
	note, err := h.cfg.Ledger.SignDigests(size, views)
	if err != nil {
		return nil, err
	}
	return body(http.StatusOK, "text/plain; charset=utf-8", note), nil
}
