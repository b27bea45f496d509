package esdb

import (
	"bytes"
	"encoding/binary"

	client "github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// eventsOf builds what the client sends. It copies the bytes, because an
// append that was given up may still be reading them.
func eventsOf(w eventstore.Write) []client.EventData {
	events := make([]client.EventData, len(w.Records))
	for i, r := range w.Records {
		events[i] = client.EventData{
			EventID:     r.ID,
			EventType:   r.Type,
			ContentType: client.ContentTypeBinary,
			Data:        bytes.Clone(r.Data),
			Metadata:    bytes.Clone(r.Meta),
		}
		if jsontext.Value(r.Data).IsValid() {
			events[i].ContentType = client.ContentTypeJson
		}
	}
	return events
}

// recordOf returns the record that an event holds, or what is wrong with it.
func recordOf(e *streams.ReadResp_ReadEvent_RecordedEvent) (r eventstore.Record, damage string) {
	r.Revision = e.GetStreamRevision()
	r.Type = e.GetMetadata()["type"]
	r.Data, r.Meta = e.GetData(), e.GetCustomMetadata()
	id, ok := uuidOf(e.GetId())
	if !ok {
		return r, "the event has no id"
	}
	r.ID = id
	return r, ""
}

func uuidOf(id *shared.UUID) (u [16]byte, ok bool) {
	if s := id.GetStructured(); s != nil {
		binary.BigEndian.PutUint64(u[:8], uint64(s.GetMostSignificantBits()))
		binary.BigEndian.PutUint64(u[8:], uint64(s.GetLeastSignificantBits()))
		return u, true
	}
	parsed, err := uuid.Parse(id.GetString_())
	return parsed, err == nil
}
