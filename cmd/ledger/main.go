// Command ledger is the members' tool of a coalition ledger: it founds a
// coalition, makes keys, signs events, posts them, imports published lists,
// and replays and verifies the journal. It is a client: it speaks to a ledger
// over HTTP, or to files, and never opens a store.
//
// # Settings
//
// Each of these is a flag and an environment variable:
//
//	--server           LEDGER_SERVER           base address of the ledger
//	--token-file       LEDGER_TOKEN_FILE       file with a token of that ledger (or the token itself in LEDGER_TOKEN)
//	--genesis          LEDGER_GENESIS          genesis.jws, or the genesis hash
//	--key              LEDGER_KEY              key file to sign with
//	--issuer           LEDGER_ISSUER           agency to speak for, as XA/mof
//	--passphrase-file  LEDGER_PASSPHRASE_FILE  file with the passphrase of key files; else it is asked for
//	--encryption-key   LEDGER_ENCRYPTION_KEY   key file to open sealed detail with
//	--home             LEDGER_HOME             folder of the tool: outbox and sent
//
// A passphrase or token is never a flag's value: others could read it in the
// list of processes.
//
// # Outbox
//
// An envelope is written to the outbox before it is posted, and moves to sent
// with its receipt when the ledger has answered. After a lost answer, or a
// crash, run the same command again: it posts the same bytes, and the ledger
// answers with the receipt of the first time. What the ledger did not decide,
// because of a token or because it was busy, stays in the outbox where it is.
//
// # Exit codes
//
// 0: done. 1: a check or an operation failed. 2: the command was not
// understood, or its input could not be read. 3, of verify: it cannot be told.
// With --json one line of JSON
// goes to standard output, and an error as {"error":…} to standard error.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

func main() { os.Exit(execute()) }

func execute() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return run(ctx, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr})
}

type streams struct {
	in       io.Reader
	out, err io.Writer
}

func run(ctx context.Context, args []string, s streams) int {
	var c cli
	parser, err := kong.New(&c, kong.Name("ledger"),
		kong.Description("The members' tool of a coalition ledger. Settings stand in the environment or in flags; see each command's help."),
		kong.Writers(s.out, s.err), kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.Vars{"version": version()})
	if err != nil {
		return complain(s, false, err)
	}
	command, err := parser.Parse(args)
	if err != nil {
		return complain(s, c.JSON, &usageError{fmt.Errorf("%w; see ledger --help", err)})
	}
	a := &app{streams: s, globals: c.globals, now: time.Now, getenv: os.Getenv}
	command.BindTo(ctx, (*context.Context)(nil))
	return complain(s, c.JSON, command.Run(a))
}

// usageError is an error for which nothing was tried: exit code 2.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usage(format string, args ...any) error { return &usageError{fmt.Errorf(format, args...)} }

func complain(s streams, asJSON bool, err error) int {
	if err == nil {
		return 0
	}
	if asJSON {
		writeJSON(s.err, map[string]string{"error": err.Error()})
	} else {
		fmt.Fprintln(s.err, "ledger:", err)
	}
	var u *usageError
	if errors.As(err, &u) {
		return 2
	}
	if own := (*exitError)(nil); errors.As(err, &own) {
		return own.code
	}
	return 1
}
