package translog

import (
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

const (
	refusalHeader = "coalition-ledger/refusal/v1"
	maxRule       = 128
)

// Refusal is the log's signed word that it did not admit an envelope, and why:
// with it a refused agency can contest the decision. Whoever has the first Size
// leaves can decide again.
type Refusal struct {
	Origin   string
	Envelope domain.Hash // SHA-256 of the envelope as received
	Size     uint64      // leaves in the tree that it was judged against
	Root     domain.Hash // their root
	Rule     string      // such as designation.unknown: a-z 0-9 . _ -
}

// SignRefusal writes r as a signed note of five lines: format, origin, envelope
// hash in hex, size and root in base64, rule. One signer must bear the origin's
// name.
func SignRefusal(r Refusal, signers ...note.Signer) ([]byte, error) {
	if r.Size > MaxSize || !validRule(r.Rule) {
		return nil, fmt.Errorf("sign a refusal: %w: size %d, rule %q", ErrMalformed, r.Size, r.Rule)
	}
	text := fmt.Sprintf("%s\n%s\n%s\n%d %s\n%s\n", refusalHeader, r.Origin, r.Envelope, r.Size, encodeHash(r.Root), r.Rule)
	signed, err := signNote(text, r.Origin, signers)
	if err != nil {
		return nil, fmt.Errorf("sign a refusal: %w", err)
	}
	return signed, nil
}

// OpenRefusal reads a refusal by the log origin, signed by a verifier that
// bears its name. It fails with ErrMalformed or ErrSignature.
func OpenRefusal(text []byte, origin string, v ...note.Verifier) (Refusal, error) {
	body, err := openNote(text, origin, v)
	if err != nil {
		return Refusal{}, fmt.Errorf("open a refusal: %w", err)
	}
	r, err := parseRefusal(body)
	if err != nil {
		return Refusal{}, fmt.Errorf("open a refusal: %w", err)
	}
	if r.Origin != origin {
		return Refusal{}, fmt.Errorf("open a refusal: %w: it is by the log %q, not %q", ErrMalformed, r.Origin, origin)
	}
	return r, nil
}

func parseRefusal(body string) (Refusal, error) {
	lines := strings.Split(body, "\n")
	if len(lines) != 6 || lines[0] != refusalHeader || lines[5] != "" {
		return Refusal{}, fmt.Errorf("%w refusal: want the line %s and four more", ErrMalformed, refusalHeader)
	}
	r := Refusal{Origin: lines[1], Rule: lines[4]}
	if err := checkOrigin(r.Origin); err != nil {
		return Refusal{}, err
	}
	var err error
	if r.Envelope, err = domain.ParseHash(lines[2]); err != nil {
		return Refusal{}, fmt.Errorf("%w envelope hash: %w", ErrMalformed, err)
	}
	size, root, _ := strings.Cut(lines[3], " ")
	if r.Size, err = decodeNumber(size, MaxSize); err != nil {
		return Refusal{}, err
	}
	if r.Root, err = decodeHash(root); err != nil {
		return Refusal{}, err
	}
	if !validRule(r.Rule) {
		return Refusal{}, fmt.Errorf("%w rule %.80q", ErrMalformed, r.Rule)
	}
	return r, nil
}

func validRule(rule string) bool {
	bad := func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '.' && c != '_' && c != '-'
	}
	return rule != "" && len(rule) <= maxRule && strings.IndexFunc(rule, bad) < 0
}
