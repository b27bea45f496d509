package history

import (
	"sync"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// Pool lets the lists of a series share the memory of subjects that read the
// same in them, as most do. It may be used from several goroutines.
type Pool struct {
	mu   sync.Mutex
	seen map[string][]domain.Subject // by reference, the readings so far
}

// NewPool returns an empty pool.
func NewPool() *Pool { return &Pool{seen: make(map[string][]domain.Subject)} }

const readings = 8 // kept of one reference

// Share replaces the subjects of a list by equal ones that the pool holds.
func (p *Pool) Share(l *importer.List) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range l.Entries {
		e := &l.Entries[i]
		e.Subject = p.one(e.Ref, e.Subject)
	}
}

func (p *Pool) one(ref string, s domain.Subject) domain.Subject {
	have := p.seen[ref]
	for _, h := range have {
		if same(h, s) {
			return h
		}
	}
	if len(have) < readings {
		p.seen[ref] = append(have, s)
	}
	return s
}
