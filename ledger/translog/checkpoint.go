package translog

import (
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Checkpoint is what the log vouches for: that its first Size leaves have this
// root.
type Checkpoint struct {
	Origin string
	Size   uint64
	Root   domain.Hash
}

func (c Checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, encodeHash(c.Root))
}

// SignCheckpoint writes c as a C2SP checkpoint. One signer must bear the
// origin's name; others may cosign.
func SignCheckpoint(c Checkpoint, signers ...note.Signer) ([]byte, error) {
	if c.Size > MaxSize {
		return nil, fmt.Errorf("sign a checkpoint of %d leaves: larger than any tree", c.Size)
	}
	text, err := signNote(c.text(), c.Origin, signers)
	if err != nil {
		return nil, fmt.Errorf("sign a checkpoint: %w", err)
	}
	return text, nil
}

// OpenCheckpoint reads a checkpoint of the log origin, signed by a verifier
// that bears its name. It fails with ErrMalformed, also for another origin or
// an extension line, and with ErrSignature.
func OpenCheckpoint(text []byte, origin string, v ...note.Verifier) (Checkpoint, error) {
	body, err := openNote(text, origin, v)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("open a checkpoint: %w", err)
	}
	c, err := parseCheckpoint(body)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("open a checkpoint: %w", err)
	}
	if c.Origin != origin {
		return Checkpoint{}, fmt.Errorf("open a checkpoint: %w: it is of the log %q, not %q", ErrMalformed, c.Origin, origin)
	}
	return c, nil
}

// PeekCheckpoint reads what a checkpoint claims, checking its form and no
// signature: to learn how large a tree the other side has, never to trust it.
func PeekCheckpoint(text []byte) (Checkpoint, error) {
	body, err := splitNote(text)
	if err != nil {
		return Checkpoint{}, err
	}
	return parseCheckpoint(body)
}

func parseCheckpoint(body string) (Checkpoint, error) {
	lines := strings.Split(body, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return Checkpoint{}, fmt.Errorf("%w checkpoint: want the three lines origin, size, root", ErrMalformed)
	}
	if err := checkOrigin(lines[0]); err != nil {
		return Checkpoint{}, err
	}
	size, err := decodeNumber(lines[1], MaxSize)
	if err != nil {
		return Checkpoint{}, err
	}
	root, err := decodeHash(lines[2])
	if err != nil {
		return Checkpoint{}, err
	}
	return Checkpoint{Origin: lines[0], Size: size, Root: root}, nil
}
