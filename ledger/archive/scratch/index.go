package scratch

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
)

const (
	pageSize  = 4096
	pageHead  = 8 // sum and count
	slotSize  = 16
	pageSlots = (pageSize - pageHead) / slotSize
	firstBits = 8 // of a hash name a page of the first index
)

// slot says where an entry of a hash stands in the log.
type slot struct{ hash, at uint64 }

// index is a hash table of slots in a file. Pages that were never written, or
// only lie between written ones, are zero: empty.
type index struct {
	make  func(name string) (file, error)
	same  func(a, b uint64) (bool, error) // whether entries of one hash are of one key
	file  file
	bits  int // 1<<bits pages
	slots uint64
	at    uint64 // of the page in memory, when loaded
	page  [pageSize]byte
	load  bool // page is that of at
	dirty bool
}

func newIndex(make func(name string) (file, error)) (*index, error) {
	x := &index{make: make}
	return x, x.clear(firstBits)
}

// clear begins an empty file of 1<<bits pages.
func (x *index) clear(bits int) (err error) {
	if x.file, err = x.make(fmt.Sprint("index", bits)); err != nil {
		return err
	}
	x.bits = bits
	_, err = x.file.WriteAt([]byte{0}, int64(pageSize<<bits)-1) // so long it is
	return err
}

// add puts slots into the index, and orders them.
func (x *index) add(slots []slot) error {
	for x.slots+uint64(len(slots)) > pageSlots<<x.bits/2 {
		if err := x.grow(); err != nil {
			return err
		}
	}
	slices.SortFunc(slots, func(a, b slot) int { return cmp.Compare(a.hash, b.hash) })
	for _, s := range slots {
		if err := x.place(s); err != nil {
			return err
		}
	}
	return x.flush()
}

// place puts a slot in the place of its key's, or else into its page or the
// next that has room.
func (x *index) place(s slot) error {
	for page := s.hash >> (64 - x.bits); ; page = (page + 1) & (1<<x.bits - 1) {
		if err := x.turn(page); err != nil {
			return err
		}
		n := x.count()
		for i := range n {
			if have := x.slot(i); have.hash == s.hash {
				if same, err := x.same(have.at, s.at); err != nil || same {
					x.set(i, s)
					return err
				}
			}
		}
		if n < pageSlots {
			x.set(n, s)
			binary.LittleEndian.PutUint32(x.page[4:], uint32(n+1))
			x.slots++
			return nil
		}
	}
}

// find adds the places of all entries of a hash to found.
func (x *index) find(hash uint64, found []uint64) ([]uint64, error) {
	for page := hash >> (64 - x.bits); ; page = (page + 1) & (1<<x.bits - 1) {
		if err := x.turn(page); err != nil {
			return nil, err
		}
		n := x.count()
		for i := range n {
			if s := x.slot(i); s.hash == hash {
				found = append(found, s.at)
			}
		}
		if n < pageSlots {
			return found, nil
		}
	}
}

// grow writes the index anew with twice as many pages.
func (x *index) grow() error {
	next := &index{make: x.make, same: x.same}
	if err := next.clear(x.bits + 1); err != nil {
		return err
	}
	var some []slot
	for page := range uint64(1) << x.bits {
		if err := x.turn(page); err != nil {
			return errors.Join(err, next.file.Close())
		}
		for i := range x.count() {
			some = append(some, x.slot(i))
		}
		if len(some) < pending && page+1 < 1<<x.bits {
			continue
		}
		if err := next.add(some); err != nil {
			return errors.Join(err, next.file.Close())
		}
		some = some[:0]
	}
	old := x.file
	*x = *next
	return old.Close()
}

func (x *index) count() int { return int(binary.LittleEndian.Uint32(x.page[4:])) }

func (x *index) slot(i int) slot {
	at := x.page[pageHead+i*slotSize:]
	return slot{binary.LittleEndian.Uint64(at), binary.LittleEndian.Uint64(at[8:])}
}

func (x *index) set(i int, s slot) {
	at := x.page[pageHead+i*slotSize:]
	binary.LittleEndian.PutUint64(at, s.hash)
	binary.LittleEndian.PutUint64(at[8:], s.at)
	x.dirty = true
}

// turn brings a page into memory, and the one there to the disk.
func (x *index) turn(page uint64) error {
	if x.load && x.at == page {
		return nil
	}
	if err := x.flush(); err != nil {
		return err
	}
	x.load = false
	_, err := x.file.ReadAt(x.page[:], int64(page*pageSize))
	if errors.Is(err, io.EOF) {
		err = errDamaged
	}
	if err != nil {
		return err
	}
	x.at, x.load = page, true
	var want uint32
	n := x.count()
	if n > 0 {
		want = x.sum()
	}
	if n > pageSlots || binary.LittleEndian.Uint32(x.page[:]) != want {
		return errDamaged
	}
	return nil
}

// sum is that of the page in memory; which page it is, is part of it.
func (x *index) sum() uint32 {
	return crc32.Checksum(x.page[4:], castagnoli) ^ uint32(x.at)
}

// flush brings the page in memory to the disk, if it was changed.
func (x *index) flush() error {
	if !x.dirty {
		return nil
	}
	binary.LittleEndian.PutUint32(x.page[:], x.sum())
	x.dirty = false
	_, err := x.file.WriteAt(x.page[:], int64(x.at*pageSize))
	return err
}
