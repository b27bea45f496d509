package notify

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/api/watch"
)

func TestAddresses(t *testing.T) {
	for ip, public := range map[string]bool{
		"127.0.0.1": false, "127.9.9.9": false, "169.254.169.254": false, "10.0.0.1": false, "172.16.3.4": false, "192.168.1.1": false,
		"100.64.0.1": false, "0.0.0.0": false, "224.0.0.1": false, "255.255.255.255": false, "240.0.0.1": false, "198.18.0.1": false,
		"::1": false, "::": false, "fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd12::1": false, "ff02::1": false,
		"::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::ffff:169.254.169.254": false, "::127.0.0.1": false,
		"64:ff9b::a00:1": false, "2002:7f00:1::": false, "2001:0:1::1": false, "2001:db8::1": false,
		"8.8.8.8": true, "93.184.216.34": true, "2606:4700::1111": true, "::ffff:8.8.8.8": true,
	} {
		if got := allowed(netip.MustParseAddr(ip), false); got != public {
			t.Errorf("%s: allowed is %v, want %v", ip, got, public)
		}
	}
	if !allowed(netip.MustParseAddr("127.0.0.1"), true) || allowed(netip.MustParseAddr("10.0.0.1"), true) {
		t.Error("the flag is for this machine, and for it alone")
	}
}

func TestCheckURL(t *testing.T) {
	for url, want := range map[string][2]bool{ // without and with loopback
		"https://hooks.example/a?b=c": {true, true}, "http://hooks.example/": {false, false}, "http://127.0.0.1:80/": {false, true},
		"http://[::1]/": {false, true}, "https://127.0.0.1/": {false, true}, "https://10.0.0.1/": {false, false}, "https://[::ffff:10.0.0.1]/": {false, false},
		"https://169.254.169.254/latest/meta-data": {false, false}, "https://u:p@hooks.example/": {false, false}, "https://hooks.example/#x": {false, false},
		"ftp://hooks.example/": {false, false}, "file:///etc/passwd": {false, false}, "https:///x": {false, false}, "": {false, false}, "http://localhost/": {false, false},
		"https://" + strings.Repeat("x", 2001) + ".example/": {false, false},
		"https://localhost/": {false, true}, "https://LOCALHOST./": {false, true}, "https://a.localhost/": {false, true}, "https://127.1/": {false, false},
		"https://2130706433/": {false, false}, "https://0x7f.0.0.1/": {false, false}, "https://127.0.0.1./": {false, true}, "https://hooks/": {false, false},
		"https://metadata.google.internal/": {false, false}, "https://ledgerd.default.svc.cluster.local/": {false, false}, "https://printer.lan/": {false, false},
		"https://\uff4cocalhost/": {false, false}, "https://h\u00f6rer.example/": {false, false}, "https://xn--hrer-5qa.example:8443/": {true, true},
		"https://hooks.example:0/": {false, false}, "https://hooks.example:/": {false, false}, "https://hooks.example:65536/": {false, false}, "https://a..example/": {false, false},
		"https://[::1]/": {false, true}, "https://[fe80::1%25eth0]/": {false, false}, "https://[fd00::1]/": {false, false}, "https://8.8.8.8/": {true, true}, "https://hooks.example./": {true, true},
	} {
		for i, loopback := range []bool{false, true} {
			if _, err := CheckURL(url, loopback); (err == nil) != want[i] {
				t.Errorf("%.60q with loopback %v: %v", url, loopback, err)
			}
		}
	}
}

type resolver map[string][]string

func (r resolver) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	var out []netip.Addr
	for _, ip := range r[host] {
		out = append(out, netip.MustParseAddr(ip))
	}
	if out == nil {
		return nil, errors.New("no such host")
	}
	return out, nil
}

// Names that lead inside are found out when the connection is made.
func TestNamesThatLeadInside(t *testing.T) {
	d := dialer{resolver: resolver{
		"private.example": {"10.1.2.3"}, "meta.example": {"169.254.169.254"}, "mapped.example": {"::ffff:127.0.0.1"},
		"both.example": {"93.184.216.34", "127.0.0.1"}, "six.example": {"::1"},
	}}
	for host := range d.resolver.(resolver) {
		if _, err := d.dial(t.Context(), "tcp", host+":443"); !errors.Is(err, errDenied) {
			t.Errorf("%s: %v", host, err)
		}
	}
	if _, err := d.dial(t.Context(), "tcp", "nowhere.example:443"); err == nil || errors.Is(err, errDenied) {
		t.Errorf("nowhere: %v", err)
	}
	for _, address := range []string{"127.0.0.1:1", "[::1]:1", "10.0.0.1:443", "nonsense"} {
		if err := d.control("tcp", address, nil); err == nil {
			t.Errorf("the socket may connect to %s", address)
		}
	}
	b, r := newBench(t), newReceiver(t)
	sub := b.subscribe("https://private.example/hook?key=s3cret", allActs)
	b.journal.add(1)
	_, stop := b.run(func(c *Config) { c.Resolver = d.resolver; c.Tries = 1 })
	defer stop()
	b.until("it is parked", func() bool { return b.progress(sub).Parked })
	if p := b.progress(sub); p.LastError != errDenied.Error() || strings.Contains(p.LastError, "s3cret") || len(r.indexes()) != 0 {
		t.Errorf("got %+v", p)
	}
}

// This machine is reached only by what was subscribed while the operator let it
// in, and only while that still stands.
func TestLoopbackOpensNothingOlder(t *testing.T) {
	for _, c := range []struct{ marked, now, told bool }{{true, true, true}, {false, true, false}, {true, false, false}} {
		b, r := newBench(t), newReceiver(t)
		sub, err := b.store.Add(Subscription{Agency: "XA/mof", Webhook: r.URL, Loopback: c.marked, Watch: []watch.Watch{allActs}, CreatedAt: time.Now()})
		b.must(err)
		b.journal.add(1)
		_, stop := b.run(func(cfg *Config) { cfg.Loopback, cfg.Tries = c.now, 1 })
		b.until("an end", func() bool { p := b.progress(sub); return p.Parked || p.Next == 1 })
		stop()
		if told := len(r.indexes()) == 1; told != c.told {
			t.Errorf("%+v: told is %v, %+v", c, told, b.progress(sub))
		}
	}
	// A name that leads here is no address of this machine, whatever stands.
	b := newBench(t)
	sub := b.subscribe("https://inside.example/", allActs)
	b.journal.add(1)
	_, stop := b.run(func(cfg *Config) { cfg.Resolver, cfg.Tries = resolver{"inside.example": {"127.0.0.1"}}, 1 })
	defer stop()
	b.until("it is parked", func() bool { return b.progress(sub).LastError == errDenied.Error() })
}

// What is accepted as a webhook's address is https, or this machine's where
// that is let in, and names neither user nor fragment.
func FuzzCheckURL(f *testing.F) {
	for _, s := range []string{"https://hooks.example/a?b=c", "http://127.0.0.1:80/", "https://[::ffff:10.0.0.1]/", "https://u:p@h/", "//h", "https://h\n/"} {
		f.Add(s, false)
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, text string, loopback bool) {
		local, err := CheckURL(text, loopback)
		if err != nil {
			return
		}
		if local && !loopback {
			t.Fatalf("%q is of this machine and accepted", text)
		}
		lower := strings.ToLower(text)
		http := loopback && strings.HasPrefix(lower, "http://")
		if strings.Contains(text, "\n") || !http && !strings.HasPrefix(lower, "https://") {
			t.Fatalf("%q is accepted", text)
		}
	})
}
