package ca

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// reference makes a reference of the three texts that together say which
// record is meant.
func reference(country, schedule, item string) (string, error) {
	c, i := part(english(country), 40), part(item, 16)
	if c == "" || i == "" {
		return "", errors.New("the record needs a Country and an Item, which its reference is made of")
	}
	if s := part(schedule, 24); s != "" {
		return c + ":" + s + ":" + i, nil
	}
	return c + ":" + i, nil
}

// english returns the words before " / ", or all where there are no French ones.
func english(text string) string {
	text, _, _ = strings.Cut(importer.Clean(text), " / ")
	return text
}

// part makes a text fit an id, in no more than limit characters: the limits
// above leave room for an authority before the reference and a count behind.
func part(text string, limit int) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune(".()", r):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	out := strings.TrimSuffix(b.String(), "-")
	if len(out) > limit {
		const digits = 8
		return fmt.Sprintf("%s-%.*x", strings.TrimRight(out[:limit-digits-1], "-"), digits/2, sha256.Sum256([]byte(text)))
	}
	return out
}
