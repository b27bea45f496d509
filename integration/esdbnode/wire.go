package esdbnode

import (
	"encoding/binary"
	"strconv"

	"github.com/google/uuid"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	streamspb "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode/eventlog"
)

const (
	contentJSON   = "application/json"
	contentBinary = "application/octet-stream"
)

// RecordedEvent is an event as the wire carries it; faults may change it.
type RecordedEvent = streamspb.ReadResp_ReadEvent_RecordedEvent

func idOut(id [16]byte, text bool) *shared.UUID {
	if text {
		return &shared.UUID{Value: &shared.UUID_String_{String_: uuid.UUID(id).String()}}
	}
	return &shared.UUID{Value: &shared.UUID_Structured_{Structured: &shared.UUID_Structured{
		MostSignificantBits:  int64(binary.BigEndian.Uint64(id[:8])),
		LeastSignificantBits: int64(binary.BigEndian.Uint64(id[8:])),
	}}}
}

func idIn(id *shared.UUID) ([16]byte, error) {
	if s := id.GetStructured(); s != nil {
		var b [16]byte
		binary.BigEndian.PutUint64(b[:8], uint64(s.GetMostSignificantBits()))
		binary.BigEndian.PutUint64(b[8:], uint64(s.GetLeastSignificantBits()))
		return b, nil
	}
	parsed, err := uuid.Parse(id.GetString_())
	if err != nil {
		return [16]byte{}, invalid("event id is not a UUID")
	}
	return parsed, nil
}

// eventIn reads a proposed event.
func eventIn(m *streamspb.AppendReq_ProposedMessage) (eventlog.Event, error) {
	kind, hasType := m.GetMetadata()["type"]
	content, hasContent := m.GetMetadata()["content-type"]
	if !hasType || !hasContent {
		return eventlog.Event{}, missingMetadata()
	}
	id, err := idIn(m.GetId())
	return eventlog.Event{
		ID: id, Type: kind, JSON: content == contentJSON,
		Data: m.GetData(), Meta: m.GetCustomMetadata(),
	}, err
}

// eventOut writes a recorded event. It must always have a numeric "created":
// the official client ends its process over an event without.
func eventOut(e eventlog.Event, text bool) *RecordedEvent {
	content := contentBinary
	if e.JSON {
		content = contentJSON
	}
	return &RecordedEvent{
		Id:               idOut(e.ID, text),
		StreamIdentifier: identifier(e.Stream),
		StreamRevision:   e.Revision,
		CommitPosition:   e.Position,
		PreparePosition:  e.Position,
		Metadata: map[string]string{
			"type": e.Type, "created": strconv.FormatInt(e.Created, 10), "content-type": content,
		},
		CustomMetadata: e.Meta,
		Data:           e.Data,
	}
}

func identifier(stream string) *shared.StreamIdentifier {
	return &shared.StreamIdentifier{StreamName: []byte(stream)}
}

func checkpoint(position uint64) *streamspb.ReadResp {
	return &streamspb.ReadResp{Content: &streamspb.ReadResp_Checkpoint_{
		Checkpoint: &streamspb.ReadResp_Checkpoint{CommitPosition: position, PreparePosition: position},
	}}
}

func confirmation(id string) *streamspb.ReadResp {
	return &streamspb.ReadResp{Content: &streamspb.ReadResp_Confirmation{
		Confirmation: &streamspb.ReadResp_SubscriptionConfirmation{SubscriptionId: id},
	}}
}

func caughtUp() *streamspb.ReadResp {
	return &streamspb.ReadResp{Content: &streamspb.ReadResp_CaughtUp_{CaughtUp: &streamspb.ReadResp_CaughtUp{}}}
}

func streamNotFound(stream string) *streamspb.ReadResp {
	return &streamspb.ReadResp{Content: &streamspb.ReadResp_StreamNotFound_{
		StreamNotFound: &streamspb.ReadResp_StreamNotFound{StreamIdentifier: identifier(stream)},
	}}
}

