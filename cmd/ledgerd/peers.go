package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/coalition-ledger/coalition-ledger/api/peer"
	"github.com/coalition-ledger/coalition-ledger/ledger"
)

// peersConfig says how replicas on one store reach each other; the zero value
// is a replica that stands alone.
type peersConfig struct {
	listen string // address to listen on
	url    string // how the others reach it
}

// check refuses half of a pair, and replicas where there can be but one.
func (c peersConfig) check(store string) error {
	switch {
	case c == peersConfig{}:
		return nil
	case c.listen == "" || c.url == "":
		return errors.New("give both --peer-listen, where other replicas reach this one, and --peer-url, how they reach it")
	case !shared(store):
		return fmt.Errorf("--peer-listen: only replicas on one esdb:// store forward to each other, %s is this process's own", shown(store))
	}
	if err := peer.CheckAddress(c.url); err != nil {
		return fmt.Errorf("--peer-url: %w", err)
	}
	return nil
}

// peers is this replica's side towards the others.
type peers struct {
	client   *peer.Client
	listener net.Listener
	server   *http.Server
	ended    chan error // what Serve returned
}

// meet opens the peer port, so that who is told of this replica can connect.
func (n *node) meet(cfg nodeConfig) error {
	if cfg.peers == (peersConfig{}) {
		return nil
	}
	listener, err := net.Listen("tcp", cfg.peers.listen)
	if err != nil {
		return fmt.Errorf("--peer-listen %s: %w", cfg.peers.listen, err)
	}
	n.peers = &peers{client: peer.NewClient(cfg.key, n.clock), listener: listener}
	return nil
}

// forward is how the ledger reaches the others; nil when it stands alone.
func (p *peers) forward() ledger.Peers {
	if p == nil {
		return nil
	}
	return p.client
}

// take answers the others from here on.
func (n *node) take(cfg nodeConfig) {
	p := n.peers
	if p == nil {
		return
	}
	p.ended = make(chan error, 1)
	p.server = peer.NewServer(peer.Config{Key: cfg.key, Name: cfg.peers.url, Clock: n.clock, Log: n.log, Take: n.ledger.Take, Offer: n.ledger.Offer})
	go func() { p.ended <- p.server.Serve(p.listener) }()
}

// failed is told when the peer port ends by itself.
func (p *peers) failed() <-chan error {
	if p == nil {
		return nil
	}
	return p.ended
}

// close lets what others forwarded get its answers.
func (p *peers) close() error {
	if p == nil {
		return nil
	}
	defer p.client.Close()
	if p.server == nil {
		return p.listener.Close()
	}
	grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := p.server.Shutdown(grace); err != nil {
		return errors.Join(fmt.Errorf("requests of other replicas were still open after 5 s"), p.server.Close())
	}
	return nil
}
