package ledger

import (
	"sync"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// sent remembers the submissions that are under way to the replica that orders
// events: when they come back under a checkpoint they are parsed and decoded
// already. They are found by the hash of their bytes, so what is found is what
// those bytes say.
type sent struct {
	mu    sync.Mutex
	items map[domain.Hash]*item
}

func (s *sent) add(items []*item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.items == nil {
		s.items = map[domain.Hash]*item{}
	}
	for _, it := range items {
		s.items[it.hash] = it
	}
}

func (s *sent) drop(items []*item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, it := range items {
		if s.items[it.hash] == it {
			delete(s.items, it.hash)
		}
	}
}

func (s *sent) get(envelope domain.Hash) *item {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.items[envelope]
}
