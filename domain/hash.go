package domain

import (
	"encoding/hex"
	"fmt"
)

// Hash is a SHA-256 value. In text it is 64 lowercase hexadecimal digits.
type Hash [32]byte

// ParseHash reads 64 lowercase hexadecimal digits.
func ParseHash(s string) (Hash, error) {
	var h Hash
	if err := h.UnmarshalText([]byte(s)); err != nil {
		return Hash{}, err
	}
	return h, nil
}

// String returns 64 lowercase hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// IsZero reports whether h is the zero value, which stands for "none".
func (h Hash) IsZero() bool { return h == Hash{} }

// MarshalText writes what String returns.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText accepts exactly 64 lowercase hexadecimal digits.
func (h *Hash) UnmarshalText(text []byte) error {
	if len(text) != 64 {
		return fmt.Errorf("a hash has 64 hexadecimal digits, this has %d characters", len(text))
	}
	for _, c := range text {
		if c >= 'A' && c <= 'F' {
			return fmt.Errorf("write the hash in lowercase")
		}
	}
	if _, err := hex.Decode(h[:], text); err != nil {
		return fmt.Errorf("a hash has hexadecimal digits only: %w", err)
	}
	return nil
}
