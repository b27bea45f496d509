package esdbnode_test

import (
	"context"
	"fmt"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
)

func Example() {
	node, err := esdbnode.Start(esdbnode.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer node.Close()
	config, err := esdb.ParseConnectionString(node.ConnectionString())
	if err != nil {
		fmt.Println(err)
		return
	}
	config.Logger = esdb.NoopLogging()
	client, err := esdb.NewClient(config)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	event := esdb.EventData{EventType: "noted", ContentType: esdb.ContentTypeJson, Data: []byte(`{}`)}
	node.Faults().Appends(1, esdbnode.DropAfter())
	_, err = client.AppendToStream(context.Background(), "journal", esdb.AppendToStreamOptions{ExpectedRevision: esdb.NoStream{}}, event)
	fmt.Println("the client knows that it was written:", err == nil)
	_, err = client.AppendToStream(context.Background(), "journal", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Revision(0)}, event)
	fmt.Println("it was:", err == nil)
	// Output:
	// the client knows that it was written: false
	// it was: true
}
