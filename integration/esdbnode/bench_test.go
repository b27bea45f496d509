package esdbnode_test

import (
	"bytes"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
)

// thousand is one append of 1,000 events of 600 bytes.
func thousand() []esdb.EventData {
	list := make([]esdb.EventData, 1000)
	for i := range list {
		list[i] = esdb.EventData{
			EventID: uuid.New(), EventType: "designation.adopted", ContentType: esdb.ContentTypeJson,
			Data: bytes.Repeat([]byte("d"), 400), Metadata: bytes.Repeat([]byte("m"), 200),
		}
	}
	return list
}

func BenchmarkAppendOfAThousandEvents(b *testing.B) {
	for name, dir := range map[string]string{"memory": "", "disk": b.TempDir()} {
		b.Run(name, func(b *testing.B) {
			client := benchClient(b, esdbnode.Options{Dir: dir})
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				list := thousand()
				b.StartTimer()
				if _, err := client.AppendToStream(b.Context(), "journal", esdb.AppendToStreamOptions{}, list...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAppendsOfOneEventAtTheSameTime(b *testing.B) {
	client := benchClient(b, esdbnode.Options{Dir: b.TempDir()})
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		stream := uuid.NewString()
		for pb.Next() {
			if _, err := client.AppendToStream(b.Context(), stream, esdb.AppendToStreamOptions{},
				esdb.EventData{EventID: uuid.New(), EventType: "one"}); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func BenchmarkReadOfAThousandEvents(b *testing.B) {
	client := benchClient(b, esdbnode.Options{Dir: b.TempDir()})
	if _, err := client.AppendToStream(b.Context(), "journal", esdb.AppendToStreamOptions{}, thousand()...); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		s, err := client.ReadStream(b.Context(), "journal", esdb.ReadStreamOptions{From: esdb.Start{}}, 1000)
		if list, err := collect(s, err); err != nil || len(list) != 1000 {
			b.Fatal(len(list), err)
		}
	}
}

func benchClient(b *testing.B, opts esdbnode.Options) *esdb.Client {
	b.Helper()
	node, err := esdbnode.Start(opts)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = node.Close() })
	config, err := esdb.ParseConnectionString(node.ConnectionString())
	if err != nil {
		b.Fatal(err)
	}
	config.Logger = esdb.NoopLogging()
	client, err := esdb.NewClient(config)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = client.Close() })
	return client
}
