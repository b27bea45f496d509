package esdbnode

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode/eventlog"
)

// Cluster is several nodes in one process over one log. One leads; the others
// serve reads and send writers to it. There is no replication: what one node
// has, all have at once.
type Cluster struct {
	log    *eventlog.Log
	opened bool // by the cluster, which closes it

	mu     sync.Mutex
	nodes  []*Node
	leader int
}

// StartCluster starts one node or more, of which the first leads. Each listens
// on a free port of the address in opts.
func StartCluster(size int, opts Options) (*Cluster, error) {
	if size < 1 {
		return nil, fmt.Errorf("a cluster of %d nodes: ask for one at least", size)
	}
	c := &Cluster{log: opts.Log}
	if c.log == nil {
		log, err := eventlog.Open(eventlog.Options{Dir: opts.Dir, Clock: opts.Clock})
		if err != nil {
			return nil, err
		}
		c.log, c.opened = log, true
	}
	opts.Log = c.log
	if err := c.start(size, opts); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// start lets whoever calls a node early wait until all of them are there.
func (c *Cluster) start(size int, opts Options) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for range size {
		n, err := start(opts, c)
		if err != nil {
			return err
		}
		c.nodes = append(c.nodes, n)
	}
	return nil
}

// Nodes returns the nodes, in the order in which they were started.
func (c *Cluster) Nodes() []*Node {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]*Node(nil), c.nodes...)
}

// Lead makes a node the leader, by its number.
func (c *Cluster) Lead(node int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.leader = node % len(c.nodes)
}

// Leader returns the node that leads. Where it has stopped, the next one that
// is up takes over.
func (c *Cluster) Leader() *Node {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range c.nodes {
		candidate := (c.leader + i) % len(c.nodes)
		if c.nodes[candidate].up() != nil {
			c.leader = candidate
			break
		}
	}
	return c.nodes[c.leader]
}

// ConnectionString names all nodes, so that the client asks one of them who
// leads.
func (c *Cluster) ConnectionString() string {
	nodes := c.Nodes()
	addresses := make([]string, len(nodes))
	for i, n := range nodes {
		addresses[i] = n.Address()
	}
	return nodes[0].opts.connectionString(strings.Join(addresses, ","))
}

// Close stops all nodes and closes the log, unless it came with the options.
func (c *Cluster) Close() error {
	var errs []error
	for _, n := range c.Nodes() {
		errs = append(errs, n.Close())
	}
	if c.opened {
		errs = append(errs, c.log.Close())
	}
	return errors.Join(errs...)
}
