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

// takeLease appends a lease of our own unless the last one is, or nobody could
// reach us anyway.
func (l *Ledger) takeLease(ctx context.Context) error {
	_, holder := l.lease()
	if holder == l.cfg.Name {
		return nil
	}
	text, err := json.Marshal(lease{Holder: l.cfg.Name})
	if err != nil {
		return err
	}
	if err := l.cfg.Store.Append(ctx, l.markOf(leaseType, text)); err != nil {
		return fmt.Errorf("take the lease: %w", err)
	}
	l.mu.Lock()
	l.marks++
	l.mu.Unlock()
	l.turn(false, l.cfg.Name)
	l.cfg.Log.Info("this replica orders the events from now on", "before", holder)
	return nil
}

func (l *Ledger) seeLease(r eventstore.Record) error {
	var seen lease
	if err := json.Unmarshal(r.Data, &seen, json.RejectUnknownMembers(true)); err != nil {
		l.cfg.Log.Error("a lease cannot be read and is ignored", "revision", r.Revision, "cause", err)
		return nil
	}
	l.turn(false, seen.Holder)
	return nil
}

// markOf is the write that adds a record to the checkpoints stream. Its id
// stands for place and content, as that of an event does.
func (l *Ledger) markOf(kind string, data []byte) eventstore.Write {
	l.mu.RLock()
	defer l.mu.RUnlock()
	id := recordID(l.marks, sha256.Sum256(data))
	return eventstore.Write{Stream: eventstore.Checkpoints, Next: l.marks, Records: []eventstore.Record{{ID: id, Type: kind, Data: data}}}
}
