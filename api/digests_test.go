package api

import (
	"fmt"
	"net/http"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// The log signs what its views hold now; what it has not kept it says.
func TestDigestsAreSigned(t *testing.T) {
	f := newFixture(t)
	f.withDesignation()
	size := f.ledger.Size()
	a := f.get(fmt.Sprintf("/v1/digests?index=%d", size))
	if a.status != http.StatusOK {
		t.Fatalf("status %d: %s", a.status, a.body)
	}
	v, err := note.NewVerifier(f.c.LogKey)
	if err != nil {
		t.Fatal(err)
	}
	d, err := translog.OpenDigests(a.body, f.c.Log.Name(), v)
	if err != nil || d.Size != size || len(d.Views) < 8 {
		t.Errorf("got %+v, %v", d, err)
	}
	for path, status := range map[string]int{
		fmt.Sprintf("/v1/digests?index=%d", size-1): http.StatusNotFound, fmt.Sprintf("/v1/digests?index=%d", size+1): http.StatusNotFound,
		"/v1/digests?index=0": http.StatusBadRequest, "/v1/digests?index=x": http.StatusBadRequest,
	} {
		if got := f.get(path); got.status != status {
			t.Errorf("%s: status %d, want %d: %s", path, got.status, status, got.body)
		}
	}
}
