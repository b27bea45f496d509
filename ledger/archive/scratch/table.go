// Package scratch is a table of keys and values in two files that are thrown
// away afterwards: what a verifier has to remember of every event, outside of
// memory. It implements [domain.Spill] with memory that is flat in the number
// of entries.
//
// # Files
//
// The log holds every entry in the order in which it was put: CRC-32C of what
// follows it, length of the key, length of the value, key, value. Nothing in it
// is changed; the last entry of a key is the one that counts.
//
// The index says where entries stand in the log. It is a hash table of pages; a
// page is its CRC-32C, a count, and as many slots of a key's hash and a place in
// the log. The upper bits of a hash name its page, and a full page goes on in
// the next. A key has one slot; keys that share a hash have one each, and the log
// tells them apart. When it is half full, it is written anew with twice as many
// pages.
//
// Slots are collected in memory (65,536 of them) and then written page after page.
// Most questions are for keys that are not there: a filter of 8 MiB answers them
// without the disk, up to some ten million entries. Nothing is synced: after a
// crash nobody reads these files. What is read back other than it was written is
// an error.
//
// This is a small file format and not one of the stores, because a verifier of
// archives opens no store, and because every error of the disk must come back
// to who asked: an engine that writes in the background waits for a full disk to
// have room again.
package scratch

import (
	"bytes"
	"errors"
	"fmt"
	"hash/maphash"
	"iter"
	"path/filepath"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// pending is how many slots are collected before they are written.
const pending = 1 << 16

// Table is a table in a folder. It is not safe for concurrent use. After an
// error it is of no use.
type Table struct {
	log    *log
	index  *index
	seed   maphash.Seed
	filter filter
	slots  []slot         // not in the index yet, one for each key and hash
	recent map[uint64]int // of a hash, its place among slots
	key    []byte         // of an entry that is compared with another
}

// Open makes an empty table of files in a folder.
func Open(dir string) (*Table, error) {
	return open(func(name string) (file, error) { return create(filepath.Join(dir, name)) })
}

func open(make func(name string) (file, error)) (*Table, error) {
	entries, err := make("log")
	if err != nil {
		return nil, fmt.Errorf("open a scratch table: %w", err)
	}
	x, err := newIndex(make)
	if err != nil {
		_ = entries.Close()
		return nil, fmt.Errorf("open a scratch table: %w", err)
	}
	t := &Table{log: &log{file: entries}, index: x, seed: maphash.MakeSeed(), filter: newFilter(), recent: map[uint64]int{}}
	x.same = t.same
	return t, nil
}

// Put sets the value of a key.
func (t *Table) Put(key, value []byte) error {
	at, err := t.log.append(key, value)
	if err != nil {
		return fmt.Errorf("write the scratch log: %w", err)
	}
	h := maphash.Bytes(t.seed, key)
	if i, ok := t.recent[h]; ok {
		same, err := t.same(t.slots[i].at, at)
		if same {
			t.slots[i].at = at
			return nil
		}
		if err = errors.Join(err, t.settle()); err != nil { // two keys share a hash
			return err
		}
	}
	t.filter.add(h)
	t.recent[h] = len(t.slots)
	t.slots = append(t.slots, slot{hash: h, at: at})
	if len(t.slots) < pending {
		return nil
	}
	return t.settle()
}

// settle writes what was collected into the index.
func (t *Table) settle() error {
	if err := t.index.add(t.slots); err != nil {
		return fmt.Errorf("write the scratch index: %w", err)
	}
	t.slots = t.slots[:0]
	clear(t.recent)
	return nil
}

// same reports whether two entries of the log are of one key.
func (t *Table) same(a, b uint64) (bool, error) {
	key, _, err := t.log.read(a)
	if err != nil {
		return false, fmt.Errorf("read the scratch log: %w", err)
	}
	t.key = append(t.key[:0], key...)
	key, _, err = t.log.read(b)
	return err == nil && bytes.Equal(key, t.key), err
}

// Get returns the value last put under a key. It is valid until the next call.
func (t *Table) Get(key []byte) (value []byte, found bool, err error) {
	_, value, err = t.find(key)
	return value, value != nil, err
}

// find returns where the entry of a key stands, and its value; nil when there
// is none.
func (t *Table) find(key []byte) (at uint64, value []byte, err error) {
	h := maphash.Bytes(t.seed, key)
	if !t.filter.may(h) {
		return 0, nil, nil
	}
	var places []uint64
	if i, ok := t.recent[h]; ok {
		places = append(places, t.slots[i].at)
	}
	if places, err = t.index.find(h, places); err != nil {
		return 0, nil, fmt.Errorf("read the scratch index: %w", err)
	}
	for _, at := range places { // one, but of keys that share a hash
		have, value, err := t.log.read(at)
		if err != nil {
			return 0, nil, fmt.Errorf("read the scratch log: %w", err)
		}
		if bytes.Equal(have, key) {
			return at, value, nil
		}
	}
	return 0, nil, nil
}

// All yields each key once with its value, in the order of the log.
func (t *Table) All() iter.Seq2[domain.Entry, error] {
	return func(yield func(domain.Entry, error) bool) {
		for at := uint64(0); at < t.log.size; {
			key, _, err := t.log.read(at)
			next := at + t.log.span
			var e domain.Entry
			var newest uint64
			if err == nil {
				e.Key = append(e.Key, key...)
				newest, e.Value, err = t.find(e.Key)
			}
			if err != nil {
				yield(domain.Entry{}, err)
				return
			}
			if newest == at && !yield(e, nil) {
				return
			}
			at = next
		}
	}
}

// Close closes the files.
func (t *Table) Close() error { return errors.Join(t.log.file.Close(), t.index.file.Close()) }

// filter is a Bloom filter of one word for each hash: what was not added is
// mostly known without looking further.
type filter []uint64

func newFilter() filter { return make(filter, 1<<20) }

// of returns the word of a hash and its four bits there. They are other bits of
// the hash than those that name its page.
func (f filter) of(h uint64) (word *uint64, bits uint64) {
	bits = 1<<(h&63) | 1<<(h>>6&63) | 1<<(h>>12&63) | 1<<(h>>18&63)
	return &f[h>>24&(1<<20-1)], bits
}

func (f filter) add(h uint64) {
	word, bits := f.of(h)
	*word |= bits
}

func (f filter) may(h uint64) bool {
	word, bits := f.of(h)
	return *word&bits == bits
}
