package sealed

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"

	"filippo.io/age"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

var (
	// ErrNotForKey means that a ciphertext was not encrypted to this key.
	ErrNotForKey = errors.New("this was not encrypted to your key")
	// ErrCommitment means that a ciphertext holds another text than its event
	// committed to: whoever sealed or released it cheated, or erred.
	ErrCommitment = errors.New("this is not the text that the event committed to")
	// ErrDamaged means that a ciphertext or its plaintext has not the format.
	ErrDamaged = errors.New("this is no sealed detail, or it is damaged")
)

const (
	saltSize   = len(domain.Hash{})
	headerSize = saltSize + 8
	step       = 256
)

// Detail is a text, or the bytes of a file, and the salt of its commitment.
type Detail struct {
	Salt domain.Hash
	Text []byte
}

// New takes a text and gives it a fresh salt.
func New(text []byte) Detail {
	d := Detail{Text: text}
	rand.Read(d.Salt[:]) // never fails
	return d
}

// Commitment returns SHA-256(salt ‖ text).
func (d Detail) Commitment() domain.Hash { return domain.Commitment(d.Salt, d.Text) }

// Encrypt returns a ciphertext for these recipients, age1…, of at most
// domain.MaxSealed bytes.
func (d Detail) Encrypt(recipients ...string) ([]byte, error) {
	to := make([]age.Recipient, len(recipients))
	for i, text := range recipients {
		r, err := age.ParseX25519Recipient(text)
		if err != nil {
			return nil, fmt.Errorf("recipient %q: %w", text, err)
		}
		to[i] = r
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to...)
	if err != nil {
		return nil, fmt.Errorf("encrypt detail: %w", err)
	}
	_, err = w.Write(d.plaintext())
	if err = errors.Join(err, w.Close()); err != nil {
		return nil, fmt.Errorf("encrypt detail: %w", err)
	}
	if out.Len() > domain.MaxSealed {
		return nil, fmt.Errorf("encrypted, this has %d bytes, of at most %d: split it, or keep it yourself and name its hash under evidence", out.Len(), domain.MaxSealed)
	}
	return out.Bytes(), nil
}

func (d Detail) plaintext() []byte {
	out := make([]byte, rounded(headerSize+len(d.Text)))
	copy(out, d.Salt[:])
	binary.BigEndian.PutUint64(out[saltSize:], uint64(len(d.Text)))
	copy(out[headerSize:], d.Text)
	return out
}

// rounded returns the size of the plaintext with its zeros.
func rounded(n int) int {
	unit := max(step, 1<<bits.Len(uint(n))>>5)
	return (n + unit - 1) / unit * unit
}

// Open decrypts a ciphertext and compares it with the commitment. The errors
// are ErrNotForKey, ErrCommitment and ErrDamaged.
func Open(ciphertext []byte, commitment domain.Hash, k *Key) (Detail, error) {
	r, err := age.Decrypt(bytes.NewReader(ciphertext), k.identity)
	var mismatch *age.NoIdentityMatchError
	if errors.As(err, &mismatch) {
		return Detail{}, fmt.Errorf("%w: open it with the key that was registered when it was released, or ask for a new release", ErrNotForKey)
	}
	if err != nil {
		return Detail{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	plain, err := io.ReadAll(io.LimitReader(r, domain.MaxSealed))
	if err != nil {
		return Detail{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	d, err := parse(plain)
	if err != nil {
		return Detail{}, err
	}
	if d.Commitment() != commitment {
		return Detail{}, ErrCommitment
	}
	return d, nil
}

// parse takes a plaintext apart. It accepts the one form that plaintext gives.
func parse(plain []byte) (Detail, error) {
	if len(plain) < headerSize {
		return Detail{}, ErrDamaged
	}
	n := binary.BigEndian.Uint64(plain[saltSize:headerSize])
	if n > uint64(len(plain)-headerSize) {
		return Detail{}, ErrDamaged
	}
	d := Detail{Salt: domain.Hash(plain[:saltSize]), Text: plain[headerSize : headerSize+int(n)]}
	if !bytes.Equal(d.plaintext(), plain) {
		return Detail{}, ErrDamaged
	}
	return d, nil
}
