package translog

import (
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

const (
	digestsHeader = "coalition-ledger/view-digests/v1"
	maxVersion    = 9999
)

// Digests is the log's signed word on what its views hold after the first Size
// leaves: whoever has those leaves can fold the views and compare.
type Digests struct {
	Origin string
	Size   uint64
	Root   domain.Hash  // of the first Size leaves
	Views  []ViewDigest // by name, ascending
}

// ViewDigest is the digest of one view's value.
type ViewDigest struct {
	View    string // a-z 0-9 . _ -
	Version int    // of the view's fold, from 1
	Sum     domain.Hash
}

// SignDigests writes d as a signed note: format, origin, size and root, then a
// line for each view: name, version, digest in hex.
func SignDigests(d Digests, signers ...note.Signer) ([]byte, error) {
	if !d.valid() {
		return nil, fmt.Errorf("sign digests of views: %w: size %d, views %v", ErrMalformed, d.Size, d.Views)
	}
	signed, err := signNote(d.text(), d.Origin, signers)
	if err != nil {
		return nil, fmt.Errorf("sign digests of views: %w", err)
	}
	return signed, nil
}

func (d Digests) text() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s\n%s\n%d %s\n", digestsHeader, d.Origin, d.Size, encodeHash(d.Root))
	for _, v := range d.Views {
		fmt.Fprintf(&out, "%s %d %s\n", v.View, v.Version, v.Sum)
	}
	return out.String()
}

func (d Digests) valid() bool {
	before := ""
	for _, v := range d.Views {
		if !validRule(v.View) || v.View <= before || v.Version < 1 || v.Version > maxVersion {
			return false
		}
		before = v.View
	}
	return len(d.Views) > 0 && d.Size > 0 && d.Size <= MaxSize
}

// OpenDigests reads digests by the log origin, signed by a verifier that bears
// its name. It fails with ErrMalformed or ErrSignature.
func OpenDigests(text []byte, origin string, v ...note.Verifier) (Digests, error) {
	body, err := openNote(text, origin, v)
	if err != nil {
		return Digests{}, fmt.Errorf("open digests of views: %w", err)
	}
	d, err := parseDigests(body)
	if err != nil {
		return Digests{}, fmt.Errorf("open digests of views: %w", err)
	}
	if d.Origin != origin {
		return Digests{}, fmt.Errorf("open digests of views: %w: they are by the log %q, not %q", ErrMalformed, d.Origin, origin)
	}
	return d, nil
}

// PeekDigests reads what digests claim, checking their form and no signature.
func PeekDigests(text []byte) (Digests, error) {
	body, err := splitNote(text)
	if err != nil {
		return Digests{}, err
	}
	return parseDigests(body)
}

func parseDigests(body string) (Digests, error) {
	lines := strings.Split(strings.TrimSuffix(body, "\n"), "\n")
	if len(lines) < 4 || lines[0] != digestsHeader {
		return Digests{}, fmt.Errorf("%w digests: want the line %s, origin, size and root, and a line for each view", ErrMalformed, digestsHeader)
	}
	d := Digests{Origin: lines[1]}
	if err := checkOrigin(d.Origin); err != nil {
		return Digests{}, err
	}
	var err error
	size, root, _ := strings.Cut(lines[2], " ")
	if d.Size, err = decodeNumber(size, MaxSize); err != nil {
		return Digests{}, err
	}
	if d.Root, err = decodeHash(root); err != nil {
		return Digests{}, err
	}
	for _, line := range lines[3:] {
		v, err := parseViewDigest(line)
		if err != nil {
			return Digests{}, err
		}
		d.Views = append(d.Views, v)
	}
	if !d.valid() || d.text() != body {
		return Digests{}, fmt.Errorf("%w digests: views are named once, in ascending order", ErrMalformed)
	}
	return d, nil
}

func parseViewDigest(line string) (v ViewDigest, err error) {
	name, rest, _ := strings.Cut(line, " ")
	version, sum, _ := strings.Cut(rest, " ")
	n, err := decodeNumber(version, maxVersion)
	if err == nil {
		v.Sum, err = domain.ParseHash(sum)
	}
	if err != nil {
		return v, fmt.Errorf("%w line %.80q: want a view's name, version and digest: %w", ErrMalformed, line, err)
	}
	v.View, v.Version = name, int(n)
	return v, nil
}
