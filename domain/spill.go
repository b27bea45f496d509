package domain

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
)

// Spill keeps what the state holds of every event outside of memory: values of
// some hundred bytes by keys of some ten. Whoever implements it does I/O; the
// state does not. Its users are one goroutine.
type Spill interface {
	// Get returns the value last put under a key. It is the caller's until the
	// next call.
	Get(key []byte) (value []byte, found bool, err error)
	// Put sets a value. Neither slice is kept.
	Put(key, value []byte) error
	// All yields each key once, with its value, in any order, both until the
	// next step. It yields an error once, and stops.
	All() iter.Seq2[Entry, error]
}

// Entry is one of a [Spill].
type Entry struct{ Key, Value []byte }

// NewStateOn returns the state before genesis, with what grows by every event
// in an empty spill: memory is then flat in the number of events. What stands
// for members, keys, designations or freezes stays in memory.
//
// Rules have no way to say that a disk failed. A state whose [State.SpillErr] is
// not nil has decided on what it could not read: nothing that it said counts.
func NewStateOn(s Spill) *State {
	out := NewState()
	out.disk = &disk{spill: s}
	out.events.spill = &spilled[uint64, Record]{
		disk: out.disk, tag: 'e', value: appendRecord, read: readRecord,
		key:     func(b []byte, i uint64) []byte { return binary.BigEndian.AppendUint64(b, i) },
		readKey: readNumber,
	}
	out.ids.spill = &spilled[[16]byte, uint64]{
		disk: out.disk, tag: 'i', value: binary.AppendUvarint, read: readUvarint,
		key:     func(b []byte, id [16]byte) []byte { return append(b, id[:]...) },
		readKey: readID,
	}
	return out
}

// SpillErr returns the first error of the spill that the state stands on, also
// through overlays; nil of a state in memory.
func (s *State) SpillErr() error {
	if s.disk == nil {
		return nil
	}
	return s.disk.err
}

// disk is a spill and the first error that it gave.
type disk struct {
	spill Spill
	err   error
}

func (d *disk) note(what string, err error) {
	if d.err == nil {
		d.err = fmt.Errorf("%s what the state keeps of every event: %w", what, err)
	}
}

// spilled is one table in a spill, with what was last used of it in memory:
// two maps, of which the full one takes the place of the older.
type spilled[K comparable, V any] struct {
	*disk
	tag        byte // begins its keys
	key        func([]byte, K) []byte
	value      func([]byte, V) []byte
	readKey    func([]byte) (K, error)
	read       func([]byte) (V, error)
	newer      map[K]V
	older      map[K]V
	keyBuffer  []byte
	textBuffer []byte
}

// recent is how many entries of a table are kept in memory, or twice as many.
const recent = 2048

func (t *spilled[K, V]) get(k K) (v V, found bool) {
	if v, found = t.newer[k]; found {
		return v, true
	}
	if v, found = t.older[k]; found {
		t.remember(k, v)
		return v, true
	}
	if t.err != nil {
		return v, false
	}
	text, found, err := t.spill.Get(t.name(k))
	if err == nil && found {
		v, err = t.read(text)
	}
	if err != nil {
		t.note("read", err)
		found = false
	}
	if found {
		t.remember(k, v)
	}
	return v, found
}

func (t *spilled[K, V]) put(k K, v V) {
	if t.err != nil {
		return
	}
	t.textBuffer = t.value(t.textBuffer[:0], v)
	if err := t.spill.Put(t.name(k), t.textBuffer); err != nil {
		t.note("write", err)
	}
	t.remember(k, v)
}

func (t *spilled[K, V]) name(k K) []byte {
	t.keyBuffer = t.key(append(t.keyBuffer[:0], t.tag), k)
	return t.keyBuffer
}

func (t *spilled[K, V]) remember(k K, v V) {
	if t.newer == nil || len(t.newer) >= recent {
		t.newer, t.older = make(map[K]V, recent), t.newer
	}
	t.newer[k] = v
}

// all yields what the spill holds; an error ends it and is noted.
func (t *spilled[K, V]) all() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for e, err := range t.spill.All() {
			if err == nil && (len(e.Key) == 0 || e.Key[0] != t.tag) {
				continue
			}
			var k K
			var v V
			if err == nil {
				k, err = t.readKey(e.Key[1:])
			}
			if err == nil {
				v, err = t.read(e.Value)
			}
			if err != nil {
				t.note("read", err)
				return
			}
			if !yield(k, v) {
				return
			}
		}
	}
}

// Flags of a record in its form on disk.
const (
	flagStatement = 1 << iota
	flagWithdrawn
	flagClosed
)

// appendRecord writes a record: flags, leaf, then each text behind its length.
func appendRecord(b []byte, r Record) []byte {
	var flags byte
	if r.Statement {
		flags |= flagStatement
	}
	if r.Withdrawn {
		flags |= flagWithdrawn
	}
	if r.Closed {
		flags |= flagClosed
	}
	b = append(append(b, flags), r.Leaf[:]...)
	for _, text := range [...]string{r.Type, string(r.Issuer), r.KeyID, r.Key} {
		b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
	}
	return b
}

var errForm = errors.New("it is not in the form in which it was written")

func readRecord(b []byte) (r Record, err error) {
	if len(b) < 1+len(r.Leaf) || b[0] >= flagClosed<<1 {
		return r, errForm
	}
	r.Statement, r.Withdrawn, r.Closed = b[0]&flagStatement != 0, b[0]&flagWithdrawn != 0, b[0]&flagClosed != 0
	b = b[1+copy(r.Leaf[:], b[1:]):]
	var texts [4]string
	for i := range texts {
		size, n := binary.Uvarint(b)
		if n <= 0 || size > uint64(len(b)-n) {
			return Record{}, errForm
		}
		texts[i], b = string(b[n:n+int(size)]), b[n+int(size):]
	}
	if len(b) > 0 {
		return Record{}, errForm
	}
	r.Type, r.Issuer, r.KeyID, r.Key = texts[0], AgencyID(texts[1]), texts[2], texts[3]
	return r, nil
}

func readNumber(b []byte) (uint64, error) {
	if len(b) != 8 {
		return 0, errForm
	}
	return binary.BigEndian.Uint64(b), nil
}

func readID(b []byte) (id [16]byte, err error) {
	if copy(id[:], b) != len(id) || len(b) != len(id) {
		return id, errForm
	}
	return id, nil
}

func readUvarint(b []byte) (uint64, error) {
	v, n := binary.Uvarint(b)
	if n <= 0 || n != len(b) {
		return 0, errForm
	}
	return v, nil
}
