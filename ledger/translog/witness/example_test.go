package witness_test

import (
	"fmt"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
)

// Two of three witnesses cosign a checkpoint; whoever has the policy knows that
// it counts, and since when.
func ExamplePolicy_Open() {
	secret, logKey, _ := translog.GenerateLogKey("ledger.example/2026")
	signer, _ := note.NewSigner(secret)
	checkpoint, _ := translog.SignCheckpoint(translog.Checkpoint{Origin: "ledger.example/2026", Size: 9}, signer)
	text, lines, _ := translog.SplitNote(checkpoint)

	policy := "log " + logKey + "\n"
	for i, name := range []string{"a", "b", "c"} {
		secret, public, _ := witness.GenerateKey(name + ".example")
		policy += fmt.Sprintf("witness %s %s https://%s.example\n", name, public, name)
		if name != "c" {
			key, _ := witness.NewSigner(secret)
			lines = append(lines, key.Cosign(text, 1772366400+int64(i)))
		}
	}

	p, err := witness.ParsePolicy(policy + "group q 2 a b c\nquorum q\n")
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := p.Open(translog.JoinNote(text, lines...), "ledger.example/2026")
	if err != nil {
		fmt.Println(err)
		return
	}
	when, _ := c.Time()
	fmt.Println(c.Checkpoint.Size, len(c.Cosignatures), when)
	// Output: 9 2 1772366400
}
