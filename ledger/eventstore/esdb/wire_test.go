package esdb_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	client "github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// The vendor's own pages show each event under its type, as JSON where it is,
// with the record's ID.
func TestEventsOnTheWire(t *testing.T) {
	node := start(t, esdbnode.Options{})
	s := open(t, node.ConnectionString())
	records := []eventstore.Record{
		{Type: "designation.adopted", ID: [16]byte{1, 15: 2}, Data: []byte(`{"subject": "x"}`), Meta: []byte(`{"recorded_at":1}`)},
		{Type: "raw", ID: [16]byte{2}, Data: []byte{0xff}},
		{Type: "empty", ID: [16]byte{3}},
	}
	if err := s.Append(t.Context(), eventstore.Write{Stream: eventstore.Journal, Records: records}); err != nil {
		t.Fatal(err)
	}
	c, err := bare(node.ConnectionString())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	answer, err := c.ReadStream(t.Context(), "journal", client.ReadStreamOptions{}, 10)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Close()
	for i, want := range []struct{ id, kind string }{
		{"01000000-0000-0000-0000-000000000002", "application/json"},
		{"02000000-0000-0000-0000-000000000000", "application/octet-stream"},
		{"03000000-0000-0000-0000-000000000000", "application/octet-stream"},
	} {
		e, err := answer.Recv()
		if err != nil {
			t.Fatal(err)
		}
		got := e.Event
		if got.EventID.String() != want.id || got.ContentType != want.kind || got.EventType != records[i].Type ||
			!bytes.Equal(got.Data, records[i].Data) || !bytes.Equal(got.UserMetadata, records[i].Meta) {
			t.Errorf("event %d: got id %s, %s, %+v", i, got.EventID, got.ContentType, got)
		}
	}
}

// What the ledger puts into one append: events until 900 KiB are reached, so
// less than that and one event more, of which the stored form (payload and
// metadata) is smaller than its leaf of at most 65,535 bytes but for the names
// in its metadata. Servers count each type twice, the ledger once. 1,024 records leave room for types of 59 bytes on average.
func TestEveryBatchOfTheLedgerFitsOneAppend(t *testing.T) {
	const batch, bytesOfBatch, leaf, names, records, longestType = 1024, 900 << 10, 65_535, 256, 1024, 59
	if most := bytesOfBatch + leaf + names + records*longestType; most > eventstore.MaxAppend {
		t.Fatalf("a batch may have %d bytes as the server counts, %d are allowed", most, eventstore.MaxAppend)
	}
	node := start(t, esdbnode.Options{}) // with the limit of a server nobody has configured
	s := open(t, node.ConnectionString())
	w := eventstore.Write{Stream: eventstore.Journal}
	kind := strings.Repeat("t", longestType)
	for i := range batch - 1 {
		w.Records = append(w.Records, eventstore.Record{Type: kind, ID: event(uint64(i)).ID, Data: make([]byte, bytesOfBatch/batch-longestType)})
	}
	w.Records = append(w.Records, eventstore.Record{Type: kind, ID: event(batch).ID, Data: make([]byte, leaf), Meta: make([]byte, names)})
	if err := s.Append(t.Context(), w); err != nil {
		t.Fatal(err)
	}
}

// One record too big is refused by the server with a reason; of several the
// vendor's client tells only that the stream ended, so the caller must look.
func TestAppendAboveTheServersLimit(t *testing.T) {
	node := start(t, esdbnode.Options{MaxAppend: 1000})
	s := open(t, node.ConnectionString())
	w := journal(0, 1)
	w.Records[0].Data = make([]byte, 2000)
	if err := s.Append(t.Context(), w); !errors.Is(err, eventstore.ErrInvalid) || !strings.Contains(err.Error(), "1000") {
		t.Errorf("one record: got %v, want ErrInvalid and the limit", err)
	}
	if err := s.Append(t.Context(), journal(0, 500)); !errors.Is(err, eventstore.ErrInvalid) && !errors.Is(err, eventstore.ErrUnknownOutcome) {
		t.Errorf("many records: got %v", err)
	}
	holds(t, s, 0)
}
