package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/api/watch"
)

type subscriptionReceiveCmd struct {
	Listen   string `default:"127.0.0.1:0" help:"Address to listen on."`
	AddrFile string `placeholder:"FILE" help:"Write the address for --webhook to this file once it listens."`
	Keep     string `placeholder:"DIR" help:"Keep each notice there with its signature: INDEX.json, INDEX.time, INDEX.sig."`
	Count    int    `help:"End after this many notices; 0: at Ctrl-C."`
}

const maxNotice = 256 << 10

// receiving is one receiver of webhooks.
type receiving struct {
	*app
	genesis genesis
	keep    string
	told    chan watch.Notice
}

// Run receives notices and shows those that are genuine and not repeated.
func (c *subscriptionReceiveCmd) Run(ctx context.Context, a *app) error {
	g, err := a.genesisKnown()
	if err != nil {
		return err
	}
	if len(g.logKeys) == 0 {
		return usage("the log's key is needed: give the file (--genesis genesis.jws), not its hash alone")
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return usage("--listen %s: %w", c.Listen, err)
	}
	in := &receiving{app: a, genesis: g, keep: c.Keep, told: make(chan watch.Notice)}
	srv := &http.Server{Handler: in, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(listener) }()
	a.note("receiving at http://%s/", listener.Addr())
	if c.AddrFile != "" {
		err = os.WriteFile(c.AddrFile, []byte("http://"+listener.Addr().String()+"/\n"), 0o644)
	}
	if err == nil {
		err = in.show(ctx, c.Count, served)
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return errors.Join(err, srv.Shutdown(late))
}

func (in *receiving) show(ctx context.Context, count int, served <-chan error) error {
	type told struct {
		subscription string
		index        uint64
	}
	seen := map[told]bool{}
	for count == 0 || len(seen) < count {
		select {
		case <-ctx.Done():
			return nil
		case err := <-served:
			return err
		case n := <-in.told:
			if seen[told{n.Subscription, n.Index}] {
				continue // delivery is at least once
			}
			seen[told{n.Subscription, n.Index}] = true
			if err := in.answer(n, func(w io.Writer) { tell(w, n) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// ServeHTTP takes one notice: 204 when it is genuine.
func (in *receiving) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n, err := in.take(w, r)
	if err != nil {
		in.note("refused: %v", err)
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	select {
	case in.told <- n:
		w.WriteHeader(http.StatusNoContent)
	case <-r.Context().Done():
	case <-time.After(5 * time.Second):
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

func (in *receiving) take(w http.ResponseWriter, r *http.Request) (n watch.Notice, err error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxNotice))
	if err != nil {
		return n, err
	}
	if err := json.Unmarshal(body, &n); err != nil {
		return n, errors.New("this is no notice")
	}
	at, err := watch.Verify(in.genesis.logKeys, r.Header, n.Subscription, body)
	switch age := in.now().Sub(at); {
	case err != nil:
		return n, err
	case n.Ledger != in.genesis.hash:
		return n, errors.New("this notice is of another ledger")
	case age.Abs() > 5*time.Minute:
		return n, fmt.Errorf("this notice was signed %s ago: an old one sent again, or a clock is wrong", age.Round(time.Second))
	}
	return n, in.store(n.Index, body, r.Header)
}

func (in *receiving) store(index uint64, body []byte, h http.Header) error {
	if in.keep == "" {
		return nil
	}
	path := filepath.Join(in.keep, fmt.Sprint(index))
	return errors.Join(os.MkdirAll(in.keep, 0o700), os.WriteFile(path+".json", body, 0o600),
		os.WriteFile(path+".time", []byte(h.Get(watch.HeaderTime)+"\n"), 0o600), os.WriteFile(path+".sig", []byte(h.Get(watch.HeaderSignature)+"\n"), 0o600))
}
