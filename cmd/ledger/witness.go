package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
)

type witnessCmd struct {
	Key      string        `env:"LEDGER_WITNESS_KEY" required:"" placeholder:"FILE" help:"The witness's key file."`
	NewKey   string        `placeholder:"NAME" help:"Make the key file, for a witness of this name (a URL without scheme, as witness.xa.example), print its verifier key and end."`
	Listen   string        `env:"LEDGER_WITNESS_LISTEN" default:"127.0.0.1:8475" help:"Address to listen on; a proxy with TLS stands before it."`
	Data     string        `env:"LEDGER_WITNESS_DATA" placeholder:"DIR" help:"Folder of the witness alone: what it cosigned, evidence, the mirror."`
	Mirror   string        `env:"LEDGER_WITNESS_MIRROR" placeholder:"URL" help:"Follow the ledger at this address, keep all of it in DIR/ledger.archive, and cosign only what verifies. Wants --genesis and a token."`
	Every    time.Duration `default:"10s" help:"How often a mirror looks for news when nobody asks it to cosign."`
	AddrFile string        `placeholder:"FILE" help:"Write the witness's URL to this file once it listens."`
	trusting
}

// Help shows more under --help.
func (c *witnessCmd) Help() string {
	return "Runs a witness (C2SP tlog-witness) of one or several logs until it is ended. It cosigns a checkpoint that is signed by a log of --log and adds to what it cosigned last, once that is on the disk. What does not go together it keeps as evidence and shows to everybody. The line it prints belongs into the coalition's witness policy. Back up the key; never put back an old copy of --data without need: the witness goes on from it, and forgets what it cosigned since."
}

// witnessing is what the command says once it runs, and of a new key.
type witnessing struct {
	Verifier string   `json:"verifier_key"`
	URL      string   `json:"url,omitempty"`
	Logs     []string `json:"logs,omitempty"`
	Line     string   `json:"policy_line"`
}

// Run makes a key, or witnesses until the context ends.
func (c *witnessCmd) Run(ctx context.Context, a *app) error {
	if c.NewKey != "" {
		return c.makeKey(a)
	}
	key, err := readWitnessKey(c.Key)
	if err != nil {
		return err
	}
	if c.Data == "" {
		return usage("name a folder for what the witness cosigned: --data or LEDGER_WITNESS_DATA")
	}
	g, err := a.trusted(c.trusting)
	if err != nil {
		return err
	}
	if len(g.logKeys) == 0 {
		return usage("name the log to witness: --log with its verifier key, or --genesis with genesis.jws")
	}
	return c.serve(ctx, a, key, g)
}

func (c *witnessCmd) makeKey(a *app) error {
	skey, vkey, err := witness.GenerateKey(c.NewKey)
	if err != nil {
		return usage("--new-key: %w", err)
	}
	if err := writeNew(c.Key, []byte(skey+"\n"), 0o600); err != nil {
		return err
	}
	return c.tell(a, witnessing{Verifier: vkey, Line: fmt.Sprintf("witness %s %s", c.NewKey, vkey)})
}

func (c *witnessCmd) tell(a *app, w witnessing) error {
	return a.answer(w, func(out io.Writer) { fmt.Fprintln(out, w.Line) })
}

// readWitnessKey reads a key file that only its owner can read.
func readWitnessKey(path string) (*witness.Signer, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, usage("--key: %w: make one with --new-key NAME", err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 && mode != 0o440 { // a mounted secret
		return nil, usage("--key %s can be read by others (mode %04o): run chmod 600 on it", path, mode)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, usage("--key: %w", err)
	}
	key, err := witness.NewSigner(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, usage("--key %s: %w", path, err)
	}
	return key, nil
}

func (c *witnessCmd) serve(ctx context.Context, a *app, key *witness.Signer, g genesis) (err error) {
	log := slog.New(slog.NewTextHandler(a.err, nil))
	config := witness.Config{Key: key, Logs: g.logKeys, Dir: c.Data, Clock: a.now, Log: log}
	var m *mirror
	if c.Mirror != "" {
		if a.Genesis == "" {
			return usage("--mirror verifies from genesis on: give --genesis with genesis.jws or its hash")
		}
		a.Server = c.Mirror
		m = newMirror(a, g.hash, c.Data)
		config.Admit = m.admit
	}
	s, err := witness.NewServer(config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return usage("--listen: %w", err)
	}
	url := "http://" + listener.Addr().String()
	if err := c.ready(a, witnessing{Verifier: key.Verifier().String(), URL: url, Logs: keyNames(g.logKeys)}); err != nil {
		return errors.Join(err, listener.Close())
	}
	var following sync.WaitGroup
	defer following.Wait()
	if m != nil {
		following.Go(func() {
			m.follow(ctx, g, c.Every, func(err error) { log.Warn("mirror does not get on", "error", err) })
		})
	}
	return serveUntil(ctx, listener, s.Handler())
}

func keyNames(keys []note.Verifier) (out []string) {
	for _, k := range keys {
		out = append(out, fmt.Sprintf("%s+%08x", k.Name(), k.KeyHash()))
	}
	return out
}

// ready says where the witness listens.
func (c *witnessCmd) ready(a *app, w witnessing) error {
	name, _, _ := strings.Cut(w.Verifier, "+")
	w.Line = fmt.Sprintf("witness %s %s %s", name, w.Verifier, w.URL)
	if err := c.tell(a, w); err != nil || c.AddrFile == "" {
		return err
	}
	return os.WriteFile(c.AddrFile, []byte(w.URL+"\n"), 0o644)
}

// serveUntil serves until the context ends, and then lets requests finish.
func serveUntil(ctx context.Context, listener net.Listener, h http.Handler) error {
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
		WriteTimeout: mirrorPatience + 15*time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer cancel()
	err := server.Shutdown(patience)
	if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}
