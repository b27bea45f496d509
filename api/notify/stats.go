package notify

import (
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// Stats is what operators watch: Delivered and Failures since the process
// began, the others of now, where this replica delivers.
type Stats struct {
	Delivered uint64
	Failures  uint64
	Active    int           // subscriptions with a webhook that are not parked
	Parked    int           // that wait to be resumed
	Behind    uint64        // events that the last of the active ones has not looked at
	Oldest    time.Duration // since the first of these was recorded
}

// Stats returns what was delivered, and what is left.
func (d *Deliverer) Stats() Stats {
	s := *d.counted.Load()
	s.Delivered, s.Failures = d.delivered.Load(), d.failures.Load()
	return s
}

// count looks at all jobs. Who is suspended is not told of anything, so not
// behind.
func (d *Deliverer) count() {
	var s Stats
	size := d.cfg.Views.Index()
	first, speaks := size, map[domain.AgencyID]bool{}
	for _, j := range d.jobs {
		if !j.busy && j.at.Parked {
			s.Parked++
			continue
		}
		s.Active++
		if _, ok := speaks[j.Agency]; !ok {
			speaks[j.Agency] = d.cfg.Speaks(j.Agency)
		}
		if speaks[j.Agency] {
			first = min(first, j.next.Load())
		}
	}
	if s.Behind = size - first; s.Behind > 0 {
		d.cfg.Views.Read(func(v *projections.Views) {
			if at, ok := v.RecordedAt(first); ok {
				s.Oldest = max(0, d.cfg.Clock().Sub(at))
			}
		})
	}
	d.counted.Store(&s)
}
