package notify

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// Resolver finds the addresses of a host: a *net.Resolver.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

const dialTimeout = 5 * time.Second

// dialer connects to addresses that are allowed, and to no other.
type dialer struct {
	resolver Resolver
	loopback bool
}

func (d dialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	ips, err := d.lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	for _, ip := range ips {
		if !allowed(ip, d.loopback) { // one is enough: its name server may answer otherwise the next time
			return nil, errDenied
		}
	}
	socket := net.Dialer{Timeout: dialTimeout, Control: d.control}
	for _, ip := range ips {
		var conn net.Conn
		if conn, err = socket.DialContext(ctx, network, net.JoinHostPort(ip.Unmap().String(), port)); err == nil {
			return conn, nil
		}
	}
	return nil, err
}

func (d dialer) lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	ips, err := d.resolver.LookupNetIP(ctx, "ip", host)
	if err != nil || len(ips) == 0 {
		return nil, errors.New("the name of its host is not found")
	}
	return ips[:min(len(ips), 4)], nil
}

// control looks at the address that the socket is about to connect to.
func (d dialer) control(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil || !allowed(ap.Addr(), d.loopback) {
		return errDenied
	}
	return nil
}

// newClient keeps a connection open for each of the workers, as all may tell
// one host.
func newClient(d dialer, workers int, timeout time.Duration) *http.Client {
	return &http.Client{
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: d.dial, TLSHandshakeTimeout: dialTimeout, ResponseHeaderTimeout: timeout,
			MaxResponseHeaderBytes: 16 << 10, MaxIdleConns: workers, MaxIdleConnsPerHost: workers, IdleConnTimeout: 30 * time.Second, ForceAttemptHTTP2: true,
		},
	}
}

// plain says why a delivery failed, without the address: errors of net/http
// repeat it.
func plain(err error, timeout time.Duration) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	var op *net.OpError
	switch {
	case errors.Is(err, errDenied):
		return errDenied.Error()
	case errors.Is(err, context.DeadlineExceeded), u != nil && u.Timeout():
		return fmt.Sprintf("the receiver did not answer within %s", timeout)
	case errors.As(err, &op):
		return "no connection to the receiver: " + op.Err.Error()
	}
	text := []rune(err.Error())
	return string(text[:min(len(text), 200)])
}
