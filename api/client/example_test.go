package client_test

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/coalition-ledger/coalition-ledger/api/client"
)

// Post an envelope that was signed and kept on disk before, so that a lost
// answer is a retry of the same bytes.
func ExampleClient_Submit() {
	envelope, err := os.ReadFile("action.jws")
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := client.New("https://ledger.example", os.Getenv("LEDGER_TOKEN"), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	receipt, err := c.Submit(context.Background(), envelope)
	var refused *client.Error
	switch {
	case errors.As(err, &refused) && !refused.Temporary():
		fmt.Println("mend the event:", refused.Code, refused.Detail)
	case err != nil:
		fmt.Println("post it again:", err)
	default:
		fmt.Println("recorded at", receipt.Index)
	}
}
