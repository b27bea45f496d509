package sealed

import (
	"fmt"
	"strings"

	"filippo.io/age"
)

// Key is the private half of an encryption key.
type Key struct{ identity *age.X25519Identity }

// GenerateKey makes a key.
func GenerateKey() (*Key, error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, fmt.Errorf("generate an encryption key: %w", err)
	}
	return &Key{identity: id}, nil
}

// ParseKey reads what Secret returns, in any number of lines, as age-keygen
// writes it: lines that begin with # are comments.
func ParseKey(text []byte) (*Key, error) {
	var secret string
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if secret != "" {
			return nil, fmt.Errorf("the file holds more than one key: keep one in each file")
		}
		secret = line
	}
	id, err := age.ParseX25519Identity(secret)
	if err != nil {
		return nil, fmt.Errorf("this is no encryption key (AGE-SECRET-KEY-1…): use a file that ledger keys encryption new wrote: %w", err)
	}
	return &Key{identity: id}, nil
}

// Secret returns the key as age keeps it, AGE-SECRET-KEY-1…, for a key file.
func (k *Key) Secret() string { return k.identity.String() }

// Recipient returns the public half, age1…, which the agency registers.
func (k *Key) Recipient() string { return k.identity.Recipient().String() }
