package peer

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// outcome is one that is told in JSON.
type outcome struct {
	Index      uint64          `json:"index,omitzero"`
	Leaf       domain.Hash     `json:"leaf,omitzero"`
	RecordedAt int64           `json:"recorded_at,omitzero"`
	Replayed   bool            `json:"replayed,omitzero"`
	Refusal    *domain.Refusal `json:"refusal,omitzero"`
	Signed     []byte          `json:"signed,omitzero"`
	Malformed  *malformed      `json:"malformed,omitzero"`
	Failure    string          `json:"failure,omitzero"`
	Moved      bool            `json:"moved,omitzero"`
}

type malformed struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// encodeItems writes each item as its length, doubled, plus one if its
// signature was verified, as a varint; then its bytes.
func encodeItems(items []ledger.Forwarded) ([]byte, error) {
	if len(items) == 0 || len(items) > MaxItems {
		return nil, fmt.Errorf("%d items to forward: send 1 to %d at a time", len(items), MaxItems)
	}
	size := 0
	for _, it := range items {
		size += len(it.Envelope) + binary.MaxVarintLen32
	}
	if size > MaxBody {
		return nil, fmt.Errorf("%d bytes to forward, the most is %d: send fewer items at a time", size, MaxBody)
	}
	body := make([]byte, 0, size)
	for _, it := range items {
		prefix := uint64(len(it.Envelope)) << 1
		if it.Verified {
			prefix |= 1
		}
		body = append(binary.AppendUvarint(body, prefix), it.Envelope...)
	}
	return body, nil
}

// decodeItems returns the items, which share memory with body.
func decodeItems(body []byte) (items []ledger.Forwarded, err error) {
	for len(body) > 0 {
		prefix, n := binary.Uvarint(body)
		if n <= 0 || prefix>>1 > uint64(len(body)-n) {
			return nil, fmt.Errorf("the batch breaks off in item %d", len(items))
		}
		end := n + int(prefix>>1)
		items = append(items, ledger.Forwarded{Envelope: body[n:end:end], Verified: prefix&1 == 1})
		body = body[end:]
	}
	if len(items) == 0 || len(items) > MaxItems {
		return nil, fmt.Errorf("the batch has %d items: send 1 to %d", len(items), MaxItems)
	}
	return items, nil
}

// What an outcome in the answer begins with.
const (
	told     = iota // its length as a varint, then the outcome in JSON
	recorded        // index and time as varints, then the leaf's hash
	replayed        // the same
)

func encodeOutcomes(outcomes []ledger.Outcome) ([]byte, error) {
	body := make([]byte, 0, len(outcomes)*(2*binary.MaxVarintLen64+1+len(domain.Hash{})))
	for _, o := range outcomes {
		if form := formOf(o); form != told {
			body = binary.AppendUvarint(append(body, form), o.Index)
			body = append(binary.AppendUvarint(body, uint64(o.RecordedAt)), o.Leaf[:]...)
			continue
		}
		text, err := json.Marshal(outcome{
			Index: o.Index, Leaf: o.Leaf, RecordedAt: o.RecordedAt, Replayed: o.Replayed,
			Refusal: o.Refusal, Signed: o.Signed, Malformed: (*malformed)(o.Malformed), Failure: o.Failure, Moved: o.Moved,
		})
		if err != nil {
			return nil, fmt.Errorf("encode outcomes: %w", err)
		}
		body = append(binary.AppendUvarint(append(body, told), uint64(len(text))), text...)
	}
	return body, nil
}

func formOf(o ledger.Outcome) byte {
	switch {
	case o.Refusal != nil || o.Signed != nil || o.Malformed != nil || o.Failure != "" || o.Moved || o.RecordedAt < 0:
		return told
	case o.Replayed:
		return replayed
	}
	return recorded
}

func decodeOutcomes(body []byte) (outcomes []ledger.Outcome, err error) {
	for len(body) > 0 && err == nil && len(outcomes) <= MaxItems {
		var o ledger.Outcome
		if body[0] == told {
			o, body, err = decodeTold(body[1:])
		} else {
			o, body, err = decodeRecorded(body[0], body[1:])
		}
		outcomes = append(outcomes, o)
	}
	if err != nil {
		return nil, fmt.Errorf("outcome %d is not readable: %w", len(outcomes)-1, err)
	}
	return outcomes, nil
}

func decodeRecorded(form byte, body []byte) (o ledger.Outcome, rest []byte, err error) {
	index, n := binary.Uvarint(body)
	at, m := binary.Uvarint(body[max(n, 0):])
	end := n + m + len(o.Leaf)
	if form > replayed || n <= 0 || m <= 0 || at > math.MaxInt64 || len(body) < end {
		return o, nil, errors.New("it breaks off or is of no known form")
	}
	o.Index, o.RecordedAt, o.Replayed = index, int64(at), form == replayed
	copy(o.Leaf[:], body[n+m:])
	return o, body[end:], nil
}

func decodeTold(body []byte) (o ledger.Outcome, rest []byte, err error) {
	size, n := binary.Uvarint(body)
	if n <= 0 || size > uint64(len(body)-n) {
		return o, nil, errors.New("it breaks off")
	}
	var a outcome
	if err := json.Unmarshal(body[n:n+int(size)], &a, json.RejectUnknownMembers(true)); err != nil {
		return o, nil, err
	}
	return ledger.Outcome{
		Index: a.Index, Leaf: a.Leaf, RecordedAt: a.RecordedAt, Replayed: a.Replayed,
		Refusal: a.Refusal, Signed: a.Signed, Malformed: (*seal.Error)(a.Malformed), Failure: a.Failure, Moved: a.Moved,
	}, body[n+int(size):], nil
}

// encodeRange writes both ends of a range of indexes as varints.
func encodeRange(from, to uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(nil, from), to)
}

func decodeRange(body []byte) (from, to uint64, err error) {
	from, n := binary.Uvarint(body)
	to, m := binary.Uvarint(body[max(n, 0):])
	if n <= 0 || m <= 0 || n+m != len(body) || from >= to {
		return 0, 0, errors.New("the body is no range of events: send two varints, the first below the second")
	}
	return from, to, nil
}

// encodeLeaves writes of each leaf when it was recorded and its length, as
// varints, then its bytes.
func encodeLeaves(leaves []ledger.Leaf) []byte {
	size := 0
	for _, l := range leaves {
		size += len(l.Envelope) + 2*binary.MaxVarintLen64
	}
	body := make([]byte, 0, size)
	for _, l := range leaves {
		body = binary.AppendUvarint(body, uint64(l.RecordedAt))
		body = append(binary.AppendUvarint(body, uint64(len(l.Envelope))), l.Envelope...)
	}
	return body
}

// decodeLeaves returns leaves that share memory with body, numbered from an
// index on.
func decodeLeaves(from uint64, body []byte) (leaves []ledger.Leaf, err error) {
	for len(body) > 0 {
		at, n := binary.Uvarint(body)
		size, m := binary.Uvarint(body[max(n, 0):])
		if n <= 0 || m <= 0 || at > math.MaxInt64 || size > uint64(len(body)-n-m) {
			return nil, fmt.Errorf("the events break off in number %d", len(leaves))
		}
		end := n + m + int(size)
		leaves = append(leaves, ledger.NewLeaf(from+uint64(len(leaves)), int64(at), body[n+m:end:end]))
		body = body[end:]
	}
	return leaves, nil
}
