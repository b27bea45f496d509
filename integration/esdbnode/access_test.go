package esdbnode_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
)

// certificate makes one for 127.0.0.1, and the path of its PEM.
func certificate(t *testing.T) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, path
}

// secured starts a node with two users, and returns its admin's client.
func secured(t *testing.T) (*esdbnode.Node, *esdb.Client) {
	t.Helper()
	pair, _ := certificate(t)
	return open(t, esdbnode.Options{
		TLS: &tls.Config{Certificates: []tls.Certificate{pair}},
		Users: []esdbnode.User{
			{Name: "admin", Password: "p@ss:word", Groups: []string{esdbnode.Admins}},
			{Name: "ledger", Password: "secret"},
			{Name: "audit", Password: "secret", Groups: []string{"readers"}},
		},
	})
}

func as(login, password string) *esdb.Credentials {
	return &esdb.Credentials{Login: login, Password: password}
}

func TestTheCertificateIsChecked(t *testing.T) {
	pair, path := certificate(t)
	node, _ := open(t, esdbnode.Options{TLS: &tls.Config{Certificates: []tls.Certificate{pair}}})
	known := connect(t, "esdb://"+node.Address()+"?tls=true&tlsCAFile="+path)
	mustAppend(t, known, "s", esdb.NoStream{}, event(0))
	stranger := connect(t, "esdb://"+node.Address()+"?tls=true&maxDiscoverAttempts=1")
	if _, err := stranger.AppendToStream(within(t), "s", esdb.AppendToStreamOptions{}, event(1)); err == nil {
		t.Error("a client that does not know the certificate was served")
	}
}

func TestWhoCallsIsChecked(t *testing.T) {
	node, admin := secured(t)
	mustAppend(t, admin, "s", esdb.NoStream{}, event(0))
	_, err := admin.AppendToStream(within(t), "s", esdb.AppendToStreamOptions{Authenticated: as("admin", "wrong")}, event(1))
	if codeOf(err) != esdb.ErrorCodeUnauthenticated {
		t.Errorf("wrong password: %v", err)
	}
	nobody := connect(t, "esdb://"+node.Address()+"?tls=true&tlsVerifyCert=false")
	if _, err := read(t, nobody, "s", esdb.ReadStreamOptions{From: esdb.Start{}}, 1); codeOf(err) != esdb.ErrorCodeUnauthenticated {
		t.Errorf("no password: %v", err)
	}
}

func TestAccessListsAreKept(t *testing.T) {
	_, admin := secured(t)
	var acl esdb.Acl
	acl.AddWriteRoles("ledger")
	acl.AddReadRoles("ledger", "readers")
	acl.AddDeleteRoles(esdbnode.Admins)
	acl.AddMetaWriteRoles(esdbnode.Admins)
	var meta esdb.StreamMetadata
	meta.SetAcl(acl)
	if _, err := admin.SetStreamMetadata(within(t), "journal", esdb.AppendToStreamOptions{}, meta); err != nil {
		t.Fatal(err)
	}
	write := func(user string, stream string) error {
		_, err := admin.AppendToStream(within(t), stream, esdb.AppendToStreamOptions{Authenticated: as(user, "secret")}, event(0))
		return err
	}
	reads := func(user, stream string) error {
		_, err := read(t, admin, stream, esdb.ReadStreamOptions{From: esdb.Start{}, Authenticated: as(user, "secret")}, 1)
		return err
	}
	const denied = esdb.ErrorCodeAccessDenied
	for _, c := range []struct {
		name string
		err  error
		want esdb.ErrorCode
	}{
		{"ledger writes", write("ledger", "journal"), ok},
		{"audit writes", write("audit", "journal"), denied},
		{"ledger reads", reads("ledger", "journal"), ok},
		{"audit reads", reads("audit", "journal"), ok},
		{"ledger writes metadata", write("ledger", "$$journal"), denied},
		{"ledger reads metadata", reads("ledger", "$$journal"), ok},
		{"audit writes where no list is", write("audit", "open"), ok},
		{"audit writes to a system stream", write("audit", "$secret"), denied},
		{"audit reads a system stream", reads("audit", "$users"), denied},
	} {
		if codeOf(c.err) != c.want {
			t.Errorf("%s: %v", c.name, c.err)
		}
	}
	_, err := admin.DeleteStream(within(t), "journal", esdb.DeleteStreamOptions{ExpectedRevision: esdb.Any{}, Authenticated: as("ledger", "secret")})
	if codeOf(err) != denied {
		t.Errorf("ledger deletes: %v", err)
	}
	s, err := admin.ReadAll(within(t), esdb.ReadAllOptions{Authenticated: as("audit", "secret")}, 1)
	if _, err = collect(s, err); codeOf(err) != denied {
		t.Errorf("audit reads $all: %v", err)
	}
	_, err = admin.SubscribeToStream(within(t), "$users", esdb.SubscribeToStreamOptions{Authenticated: as("audit", "secret")})
	if codeOf(err) != denied {
		t.Errorf("audit subscribes: %v", err)
	}
}

func TestTheDefaultAccessListIsASetting(t *testing.T) {
	_, admin := secured(t)
	mustAppend(t, admin, "$settings", esdb.NoStream{}, esdb.EventData{
		EventID: id(1), EventType: "update-default-acl", ContentType: esdb.ContentTypeJson,
		Data: []byte(`{"$userStreamAcl":{"$w":"ledger"},"$systemStreamAcl":{"$r":["$admins","audit"]}}`),
	})
	_, err := admin.AppendToStream(within(t), "s", esdb.AppendToStreamOptions{Authenticated: as("audit", "secret")}, event(0))
	if codeOf(err) != esdb.ErrorCodeAccessDenied {
		t.Errorf("audit writes: %v", err)
	}
	_, err = admin.AppendToStream(within(t), "s", esdb.AppendToStreamOptions{Authenticated: as("ledger", "secret")}, event(0))
	if err != nil {
		t.Errorf("ledger writes: %v", err)
	}
	s, err := admin.ReadAll(within(t), esdb.ReadAllOptions{Authenticated: as("audit", "secret")}, 1)
	if _, err = collect(s, err); err != nil {
		t.Errorf("audit reads $all: %v", err)
	}
}

func TestHealthAnswersOnTheSamePort(t *testing.T) {
	pair, _ := certificate(t)
	for scheme, config := range map[string]*tls.Config{"http": nil, "https": {Certificates: []tls.Certificate{pair}}} {
		node, client := open(t, esdbnode.Options{TLS: config})
		mustAppend(t, client, "s", esdb.NoStream{}, event(0))
		transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // made above
		for path, want := range map[string]int{"/health/live": http.StatusNoContent, "/other": http.StatusNotFound} {
			resp, err := (&http.Client{Transport: transport, Timeout: 5 * time.Second}).Get(scheme + "://" + node.Address() + path)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if resp.StatusCode != want {
				t.Errorf("%s %s answers %d", scheme, path, resp.StatusCode)
			}
		}
		transport.CloseIdleConnections()
		if !strings.Contains(node.ConnectionString(), "tls=") {
			t.Errorf("connection string is %q", node.ConnectionString())
		}
	}
}
