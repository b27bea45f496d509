package seal

import (
	"encoding/base64"
	"fmt"
	"strconv"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Signer signs with one key: a PrivateKey, or a device that holds one.
type Signer interface {
	// Public returns the key that Sign's signatures verify under.
	Public() domain.PublicKey
	// Sign signs message, which it hashes itself as the algorithm asks.
	// ECDSA signatures are r and s at fixed length.
	Sign(message []byte) ([]byte, error)
}

// Sign makes the envelope of payload under h. Alg and KeyID are the signer's:
// leave them empty in h, or equal. The result is parsed and verified before it
// is returned, so a header that Parse would refuse, or a device that signs
// wrongly, shows here. Refusals are *Error; errors of the signer are wrapped.
func Sign(h domain.Header, payload []byte, s Signer) (*Envelope, error) {
	key := s.Public()
	if err := adopt(&h, key); err != nil {
		return nil, err
	}
	if err := checkPayload(payload); err != nil {
		return nil, err
	}
	protected := base64.RawURLEncoding.EncodeToString(encodeHeader(h))
	unsigned := Join(protected, payload, "")
	sig, err := s.Sign(unsigned[:len(unsigned)-1])
	if err != nil {
		return nil, fmt.Errorf("sign %s event %s: %w", h.Type, h.EventID, err)
	}
	e, err := Parse(base64.RawURLEncoding.AppendEncode(unsigned, sig))
	if err != nil {
		return nil, err
	}
	if e.Header != h {
		return nil, refuse(CodeHeaderJSON, "a header value holds quotes: write plain values")
	}
	if err := e.Verify(key); err != nil {
		return nil, err
	}
	return e, nil
}

func adopt(h *domain.Header, key domain.PublicKey) error {
	if a := key.Algorithm(); h.Alg == "" {
		h.Alg = a
	} else if h.Alg != a {
		return refuse(CodeAlgMismatch, "the header asks for alg %q, the signer's key is for %q: leave Alg empty", h.Alg, a)
	}
	if id := key.Thumbprint(); h.KeyID == "" {
		h.KeyID = id
	} else if h.KeyID != id {
		return refuse(CodeKeyID, "the header asks for key %.60q, the signer's is %q: leave KeyID empty", h.KeyID, id)
	}
	return nil
}

// encodeHeader writes plain values only; Sign finds out whether they were.
func encodeHeader(h domain.Header) []byte {
	b := append(make([]byte, 0, 512), '{')
	text := func(m member, value string) {
		b = append(b, '"')
		b = append(append(b, m.String()...), `":"`...)
		b = append(append(b, value...), `",`...)
	}
	text(alg, h.Alg)
	text(kid, h.KeyID)
	text(typ, MediaType)
	text(cty, ContentType(h.Type, h.Version))
	text(iss, string(h.Issuer))
	if !h.Ledger.IsZero() {
		text(led, h.Ledger.String())
	}
	text(eid, h.EventID)
	if h.Anchor != "" {
		text(anc, h.Anchor)
	}
	b = strconv.AppendInt(append(b, `"iat":`...), h.IssuedAt, 10)
	b = strconv.AppendInt(append(b, `,"exp":`...), h.ExpiresAt, 10)
	return append(b, '}')
}
