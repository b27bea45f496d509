package translog

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/bits"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

const (
	receiptHeader = "c2sp.org/tlog-proof@v1"
	maxExtra      = 64 << 10
	maxReceipt    = maxNote + 2*maxExtra
)

// Receipt is a parsed C2SP tlog-proof: the claim that a leaf stands at Index of
// the tree that Checkpoint vouches for. Parsing verifies nothing.
type Receipt struct {
	Index      uint64
	Proof      []domain.Hash // from the leaf's sibling up
	Checkpoint []byte        // the signed note, verbatim
	Extra      []byte        // not authenticated; nil in the ledger's own receipts
}

// NewReceipt writes a tlog-proof. checkpoint is a signed checkpoint of the tree
// that proof was made for; extra is left out when empty.
func NewReceipt(index uint64, proof []domain.Hash, checkpoint, extra []byte) []byte {
	b := make([]byte, 0, 96+45*len(proof)+len(checkpoint)+base64.StdEncoding.EncodedLen(len(extra)))
	b = append(b, receiptHeader+"\n"...)
	if len(extra) > 0 {
		b = append(b, "extra "...)
		b = base64.StdEncoding.AppendEncode(b, extra)
		b = append(b, '\n')
	}
	b = append(b, "index "...)
	b = strconv.AppendUint(b, index, 10)
	b = append(b, '\n')
	for i := range proof {
		b = base64.StdEncoding.AppendEncode(b, proof[i][:])
		b = append(b, '\n')
	}
	b = append(b, '\n')
	return append(b, checkpoint...)
}

// ParseReceipt reads a tlog-proof. Beyond the format it demands what every
// valid receipt has: an index inside the checkpoint's tree and exactly as many
// hashes as lead from there to the root. It fails with ErrMalformed.
func ParseReceipt(receipt []byte) (Receipt, error) {
	r, err := parseReceipt(receipt)
	if err != nil {
		return Receipt{}, fmt.Errorf("read a receipt: %w", err)
	}
	return r, nil
}

func parseReceipt(receipt []byte) (Receipt, error) {
	if len(receipt) > maxReceipt {
		return Receipt{}, fmt.Errorf("%w: %d bytes, the most is %d", ErrMalformed, len(receipt), maxReceipt)
	}
	head, checkpoint, ok := bytes.Cut(receipt, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !ok || lines[0] != receiptHeader {
		return Receipt{}, fmt.Errorf("%w: want the line %s first and a checkpoint after a blank line", ErrMalformed, receiptHeader)
	}
	r := Receipt{Checkpoint: bytes.Clone(checkpoint)}
	lines, err := r.parseExtra(lines[1:])
	if err != nil {
		return Receipt{}, err
	}
	if err := r.parseProof(lines); err != nil {
		return Receipt{}, err
	}
	c, err := PeekCheckpoint(checkpoint)
	if err != nil {
		return Receipt{}, err
	}
	if r.Index >= c.Size || len(r.Proof) != proofLength(r.Index, c.Size) {
		return Receipt{}, fmt.Errorf("%w: %d hashes cannot prove leaf %d of %d", ErrMalformed, len(r.Proof), r.Index, c.Size)
	}
	return r, nil
}

// parseExtra reads the optional line and returns the ones after it.
func (r *Receipt) parseExtra(lines []string) ([]string, error) {
	if len(lines) == 0 {
		return nil, fmt.Errorf("%w: no index line", ErrMalformed)
	}
	text, ok := strings.CutPrefix(lines[0], "extra ")
	if !ok {
		return lines, nil
	}
	extra, err := decodeBase64(text)
	if err != nil || len(extra) == 0 || len(extra) > maxExtra {
		return nil, fmt.Errorf("%w: the extra line wants 1 to %d bytes in base64", ErrMalformed, maxExtra)
	}
	r.Extra = extra
	return lines[1:], nil
}

// parseProof reads the index line and the hash lines.
func (r *Receipt) parseProof(lines []string) error {
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		return fmt.Errorf("%w: no index line", ErrMalformed)
	}
	index, err := decodeNumber(lines[0][len("index "):], MaxSize-1)
	if err != nil {
		return err
	}
	r.Index = index
	for _, line := range lines[1:] {
		h, err := decodeHash(line)
		if err != nil {
			return err
		}
		r.Proof = append(r.Proof, h)
	}
	return nil
}

// proofLength is the number of hashes from leaf index to the root of size
// leaves: one for each level below where index and the last leaf part, and one
// for each complete subtree left of it.
func proofLength(index, size uint64) int {
	inner := bits.Len64(index ^ (size - 1))
	return inner + bits.OnesCount64(index>>inner)
}

// Verify checks that the leaf stands at r.Index of a tree whose checkpoint the
// log origin signed, and returns that checkpoint. It fails with ErrMalformed,
// ErrSignature or ErrProof. Extra is refused: nothing in a verified receipt
// should be open to change by whoever hands it on.
func (r Receipt) Verify(leaf domain.Hash, origin string, v ...note.Verifier) (Checkpoint, error) {
	if r.Extra != nil {
		return Checkpoint{}, fmt.Errorf("verify a receipt: %w: it carries an extra line, which no signature covers", ErrMalformed)
	}
	c, err := OpenCheckpoint(r.Checkpoint, origin, v...)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("verify a receipt: %w", err)
	}
	if err := VerifyInclusion(r.Proof, c, r.Index, leaf); err != nil {
		return Checkpoint{}, fmt.Errorf("verify a receipt: %w", err)
	}
	return c, nil
}

// VerifyReceipt checks offline that the envelope, recorded at recordedAt
// (microseconds since 1970 UTC), stands in the log origin, and returns the
// checkpoint that says so and the index. Errors are those of ParseReceipt and
// Receipt.Verify.
func VerifyReceipt(receipt []byte, recordedAt int64, envelope []byte, origin string, v ...note.Verifier) (Checkpoint, uint64, error) {
	r, err := ParseReceipt(receipt)
	if err != nil {
		return Checkpoint{}, 0, err
	}
	c, err := r.Verify(LeafHash(recordedAt, envelope), origin, v...)
	if err != nil {
		return Checkpoint{}, 0, err
	}
	return c, r.Index, nil
}
