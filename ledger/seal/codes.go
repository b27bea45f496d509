package seal

import "fmt"

// The codes of refused envelopes. They are stable names to branch on.
const (
	CodeSize            = "envelope.size"             // empty, or above MaxEnvelope
	CodeEncoding        = "envelope.encoding"         // no header: a record written past the ledger
	CodeParts           = "envelope.parts"            // not three parts joined by two dots
	CodeAlphabet        = "envelope.alphabet"         // a character outside base64url
	CodeBase64          = "envelope.base64"           // impossible length or unused bits set
	CodeHeaderSize      = "envelope.header_size"      // header above MaxHeader
	CodeHeaderUTF8      = "envelope.header_utf8"      // not UTF-8
	CodeHeaderSpace     = "envelope.header_space"     // white space between tokens
	CodeHeaderJSON      = "envelope.header_json"      // not one JSON object
	CodeHeaderEscape    = "envelope.header_escape"    // a backslash in a string
	CodeHeaderCase      = "envelope.header_case"      // a known name in other case
	CodeHeaderUnknown   = "envelope.header_unknown"   // a name outside the profile
	CodeHeaderDuplicate = "envelope.header_duplicate" // a name twice
	CodeHeaderMissing   = "envelope.header_missing"   // a name absent
	CodeHeaderType      = "envelope.header_type"      // a value of the wrong JSON type
	CodeHeaderNumber    = "envelope.header_number"    // a number not a plain integer
	CodeAlg             = "envelope.alg"              // an algorithm outside the profile
	CodeKeyID           = "envelope.kid"              // not a thumbprint
	CodeMediaType       = "envelope.typ"              // not MediaType
	CodeContentType     = "envelope.cty"              // no event type and version
	CodeIssuer          = "envelope.iss"              // not an agency
	CodeLedger          = "envelope.led"              // not a hash
	CodeLedgerPresent   = "envelope.led_in_genesis"   // led where it must be absent
	CodeEventID         = "envelope.eid"              // not a UUID in its one form
	CodeExpiry          = "envelope.exp"              // exp not above iat
	CodeAnchor          = "envelope.anc"              // not a size and a root
	CodePayloadSize     = "envelope.payload_size"     // empty, or above MaxPayload
	CodeSignatureLength = "envelope.signature_length" // not the algorithm's length
	CodeAlgMismatch     = "envelope.alg_mismatch"     // alg is not the key's
	CodeSignature       = "envelope.signature"        // the signature does not verify
)

// Error is a refused envelope: a stable code, and what to do about it.
type Error struct {
	Code    string
	Message string
}

// Error returns the code and the message.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

func refuse(code, format string, args ...any) error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}
