package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"github.com/coalition-ledger/coalition-ledger/api"
	"github.com/coalition-ledger/coalition-ledger/api/notify"
	"github.com/coalition-ledger/coalition-ledger/api/peer"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// nodeConfig says what one process runs.
type nodeConfig struct {
	store   string // URL
	dir     string // for caches; "" keeps none
	listen  string
	sealing sealing
	telling subscribing
	peers   peersConfig
	key     peer.Key // the log's
	genesis []byte
	tokens  api.TokenPolicy
	notice  string
	limits  api.Limits
}

// node is one running process: store, ledger, views, API.
type node struct {
	*env
	folder    io.Closer // nil when nothing is kept
	store     eventstore.Store
	peers     *peers // nil when it stands alone
	witnesses *witness.Gatherer
	ledger    *ledger.Ledger
	views     *projections.Runner
	server    *api.Server
	deliverer *notify.Deliverer // nil where no subscriptions are kept
	http      *http.Server
	listener  net.Listener
	folding   chan error
	endViews  context.CancelFunc
}

// start opens everything, from the store up. What was opened is closed again
// when a later step fails.
func (e *env) start(ctx context.Context, cfg nodeConfig) (n *node, err error) {
	n = &node{env: e, folding: make(chan error, 1)}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.close())
		}
	}()
	if err = n.openLedger(ctx, cfg); err != nil {
		return n, err
	}
	n.take(cfg)
	n.views, err = projections.New(projections.Config{Dir: under(cfg.dir, "views"), Log: e.log, Clock: e.clock})
	if err != nil {
		return n, err
	}
	n.fold(ctx)
	if n.server, err = n.open(cfg); err != nil {
		return n, err
	}
	n.listener, err = net.Listen("tcp", cfg.listen)
	if err != nil {
		return n, fmt.Errorf("--listen %s: %w", cfg.listen, err)
	}
	n.http = n.server.HTTP(cfg.listen)
	return n, nil
}

// open makes the server with what it keeps beside the journal.
func (n *node) open(cfg nodeConfig) (*api.Server, error) {
	ciphertexts, err := cfg.sealing.open()
	if err != nil {
		return nil, err
	}
	out := api.Config{
		Ledger: n.ledger, Views: n.views, Sealed: ciphertexts, Tokens: cfg.tokens, Clock: n.clock, Log: n.log, Limits: cfg.limits, Notice: cfg.notice,
	}
	kept, err := cfg.telling.open()
	if err != nil {
		return nil, err
	}
	if kept != nil {
		n.deliverer = notify.New(notify.Config{
			Store: kept, Views: n.views, Signer: cfg.key.Signer, Leading: n.ledger.Leading, Clock: n.clock,
			Speaks: n.speaks, Log: n.log, Loopback: cfg.telling.Loopback,
		})
		out.Subscriptions, out.Deliveries, out.Loopback = kept, n.deliverer.Stats, cfg.telling.Loopback
	}
	return api.New(out)
}

func (n *node) openLedger(ctx context.Context, cfg nodeConfig) (err error) {
	if cfg.dir != "" {
		if n.folder, err = holdFolder(cfg.dir); err != nil {
			return err
		}
	}
	if n.store, err = openStore(ctx, cfg.store, n.log); err != nil {
		return err
	}
	if err := n.meet(cfg); err != nil {
		return err
	}
	n.witnesses = witness.NewGatherer(witness.Options{Clock: n.clock})
	n.ledger, err = ledger.Open(ctx, ledger.Config{
		Store: n.store, Signer: cfg.key.Signer, Clock: n.clock, Dir: under(cfg.dir, "ledger"), Genesis: cfg.genesis, Log: n.log,
		Name: cfg.peers.url, Peers: n.peers.forward(), Witnesses: n.witnesses,
	})
	return err
}

func under(dir, name string) string {
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, name)
}

// fold runs the views beside everything else. They end by their own context,
// after the server: a last request may still wait for them.
func (n *node) fold(ctx context.Context) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	n.endViews = cancel
	go func() { n.folding <- n.views.Run(ctx, n.ledger) }()
}

func (n *node) url() string { return "http://" + n.listener.Addr().String() }

// run serves until the process is told to end, and says where the journal
// stands then.
func (n *node) run(ctx context.Context) error {
	if err := errors.Join(n.serve(ctx), n.close()); err != nil {
		return err
	}
	head, err := translog.PeekCheckpoint(n.ledger.Checkpoint())
	if err != nil {
		return fmt.Errorf("the newest checkpoint: %w", err)
	}
	fmt.Fprintf(n.err, "ledgerd: stopped: the newest event has index %d, the newest checkpoint is of %d events with root %s\n", n.ledger.Size()-1, head.Size, head.Root)
	return nil
}

// serve answers requests until the process is told to end.
func (n *node) serve(ctx context.Context) error {
	beside, stop := context.WithCancel(ctx)
	var ended sync.WaitGroup
	ended.Go(func() { n.sweep(beside) })
	ended.Go(func() { n.deliver(beside) })
	defer func() { stop(); ended.Wait() }()
	served := make(chan error, 1)
	go func() { served <- n.http.Serve(n.listener) }()
	select {
	case err := <-served:
		return err
	case err := <-n.peers.failed():
		return fmt.Errorf("the port for other replicas ended: %w", err)
	case <-ctx.Done():
	}
	fmt.Fprintf(n.err, "ledgerd: stopping (%v): requests under way have 10 s, then deliveries, views and the store are closed\n", context.Cause(ctx))
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	err := n.http.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		return errors.Join(fmt.Errorf("requests were still open after 10 s"), n.http.Close())
	}
	return err
}

// close ends what start opened, from the door down.
func (n *node) close() error {
	var errs []error
	if n.listener != nil {
		if err := n.listener.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if n.server != nil {
		n.server.Close()
	}
	if n.endViews != nil {
		n.endViews()
		errs = append(errs, <-n.folding)
	}
	errs = append(errs, n.peers.close())
	if n.ledger != nil {
		errs = append(errs, n.ledger.Close())
	}
	if n.witnesses != nil {
		n.witnesses.Close()
	}
	if n.store != nil {
		errs = append(errs, n.store.Close())
	}
	if n.folder != nil {
		errs = append(errs, n.folder.Close())
	}
	return errors.Join(errs...)
}
