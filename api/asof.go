package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// asked is what every view is asked with.
type asked struct {
	asOf     *string
	on       *string
	minIndex *uint64
}

// view waits for the views, resolves as_of and asks f while no writer changes
// them. f's answer is written after the views are let go.
func (s *Server) view(ctx context.Context, a asked, f func(*projections.Views, projections.Query) (any, error)) (reply, error) {
	if err := s.await(ctx, s.needed(a)); err != nil {
		return nil, err
	}
	var answer any
	var index uint64
	err := errors.New("the views answered nothing")
	s.cfg.Views.Read(func(v *projections.Views) {
		var q projections.Query
		if q, index, err = s.query(v, a); err == nil {
			answer, err = f(v, q)
		}
	})
	if err != nil {
		return nil, err
	}
	return indexed(callOf(ctx), index, answer)
}

// needed returns the index that the views must have reached: that of
// min_index, that of as_of, or for a time all that is recorded now.
func (s *Server) needed(a asked) uint64 {
	var need uint64
	if a.minIndex != nil {
		need = *a.minIndex
	}
	size := s.cfg.Ledger.Size()
	if a.asOf == nil || size == 0 {
		return need
	}
	index, err := strconv.ParseUint(*a.asOf, 10, 64)
	if err != nil || index >= size {
		index = size - 1
	}
	return max(need, index)
}

func (s *Server) await(ctx context.Context, index uint64) error {
	if s.cfg.Views.Index() > index {
		return nil
	}
	bounded, cancel := context.WithTimeout(ctx, s.limits.MinIndexWait)
	defer cancel()
	if err := s.cfg.Views.Wait(bounded, index); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("wait for index %d: %w", index, ctx.Err())
		}
		return problem(http.StatusGatewayTimeout, "views.behind",
			fmt.Sprintf("the views have not reached index %d within %s: ask again, or without min_index", index, s.limits.MinIndexWait)).after(1)
	}
	return nil
}

// query resolves as_of and on. Without on a view is of today.
func (s *Server) query(v *projections.Views, a asked) (projections.Query, uint64, error) {
	q := projections.Query{On: domain.DateOf(s.cfg.Clock())}
	if a.on != nil {
		q.On = domain.Date(*a.on)
	}
	size := v.Size()
	if size == 0 {
		return q, 0, problem(http.StatusServiceUnavailable, "views.behind", "the views are empty yet: ask again").after(1)
	}
	if a.asOf == nil {
		return q, size - 1, nil
	}
	index, err := asOfIndex(*a.asOf, size, v.IndexAt)
	q.AsOf = &index
	return q, index, err
}

// asOfIndex reads as_of: an index below size, or a time.
func asOfIndex(asOf string, size uint64, at func(time.Time) (uint64, bool)) (uint64, error) {
	if index, err := strconv.ParseUint(asOf, 10, 64); err == nil {
		if index >= size {
			return 0, problem(http.StatusBadRequest, "as_of.beyond_head", fmt.Sprintf("the newest event has index %d: ask for that or an earlier one", size-1)).at("as_of")
		}
		return index, nil
	}
	t, err := time.Parse(time.RFC3339, asOf)
	if err != nil {
		return 0, problem(http.StatusBadRequest, "request.parameter", saying(asOf, "asof")).at("as_of")
	}
	index, ok := at(t)
	if !ok {
		return 0, problem(http.StatusBadRequest, "as_of.before_genesis", "the ledger did not exist then: ask for a time after its genesis").at("as_of")
	}
	return index, nil
}
