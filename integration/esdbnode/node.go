package esdbnode

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"

	gossippb "github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	featurespb "github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	streamspb "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode/eventlog"
)

// MaxAppend is the limit for one append in bytes unless Options say otherwise.
const MaxAppend = 1 << 20

// maxReceive is the greatest message that is read: above the greatest limit for
// an append, so that the limit answers and not the transport.
const maxReceive = 17 << 20

// Options adjusts a node. The zero value is a node in memory on a free port of
// the loopback interface.
type Options struct {
	// Listen is the address to serve; "" means 127.0.0.1:0.
	Listen string
	// Dir is where events are kept; "" keeps them in memory.
	Dir string
	// Log is a log that is open already, which the node then does not close.
	// Dir is not used.
	Log *eventlog.Log
	// TLS serves over TLS; nil serves in plain text.
	TLS *tls.Config
	// Users are who may call; none lets everybody do everything. The official
	// client sends credentials over TLS only.
	Users []User
	// MaxAppend is the greatest size of one append in bytes; 0 means MaxAppend.
	MaxAppend int
	// Clock dates events; nil is time.Now.
	Clock func() time.Time
}

// Node is a running node. It is safe for concurrent use.
type Node struct {
	opts    Options
	log     *eventlog.Log
	address string // as bound, so that a stopped node comes back to it
	faults  *Faults
	cluster *Cluster // nil: alone

	life sync.Mutex // held by Resume, Stop and Close, which may wait for calls to end

	mu      sync.Mutex
	serving *serving // nil: stopped
	closed  bool
}

// serving is what runs while a node is up.
type serving struct {
	door    *door
	health  *http.Server
	tasks   sync.WaitGroup
	mu      sync.Mutex
	servers []*grpc.Server // the last one takes new connections
}

// Start starts a node.
func Start(opts Options) (*Node, error) { return start(opts, nil) }

func start(opts Options, cluster *Cluster) (*Node, error) {
	if opts.Listen == "" {
		opts.Listen = "127.0.0.1:0"
	}
	if opts.MaxAppend == 0 {
		opts.MaxAppend = MaxAppend
	}
	n := &Node{opts: opts, log: opts.Log, address: opts.Listen, cluster: cluster}
	n.faults = newFaults(n)
	if n.log == nil {
		log, err := eventlog.Open(eventlog.Options{Dir: opts.Dir, Clock: opts.Clock})
		if err != nil {
			return nil, err
		}
		n.log = log
	}
	if err := n.Resume(); err != nil {
		return nil, errors.Join(err, n.Close())
	}
	return n, nil
}

// Resume listens again after Stop, at the same address and with what the log
// holds. It does nothing where the node is up.
func (n *Node) Resume() error {
	n.life.Lock()
	defer n.life.Unlock()
	if n.closed {
		return errors.New("node is closed: start another one")
	}
	if n.up() != nil {
		return nil
	}
	listener, err := net.Listen("tcp", n.address)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	s := &serving{health: newHealth(), door: newDoor(listener, n.opts.TLS)}
	n.set(s, listener.Addr().String())
	s.serve(n.newServer())
	s.tasks.Go(func() { _ = s.health.Serve(s.door.plain) }) // ends with the door
	s.tasks.Go(s.door.accept)
	return nil
}

func (n *Node) set(s *serving, address string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.serving, n.address = s, address
}

// serve lets a gRPC server take the connections from now on.
func (s *serving) serve(server *grpc.Server) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.servers = append(s.servers, server)
	listener := s.door.next()
	s.tasks.Go(func() { _ = server.Serve(listener) }) // ends with the door
}

func (n *Node) newServer() *grpc.Server {
	server := grpc.NewServer(
		grpc.MaxRecvMsgSize(maxReceive),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: 5 * time.Second, PermitWithoutStream: true}),
		grpc.WaitForHandlers(true),
		grpc.InitialWindowSize(1<<20),
		grpc.InitialConnWindowSize(1<<20),
		grpc.ChainUnaryInterceptor(n.interceptUnary),
		grpc.ChainStreamInterceptor(n.interceptStream),
	)
	streamspb.RegisterStreamsServer(server, &streamsServer{node: n})
	featurespb.RegisterServerFeaturesServer(server, featuresServer{})
	gossippb.RegisterGossipServer(server, gossipServer{node: n})
	return server
}

// Stop cuts all connections and stops listening, as a crash does. What was
// acknowledged is kept for Resume.
func (n *Node) Stop() {
	n.life.Lock()
	defer n.life.Unlock()
	n.stop()
}

func (n *Node) stop() {
	s := n.up()
	if s == nil {
		return
	}
	n.set(nil, n.address)
	s.door.close()
	s.mu.Lock()
	servers := s.servers
	s.mu.Unlock()
	for _, server := range servers {
		server.Stop()
	}
	_ = s.health.Close() // what it served is gone with the door
	s.tasks.Wait()
}

// Close stops the node for good and closes its log. It may be repeated.
func (n *Node) Close() error {
	n.life.Lock()
	defer n.life.Unlock()
	if n.closed {
		return nil
	}
	n.stop()
	n.closed = true
	if n.opts.Log != nil {
		return nil
	}
	return n.log.Close()
}

// up returns what runs, or nil.
func (n *Node) up() *serving {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.serving
}

// Address returns the host and port that the node serves.
func (n *Node) Address() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	host, port, err := net.SplitHostPort(n.address)
	if err != nil {
		return n.address
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

// ConnectionString returns what a client needs to connect: with the first user
// and its password, where there are users. The certificate is not checked
// unless the caller adds tlsCAFile and takes tlsVerifyCert away.
func (n *Node) ConnectionString() string { return n.opts.connectionString(n.Address()) }

func (o Options) connectionString(addresses string) string {
	switch {
	case o.TLS == nil:
		return "esdb://" + addresses + "?tls=false"
	case len(o.Users) == 0:
		return "esdb://" + addresses + "?tls=true&tlsVerifyCert=false"
	}
	return "esdb://" + o.Users[0].userinfo() + "@" + addresses + "?tls=true&tlsVerifyCert=false"
}

// Faults returns what the node is to do wrong.
func (n *Node) Faults() *Faults { return n.faults }

func newHealth() *http.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health/live", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	return &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
}
