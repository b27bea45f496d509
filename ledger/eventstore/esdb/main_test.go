package esdb_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	client "github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"go.uber.org/goleak"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/esdb"
)

// readerVariable makes this program read the journal of the server it names
// and do nothing else, so that a test can watch it live or die.
const readerVariable = "ESDB_TEST_READ"

func TestMain(m *testing.M) {
	switch os.Getenv(readerVariable) {
	case "":
		goleak.VerifyTestMain(m)
	case "adapter":
		fmt.Println(readWithAdapter(os.Args[len(os.Args)-1]))
	case "client":
		fmt.Println(readWithClient(os.Args[len(os.Args)-1]))
	}
}

func readWithAdapter(connection string) (int, error) {
	s, err := esdb.Open(context.Background(), connection, esdb.Options{})
	if err != nil {
		return 0, err
	}
	defer s.Close()
	n := 0
	for _, err := range s.Read(context.Background(), eventstore.Journal, 0, eventstore.Head) {
		if err != nil {
			return n, err
		}
		n++
	}
	for _, err := range s.Follow(context.Background(), eventstore.Journal, 0) {
		if n++; err != nil || n == 20 {
			return n, err
		}
	}
	return n, nil
}

func readWithClient(connection string) (int, error) {
	c, err := bare(connection)
	if err != nil {
		return 0, err
	}
	answer, err := c.ReadStream(context.Background(), eventstore.Journal, client.ReadStreamOptions{}, 10)
	if err != nil {
		return 0, err
	}
	defer answer.Close()
	n := 0
	for ; err == nil; n++ {
		_, err = answer.Recv()
	}
	return n, nil
}

// bare is the vendor's client without the adapter.
func bare(connection string) (*client.Client, error) {
	conf, err := client.ParseConnectionString(connection)
	if err != nil {
		return nil, err
	}
	conf.Logger = client.NoopLogging()
	return client.NewClient(conf)
}
