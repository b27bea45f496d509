package domain

import (
	"bytes"
	"crypto/ecdh"
	"errors"
	"strings"
)

const (
	recipientPrefix = "age1"
	recipientLength = 62 // prefix, 32 bytes in 52 letters, checksum in 6
	bech32Letters   = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
)

// checkRecipient reports whether text is an age X25519 recipient in its one
// form: Bech32 in lowercase of a point that is not of small order, under which
// anybody could read, and that is reduced, so that no key has two names.
func checkRecipient(text string) error {
	words, err := bech32Words(text)
	if err != nil {
		return err
	}
	point, err := bytesOf(words[:52])
	if err != nil {
		return err
	}
	key, err := ecdh.X25519().NewPublicKey(point[:])
	if err != nil {
		return err
	}
	one, err := ecdh.X25519().NewPrivateKey(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		return err
	}
	if _, err := one.ECDH(key); err != nil { // all private keys are multiples of 8, so one tells of all
		return errors.New("the recipient is a point of small order, under which anybody reads: make a new key")
	}
	if point[31]&0x80 != 0 || !belowP(point) {
		return errors.New("the recipient is not reduced: make a new key")
	}
	return nil
}

// bech32Words returns the 58 five-bit words behind the prefix.
func bech32Words(text string) ([]byte, error) {
	data, ok := strings.CutPrefix(text, recipientPrefix)
	if !ok || len(text) != recipientLength {
		return nil, errors.New("give an age X25519 recipient: age1 and 58 lowercase letters and digits, as ledger keys encryption prints it")
	}
	words := make([]byte, len(data))
	sum := bech32Sum(1, 3, 3, 3, 0, 1, 7, 5) // "age", as the checksum takes it in
	for i, c := range []byte(data) {
		n := strings.IndexByte(bech32Letters, c)
		if n < 0 {
			return nil, errors.New("the recipient holds a character that Bech32 has not: copy it again")
		}
		words[i] = byte(n)
		sum = bech32Sum(sum, byte(n))
	}
	if sum != 1 {
		return nil, errors.New("the recipient's checksum is wrong: copy it again")
	}
	return words, nil
}

// bech32Sum goes on with a checksum (BIP 173).
func bech32Sum(sum uint32, words ...byte) uint32 {
	for _, w := range words {
		top := sum >> 25
		sum = (sum&0x1ffffff)<<5 ^ uint32(w)
		for i, g := range [...]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	return sum
}

// bytesOf packs 52 five-bit words into 32 bytes; the four bits left are zero.
func bytesOf(words []byte) (out [32]byte, err error) {
	var bits, n uint
	at := 0
	for _, w := range words {
		bits, n = bits<<5|uint(w), n+5
		if n >= 8 {
			n -= 8
			out[at] = byte(bits >> n)
			at++
		}
	}
	if bits&(1<<n-1) != 0 {
		return out, errors.New("the recipient has bits behind its end: copy it again")
	}
	return out, nil
}
