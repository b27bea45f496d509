package eventstore

import (
	"bytes"
	"context"
	"iter"
	"sync"
)

// Memory returns an empty store that lives as long as the process. It passes
// every clause of the contract but durability, and is what tests use.
func Memory() Store {
	return &memory{streams: map[string][]Record{}, changed: make(chan struct{})}
}

type memory struct {
	mu      sync.Mutex
	streams map[string][]Record // a record is never modified once it is here
	changed chan struct{}       // closed and replaced at every append
	closed  bool
}

func (m *memory) Atomic() bool { return true }

func (m *memory) Append(ctx context.Context, writes ...Write) error {
	if err := Check(writes...); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, w := range writes {
		if have := uint64(len(m.streams[w.Stream])); have != w.Next {
			return &Conflict{Stream: w.Stream, Want: w.Next, Have: have}
		}
	}
	for _, w := range writes {
		m.add(w)
	}
	m.wake()
	return nil
}

func (m *memory) add(w Write) {
	for i, r := range w.Records {
		r = clone(r)
		r.Revision = w.Next + uint64(i)
		m.streams[w.Stream] = append(m.streams[w.Stream], r)
	}
}

func (m *memory) wake() {
	close(m.changed)
	m.changed = make(chan struct{})
}

func (m *memory) Next(ctx context.Context, stream string) (uint64, error) {
	records, _, err := m.view(ctx, stream)
	return uint64(len(records)), err
}

// view returns the stream as it is now and a channel that closes when it may
// have changed.
func (m *memory) view(ctx context.Context, stream string) ([]Record, <-chan struct{}, error) {
	if err := CheckStream(stream); err != nil {
		return nil, nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, nil, ErrClosed
	}
	return m.streams[stream], m.changed, ctx.Err()
}

func (m *memory) Read(ctx context.Context, stream string, from, to uint64) iter.Seq2[Record, error] {
	records, _, err := m.view(ctx, stream)
	return func(yield func(Record, error) bool) {
		if err != nil {
			yield(Record{}, err)
			return
		}
		for _, r := range after(records[:min(to, uint64(len(records)))], from) {
			if err := m.interrupted(ctx); err != nil {
				yield(Record{}, err)
				return
			}
			if !yield(clone(r), nil) {
				return
			}
		}
	}
}

func (m *memory) Follow(ctx context.Context, stream string, from uint64) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		next := from
		for {
			records, changed, err := m.view(ctx, stream)
			if ctx.Err() != nil {
				return
			}
			if err != nil {
				yield(Record{}, err)
				return
			}
			for _, r := range after(records, next) {
				if ctx.Err() != nil || !yield(clone(r), nil) {
					return
				}
				next++
			}
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
		}
	}
}

func (m *memory) interrupted(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrClosed
	}
	return nil
}

func (m *memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.closed {
		m.closed = true
		m.streams = nil
		m.wake()
	}
	return nil
}

func after(records []Record, from uint64) []Record {
	return records[min(from, uint64(len(records))):]
}

func clone(r Record) Record {
	r.Data, r.Meta = bytes.Clone(r.Data), bytes.Clone(r.Meta)
	return r
}
