package api

import (
	"context"

	"github.com/coalition-ledger/coalition-ledger/api/internal/gen"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// audience is what of an event's sealed detail an agency had been released.
type audience struct {
	Agency domain.AgencyID `json:"agency"`
	AsOf   uint64          `json:"as_of"`
	Sealed []sealedDetail  `json:"sealed"`
}

type sealedDetail struct {
	Item       int          `json:"item"`
	Commitment domain.Hash  `json:"commitment"`
	OpenedAt   *uint64      `json:"opened_at,omitempty"`
	Copies     []sealedCopy `json:"copies"`
}

type sealedCopy struct {
	Ciphertext domain.Hash `json:"ciphertext"`
	Size       int64       `json:"size"`
	ReleasedAt uint64      `json:"released_at"`
}

// released answers for one event; nil when no audience was asked for. Nothing
// that was released is ever called back in the state, so the newest state tells
// of every earlier index.
func (s *Server) released(ctx context.Context, in gen.GetEventRequestObject) (*audience, error) {
	a := asked{asOf: in.Params.AsOf, minIndex: in.Params.MinIndex}
	if err := s.await(ctx, s.needed(a)); err != nil {
		return nil, err
	}
	if in.Params.Audience == nil {
		return nil, nil
	}
	out := &audience{Agency: domain.AgencyID(*in.Params.Audience)}
	if a.asOf != nil {
		index, err := s.stateIndex(ctx, a)
		if err != nil {
			return nil, err
		}
		out.AsOf = index
	}
	s.cfg.Ledger.View(func(st *domain.State) {
		if a.asOf == nil {
			out.AsOf = st.Next() - 1
		}
		out.Sealed = detailFor(st.SealedBy(in.Index), out.Agency, out.AsOf)
	})
	return out, nil
}

func detailFor(items []domain.SealedItem, agency domain.AgencyID, asOf uint64) []sealedDetail {
	out := []sealedDetail{}
	for _, i := range items {
		if i.Index > asOf {
			continue
		}
		d := sealedDetail{Item: i.Item, Commitment: i.Commitment, Copies: []sealedCopy{}}
		if i.OpenedAt <= asOf {
			d.OpenedAt = set(i.OpenedAt)
		}
		for _, c := range i.ReadableBy(agency, asOf) {
			d.Copies = append(d.Copies, sealedCopy{Ciphertext: c.Ciphertext, Size: c.Size, ReleasedAt: c.BoundAt})
		}
		out = append(out, d)
	}
	return out
}

// among returns which events a feed for an audience may show, at its index.
// Without audience that is nil, which means all. The state is read before the
// views are: no lock is waited for under another.
func (s *Server) among(agency *string) func(projections.Query, uint64) map[uint64]bool {
	if agency == nil {
		return func(projections.Query, uint64) map[uint64]bool { return nil }
	}
	id := domain.AgencyID(*agency)
	var items []domain.SealedItem
	s.cfg.Ledger.View(func(st *domain.State) { items = st.SealedFor(id) })
	return func(q projections.Query, size uint64) map[uint64]bool {
		asOf := size - 1
		if q.AsOf != nil {
			asOf = *q.AsOf
		}
		out := map[uint64]bool{}
		for _, i := range items {
			if len(i.ReadableBy(id, asOf)) > 0 {
				out[i.Index] = true
			}
		}
		return out
	}
}
