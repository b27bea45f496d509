package esdb_test

import (
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/esdb"
)

func TestConnectionStringIsRefusedWithAWayOut(t *testing.T) {
	const secret = "hush"
	for connection, advice := range map[string]string{
		"":                                           "must begin with esdb://",
		"localhost:2113":                             "must begin with esdb://",
		"kurrentdb://localhost":                      "write esdb:// for kurrentdb://",
		"kurrentdb+discover://cluster":               "write esdb:// for kurrentdb://",
		"esdb://":                                    "host",
		"esdb://localhost:port":                      "port",
		"esdb://ledger:hush@localhost?tls=false":     "not sent with tls=false",
		"esdb://ledger:hu/sh@localhost":              "percent-encoded",
		"esdb://ledger:hu?hush=@localhost":           "percent-encoded",
		"esdb://ledger:hush@@localhost":              "percent-encoded",
		"esdb://ledger:hush%zz@localhost":            "percent-encoded",
		"esdb://:hush@localhost":                     "empty",
		"esdb://ledger:hush@localhost:99999999x":     "port",
		"esdb://ledger:hush@localhost/hush":          "path",
		"esdb://localhost?defaultDeadline=0":         "1 or more",
		"esdb://localhost?defaultDeadline=10s":       "1 or more",
		"esdb://localhost?defaultdeadline=":          "1 or more",
		"esdb://localhost?nodePreference=follower":   "use leader",
		"esdb://localhost?tlsVerfyCert=false":        "no setting is named",
		"esdb://localhost?tls=true&TLS=false":        "given twice",
		"esdb://localhost?tls=true&tls=false":        "given twice",
		"esdb://localhost?tls=maybe":                 "true or false",
		"esdb://localhost?userCertFile=/a.crt":       "userKeyFile",
		"esdb://localhost?tlsCAFile=/no/such/ca.crt": "no such file",
	} {
		_, err := esdb.Open(t.Context(), connection, esdb.Options{})
		if err == nil || !strings.Contains(err.Error(), advice) {
			t.Errorf("%s: got %v, want %q", connection, err, advice)
			continue
		}
		if strings.Contains(err.Error(), secret) && !strings.Contains(connection, "/"+secret) {
			t.Errorf("%s: the error shows the password: %v", connection, err)
		}
	}
}

func TestConnectionStringOfEachKindIsTaken(t *testing.T) {
	for _, connection := range []string{
		"esdb://localhost",
		"esdb://localhost:2113?tls=false&defaultDeadline=5000&keepAliveInterval=10000",
		"esdb://ledger:p%40ss%2Fw%3Ard@localhost:2113",
		"esdb://ledger:s3cret@one:2111,two:2112,three:2113?tls=true&nodePreference=Leader",
		"esdb+discover://ledger:s3cret@cluster.example.org:2113",
	} {
		s, err := esdb.Open(t.Context(), connection, esdb.Options{})
		if err != nil {
			t.Errorf("%s: %v", connection, err)
			continue
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
