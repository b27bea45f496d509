package translog

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// maxNote is the longest signed text read, in bytes: room for a hundred
// cosignatures by post-quantum keys would be 350 KB, a coalition has fewer.
const maxNote = 128 << 10

// GenerateLogKey makes an Ed25519 note key. The name is the log's origin. Keep
// skey secret; vkey is what everybody verifies with.
func GenerateLogKey(name string) (skey, vkey string, err error) {
	if err := checkOrigin(name); err != nil {
		return "", "", err
	}
	return note.GenerateKey(rand.Reader, name)
}

// checkOrigin accepts what can be both an origin line and a key name.
func checkOrigin(origin string) error {
	bad := func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == '+' }
	if origin == "" || !utf8.ValidString(origin) || strings.IndexFunc(origin, bad) >= 0 {
		return fmt.Errorf("%w origin %q: write a URL without scheme, spaces or plus signs, such as ledger.example/2026", ErrMalformed, origin)
	}
	return nil
}

// signNote signs text; one of the signers must bear the origin's name.
func signNote(text, origin string, signers []note.Signer) ([]byte, error) {
	if err := checkOrigin(origin); err != nil {
		return nil, err
	}
	named := false
	for _, s := range signers {
		named = named || s.Name() == origin
	}
	if !named {
		return nil, fmt.Errorf("sign for %s: no key of that name given", origin)
	}
	return note.Sign(&note.Note{Text: text}, signers...)
}

// openNote returns the text if it is well formed and signed by a verifier that
// bears the origin's name. A bad signature by any of the verifiers fails.
func openNote(msg []byte, origin string, known []note.Verifier) (string, error) {
	text, err := splitNote(msg)
	if err != nil {
		return "", err
	}
	n, err := note.Open(msg, note.VerifierList(known...))
	var unverified *note.UnverifiedNoteError
	var invalid *note.InvalidSignatureError
	switch {
	case errors.As(err, &unverified), errors.As(err, &invalid):
		return "", fmt.Errorf("%w %s: %w", ErrSignature, origin, err)
	case err != nil:
		return "", fmt.Errorf("%w note: %w", ErrMalformed, err)
	}
	for _, s := range n.Sigs {
		if s.Name == origin {
			return text, nil
		}
	}
	return "", fmt.Errorf("%w %s: only other keys signed", ErrSignature, origin)
}

// splitNote checks a signed note's form, more strictly than package note: one
// base64 text for each signature, one signature for each key. It returns the
// text above the signatures.
func splitNote(msg []byte) (string, error) {
	if len(msg) > maxNote {
		return "", fmt.Errorf("%w note: %d bytes, the most is %d", ErrMalformed, len(msg), maxNote)
	}
	i := bytes.LastIndex(msg, []byte("\n\n"))
	if i < 0 || !utf8.Valid(msg) {
		return "", fmt.Errorf("%w note: no blank line before the signatures", ErrMalformed)
	}
	block, ok := bytes.CutSuffix(msg[i+2:], []byte("\n"))
	if !ok {
		return "", fmt.Errorf("%w note: does not end with a signature line", ErrMalformed)
	}
	seen := make(map[string]bool)
	for line := range strings.SplitSeq(string(block), "\n") {
		key, err := signatureKey(line)
		if err != nil {
			return "", err
		}
		if seen[key] {
			return "", fmt.Errorf("%w note: a key signed twice", ErrMalformed)
		}
		seen[key] = true
	}
	return string(msg[:i+1]), nil
}

// signatureKey returns name and key hash of a signature line.
func signatureKey(line string) (string, error) {
	rest, ok := strings.CutPrefix(line, "— ")
	name, text, _ := strings.Cut(rest, " ")
	sig, err := decodeBase64(text)
	if !ok || err != nil || len(sig) < 5 || checkOrigin(name) != nil {
		return "", fmt.Errorf("%w note: signature line %.80q", ErrMalformed, line)
	}
	return name + "+" + string(sig[:4]), nil
}

// decodeBase64 accepts the one standard encoding of some bytes.
func decodeBase64(s string) ([]byte, error) {
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || base64.StdEncoding.EncodeToString(b) != s {
		return nil, fmt.Errorf("%w base64 %.80q", ErrMalformed, s)
	}
	return b, nil
}

func decodeHash(s string) (domain.Hash, error) {
	b, err := decodeBase64(s)
	if err != nil || len(b) != len(domain.Hash{}) {
		return domain.Hash{}, fmt.Errorf("%w hash %.80q: want 32 bytes in base64", ErrMalformed, s)
	}
	return domain.Hash(b), nil
}

func encodeHash(h domain.Hash) string { return base64.StdEncoding.EncodeToString(h[:]) }

// decodeNumber accepts decimal digits without a leading zero, up to most.
func decodeNumber(s string, most uint64) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || n > most || strconv.FormatUint(n, 10) != s {
		return 0, fmt.Errorf("%w number %.30q: want digits without a leading zero, at most %d", ErrMalformed, s, most)
	}
	return n, nil
}
