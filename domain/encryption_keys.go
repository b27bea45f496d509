package domain

import (
	"cmp"
	"fmt"
)

var encryptionKeyKinds = []kind{
	define[EncryptionKeyRegistered]("encryption_key.registered", 1).from(rulesSealed),
	define[EncryptionKeyRevoked]("encryption_key.revoked", 1).from(rulesSealed),
}

// EncryptionKey is a key that detail is sealed to. Like a signing key it is in
// force by index, never by clock.
type EncryptionKey struct {
	Recipient        string // age X25519 recipient, age1…
	Agency           AgencyID
	RegisteredAt     uint64
	ReplacedAt       uint64 // 0 while it is the agency's newest
	RevokedAt        uint64 // 0 while it is not revoked
	CompromisedSince Date
}

// EncryptionKeyFor returns the key that detail is sealed to for an agency;
// false when it has none in force.
func (s *State) EncryptionKeyFor(id AgencyID) (EncryptionKey, bool) {
	a, _ := s.agencies.get(id)
	return s.encryption.get(a.Recipient)
}

// EncryptionKeys returns all encryption keys, oldest first.
func (s *State) EncryptionKeys() []EncryptionKey {
	return sorted(s.encryption, func(a, b EncryptionKey) int {
		return cmp.Or(cmp.Compare(a.RegisteredAt, b.RegisteredAt), cmp.Compare(a.Recipient, b.Recipient))
	})
}

// EncryptionKeyRegistered gives an agency the key that detail is sealed to for
// it, in place of the one before; signed by the agency or its member's root
// key. Possession is not proved: a wrong key makes the agency's own copies
// unreadable and nobody else's.
type EncryptionKeyRegistered struct {
	Agency    AgencyID `json:"agency"`
	Recipient string   `json:"recipient"` // age1…, X25519
}

func (b EncryptionKeyRegistered) admit(s *State, f Fact) *Refusal {
	if r := first(ownAgency(f, b.Agency), knownAgency(s, b.Agency)); r != nil {
		return r
	}
	if f.Issuer != b.Agency && !f.Issuer.IsRoot() {
		return foreignEncryptionKey("agency")
	}
	if err := checkRecipient(b.Recipient); err != nil {
		return refuse("encryption_key.invalid", "recipient", err.Error())
	}
	if old, ok := s.encryption.get(b.Recipient); ok {
		return refuse("encryption_key.duplicate", "recipient", fmt.Sprintf("this key was registered at index %d for %s: make a new one", old.RegisteredAt, old.Agency))
	}
	return nil
}

func foreignEncryptionKey(field string) *Refusal {
	return refuse("encryption_key.foreign", field, "an encryption key is registered and revoked by its agency or by its member's root key")
}

func (b EncryptionKeyRegistered) apply(s *State, f Fact) {
	a, known := s.agencies.get(b.Agency)
	if _, ok := s.encryption.get(b.Recipient); !known || ok {
		return
	}
	if old, ok := s.encryption.get(a.Recipient); ok {
		old.ReplacedAt = f.Index
		s.encryption.put(old.Recipient, old)
	}
	a.Recipient = b.Recipient
	s.agencies.put(b.Agency, a)
	s.encryption.put(b.Recipient, EncryptionKey{Recipient: b.Recipient, Agency: b.Agency, RegisteredAt: f.Index})
}

func (b EncryptionKeyRegistered) assume(s *State, _ Fact) {
	s.agencies.put(b.Agency, Agency{ID: b.Agency})
}

// EncryptionKeyRevoked ends an encryption key, in force or replaced: nothing is
// sealed to it from this index on. CompromisedSince says from what day on
// others may have read what was sealed to it.
type EncryptionKeyRevoked struct {
	Recipient        string `json:"recipient"`
	CompromisedSince Date   `json:"compromised_since,omitempty"`
	Reason           string `json:"reason,omitempty"`
}

func (b EncryptionKeyRevoked) admit(s *State, f Fact) *Refusal {
	k, ok := s.encryption.get(b.Recipient)
	switch {
	case !ok:
		return refuse("encryption_key.unknown", "recipient", "no such encryption key is registered")
	case k.RevokedAt != 0:
		return refuse("encryption_key.revoked", "recipient", fmt.Sprintf("this key was revoked at index %d", k.RevokedAt))
	case f.Issuer != k.Agency && f.Issuer != RootAgency(k.Agency.Member()):
		return foreignEncryptionKey("recipient")
	}
	return checkDate("compromised_since", b.CompromisedSince)
}

func (b EncryptionKeyRevoked) apply(s *State, f Fact) {
	s.revokeEncryption(b.Recipient, f.Index, b.CompromisedSince)
}

func (b EncryptionKeyRevoked) assume(s *State, f Fact) {
	s.encryption.put(b.Recipient, EncryptionKey{Recipient: b.Recipient, Agency: f.Issuer})
}

func (s *State) revokeEncryption(recipient string, at uint64, since Date) {
	k, ok := s.encryption.get(recipient)
	if !ok || k.RevokedAt != 0 {
		return
	}
	k.RevokedAt, k.CompromisedSince = at, since
	s.encryption.put(recipient, k)
	if a, _ := s.agencies.get(k.Agency); a.Recipient == recipient {
		a.Recipient = ""
		s.agencies.put(k.Agency, a)
	}
}