// expecting is what requests with an expected revision have in common.
type expecting interface {
	GetStreamIdentifier() *shared.StreamIdentifier
	GetRevision() uint64
	GetNoStream() *shared.Empty
	GetAny() *shared.Empty
	GetStreamExists() *shared.Empty
}

func expectedIn(o expecting) int64 {
	switch {
	case o.GetNoStream() != nil:
		return eventlog.NoStream
	case o.GetAny() != nil:
		return eventlog.Any
	case o.GetStreamExists() != nil:
		return eventlog.StreamExists
	}
	return int64(o.GetRevision())
}

func success(r eventlog.Result) *streamspb.AppendResp {
	s := &streamspb.AppendResp_Success{}
	if r.Revision < 0 {
		s.CurrentRevisionOption = &streamspb.AppendResp_Success_NoStream{NoStream: &shared.Empty{}}
	} else {
		s.CurrentRevisionOption = &streamspb.AppendResp_Success_CurrentRevision{CurrentRevision: uint64(r.Revision)}
	}
	s.PositionOption = &streamspb.AppendResp_Success_Position{
		Position: &streamspb.AppendResp_Position{CommitPosition: r.Position, PreparePosition: r.Position},
	}
	return &streamspb.AppendResp{Result: &streamspb.AppendResp_Success_{Success: s}}
}

// conflict is the answer to an append whose expectation was not met. It says
// everything twice, the second time for clients of before 20.6.1.
func conflict(e *eventlog.WrongRevision) *streamspb.AppendResp {
	w := &streamspb.AppendResp_WrongExpectedVersion{}
	if e.Actual < 0 {
		w.CurrentRevisionOption = &streamspb.AppendResp_WrongExpectedVersion_CurrentNoStream{CurrentNoStream: &shared.Empty{}}
		w.CurrentRevisionOption_20_6_0 = &streamspb.AppendResp_WrongExpectedVersion_NoStream_20_6_0{NoStream_20_6_0: &shared.Empty{}}
	} else {
		w.CurrentRevisionOption = &streamspb.AppendResp_WrongExpectedVersion_CurrentRevision{CurrentRevision: uint64(e.Actual)}
		w.CurrentRevisionOption_20_6_0 = &streamspb.AppendResp_WrongExpectedVersion_CurrentRevision_20_6_0{CurrentRevision_20_6_0: uint64(e.Actual)}
	}
	switch e.Expected {
	case eventlog.Any:
		w.ExpectedRevisionOption = &streamspb.AppendResp_WrongExpectedVersion_ExpectedAny{ExpectedAny: &shared.Empty{}}
		w.ExpectedRevisionOption_20_6_0 = &streamspb.AppendResp_WrongExpectedVersion_Any_20_6_0{Any_20_6_0: &shared.Empty{}}
	case eventlog.StreamExists:
		w.ExpectedRevisionOption = &streamspb.AppendResp_WrongExpectedVersion_ExpectedStreamExists{ExpectedStreamExists: &shared.Empty{}}
		w.ExpectedRevisionOption_20_6_0 = &streamspb.AppendResp_WrongExpectedVersion_StreamExists_20_6_0{StreamExists_20_6_0: &shared.Empty{}}
	case eventlog.NoStream:
		w.ExpectedRevisionOption = &streamspb.AppendResp_WrongExpectedVersion_ExpectedNoStream{ExpectedNoStream: &shared.Empty{}}
		w.ExpectedRevisionOption_20_6_0 = &streamspb.AppendResp_WrongExpectedVersion_ExpectedRevision_20_6_0{ExpectedRevision_20_6_0: 1<<64 - 1}
	default:
		w.ExpectedRevisionOption = &streamspb.AppendResp_WrongExpectedVersion_ExpectedRevision{ExpectedRevision: uint64(e.Expected)}
		w.ExpectedRevisionOption_20_6_0 = &streamspb.AppendResp_WrongExpectedVersion_ExpectedRevision_20_6_0{ExpectedRevision_20_6_0: uint64(e.Expected)}
	}
	return &streamspb.AppendResp{Result: &streamspb.AppendResp_WrongExpectedVersion_{WrongExpectedVersion: w}}
}
