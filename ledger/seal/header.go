package seal

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// MediaType is the typ of every envelope, and with "application/" before it
// the media type to send one under.
const MediaType = "coalition-event+jws"

const (
	genesisType = "coalition.founded"
	ctyPrefix   = "application/vnd.coalition-ledger."
	ctySuffix   = "+json"
)

// ContentType returns the cty of an event type in a version.
func ContentType(eventType string, version int) string {
	return ctyPrefix + eventType + ".v" + strconv.Itoa(version) + ctySuffix
}

func parseHeader(protected []byte) (domain.Header, error) {
	if len(protected) > MaxHeader {
		return domain.Header{}, refuse(CodeHeaderSize, "the header has %d bytes, allowed are %d", len(protected), MaxHeader)
	}
	var t tokens
	if err := t.read(protected); err != nil {
		return domain.Header{}, err
	}
	for m := range required {
		if !t.seen[m] {
			return domain.Header{}, refuse(CodeHeaderMissing, "the header has no %s: add it", m)
		}
	}
	h := domain.Header{
		Alg: t.text[alg], KeyID: t.text[kid], Issuer: domain.AgencyID(t.text[iss]),
		EventID: t.text[eid], Anchor: t.text[anc],
	}
	err := cmp.Or(checkKey(&h, &t), readContentType(&h, &t), checkNames(&h),
		readLedger(&h, &t), readTimes(&h, &t), checkAnchor(&t))
	if err != nil {
		return domain.Header{}, err
	}
	return h, nil
}

func checkKey(h *domain.Header, t *tokens) error {
	switch h.Alg {
	case domain.AlgEd25519, domain.AlgES256, domain.AlgES384:
	case "EdDSA":
		return refuse(CodeAlg, "alg EdDSA does not name a curve: write Ed25519 (RFC 9864)")
	default:
		return refuse(CodeAlg, "alg %.20q is not allowed: sign with Ed25519, ES256 or ES384", h.Alg)
	}
	if !thumbprint(h.KeyID) {
		return refuse(CodeKeyID, "kid %.60q is not a thumbprint: write the RFC 7638 SHA-256 thumbprint in base64url, 43 characters", h.KeyID)
	}
	if t.text[typ] != MediaType {
		return refuse(CodeMediaType, "typ is %.60q: write %s", t.text[typ], MediaType)
	}
	return nil
}

// thumbprint reports whether s is 32 bytes in canonical base64url: 43
// characters, the last of which has its two unused bits zero.
func thumbprint(s string) bool {
	return len(s) == 43 && inAlphabet([]byte(s)) && !strings.Contains(s, ".") &&
		strings.IndexByte("AEIMQUYcgkosw048", s[42]) >= 0
}

func readContentType(h *domain.Header, t *tokens) error {
	name, okPrefix := strings.CutPrefix(t.text[cty], ctyPrefix)
	name, okSuffix := strings.CutSuffix(name, ctySuffix)
	at := strings.LastIndex(name, ".v")
	if !okPrefix || !okSuffix || at < 0 || !eventType(name[:at]) {
		return badContentType(t)
	}
	version, err := strconv.Atoi(name[at+2:])
	if err != nil || version < 1 || version > 9999 || strconv.Itoa(version) != name[at+2:] {
		return badContentType(t)
	}
	h.Type, h.Version = name[:at], version
	return nil
}

func badContentType(t *tokens) error {
	return refuse(CodeContentType, "cty is %.100q: write it like %s", t.text[cty], ContentType("designation.adopted", 1))
}

// eventType reports whether s is two or more words of a-z, 0-9 and _, each
// beginning with a letter, joined by dots, 64 characters at most.
func eventType(s string) bool {
	start, dots := true, 0
	for i := range len(s) {
		c := s[i]
		switch letter := c >= 'a' && c <= 'z'; {
		case c == '.' && !start:
			start, dots = true, dots+1
		case letter, !start && (c == '_' || c >= '0' && c <= '9'):
			start = false
		default:
			return false
		}
	}
	return !start && dots > 0 && len(s) <= 64
}

func checkNames(h *domain.Header) error {
	if !h.Issuer.Valid() {
		return refuse(CodeIssuer, "iss %.60q is not an agency: write member code, slash and name, like JP/mof", string(h.Issuer))
	}
	if !canonicalUUID(h.EventID) {
		return refuse(CodeEventID, "eid %.60q is not a UUID in lowercase with hyphens: make a new one (version 7 is best)", h.EventID)
	}
	return nil
}

func canonicalUUID(s string) bool {
	if len(s) != 36 || s == "00000000-0000-0000-0000-000000000000" {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
		} else if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func readLedger(h *domain.Header, t *tokens) error {
	switch genesis := h.Type == genesisType; {
	case genesis && t.seen[led]:
		return refuse(CodeLedgerPresent, "led is the hash of the genesis envelope, which cannot hold it: leave led out of %s", genesisType)
	case genesis:
		return nil
	case !t.seen[led]:
		return refuse(CodeHeaderMissing, "the header has no led: add the SHA-256 of the ledger's genesis envelope")
	}
	hash, err := domain.ParseHash(t.text[led])
	if err != nil || hash.IsZero() {
		return refuse(CodeLedger, "led %.70q is not a hash: write the SHA-256 of the ledger's genesis envelope, 64 lowercase hexadecimal digits", t.text[led])
	}
	h.Ledger = hash
	return nil
}

func readTimes(h *domain.Header, t *tokens) error {
	var err error
	if h.IssuedAt, err = strconv.ParseInt(t.text[iat], 10, 64); err != nil {
		return refuse(CodeHeaderNumber, "iat is %q: write whole seconds since 1970", t.text[iat])
	}
	if h.ExpiresAt, err = strconv.ParseInt(t.text[exp], 10, 64); err != nil {
		return refuse(CodeHeaderNumber, "exp is %q: write whole seconds since 1970", t.text[exp])
	}
	if h.ExpiresAt <= h.IssuedAt {
		return refuse(CodeExpiry, "exp %d is not after iat %d: give the envelope time to arrive", h.ExpiresAt, h.IssuedAt)
	}
	return nil
}

func checkAnchor(t *tokens) error {
	if !t.seen[anc] {
		return nil
	}
	size, root, _ := strings.Cut(t.text[anc], ":")
	n, err := strconv.ParseUint(size, 10, 63)
	if err != nil || n == 0 || strconv.FormatUint(n, 10) != size {
		return badAnchor(t)
	}
	if _, err := domain.ParseHash(root); err != nil {
		return badAnchor(t)
	}
	return nil
}

func badAnchor(t *tokens) error {
	return refuse(CodeAnchor, "anc %.100q is not an anchor: write size:root of a verified checkpoint, the root as 64 lowercase hexadecimal digits, or leave anc out", t.text[anc])
}
