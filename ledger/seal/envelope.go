package seal

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Limits, in bytes.
const (
	MaxEnvelope = 65535 - 64 // of the compact form; the rest is for the leaf's framing
	MaxPayload  = 40 << 10   // of the decoded payload
	MaxHeader   = 2 << 10    // of the decoded protected header
)

// Envelope is one parsed envelope. Its bytes must not be changed.
type Envelope struct {
	Raw       []byte        // the compact form exactly as received
	Header    domain.Header // what the protected header says
	Protected []byte        // the protected header as signed, JSON
	Payload   []byte        // the payload as signed
	Signature []byte        // decoded: 64 or 96 bytes
}

// Parse reads one envelope in the closed profile of the package comment. It
// keeps a copy of raw. The error is an *Error. Parse checks no signature.
func Parse(raw []byte) (*Envelope, error) {
	first, last, err := layout(raw)
	if err != nil {
		return nil, err
	}
	e := &Envelope{Raw: bytes.Clone(raw)}
	d := decoder{make([]byte, base64.RawURLEncoding.DecodedLen(len(raw)))}
	if e.Protected, err = d.decode("protected header", raw[:first]); err != nil {
		return nil, err
	}
	if e.Payload, err = d.decode("payload", raw[first+1:last]); err != nil {
		return nil, err
	}
	if e.Signature, err = d.decode("signature", raw[last+1:]); err != nil {
		return nil, err
	}
	if err := checkPayload(e.Payload); err != nil {
		return nil, err
	}
	if e.Header, err = parseHeader(e.Protected); err != nil {
		return nil, err
	}
	if want := signatureSize(e.Header.Alg); len(e.Signature) != want {
		return nil, refuse(CodeSignatureLength, "the signature has %d bytes, %s has %d: write r and s at fixed length, not DER",
			len(e.Signature), e.Header.Alg, want)
	}
	return e, nil
}

// elsewhere says where what is too large for an envelope belongs.
const elsewhere = "keep files beside it and name them by their SHA-256 under evidence, put long or confidential detail into sealed detail (ledger seal)"

func checkPayload(payload []byte) error {
	if len(payload) == 0 || len(payload) > MaxPayload {
		return refuse(CodePayloadSize, "the payload has %d bytes, allowed are 1 to %d: %s", len(payload), MaxPayload, elsewhere)
	}
	return nil
}

// layout checks size, alphabet and dots before anything is decoded, and
// returns where the dots are.
func layout(raw []byte) (first, last int, err error) {
	if bytes.HasPrefix(raw, []byte{'.'}) {
		return 0, 0, refuse(CodeEncoding, "no header stands before the first dot: this is no envelope (a record like it was written into the store past the ledger)")
	}
	if len(raw) == 0 {
		return 0, 0, refuse(CodeSize, "there is no envelope: send header.payload.signature (JWS compact)")
	}
	if len(raw) > MaxEnvelope { // by how much is not known: readers stop here
		return 0, 0, refuse(CodeSize, "the envelope has more than the %d bytes allowed, its payload may have %d: %s", MaxEnvelope, MaxPayload, elsewhere)
	}
	if !inAlphabet(raw) {
		i := slices.IndexFunc(raw, func(c byte) bool { return !inAlphabet([]byte{c}) })
		return 0, 0, refuse(CodeAlphabet, "byte %d is %q: send base64url without padding, white space or line ends, and nothing around it", i, raw[i])
	}
	if dots := bytes.Count(raw, []byte{'.'}); dots != 2 {
		return 0, 0, refuse(CodeParts, "the envelope has %d dots, not two: send header.payload.signature (JWS compact)", dots)
	}
	return bytes.IndexByte(raw, '.'), bytes.LastIndexByte(raw, '.'), nil
}

// inAlphabet reports whether text is of A-Z a-z 0-9 - _ and dots only. It has
// one bit for each byte value and no branches: most of Parse is this and base64.
func inAlphabet(text []byte) bool {
	allowed := [4]uint64{
		1<<'-' | 1<<'.' | 0x3ff<<'0',
		0x3ffffff<<('A'-64) | 0x3ffffff<<('a'-64) | 1<<('_'-64),
	}
	ok := uint64(1)
	for _, c := range text {
		ok &= allowed[c>>6] >> (c & 63)
	}
	return ok == 1
}

// decoder decodes the parts of one envelope into one buffer.
type decoder struct{ free []byte }

func (d *decoder) decode(part string, text []byte) ([]byte, error) {
	n, err := base64.RawURLEncoding.Strict().Decode(d.free, text)
	if err != nil {
		return nil, refuse(CodeBase64, "the %s is not base64url in its one form (a length that cannot be, or unused bits set): encode it again without padding", part)
	}
	out := d.free[:n:n]
	d.free = d.free[n:]
	return out, nil
}

func signatureSize(alg string) int {
	if alg == domain.AlgES384 {
		return 96
	}
	return 64
}

// Verify reports, as an *Error, that the signature is not k's or that the
// header names another algorithm than k's. It asks nothing else of k: that k is
// registered for the header's kid and agency is for the caller to know.
func (e *Envelope) Verify(k domain.PublicKey) error {
	if alg := k.Algorithm(); alg == "" || e.Header.Alg != alg {
		return refuse(CodeAlgMismatch, "the header says alg %q, the key is for %q: sign again with the key's own algorithm", e.Header.Alg, alg)
	}
	if !k.Verify(e.signed(), e.Signature) {
		return refuse(CodeSignature, "the signature does not fit key %s: the envelope was changed after signing or another key signed it; sign it again", e.Header.KeyID)
	}
	return nil
}

// signed returns what the signature is over.
func (e *Envelope) signed() []byte { return e.Raw[:max(0, bytes.LastIndexByte(e.Raw, '.'))] }

// SameContent reports whether o signs the same header and payload. The
// signatures may differ: ECDSA makes a new one each time.
func (e *Envelope) SameContent(o *Envelope) bool { return bytes.Equal(e.signed(), o.signed()) }

// Hash returns the SHA-256 of the compact form.
func (e *Envelope) Hash() domain.Hash { return sha256.Sum256(e.Raw) }

// Split returns the outer parts of the compact form, in base64url. With the
// payload's bytes they are what a store keeps; Join rebuilds the compact form.
func (e *Envelope) Split() (protected, signature string) {
	head, _, _ := bytes.Cut(e.Raw, []byte{'.'})
	return string(head), string(e.Raw[bytes.LastIndexByte(e.Raw, '.')+1:])
}

// Join rebuilds the compact form from what Split returned and the payload:
// exactly the bytes that were parsed, because Parse lets in one form only.
func Join(protected string, payload []byte, signature string) []byte {
	enc := base64.RawURLEncoding
	out := make([]byte, 0, len(protected)+enc.EncodedLen(len(payload))+len(signature)+2)
	out = append(out, protected...)
	out = enc.AppendEncode(append(out, '.'), payload)
	out = append(out, '.')
	return append(out, signature...)
}
