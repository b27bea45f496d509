package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

type repairCmd struct {
	From   string `required:"" placeholder:"ARCHIVE" help:"Archive that 'ledger replay' wrote; it must hold every event that was acknowledged."`
	Store  string `env:"LEDGERD_STORE" required:"" placeholder:"URL" help:"Event store that came back shorter: pebble:///path or esdb://host:2113. Stop every ledgerd on it first."`
	LogKey string `env:"LEDGERD_LOG_KEY" required:"" placeholder:"FILE" help:"The log's signing key: the archive must be signed with it. Nothing is signed here."`
	DryRun bool   `help:"Check all and say what would be done; change nothing."`
	JSON   bool   `name:"json" help:"Print one line of JSON at the end."`
}

// repaired is what --json prints.
type repaired struct {
	Archive    uint64      `json:"archive"`    // events in the archive
	Found      uint64      `json:"found"`      // events in the store before
	Appended   uint64      `json:"appended"`   // or to be appended, with --dry-run
	Checkpoint bool        `json:"checkpoint"` // the archive's newest was missing
	Root       domain.Hash `json:"root"`       // at the archive's size
	DryRun     bool        `json:"dry_run"`
}

// Run appends again, byte for byte, what an archive holds and the store lost.
func (c *repairCmd) Run(ctx context.Context, e *env) (err error) {
	if schemeOf(c.Store) == "memory" {
		return errors.New("memory: has nothing to repair")
	}
	key, err := readLogKey(c.LogKey)
	if err != nil {
		return err
	}
	f, err := os.Open(c.From)
	if err != nil {
		return fmt.Errorf("--from: %w", err)
	}
	defer f.Close()
	store, err := openStore(ctx, c.Store, e.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	signed, err := newestCheckpoint(ctx, store)
	if err != nil {
		return fmt.Errorf("repair %s: %w", shown(c.Store), err)
	}
	source, err := readSource(ctx, f, key, signed)
	if err != nil {
		return fmt.Errorf("--from %s: %w", c.From, err)
	}
	r, err := source.repair(ctx, e, store, c.DryRun)
	if err != nil {
		return fmt.Errorf("repair %s: %w", shown(c.Store), err)
	}
	return c.print(e, r)
}

func (c *repairCmd) print(e *env, r repaired) error {
	if c.JSON {
		line, err := json.Marshal(r, json.Deterministic(true))
		fmt.Fprintf(e.out, "%s\n", line)
		return err
	}
	done := "were appended and read back"
	if r.DryRun {
		done = "would be appended"
	}
	fmt.Fprintf(e.out, "%s held %d events, the archive %d; all that both hold are the same, %d %s\n", shown(c.Store), r.Found, r.Archive, r.Appended, done)
	if r.Checkpoint {
		fmt.Fprintf(e.out, "the checkpoint of size %d, root %s, %s\n", r.Archive, r.Root, map[bool]string{false: "was appended", true: "would be appended"}[r.DryRun])
	}
	return nil
}
