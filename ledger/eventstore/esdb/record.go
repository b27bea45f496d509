package esdb

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"

	client "github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// eventID turns a record's ID into the event's and back; see the package
// comment. It must never change: stored ids would come back wrong.
func eventID(stream string, revision uint64, r eventstore.Record) (id [16]byte) {
	h := sha256.New()
	number := make([]byte, 8)
	h.Write(binary.BigEndian.AppendUint64(number[:0], revision))
	for _, field := range [][]byte{[]byte(stream), []byte(r.Type), r.Data, r.Meta} {
		h.Write(binary.BigEndian.AppendUint64(number[:0], uint64(len(field))))
		h.Write(field)
	}
	subtle.XORBytes(id[:], r.ID[:], h.Sum(nil))
	return id
}

// eventsOf builds what the client sends. It copies the bytes, because an
// append that was given up may still be reading them.
func eventsOf(w eventstore.Write) []client.EventData {
	events := make([]client.EventData, len(w.Records))
	for i, r := range w.Records {
		events[i] = client.EventData{
			EventID:     uuid.UUID(eventID(w.Stream, w.Next+uint64(i), r)),
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
func recordOf(stream string, e *streams.ReadResp_ReadEvent_RecordedEvent) (r eventstore.Record, damage string) {
	r.Revision = e.GetStreamRevision()
	r.Type = e.GetMetadata()["type"]
	r.Data, r.Meta = e.GetData(), e.GetCustomMetadata()
	id, ok := uuidOf(e.GetId())
	if !ok {
		return r, "the event has no id"
	}
	r.ID = id
	r.ID = eventID(stream, r.Revision, r)
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
