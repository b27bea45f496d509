package translog_test

import (
	"fmt"
	"log"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// The ledger records an envelope and answers with a receipt; the agency checks
// it with the ledger's public key alone.
func Example() {
	const origin = "ledger.example/2026"
	skey, vkey, err := translog.GenerateLogKey(origin)
	if err != nil {
		log.Fatal(err)
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		log.Fatal(err)
	}
	tree, err := translog.NewTree(translog.MemoryHashes())
	if err != nil {
		log.Fatal(err)
	}

	envelope, recordedAt := []byte("eyJ…"), int64(1_780_000_000_000_000)
	staged, err := tree.Stage([]domain.Hash{translog.LeafHash(recordedAt, envelope)})
	if err != nil {
		log.Fatal(err)
	}
	head := translog.Checkpoint{Origin: origin, Size: staged.Size(), Root: staged.Root()}
	checkpoint, err := translog.SignCheckpoint(head, signer)
	if err != nil {
		log.Fatal(err)
	}
	// Here the journal and the checkpoint are made durable.
	if err := tree.Commit(staged); err != nil {
		log.Fatal(err)
	}
	proof, err := tree.Inclusion(0, head.Size)
	if err != nil {
		log.Fatal(err)
	}
	receipt := translog.NewReceipt(0, proof, checkpoint, nil)

	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		log.Fatal(err)
	}
	c, index, err := translog.VerifyReceipt(receipt, recordedAt, envelope, origin, verifier)
	fmt.Println(index, c.Size, err)
	// Output: 0 1 <nil>
}
