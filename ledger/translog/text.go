package translog

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// SignatureLine is one line below a signed note.
type SignatureLine struct {
	Name      string
	KeyHash   uint32
	Signature []byte // after the key hash
}

// String is the line without its end.
func (l SignatureLine) String() string {
	sig := binary.BigEndian.AppendUint32(nil, l.KeyHash)
	return "— " + l.Name + " " + base64.StdEncoding.EncodeToString(append(sig, l.Signature...))
}

// ParseSignatureLine reads what String writes and nothing else; it fails with
// ErrMalformed. It verifies nothing.
func ParseSignatureLine(line string) (SignatureLine, error) {
	key, err := signatureKey(line)
	if err != nil {
		return SignatureLine{}, err
	}
	name, hash := key[:len(key)-5], key[len(key)-4:]
	sig, err := decodeBase64(line[len("— ")+len(name)+1:])
	if err != nil {
		return SignatureLine{}, err
	}
	return SignatureLine{Name: name, KeyHash: binary.BigEndian.Uint32([]byte(hash)), Signature: sig[4:]}, nil
}

// SplitNote splits a signed note into its text, which is what signatures are
// made over, and its signature lines. It checks the form and verifies nothing;
// it fails with ErrMalformed.
func SplitNote(note []byte) (text string, lines []SignatureLine, err error) {
	if text, err = splitNote(note); err != nil {
		return "", nil, err
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(string(note[len(text)+1:]), "\n"), "\n") {
		l, err := ParseSignatureLine(line)
		if err != nil {
			return "", nil, err
		}
		lines = append(lines, l)
	}
	return text, lines, nil
}

// JoinNote is the inverse of SplitNote.
func JoinNote(text string, lines ...SignatureLine) []byte {
	var b strings.Builder
	b.WriteString(text + "\n")
	for _, l := range lines {
		b.WriteString(l.String() + "\n")
	}
	return []byte(b.String())
}

// HashText is a hash as C2SP texts write it: in base64.
func HashText(h domain.Hash) string { return encodeHash(h) }

// ParseHashText reads what HashText writes and nothing else.
func ParseHashText(s string) (domain.Hash, error) { return decodeHash(s) }

// ParseSize reads a tree's size: decimal digits without a leading zero, at most
// MaxSize.
func ParseSize(s string) (uint64, error) { return decodeNumber(s, MaxSize) }

// CheckName accepts what can name a log or a cosigner.
func CheckName(name string) error {
	if err := checkOrigin(name); err != nil {
		return fmt.Errorf("name a key: %w", err)
	}
	return nil
}

// EmptyRoot is the root of a tree without leaves.
func EmptyRoot() domain.Hash {
	var empty frontier
	return domain.Hash(empty.root())
}
