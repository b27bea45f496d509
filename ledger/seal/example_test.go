package seal_test

import (
	"fmt"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// An agency signs an event; whoever knows its key reads and verifies it.
func Example() {
	key, err := seal.GenerateKey("Ed25519")
	if err != nil {
		fmt.Println(err)
		return
	}
	genesis := domain.Hash{1} // the SHA-256 of the ledger's genesis envelope
	signed, err := seal.Sign(domain.Header{
		Issuer: "XA/mof", EventID: "0197f3a2-1111-7abc-8def-000000000001",
		Type: "designation.adopted", Version: 1, Ledger: genesis,
		IssuedAt: 1770000000, ExpiresAt: 1770086400,
	}, []byte(`{"note":"illustrative"}`), key)
	if err != nil {
		fmt.Println(err)
		return
	}

	received, err := seal.Parse(signed.Raw)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := received.Verify(key.Public()); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(received.Header.Issuer, received.Header.Type, string(received.Payload))

	_, err = seal.Parse(append(signed.Raw, '\n'))
	fmt.Println(err)
	// Output:
	// XA/mof designation.adopted {"note":"illustrative"}
	// envelope.alphabet: byte 563 is '\n': send base64url without padding, white space or line ends, and nothing around it
}
