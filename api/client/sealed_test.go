package client_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/api/client"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/sealed"
)

func TestSealedDetailGoesUpAndComesDown(t *testing.T) {
	c, l, api := start(t)
	ctx := t.Context()
	key, err := sealed.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	detail := sealed.New([]byte("The tip came from a clerk."))
	data, err := detail.Encrypt(key.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	if err := api.PutSealed(ctx, "XA/desk", data); err != nil {
		t.Fatal(err)
	}
	item := domain.Sealed{Commitment: detail.Commitment(), Ciphertext: sha256.Sum256(data), Size: int64(len(data))}
	act := ledgertest.Action(1)
	act.Sealed = []domain.Sealed{item}
	r := c.Must(l, c.Sign("XA", "enforcement.action_taken", act))
	if got, err := api.Sealed(ctx, "XA/desk", item.Ciphertext, r.Index); err != nil || !bytes.Equal(got, data) {
		t.Fatalf("got %d bytes, %v", len(got), err)
	}
	var no *client.Error
	if err := api.EraseSealed(ctx, item.Ciphertext, r.Index); !errors.As(err, &no) || no.Code != "sealed.not_erased" {
		t.Errorf("got %v", err)
	}
	gone := domain.DetailErased{SealedTarget: domain.SealedTarget{Event: domain.Ref{Index: r.Index, Leaf: r.Leaf}}, Reason: "court order"}
	e := c.Must(l, c.Sign("XA", "detail.erased", gone))
	if err := api.EraseSealed(ctx, item.Ciphertext, e.Index); err != nil {
		t.Error(err)
	}
	if _, err := api.Sealed(ctx, "XA/desk", item.Ciphertext, e.Index); !errors.As(err, &no) || no.Code != "sealed.erased" {
		t.Errorf("got %v", err)
	}
}

func TestAnotherCiphertextThanAskedForIsFound(t *testing.T) {
	lying := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("age-encryption.org/v1\nother"))
	}))
	defer lying.Close()
	api, err := client.New(lying.URL, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := api.Sealed(t.Context(), "XA/desk", domain.Hash{1}, 0); err == nil {
		t.Error("what the server sent was believed")
	}
}
