package witness

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

const (
	forkHeader = "coalition-ledger/fork/v1"
	maxFork    = 256 << 10
)

var (
	// ErrNoFork says that two checkpoints are of one history.
	ErrNoFork = errors.New("the checkpoints are of one history")
	// ErrUndecided says that two checkpoints of different sizes come without
	// proof of how the larger tree begins: whoever doubts asks the log for a
	// consistency proof between them, which a log that forked cannot give.
	ErrUndecided = errors.New("the checkpoints alone do not show a fork")
)

// Fork is evidence that a log signed two histories: two checkpoints that one
// tree cannot have. Of one size, two roots are enough. Of two sizes, Prefix is
// the root that the newer one's tree had at the older size, and Proof, an RFC
// 6962 consistency proof, that it begins so: the older checkpoint's root is
// another. Nothing else is needed to check it than the log's key.
type Fork struct {
	Older, Newer []byte // signed checkpoints
	Prefix       *domain.Hash
	Proof        []domain.Hash
}

// ProveFork makes evidence of two signed checkpoints. prefix and proof, which
// may be left out, are those of the tree of the larger one, at the size of the
// smaller one. It checks the forms and no signature, and fails with
// translog.ErrMalformed, or ErrNoFork if the two are equal or the proof leads
// from one to the other.
func ProveFork(a, b []byte, prefix *domain.Hash, proof []domain.Hash) (Fork, error) {
	older, err := translog.PeekCheckpoint(a)
	if err != nil {
		return Fork{}, fmt.Errorf("prove a fork: %w", err)
	}
	newer, err := translog.PeekCheckpoint(b)
	if err != nil {
		return Fork{}, fmt.Errorf("prove a fork: %w", err)
	}
	f := Fork{Older: a, Newer: b, Prefix: prefix, Proof: proof}
	if newer.Size < older.Size {
		f.Older, f.Newer = b, a
	}
	if err := f.decide(); err != nil && !errors.Is(err, ErrUndecided) {
		return Fork{}, fmt.Errorf("prove a fork: %w", err)
	}
	return f, nil
}

// Verify checks the evidence: that the log of the keys, all of one origin,
// signed both checkpoints and that no tree has both. It returns nil if the log
// forked, and else translog.ErrMalformed, ErrSignature or ErrProof, ErrNoFork,
// or ErrUndecided.
func (f Fork) Verify(log ...note.Verifier) error {
	if len(log) == 0 {
		return fmt.Errorf("verify a fork: %w: no key of the log given", translog.ErrSignature)
	}
	for _, c := range [][]byte{f.Older, f.Newer} {
		if _, err := translog.OpenCheckpoint(c, log[0].Name(), log...); err != nil {
			return fmt.Errorf("verify a fork: %w", err)
		}
	}
	if err := f.decide(); err != nil {
		return fmt.Errorf("verify a fork: %w", err)
	}
	return nil
}

// decide looks at sizes, roots and proof. It returns nil for a fork.
func (f Fork) decide() error {
	a, err := translog.PeekCheckpoint(f.Older)
	if err != nil {
		return err
	}
	b, err := translog.PeekCheckpoint(f.Newer)
	if err != nil {
		return err
	}
	switch {
	case a.Origin != b.Origin:
		return fmt.Errorf("%w: they are of two logs, %s and %s", ErrNoFork, a.Origin, b.Origin)
	case a.Size > b.Size:
		return fmt.Errorf("%w evidence: the older checkpoint is larger", translog.ErrMalformed)
	case a.Size == b.Size && a.Root == b.Root:
		return fmt.Errorf("%w: size and root are the same", ErrNoFork)
	case a.Size == b.Size:
		return nil
	case f.Prefix == nil:
		return fmt.Errorf("%w: ask the log for a consistency proof from %d to %d", ErrUndecided, a.Size, b.Size)
	}
	prefix := translog.Checkpoint{Origin: a.Origin, Size: a.Size, Root: *f.Prefix}
	if err := translog.VerifyConsistency(f.Proof, prefix, b); err != nil {
		return err
	}
	if a.Root == *f.Prefix {
		return fmt.Errorf("%w: the newer tree begins with the older one", ErrNoFork)
	}
	return nil
}

// Text writes the evidence: a header, the prefix and its proof if there is one,
// and the two signed checkpoints, with blank lines between them.
func (f Fork) Text() []byte {
	var b strings.Builder
	b.WriteString(forkHeader + "\n")
	if f.Prefix != nil {
		b.WriteString("prefix " + translog.HashText(*f.Prefix) + "\n")
		writeHashes(&b, f.Proof)
	}
	fmt.Fprintf(&b, "\n%s\n%s", f.Older, f.Newer)
	return []byte(b.String())
}

// ParseFork reads what Text writes and nothing else; it fails with
// translog.ErrMalformed. It verifies nothing.
func ParseFork(text []byte) (Fork, error) {
	f, err := parseFork(text)
	if err == nil && !bytes.Equal(f.Text(), text) {
		err = fmt.Errorf("%w: not in its one form", translog.ErrMalformed)
	}
	if err != nil {
		return Fork{}, fmt.Errorf("read evidence of a fork: %w", err)
	}
	return f, nil
}

func parseFork(text []byte) (f Fork, err error) {
	parts := strings.SplitN(string(text), "\n\n", 6) // header, and two notes of two parts
	lines := strings.Split(parts[0], "\n")
	if len(text) > maxFork || len(parts) != 5 || lines[0] != forkHeader {
		return f, fmt.Errorf("%w: want the line %s and two signed checkpoints", translog.ErrMalformed, forkHeader)
	}
	f.Older, f.Newer = []byte(parts[1]+"\n\n"+parts[2]+"\n"), []byte(parts[3]+"\n\n"+parts[4])
	if len(lines) == 1 {
		return f, nil
	}
	root, ok := strings.CutPrefix(lines[1], "prefix ")
	prefix, err := translog.ParseHashText(root)
	if !ok || err != nil {
		return f, fmt.Errorf("%w: want the line 'prefix <root>'", translog.ErrMalformed)
	}
	f.Prefix = &prefix
	f.Proof, err = parseProof(lines[2:])
	return f, err
}
