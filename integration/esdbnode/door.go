package esdbnode

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"net"
	"sync"
	"time"
)

// door accepts connections on one port and sorts them by their first bytes:
// HTTP/2 goes to gRPC, anything else to plain HTTP. It knows every connection,
// so that faults can cut one.
type door struct {
	listener net.Listener
	config   *tls.Config
	plain    *hall

	mu    sync.Mutex
	rpc   *hall
	conns map[string]net.Conn // by the address of the peer
	shut  bool
	sorts sync.WaitGroup
}

func newDoor(listener net.Listener, config *tls.Config) *door {
	if config != nil {
		config = config.Clone()
		config.NextProtos = []string{"h2", "http/1.1"}
	}
	return &door{
		listener: listener, config: config,
		plain: newHall(listener.Addr()), rpc: newHall(listener.Addr()),
		conns: map[string]net.Conn{},
	}
}

// next returns the listener of the server that takes gRPC from now on.
func (d *door) next() net.Listener {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.rpc = newHall(d.listener.Addr())
	return d.rpc
}

func (d *door) accept() {
	for {
		conn, err := d.listener.Accept()
		if err != nil {
			return
		}
		if !d.admit(conn) {
			_ = conn.Close()
			return
		}
	}
}

func (d *door) admit(conn net.Conn) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.shut {
		return false
	}
	d.conns[conn.RemoteAddr().String()] = conn
	d.sorts.Go(func() { d.sort(conn) })
	return true
}

var preface = []byte("PRI * HTTP/2.0")

// sort hands the connection to who understands it.
func (d *door) sort(conn net.Conn) {
	inner := conn
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second)) // fails on the next read
	if d.config != nil {
		inner = tls.Server(conn, d.config)
	}
	r := bufio.NewReader(inner)
	first, err := r.Peek(len(preface))
	_ = conn.SetDeadline(time.Time{})
	guest := &guest{Conn: inner, r: r, leave: func() { d.forget(conn) }}
	if err != nil && len(first) == 0 {
		_ = guest.Close()
		return
	}
	d.mu.Lock()
	hall := d.rpc
	d.mu.Unlock()
	if !bytes.Equal(first, preface) {
		hall = d.plain
	}
	hall.enter(guest)
}

func (d *door) forget(conn net.Conn) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if key := conn.RemoteAddr().String(); d.conns[key] == conn {
		delete(d.conns, key)
	}
}

// cut closes the connection from the address.
func (d *door) cut(peer string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if conn := d.conns[peer]; conn != nil {
		_ = conn.Close()
	}
}

// cutAll closes every connection; new ones are welcome.
func (d *door) cutAll() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, conn := range d.conns {
		_ = conn.Close()
	}
}

func (d *door) close() {
	d.mu.Lock()
	d.shut = true
	d.mu.Unlock()
	_ = d.listener.Close()
	d.cutAll()
	d.sorts.Wait()
	_ = d.plain.Close()
	_ = d.rpc.Close()
}

// guest is a connection whose first bytes have been looked at.
type guest struct {
	net.Conn
	r     *bufio.Reader
	leave func()
}

func (g *guest) Read(p []byte) (int, error) { return g.r.Read(p) }

func (g *guest) Close() error {
	g.leave()
	return g.Conn.Close()
}

// hall is a listener that is fed by a door.
type hall struct {
	address net.Addr
	guests  chan net.Conn
	closed  chan struct{}
	once    sync.Once
}

func newHall(address net.Addr) *hall {
	return &hall{address: address, guests: make(chan net.Conn), closed: make(chan struct{})}
}

func (h *hall) enter(conn net.Conn) {
	select {
	case h.guests <- conn:
	case <-h.closed:
		_ = conn.Close()
	}
}

func (h *hall) Accept() (net.Conn, error) {
	select {
	case conn := <-h.guests:
		return conn, nil
	case <-h.closed:
		return nil, net.ErrClosed
	}
}

func (h *hall) Close() error {
	h.once.Do(func() { close(h.closed) })
	return nil
}

func (h *hall) Addr() net.Addr { return h.address }
