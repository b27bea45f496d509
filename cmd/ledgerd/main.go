// Command ledgerd runs a coalition ledger: the journal, its views and the HTTP
// API in one process.
//
//	ledgerd demo     a coalition of example, with public facts, to look at
//	ledgerd serve    a real ledger; several on one EventStoreDB forward to one
//	ledgerd copy     a whole ledger from one event store to another
//	ledgerd repair   what a store lost, from an archive
//	ledgerd fsck     verify a store and its caches; change nothing
//	ledgerd health   whether a server is well, for containers
//
// Run `ledgerd COMMAND --help` for the flags. It ends on SIGINT or SIGTERM,
// after requests under way have their answers, and says on standard error when
// it stops and where the journal stands then. Exit codes: 0 good, 1 failed,
// 2 wrong usage; of fsck also 3: it cannot be told.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

type cli struct {
	Demo   demoCmd   `cmd:"" help:"Run a demonstration: no network, no file, no configuration."`
	Serve  serveCmd  `cmd:"" help:"Serve a ledger that was founded with 'ledger found'."`
	Copy   copyCmd   `cmd:"" help:"Copy a whole ledger from one event store to another, byte for byte."`
	Repair repairCmd `cmd:"" help:"Append again, from an archive, what a store lost."`
	Fsck   fsckCmd   `cmd:"" help:"Verify a store and its caches, from genesis on; change nothing."`
	Health healthCmd `cmd:"" help:"Ask a server whether it is well: exit code 0 or 1. For containers."`
}

// env is what commands get from the process, so that tests can be one.
type env struct {
	clock func() time.Time
	out   io.Writer
	err   io.Writer
	log   *slog.Logger
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	parser, err := kong.New(&c, kong.Name("ledgerd"), kong.Description("A ledger that independent states run together."), kong.Writers(stdout, stderr), kong.UsageOnError())
	if err != nil {
		fmt.Fprintln(stderr, "ledgerd:", err)
		return 2
	}
	k, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(stderr, "ledgerd:", err)
		return 2
	}
	log := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	k.BindTo(ctx, (*context.Context)(nil))
	if err := k.Run(&env{clock: time.Now, out: stdout, err: stderr, log: log}); err != nil {
		fmt.Fprintln(stderr, "ledgerd:", err)
		if own := (*exitError)(nil); errors.As(err, &own) {
			return own.code
		}
		return 1
	}
	return 0
}
