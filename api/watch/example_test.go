package watch_test

import (
	"fmt"
	"net/http"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/api/watch"
)

// A receiver keeps the log's verifier key and the id of its subscription.
func ExampleVerify() {
	skey, vkey, _ := note.GenerateKey(nil, "ledger.example")
	log, _ := note.NewSigner(skey)
	body, headers := []byte(`{"index":7}`), http.Header{}
	if err := watch.Sign(log, time.UnixMicro(1_700_000_000_000_000), "a-subscription", body, headers); err != nil {
		fmt.Println(err)
	}

	key, _ := note.NewVerifier(vkey)
	at, err := watch.Verify([]note.Verifier{key}, headers, "a-subscription", body)
	fmt.Println(at.Format(time.RFC3339), err)
	_, err = watch.Verify([]note.Verifier{key}, headers, "a-subscription", []byte(`{"index":8}`))
	fmt.Println(err)
	// Output:
	// 2023-11-14T22:13:20Z <nil>
	// the log did not sign this notice for this subscription: do not act on it
}
