package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// rawSign KEYFILE [cut|other] is a signer: it signs standard input with a key
// file, as a device would, rightly or in a wrong way.
func rawSign() {
	key, err := seal.ReadKeyFile(os.Args[1], []byte("correct horse"))
	if err == nil {
		err = signRaw(key, append(os.Args[2:], "")[0])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func signRaw(key *seal.PrivateKey, how string) error {
	if os.Getenv("LEDGER_SIGN_KID") != key.KeyID() {
		return fmt.Errorf("asked for key %s, holding %s", os.Getenv("LEDGER_SIGN_KID"), key.KeyID())
	}
	message, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	if how == "other" {
		message = append(message, '.')
	}
	sig, err := key.Sign(message)
	if err != nil {
		return err
	}
	if how == "cut" {
		sig = sig[1:]
	}
	_, err = os.Stdout.Write(sig)
	return err
}

// eachAlg FILE runs the lines of a file for each algorithm, which stands for
// ALG in them; a line that begins with "! " must fail.
func eachAlg(ts *testscript.TestScript, _ bool, args []string) {
	for _, alg := range []string{domain.AlgEd25519, domain.AlgES256, domain.AlgES384} {
		for line := range strings.Lines(strings.ReplaceAll(ts.ReadFile(args[0]), "ALG", alg)) {
			words, fails := strings.CutPrefix(strings.TrimSpace(line), "! ")
			if err := ts.Exec("ledger", strings.Fields(words)...); (err != nil) != fails {
				ts.Fatalf("%s: ledger %s: %v", alg, words, err)
			}
		}
	}
}
