package notify

import (
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const maxURL = 2000

var (
	errDenied = errors.New("this address is not on the public internet: webhooks reach no private, local or reserved network")
	errName   = errors.New("write the webhook's host as a full public name, as hooks.example.org (xn-- for letters beyond ASCII), or as an IP address of four numbers or in brackets")
)

// CheckURL accepts the address of a webhook by its form, and reports whether it
// is of this machine, which only an operator lets in. What a name leads to is
// found out at each connection.
func CheckURL(text string, loopback bool) (local bool, err error) {
	u, err := url.Parse(text)
	switch {
	case err != nil, len(text) > maxURL, u.Host == "", u.User != nil, u.Fragment != "", u.Opaque != "", !validPort(u):
		return false, errors.New("write the webhook as https://host/path, without user and fragment, in 2000 characters at most")
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback):
		return false, errors.New("webhooks go by https: write https://host/path")
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	ip, noIP := netip.ParseAddr(host)
	local = noIP == nil && ip.Unmap().IsLoopback() || host == "localhost" || strings.HasSuffix(host, ".localhost")
	switch {
	case u.Scheme == "http" && (noIP != nil || !local):
		return local, errors.New("http is for addresses of this machine, as http://127.0.0.1:8080/: elsewhere use https")
	case local && !loopback, noIP == nil && !allowed(ip, loopback):
		return local, errDenied
	case noIP != nil && !local:
		return local, checkName(host)
	}
	return local, nil
}

func validPort(u *url.URL) bool {
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	return u.Port() == "" && !strings.HasSuffix(u.Host, ":") || err == nil && port > 0
}

// private are the last labels of names that lead nowhere but inside: RFC 6762,
// RFC 8375, and what is in use for it.
var private = [...]string{"local", "localdomain", "internal", "intranet", "private", "lan", "home", "corp", "svc", "arpa"}

// checkName wants a name that can be public. One label is looked up in the
// operator's own domain, and a last label of digits is a way to write an
// address, as in 127.1.
func checkName(host string) error {
	labels := strings.Split(host, ".")
	last := labels[len(labels)-1]
	odd := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_' && r != '.'
	}
	switch {
	case strings.ContainsFunc(host, odd), slices.Contains(labels, ""), last[0] >= '0' && last[0] <= '9':
		return errName
	case len(labels) == 1, slices.Contains(private[:], last):
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
