package eventlog

import (
	"encoding/binary"
	"fmt"
	"time"
)

// TombstoneRevision is the revision of the event that ends a stream for ever.
const TombstoneRevision = 1<<63 - 1

// Event is one event of the log.
type Event struct {
	Stream   string
	Revision uint64
	Position uint64
	ID       [16]byte
	Type     string
	JSON     bool  // content type: application/json, else application/octet-stream
	Created  int64 // 100 ns since the Unix epoch
	Data     []byte
	Meta     []byte
}

// Size is what counts against the limit of an append.
func (e Event) Size() int { return len(e.Data) + len(e.Meta) + 2*len(e.Type) }

func ticks(t time.Time) int64 { return t.UnixNano() / 100 }

const (
	nameKey     = 'n'
	eventKey    = 'e'
	positionKey = 'p'
)

func keyOfName(name string) []byte { return append([]byte{nameKey}, name...) }

func keyOfEvent(id, revision uint64) []byte {
	k := make([]byte, 0, 17)
	k = append(k, eventKey)
	k = binary.BigEndian.AppendUint64(k, id)
	return binary.BigEndian.AppendUint64(k, revision)
}

func keyOfPosition(position uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{positionKey}, position)
}

func revisionOf(key []byte) uint64 { return binary.BigEndian.Uint64(key[9:]) }

// The value of an event: position, id, created, 1 for JSON, length of the type
// in 4 bytes, length of the metadata in 4 bytes, type, metadata, data.
const header = 8 + 16 + 8 + 1 + 4 + 4

func (e *Event) size() int { return header + len(e.Type) + len(e.Meta) + len(e.Data) }

func (e *Event) put(v []byte) {
	binary.BigEndian.PutUint64(v, e.Position)
	copy(v[8:], e.ID[:])
	binary.BigEndian.PutUint64(v[24:], uint64(e.Created))
	v[32] = 0
	if e.JSON {
		v[32] = 1
	}
	binary.BigEndian.PutUint32(v[33:], uint32(len(e.Type)))
	binary.BigEndian.PutUint32(v[37:], uint32(len(e.Meta)))
	n := header + copy(v[header:], e.Type)
	n += copy(v[n:], e.Meta)
	copy(v[n:], e.Data)
}

func positionIn(value []byte) uint64 { return binary.BigEndian.Uint64(value) }

func idIn(value []byte) [16]byte { return [16]byte(value[8:24]) }

// get decodes a value; the event keeps no part of it.
func (e *Event) get(value []byte) error {
	if len(value) < header {
		return fmt.Errorf("event has %d bytes, at least %d are needed", len(value), header)
	}
	types := uint64(binary.BigEndian.Uint32(value[33:]))
	metas := uint64(binary.BigEndian.Uint32(value[37:]))
	if types+metas > uint64(len(value)-header) {
		return fmt.Errorf("type and metadata of an event end beyond it")
	}
	e.Position, e.ID, e.JSON = positionIn(value), idIn(value), value[32] == 1
	e.Created = int64(binary.BigEndian.Uint64(value[24:]))
	body := append([]byte(nil), value[header:]...)
	e.Type, e.Meta, e.Data = string(body[:types]), body[types:types+metas], body[types+metas:]
	return nil
}
