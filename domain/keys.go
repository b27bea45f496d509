package domain

import "fmt"

var keyKinds = []kind{
	define[KeyRegistered]("key.registered", 1),
	define[KeyRotated]("key.rotated", 1),
	define[KeyRevoked]("key.revoked", 1),
	define[EventsRepudiated]("events.repudiated", 1),
}

// KeyRecord is a registered key. It is valid for index i when RegisteredAt < i
// and it was not revoked at or before i: by index, never by clock.
type KeyRecord struct {
	KeyID            string
	Agency           AgencyID
	Alg              string
	Key              PublicKey
	Purpose          string // sign or encrypt
	RegisteredAt     uint64
	RevokedAt        uint64 // 0 when active
	CompromisedSince Date   // events recorded from this day on are contested
}

// KeyRegistered gives an agency a key; signed by the member's root key, with
// proof that the agency holds the private half.
type KeyRegistered struct {
	Agency  AgencyID  `json:"agency"`
	Key     PublicKey `json:"key"`
	Purpose string    `json:"purpose,omitempty"` // sign (default)
	Proof   string    `json:"proof"`             // base64url of the new key's signature over PossessionMessage
}

func (b KeyRegistered) admit(s *State, f Fact) *Refusal {
	if r := first(rootOnly(f), ownAgency(f, b.Agency), knownAgency(s, b.Agency)); r != nil {
		return r
	}
	if b.Agency.IsRoot() { // a second one would outlive the replacement of the first
		return refuse("key.root", "agency", "a member has one root key: rotate it (key.rotated), or let the coalition replace it (member.root_replaced)")
	}
	return first(oneOf("purpose", b.Purpose, "", "sign"), checkNewKey(s, b.Agency, b.Key, "key", b.Proof))
}

func (b KeyRegistered) apply(s *State, f Fact) { s.addKey(b.Agency, b.Key, f.Index) }

func (b KeyRegistered) assume(s *State, _ Fact) {
	s.agencies.put(b.Agency, Agency{ID: b.Agency})
}

func (s *State) addKey(a AgencyID, k PublicKey, at uint64) {
	s.keys.put(k.Thumbprint(), KeyRecord{KeyID: k.Thumbprint(), Agency: a, Alg: k.Algorithm(), Key: k, Purpose: "sign", RegisteredAt: at})
}

func checkKey(field string, k PublicKey) *Refusal {
	if err := k.Check(); err != nil {
		return refuse("key.invalid", field, err.Error())
	}
	return nil
}

func checkNewKey(s *State, a AgencyID, k PublicKey, field, proof string) *Refusal {
	if r := checkKey(field, k); r != nil {
		return r
	}
	if old, ok := s.keys.get(k.Thumbprint()); ok {
		return refuse("key.duplicate", field, fmt.Sprintf("this key was registered at index %d for %s: make a new one", old.RegisteredAt, old.Agency))
	}
	if !k.VerifyPossession(s.Genesis(), a, proof) {
		return refuse("key.possession", "proof", "the proof of possession does not verify: sign it with the new key, for this ledger and agency")
	}
	return nil
}

// KeyRotated replaces a key by another: the old key signs the event, the new
// one proves possession. The old key is revoked at this index.
type KeyRotated struct {
	Key   PublicKey `json:"key"`
	Proof string    `json:"proof"`
}

func (b KeyRotated) admit(s *State, f Fact) *Refusal {
	return checkNewKey(s, f.Issuer, b.Key, "key", b.Proof)
}

func (b KeyRotated) apply(s *State, f Fact) {
	s.revoke(f.KeyID, f.Index, "")
	s.addKey(f.Issuer, b.Key, f.Index)
	if f.Issuer.IsRoot() {
		m, _ := s.members.get(f.Issuer.Member())
		m.RootKey = b.Key.Thumbprint()
		s.members.put(m.Code, m)
	}
}

func (s *State) revoke(kid string, at uint64, since Date) {
	k, ok := s.keys.get(kid)
	if !ok {
		return
	}
	if k.RevokedAt == 0 {
		k.RevokedAt, k.CompromisedSince = at, since
	} else if k.earlier(since) {
		k.CompromisedSince = since
	}
	s.keys.put(kid, k)
}

