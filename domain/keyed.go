package domain

import (
	"encoding/gob"
	"iter"
	"maps"
)

// table is a keyed map of any kind.
type table interface {
	merge()
	encode(*gob.Encoder) error
	decode(*gob.Decoder) error
}

// keyed is a map that can be laid over another: a read falls through to the
// parent, a write stays above it until merged. Values are never changed in
// place; who changes one puts a new one. The lowest may keep its entries in a
// [Spill] instead of in own.
type keyed[K comparable, V any] struct {
	parent *keyed[K, V]
	own    map[K]V
	spill  *spilled[K, V] // nil, but of a lowest one that is kept outside of memory
}

func newKeyed[K comparable, V any](parent *keyed[K, V]) *keyed[K, V] {
	return &keyed[K, V]{parent: parent, own: map[K]V{}}
}

func (t *keyed[K, V]) get(k K) (V, bool) {
	for ; t != nil; t = t.parent {
		if t.spill != nil {
			return t.spill.get(k)
		}
		if v, ok := t.own[k]; ok {
			return v, true
		}
	}
	var zero V
	return zero, false
}

func (t *keyed[K, V]) put(k K, v V) {
	if t.spill != nil {
		t.spill.put(k, v)
		return
	}
	t.own[k] = v
}

func (t *keyed[K, V]) merge() {
	for k, v := range t.own {
		t.parent.put(k, v)
	}
	clear(t.own)
}

// all yields every entry once, in no order.
func (t *keyed[K, V]) all() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		seen := map[K]bool{}
		for layer := t; layer != nil; layer = layer.parent {
			for k, v := range layer.entries() {
				if seen[k] {
					continue
				}
				if layer.parent != nil {
					seen[k] = true
				}
				if !yield(k, v) {
					return
				}
			}
		}
	}
}

// entries yields those of this layer alone.
func (t *keyed[K, V]) entries() iter.Seq2[K, V] {
	if t.spill != nil {
		return t.spill.all()
	}
	return maps.All(t.own)
}

// encode writes every entry, overlays included.
func (t *keyed[K, V]) encode(e *gob.Encoder) error { return e.Encode(maps.Collect(t.all())) }

func (t *keyed[K, V]) decode(d *gob.Decoder) error { return d.Decode(&t.own) }
