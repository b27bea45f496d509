package projections

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strconv"
	"sync"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// blockRows is how many rows of the history are hashed together.
const blockRows = 1024

// blockSums are the hashes of whole blocks of rows, as far as they are known;
// zero where a row has changed since. Readers may fill them side by side.
type blockSums struct {
	rows uint64 // of a block
	mu   sync.Mutex
	sums []domain.Hash
}

// change notes that a row is another, or about to be. Only who folds calls it,
// when nobody reads.
func (b *blockSums) change(row uint64) {
	if block := row / b.rows; block < uint64(len(b.sums)) {
		b.sums[block] = domain.Hash{}
	}
}

// canonical writes a line for each block of 1,024 rows, the last of which may
// have less: the SHA-256 of the rows' lines, in hexadecimal.
func (h *history) canonical(w io.Writer) error {
	h.sums.mu.Lock()
	defer h.sums.mu.Unlock()
	var text, line []byte
	for from, rows := uint64(0), h.sums.rows; from < h.size(); from += rows {
		sum := h.sums.get(from / rows)
		if sum.IsZero() {
			to := min(from+rows, h.size())
			text = h.appendRows(text[:0], from, to)
			sum = sha256.Sum256(text)
			h.sums.set(from/rows, sum, to-from)
		}
		line = append(hex.AppendEncode(line[:0], sum[:]), '\n')
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	return nil
}

// get returns the hash of a block, zero when it is not known.
func (b *blockSums) get(block uint64) domain.Hash {
	if block < uint64(len(b.sums)) {
		return b.sums[block]
	}
	return domain.Hash{}
}

// set keeps the hash of a block, if it is whole.
func (b *blockSums) set(block uint64, sum domain.Hash, rows uint64) {
	switch n := uint64(len(b.sums)); {
	case rows < b.rows:
	case block < n:
		b.sums[block] = sum
	case block == n:
		b.sums = append(b.sums, sum)
	}
}

// appendRows appends a line for each row: what was recorded, by its leaf, and
// what later events said about it.
func (h *history) appendRows(b []byte, from, to uint64) []byte {
	for i := from; i < to; i++ {
		r := &h.rows[i]
		b = append(strconv.AppendInt(b, r.at, 10), ' ')
		b = append(append(b, r.kind...), ' ')
		b = append(hex.AppendEncode(b, r.leaf[:]), ' ')
		b = append(strconv.AppendUint(b, uint64(h.quick[i]), 10), ' ')
		b = append(append(b, r.issuer...), ' ')
		b = strconv.AppendUint(b, r.withdrawn, 10)
		for _, v := range r.versions {
			b = strconv.AppendUint(append(b, " v"...), v.from, 10)
		}
		for _, list := range [...][]uint64{r.disputes, r.closings, r.endorsed, r.explained} {
			b = appendList(b, list)
		}
		b = append(b, '\n')
	}
	return b
}

// appendList appends a space and the numbers in brackets.
func appendList(b []byte, list []uint64) []byte {
	b = append(b, " ["...)
	for i, n := range list {
		if i > 0 {
			b = append(b, ' ')
		}
		b = strconv.AppendUint(b, n, 10)
	}
	return append(b, ']')
}