// earlier reports whether a day makes more of what the key signed contested
// than was known so far.
func (k KeyRecord) earlier(since Date) bool {
	return since != "" && (k.CompromisedSince == "" || since.Earliest() < k.CompromisedSince.Earliest())
}

// KeyRevoked ends a key from its own index on. A key may revoke itself; the
// member's root key may revoke any key of its agencies. CompromisedSince marks
// what the key signed and was recorded from that day on as contested; it
// changes nothing that is recorded. From version 2 of the rules on the root key
// may revoke a key that has ended, to say that it was compromised, or from an
// earlier day: a theft is often found out after the key was changed.
type KeyRevoked struct {
	KeyID            string `json:"key_id"`
	CompromisedSince Date   `json:"compromised_since,omitempty"`
	Reason           string `json:"reason,omitempty"`
}

func (b KeyRevoked) admit(s *State, f Fact) *Refusal {
	k, ok := s.keys.get(b.KeyID)
	m, _ := s.members.get(f.Issuer.Member())
	switch {
	case !ok:
		return refuse("key.unknown", "key_id", "no such key is registered")
	case k.RevokedAt != 0 && s.Rules() >= 2 && !k.earlier(b.CompromisedSince):
		return refuse("key.revoked", "key_id", fmt.Sprintf("this key was revoked at index %d; all that can be added is an earlier day that it was compromised from, by its member's root key (compromised_since)", k.RevokedAt))
	case k.RevokedAt != 0 && s.Rules() < 2:
		return refuse("key.revoked", "key_id", fmt.Sprintf("this key was revoked at index %d", k.RevokedAt))
	case b.KeyID == m.RootKey:
		return refuse("key.root", "key_id", "a root key is rotated by itself (key.rotated) or replaced by quorum (member.root_replaced)")
	case b.KeyID != f.KeyID && (!f.Issuer.IsRoot() || k.Agency.Member() != f.Issuer.Member()):
		return refuse("key.foreign", "key_id", "a key is revoked by itself or by its member's root key")
	}
	return first(checkDate("compromised_since", b.CompromisedSince), s.sound(past(f, "compromised_since", b.CompromisedSince)))
}

func (b KeyRevoked) apply(s *State, f Fact) { s.revoke(b.KeyID, f.Index, b.CompromisedSince) }

func (b KeyRevoked) assume(s *State, f Fact) {
	s.keys.put(b.KeyID, KeyRecord{KeyID: b.KeyID, Agency: f.Issuer})
}

// EventsRepudiated says of a range of its own agency's events "not by us".
// They stay recorded and are flagged. FromIndex and ToIndex are inclusive.
type EventsRepudiated struct {
	Agency    AgencyID `json:"agency"`
	KeyID     string   `json:"key_id,omitempty"` // only events of this key
	FromIndex uint64   `json:"from_index"`
	ToIndex   uint64   `json:"to_index"`
	Reason    string   `json:"reason"`
}

func (b EventsRepudiated) admit(s *State, f Fact) *Refusal {
	if b.FromIndex > b.ToIndex || b.ToIndex >= f.Index {
		return refuse("repudiation.range", "to_index", fmt.Sprintf("give a range of recorded indexes below %d, from before to", f.Index))
	}
	if !f.Issuer.IsRoot() && !s.owns(f.Issuer, b.Agency) {
		return refuse("repudiation.foreign", "agency", "an agency repudiates its own events, or its member's root key does")
	}
	if k, ok := s.keys.get(b.KeyID); b.KeyID != "" && (!ok || k.Agency != b.Agency) {
		return refuse("repudiation.key", "key_id", fmt.Sprintf("no such key was registered for %s: copy its id, or leave key_id out", b.Agency))
	}
	return first(ownAgency(f, b.Agency), knownAgency(s, b.Agency), required("reason", b.Reason))
}

func (b EventsRepudiated) apply(*State, Fact) {}

func (b EventsRepudiated) assume(s *State, f Fact) {
	s.agencies.put(b.Agency, Agency{ID: b.Agency, SucceededBy: f.Issuer}) // it may be the successor, or the agency itself
	s.keys.put(b.KeyID, KeyRecord{KeyID: b.KeyID, Agency: b.Agency})
}
