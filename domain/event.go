package domain

import "time"

// Header is what a verified protected header says (DESIGN.md 4).
type Header struct {
	Alg       string   // Ed25519, ES256, ES384
	KeyID     string   // RFC 7638 thumbprint of the signing key
	Issuer    AgencyID // who speaks
	EventID   string   // UUID; (Issuer, EventID) is unique for ever
	Type      string   // wire name, designation.adopted
	Version   int      // of the type's payload, from 1
	Ledger    Hash     // SHA-256 of the genesis envelope; zero in genesis
	IssuedAt  int64    // claimed, seconds since 1970
	ExpiresAt int64    // seconds since 1970; refused at or after it
	Anchor    string   // "size:root" of a checkpoint the signer had verified, or ""
}

// Event is a header and the payload it signs. Body is the decoded payload;
// Payload is the text as signed and is never re-encoded.
type Event struct {
	Header
	Payload []byte
	Body    Body
}

// Fact is an event with its place in the journal.
type Fact struct {
	Event
	Index      uint64
	RecordedAt int64 // microseconds since 1970, UTC
	Leaf       Hash  // RFC 6962 leaf hash
	Envelope   Hash  // SHA-256 of the envelope's bytes
}

// Time returns when the fact was recorded.
func (f Fact) Time() time.Time { return time.UnixMicro(f.RecordedAt).UTC() }
