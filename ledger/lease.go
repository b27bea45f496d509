package ledger

import (
	"context"
	"crypto/sha256"
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

const (
	checkpointType = "checkpoint"
	leaseType      = "lease"
)

// lease says which replica orders events. The last one in the checkpoints
// stream counts. It has no term: whoever cannot reach the holder takes it
// over, and the revision that every append names keeps a holder who has not
// noticed from doing harm.
type lease struct {
	Holder string `json:"holder"` // where the other replicas reach it
}

// takeLease appends a lease of our own unless the last one is. After an append
// that failed it does so all the same: a store may answer and take nothing.
func (l *Ledger) takeLease(ctx context.Context) error {
	l.mu.RLock()
	holder, unsure := l.replica.holder, l.replica.unsure
	l.mu.RUnlock()
	if holder == l.cfg.Name && !unsure {
		return nil
	}
	text, err := json.Marshal(lease{Holder: l.cfg.Name})
	if err != nil {
		return err
	}
	marks := l.marksOf(eventstore.Record{Type: leaseType, Data: text})
	if err := l.cfg.Store.Append(ctx, marks); err != nil {
		return fmt.Errorf("take the lease: %w", err)
	}
	l.doubt(false)
	l.marked(marks)
	l.turn(false, l.cfg.Name)
	l.cfg.Log.Info("this replica orders the events from now on", "before", holder)
	return nil
}

func (l *Ledger) seeLease(r eventstore.Record) {
	var seen lease
	if err := json.Unmarshal(r.Data, &seen, json.RejectUnknownMembers(true)); err != nil {
		l.cfg.Log.Error("a lease cannot be read and is ignored", "revision", r.Revision, "cause", err)
		return
	}
	l.mu.Lock()
	l.leasedAt = r.Revision + 1
	l.mu.Unlock()
	l.turn(false, seen.Holder)
	if seen.Holder != l.cfg.Name {
		l.doubt(false) // others append
	}
}

// renewal is our lease once more if the last one is so far back that who starts
// would not find it.
func (l *Ledger) renewal() ([]eventstore.Record, error) {
	l.mu.RLock()
	due := l.shared() && l.cfg.Name != "" && l.marks-l.leasedAt >= leaseEvery
	l.mu.RUnlock()
	if !due {
		return nil, nil
	}
	text, err := json.Marshal(lease{Holder: l.cfg.Name})
	return []eventstore.Record{{Type: leaseType, Data: text}}, err
}

// marksOf is the write that adds records to the checkpoints stream. The id of
// each stands for its place and content, as that of an event does.
func (l *Ledger) marksOf(first eventstore.Record, more ...eventstore.Record) eventstore.Write {
	l.mu.RLock()
	defer l.mu.RUnlock()
	w := eventstore.Write{Stream: eventstore.Checkpoints, Next: l.marks, Records: append([]eventstore.Record{first}, more...)}
	for i := range w.Records {
		w.Records[i].ID = recordID(l.marks+uint64(i), sha256.Sum256(w.Records[i].Data))
	}
	return w
}

// marked notes that marks were appended.
func (l *Ledger) marked(w eventstore.Write) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.marks = w.Next + uint64(len(w.Records))
	for i, r := range w.Records {
		if r.Type == leaseType {
			l.leasedAt = w.Next + uint64(i) + 1
		}
	}
}
