package api

import (
	"context"
	"net/http"

	"github.com/coalition-ledger/coalition-ledger/api/internal/gen"
)

// cosignedPage is how many cosigned checkpoints are sent where nobody says.
const cosignedPage = 200

type cosignedList struct {
	Cosigned []cosigned `json:"cosigned"`
	More     bool       `json:"more"`
}

type cosigned struct {
	Size       uint64 `json:"size"`
	Checkpoint string `json:"checkpoint"`
}

// ListCosigned answers with the checkpoints that witnesses cosigned.
func (h handlers) ListCosigned(ctx context.Context, in gen.ListCosignedRequestObject) (gen.ListCosignedResponseObject, error) {
	from, limit := uint64(1), cosignedPage
	if in.Params.From != nil {
		from = *in.Params.From
	}
	if in.Params.Limit != nil {
		limit = *in.Params.Limit
	}
	out := cosignedList{Cosigned: []cosigned{}}
	for c, err := range h.cfg.Ledger.Cosigned(ctx, from) {
		if err != nil {
			return nil, err
		}
		if len(out.Cosigned) == limit {
			out.More = true
			break
		}
		out.Cosigned = append(out.Cosigned, cosigned{c.Size, string(c.Note)})
	}
	return document(http.StatusOK, out)
}
