package sealed_test

import (
	"fmt"

	"github.com/coalition-ledger/coalition-ledger/ledger/sealed"
)

func Example() {
	reader, err := sealed.GenerateKey()
	if err != nil {
		panic(err)
	}
	detail := sealed.New([]byte("The tip came from a clerk."))
	ciphertext, err := detail.Encrypt(reader.Recipient())
	if err != nil {
		panic(err)
	}
	// The event holds the commitment; the ledger keeps the ciphertext.
	opened, err := sealed.Open(ciphertext, detail.Commitment(), reader)
	fmt.Printf("%s %v\n", opened.Text, err)
	// Output: The tip came from a clerk. <nil>
}
