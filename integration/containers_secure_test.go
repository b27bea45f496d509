package integration

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
)

// certify makes an authority, and a key and certificate for the first node, in
// the folders that volumes of the cluster's compose file stand for.
func certify(t *testing.T, trust, node string) {
	t.Helper()
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test authority"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "eventstoredb-node"}, NotBefore: ca.NotBefore, NotAfter: ca.NotAfter,
		DNSNames: []string{"localhost", "eventstore1"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature,
	}
	sign := func(c, parent *x509.Certificate, key, signer *ecdsa.PrivateKey) string {
		der, err := x509.CreateCertificate(rand.Reader, c, parent, key.Public(), signer)
		if err != nil {
			t.Fatal(err)
		}
		return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	}
	caKey, nodeKey := ecKey(t), ecKey(t)
	text := sign(ca, ca, caKey, caKey)
	writeFile(t, 0o644, text, trust, "ca.crt")
	writeFile(t, 0o644, text, node, "ca.crt")
	writeFile(t, 0o644, sign(leaf, ca, nodeKey, caKey), node, "node.crt")
	der, err := x509.MarshalPKCS8PrivateKey(nodeKey)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, 0o600, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), node, "node.key")
}

func ecKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// standIns puts one node of the tests in the place of three of the server,
// with TLS and a password; everything about the replicas stays as it is in the
// file, but for the one node in the connection string. %[1]s is the coalition's
// folder, %[2]s the authority's, %[3]s the node's.
const standIns = `services:
  certificates:
    image: ${ESDB_IMAGE}
    entrypoint: [/bin/ledgerd, --help]
  eventstore1:
    environment:
      ESDBNODE_TLS_CERT: /certs/node.crt
      ESDBNODE_TLS_KEY: /certs/node.key
      ESDBNODE_USER: ledger
      ESDBNODE_PASSWORD: ${ESDB_LEDGER_PASSWORD}
      SSL_CERT_FILE: /certs/ca.crt
      GODEBUG: http2client=0 # the node answers health over HTTP/1.1 alone
    healthcheck: {test: [CMD, /bin/ledgerd, health, "https://localhost:2113/health/live"], interval: 1s}
    volumes: ["%[3]s:/certs:ro"]
  eventstore2: &unused
    healthcheck: {test: [CMD, /bin/ledgerd, health, "http://localhost:2113/health/live"], interval: 1s}
  eventstore3: *unused
  ledgerd-1: &replica
    environment:
      LEDGERD_STORE: esdb://ledger:${ESDB_LEDGER_PASSWORD}@eventstore1:2113?tls=true&tlsCAFile=/trust/ca.crt
    volumes: ["%[1]s:/ledger:ro", "%[2]s:/trust:ro"]
  ledgerd-2: *replica
  ledgerd-3: *replica
secrets:
  log-key:
    file: %[1]s/log.key
`

// The replicas of the cluster's compose file start as it says, reach the store
// with a password over TLS, and each other; an event posted to any of them is
// at all of them.
func TestComposeClusterServesAtEveryReplica(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can give the log key to the user that the image runs as")
	}
	tool, d := needCompose(t), needDocker(t)
	f, trust, node := found(t), t.TempDir(), t.TempDir()
	certify(t, trust, node)
	key := filepath.Join(f.dir, "log.key")
	if err := os.Chown(key, 65532, 65532); err != nil {
		t.Fatal(err)
	}
	c := compose{tool: tool, name: "ledgersecure" + freePort(t), files: []string{
		"../deploy/cluster/docker-compose.yml", writeFile(t, 0o644, fmt.Sprintf(standIns, f.dir, trust, node), t.TempDir(), "stand-ins.yml"),
	}}
	c.env = append(passwords(), "ESDB_IMAGE="+d.nodeImage(t, "coalition-ledger-test/esdbnode:secure"), "LEDGERD_IMAGE="+d.ledgerdImage(t, "coalition-ledger-test/ledgerd:secure"))
	c.up(t)
	var last uint64
	for i, port := range []string{"8471", "8472", "8473"} {
		url := "http://127.0.0.1:" + port
		awaitURL(t, url+"/readyz")
		f.caller = call(t, url, f.mint(t, time.Now(), f.everyone()...))
		m := f.Members[i]
		r := f.post(t, f.SignRoot(m, "agency.registered", domain.AgencyRegistered{Agency: ledgertest.Desk(m), Name: "Desk of " + string(m)}))
		if i > 0 && r.Index != last+1 {
			t.Errorf("replica %d recorded at %d, the one before it at %d: not one journal", i+1, r.Index, last)
		}
		last = r.Index
	}
	for _, port := range []string{"8471", "8472", "8473"} {
		at := call(t, "http://127.0.0.1:"+port, f.caller.token)
		get[[]byte](t, at, fmt.Sprintf("/v1/members?min_index=%d", last))
	}
}
