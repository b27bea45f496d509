// Package seal is the signed envelope: its one byte form, its signatures and
// the keys that make them.
//
// An envelope is a JWS in compact serialization (RFC 7515) of a closed profile.
// [Parse] accepts one form of bytes for one meaning and refuses all others, so
// the bytes that a signature covers are the bytes that are hashed, stored and
// served; nothing is ever encoded again.
//
// # Bytes
//
//	protected "." payload "." signature
//
// Each part is base64url (RFC 4648 section 5) without padding, with unused bits
// zero and no other character anywhere. The payload is 1 to 40,960 bytes when
// decoded, the whole at most 65,471, so that a leaf entry stays within the
// 65,535 bytes that transparency logs allow.
//
// The protected header is one JSON object without white space and without
// escapes. It has exactly these members, in any order, each once:
//
//	alg  Ed25519, ES256 or ES384
//	kid  RFC 7638 SHA-256 thumbprint of the signing key
//	typ  coalition-event+jws
//	cty  application/vnd.coalition-ledger.<event type>.v<N>+json
//	iss  agency that speaks, JP/mof
//	led  SHA-256 of the genesis envelope, 64 lowercase hexadecimal digits;
//	     absent when the event type is coalition.founded, and only then
//	eid  UUID in lowercase with hyphens, not the nil UUID
//	iat  seconds since 1970, an integer
//	exp  seconds since 1970, an integer above iat
//	anc  optional: <size>:<root> of a checkpoint that the signer had verified,
//	     a decimal from 1 and 64 lowercase hexadecimal digits
//
// The signature is over the ASCII of protected "." payload. Ed25519 signatures
// have 64 bytes; ES256 and ES384 signatures are r and s at fixed length, 64 and
// 96 bytes together, as PKCS#11 devices return them.
//
// What a payload means, whether a key is registered and whether an event is
// admissible is for the domain package to say. Here a header is well formed and
// a signature fits a key.
//
// # Refusals
//
// Every refusal is an [*Error] whose Code is one of the Code constants and whose
// Message says what to do.
//
// # Key files
//
// [WriteKeyFile] keeps a private key as a private JWK, encrypted by age with a
// passphrase (scrypt) in ASCII armor: `age -d` opens it. Only the owner may read
// the file, and an existing file is never replaced. Encrypting takes about a
// second by design.
package seal
