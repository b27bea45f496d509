package api

import (
	"context"
	"fmt"
	"sync"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// history answers what the state was at an earlier index: members, keys and
// regimes keep no past of their own. It folds the facts again and keeps the
// last state that was asked for, so that going forward from it is cheap. One
// question is worked on at a time: folding a long journal takes seconds.
type history struct {
	mu    sync.Mutex
	state *domain.State
}

// at calls f with the state after the event at index.
func (h *history) at(ctx context.Context, facts Registry, index uint64, f func(*domain.State)) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.state == nil || h.state.Next() > index+1 {
		h.state = domain.NewState()
	}
	if h.state.Next() <= index {
		if err := h.forward(ctx, facts, index); err != nil {
			return fmt.Errorf("state at %d: %w", index, err)
		}
	}
	f(h.state)
	return nil
}

func (h *history) forward(ctx context.Context, facts Registry, index uint64) error {
	for fact, err := range facts.Facts(ctx, h.state.Next()) {
		if err != nil {
			return err
		}
		h.state.Apply(fact)
		if fact.Index == index {
			return nil
		}
	}
	return nil
}
