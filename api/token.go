package api

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/golang-jwt/jwt/v5"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Role says what the holder of a token may do.
type Role string

// The roles. Every role may read; agencies post, operators see metrics.
const (
	RoleAgency      Role = "agency"
	RoleAuditor     Role = "auditor"
	RoleCoordinator Role = "coordinator"
	RoleOperator    Role = "operator"
)

// Claims is what a token says of its holder. Times are seconds since 1970.
type Claims struct {
	Issuer       string            `json:"iss"`
	Subject      string            `json:"sub"`
	Audience     Audience          `json:"aud"`
	IssuedAt     int64             `json:"iat"`
	NotBefore    int64             `json:"nbf,omitzero"`
	ExpiresAt    int64             `json:"exp"`
	ID           string            `json:"jti,omitempty"`
	Role         Role              `json:"role"`
	MaySubmitFor []domain.AgencyID `json:"may_submit_for,omitempty"`
	ClientID     string            `json:"client_id,omitempty"`
	Scope        string            `json:"scope,omitempty"`
}

// MaySubmit reports whether the holder may post envelopes of an agency.
func (c Claims) MaySubmit(a domain.AgencyID) bool {
	return c.Role == RoleAgency && slices.Contains(c.MaySubmitFor, a)
}

// Audience is one name, or a list of names, as RFC 7519 allows both.
type Audience []string

// UnmarshalJSONFrom reads a string or a list of strings.
func (a *Audience) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if d.PeekKind() != '"' {
		return json.UnmarshalDecode(d, (*[]string)(a))
	}
	var one string
	err := json.UnmarshalDecode(d, &one)
	*a = Audience{one}
	return err
}

// TokenError says why a token was refused. Code is stable; Message says what
// to do and never repeats the token.
type TokenError struct {
	Code    string
	Message string
}

// Error returns the code and the message.
func (e *TokenError) Error() string { return e.Code + ": " + e.Message }

func badToken(code, format string, args ...any) error {
	return &TokenError{Code: code, Message: fmt.Sprintf(format, args...)}
}

const maxToken = 8 << 10

// TokenPolicy is what a token must meet. All fields are required.
type TokenPolicy struct {
	Issuer      string
	Audience    string
	Keys        *Keys
	MaxLifetime time.Duration // from iat to exp; one hour outside demonstrations
	Clock       func() time.Time
}

// Verify returns the claims of a valid token, or a *TokenError. The library
// that checks signature and times would let pass a name twice, in other case,
// a critical extension or another kind of token; so the bytes are read
// strictly first.
func (p TokenPolicy) Verify(token string) (Claims, error) {
	key, err := p.preparse(token)
	if err != nil {
		return Claims{}, err
	}
	claims, err := readClaims(token)
	if err != nil {
		return Claims{}, err
	}
	parser := jwt.NewParser(jwt.WithValidMethods([]string{key.alg}), jwt.WithIssuer(p.Issuer), jwt.WithAudience(p.Audience),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithStrictDecoding(), jwt.WithTimeFunc(p.Clock))
	_, err = parser.Parse(token, func(*jwt.Token) (any, error) { return key.public, nil })
	if err != nil {
		return Claims{}, libraryError(err)
	}
	return claims, p.checkClaims(claims)
}

func libraryError(err error) error {
	switch {
	case errors.Is(err, jwt.ErrTokenSignatureInvalid), errors.Is(err, jwt.ErrTokenUnverifiable):
		return badToken("token.signature", "the token's signature does not verify: get a new token")
	case errors.Is(err, jwt.ErrTokenExpired):
		return badToken("token.expired", "the token has expired: get a new one")
	case errors.Is(err, jwt.ErrTokenNotValidYet), errors.Is(err, jwt.ErrTokenUsedBeforeIssued):
		return badToken("token.not_yet", "the token is not valid yet: check the issuer's clock")
	case errors.Is(err, jwt.ErrTokenInvalidIssuer):
		return badToken("token.issuer", "the token is from another issuer: get one from this ledger's issuer")
	case errors.Is(err, jwt.ErrTokenInvalidAudience):
		return badToken("token.audience", "the token is for another service: get one for this ledger")
	}
	return badToken("token.malformed", "the token is not a signed JWT in its one form: get a new one")
}

// header is the only protected header that a token may have.
type header struct {
	Alg string `json:"alg"`
	Kid string `json:"kid"`
	Typ string `json:"typ"`
}

// preparse checks form and header, and finds the key.
func (p TokenPolicy) preparse(token string) (tokenKey, error) {
	if len(token) > maxToken {
		return tokenKey{}, badToken("token.size", "the token has %d bytes, allowed are %d", len(token), maxToken)
	}
	if strings.ContainsAny(token, "\r\n") { // decoders of base64 skip them
		return tokenKey{}, badToken("token.malformed", "the token has line ends: send it in one line")
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return tokenKey{}, badToken("token.malformed", "the token has %d parts, not three: send header.claims.signature", len(parts))
	}
	var h header
	if err := decodeStrict(parts[0], &h); err != nil {
		return tokenKey{}, badToken("token.header", "the token's header must hold alg, kid and typ, each once, and nothing else")
	}
	if h.Typ != "at+jwt" && h.Typ != "JWT" {
		return tokenKey{}, badToken("token.typ", "the token is of another kind: typ must be at+jwt or JWT")
	}
	key, ok := p.Keys.find(h.Kid)
	if !ok {
		return tokenKey{}, badToken("token.key", "the token's kid names no key that this ledger trusts")
	}
	if h.Alg != key.alg {
		return tokenKey{}, badToken("token.alg", "the token's alg is not its key's")
	}
	return key, nil
}

func readClaims(token string) (Claims, error) {
	var c Claims
	if err := decodeStrict(strings.Split(token, ".")[1], &c); err != nil {
		return Claims{}, badToken("token.claims", "the token's claims must be known names in lowercase, each once, of the right JSON type")
	}
	return c, nil
}

// decodeStrict reads base64url in its one form and JSON without duplicate,
// unknown or case-variant names.
func decodeStrict(part string, into any) error {
	text, err := base64.RawURLEncoding.Strict().DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into, json.RejectUnknownMembers(true))
}

func (p TokenPolicy) checkClaims(c Claims) error {
	life := time.Duration(c.ExpiresAt-c.IssuedAt) * time.Second
	switch {
	case c.Subject == "" || len(c.Subject) > 200:
		return badToken("token.subject", "the token names no subject: sub is required")
	case c.IssuedAt <= 0 || c.ExpiresAt > 1<<40:
		return badToken("token.times", "the token has no plausible iat and exp")
	case life <= 0 || life > p.MaxLifetime:
		return badToken("token.lifetime", "the token lives %s, allowed are %s: get a shorter one", life, p.MaxLifetime)
	}
	return checkRole(c)
}

func checkRole(c Claims) error {
	switch c.Role {
	case RoleAgency:
	case RoleAuditor, RoleCoordinator, RoleOperator:
		if len(c.MaySubmitFor) > 0 {
			return badToken("token.may_submit_for", "only tokens of role agency have may_submit_for")
		}
		return nil
	default:
		return badToken("token.role", "the token's role is none of agency, auditor, coordinator, operator")
	}
	for _, a := range c.MaySubmitFor {
		if !a.Valid() {
			return badToken("token.may_submit_for", "may_submit_for names something that is no agency: write JP/mof")
		}
	}
	return nil
}
