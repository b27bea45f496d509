package projections

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"iter"
	"slices"
	"strconv"
)

// eventIndex is lists of events, ascending, by key, under a name.
type eventIndex struct {
	name string
	all  iter.Seq2[string, []uint64]
}

func indexOf[K ~string](name string, lists map[K][]uint64) eventIndex {
	return eventIndex{name, func(yield func(string, []uint64) bool) {
		for key, events := range lists {
			if !yield(string(key), events) {
				return
			}
		}
	}}
}

// lists writes a line for each block of 1,024 events: the SHA-256, in
// hexadecimal, of what the lists have in that block, a line for each list that
// has something there, index by index and by key. The last block is that of the
// last event listed. Only blocks whose hash is not known are written out.
func (b *blockSums) lists(w io.Writer, indexes ...eventIndex) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	texts := b.unknown(indexes)
	var line []byte
	for block, text := range texts {
		sum := b.get(uint64(block))
		if text != nil {
			sum = sha256.Sum256(text)
		}
		if block+1 < len(texts) {
			b.set(uint64(block), sum, b.rows)
		}
		line = append(hex.AppendEncode(line[:0], sum[:]), '\n')
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	return nil
}

// unknown returns the text of each block, nil where its hash is known.
func (b *blockSums) unknown(indexes []eventIndex) [][]byte {
	texts := make([][]byte, b.blocks(indexes))
	for block := range texts {
		if b.get(uint64(block)).IsZero() {
			texts[block] = []byte{}
		}
	}
	type list struct {
		key    string
		events []uint64
	}
	for _, index := range indexes {
		var due []list
		for key, events := range index.all {
			if slices.ContainsFunc(events, func(e uint64) bool { return texts[e/b.rows] != nil }) {
				due = append(due, list{key, events})
			}
		}
		slices.SortFunc(due, func(a, b list) int { return cmp.Compare(a.key, b.key) })
		for _, l := range due {
			b.write(texts, index.name+" "+strconv.QuoteToASCII(l.key), l.events)
		}
	}
	return texts
}

// blocks returns how many there are up to the last event listed.
func (b *blockSums) blocks(indexes []eventIndex) (n uint64) {
	for _, index := range indexes {
		for _, events := range index.all {
			if last := len(events) - 1; last >= 0 {
				n = max(n, events[last]/b.rows+1)
			}
		}
	}
	return n
}

// write appends a list to the texts of the blocks that it has events in.
func (b *blockSums) write(texts [][]byte, label string, events []uint64) {
	last := -1
	for _, e := range events {
		block := int(e / b.rows)
		if texts[block] == nil {
			continue
		}
		if block != last {
			endLine(texts, last)
			texts[block] = append(texts[block], label...)
			last = block
		}
		texts[block] = strconv.AppendUint(append(texts[block], ' '), e, 10)
	}
	endLine(texts, last)
}

func endLine(texts [][]byte, block int) {
	if block >= 0 {
		texts[block] = append(texts[block], '\n')
	}
}
