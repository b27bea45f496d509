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

const (
	maxURL      = 2000
	sendTimeout = 10 * time.Second
	dialTimeout = 5 * time.Second
)

var errDenied = errors.New("this address is not on the public internet: webhooks reach no private, local or reserved network")

// CheckURL accepts the address of a webhook. That its host is public is found
// out again at each delivery.
func CheckURL(text string, loopback bool) error {
	u, err := url.Parse(text)
	switch {
	case err != nil, len(text) > maxURL, u.Host == "", u.User != nil, u.Fragment != "", u.Opaque != "":
		return errors.New("write the webhook as https://host/path, without user and fragment, in 2000 characters at most")
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback):
		return errors.New("webhooks go by https: write https://host/path")
	}
	ip, err := netip.ParseAddr(u.Hostname())
	if u.Scheme == "http" && (err != nil || !ip.Unmap().IsLoopback()) {
		return errors.New("http is for addresses of this machine, as http://127.0.0.1:8080/: elsewhere use https")
	}
	if err == nil && !allowed(ip, loopback) {
		return errDenied
	}
	return nil
}

// reserved is what is neither private nor local by name and yet not public.
var reserved = [...]netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("192.88.99.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("3fff::/20"), netip.MustParsePrefix("fec0::/10"),
}

// allowed reports whether a webhook may reach an address.
func allowed(ip netip.Addr, loopback bool) bool {
	if ip.Zone() != "" {
		return false
	}
	ip = ip.Unmap()
	if ip.IsLoopback() {
		return loopback
	}
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	for _, p := range reserved {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}

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

func newClient(d dialer) *http.Client {
	return &http.Client{
		Timeout:       sendTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: d.dial, TLSHandshakeTimeout: dialTimeout, ResponseHeaderTimeout: sendTimeout,
			MaxResponseHeaderBytes: 16 << 10, MaxIdleConns: 32, MaxIdleConnsPerHost: 2, IdleConnTimeout: 30 * time.Second, ForceAttemptHTTP2: true,
		},
	}
}

// plain says why a delivery failed, without the address: errors of net/http
// repeat it.
func plain(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	var op *net.OpError
	switch {
	case errors.Is(err, errDenied):
		return errDenied.Error()
	case errors.Is(err, context.DeadlineExceeded), u != nil && u.Timeout():
		return fmt.Sprintf("the receiver did not answer within %s", sendTimeout)
	case errors.As(err, &op):
		return "no connection to the receiver: " + op.Err.Error()
	}
	text := []rune(err.Error())
	return string(text[:min(len(text), 200)])
}
