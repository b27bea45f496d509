package esdb_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

func cluster(t *testing.T) *esdbnode.Cluster {
	t.Helper()
	c, err := esdbnode.StartCluster(3, esdbnode.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// Reads of a follower could be behind what was acknowledged, so everything goes
// to the leader, whoever that is now.
func TestStoreFollowsTheLeader(t *testing.T) {
	c := cluster(t)
	for name, connection := range map[string]string{
		"seeds": c.ConnectionString(), "one follower": c.Nodes()[2].ConnectionString(),
	} {
		s := open(t, connection)
		next, err := s.Next(t.Context(), eventstore.Journal)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		f := follow(t, s)
		f.take(int(next))
		for leader := range 3 {
			c.Lead(leader)
			mustAppend(t, s, next, 2)
			next += 2
			f.take(2)
			holds(t, s, next)
		}
	}
}

func TestStoreGoesOnWhenTheLeaderIsLost(t *testing.T) {
	c := cluster(t)
	s := open(t, c.ConnectionString())
	mustAppend(t, s, 0, 3)
	f := follow(t, s)
	f.take(3)
	c.Leader().Stop()
	eventually(t, func() error {
		_, err := s.Next(t.Context(), eventstore.Journal)
		return err
	})
	mustAppend(t, s, 3, 2)
	f.take(2)
	holds(t, s, 5)
}

// A follower that names no leader, or one that leads no more, is no reason to
// go round in circles.
func TestNoLeaderIsUnavailable(t *testing.T) {
	node, s := filled(t, 3, "&defaultDeadline=500")
	node.Faults().Reads(5, esdbnode.NotLeader(node.Address()))
	if _, err := s.Next(t.Context(), eventstore.Journal); !errors.Is(err, eventstore.ErrUnavailable) {
		t.Fatalf("next: got %v, want ErrUnavailable", err)
	}
	node.Faults().Heal()
	node.Faults().Appends(5, esdbnode.NotLeader(node.Address()))
	if err := s.Append(t.Context(), journal(3, 1)); !errors.Is(err, eventstore.ErrUnavailable) {
		t.Fatalf("append: got %v, want ErrUnavailable: the node refused it", err)
	}
	node.Faults().Heal()
	holds(t, s, 3)
	mustAppend(t, s, 3, 1)
}

// A node that is to restart asks its clients to leave and serves what it has.
func TestStoreGoesOnAfterGoAway(t *testing.T) {
	node, s := filled(t, 3, "")
	f := follow(t, s)
	f.take(3)
	for next := uint64(3); next < 9; next++ {
		node.Faults().GoAway()
		mustAppend(t, s, next, 1)
		f.take(1)
		holds(t, s, next+1)
	}
}

// certificate is one that nobody signed; the node's connection string does not
// check it.
func certificate(t *testing.T) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

func TestWrongPasswordIsNamedAndNotShown(t *testing.T) {
	const secret, wrong = "correct:horse/battery@staple", "wr0ng-s3cret"
	node := start(t, esdbnode.Options{
		TLS: certificate(t), Users: []esdbnode.User{{Name: "ledger", Password: secret, Groups: []string{esdbnode.Admins}}},
	})
	s := open(t, node.ConnectionString())
	mustAppend(t, s, 0, 3)
	holds(t, s, 3)

	_, rest, _ := strings.Cut(node.ConnectionString(), "@")
	intruder := open(t, "esdb://"+url.UserPassword("ledger", wrong).String()+"@"+rest)
	_, err := intruder.Next(t.Context(), eventstore.Journal)
	for call, err := range map[string]error{"next": err, "append": intruder.Append(t.Context(), journal(3, 1))} {
		if !errors.Is(err, eventstore.ErrUnavailable) || !strings.Contains(err.Error(), "check the connection string") || strings.Contains(err.Error(), wrong) {
			t.Errorf("%s: got %v, want ErrUnavailable and what to check", call, err)
		}
	}
	holds(t, s, 3)
}
