package esdbnode

import (
	"math"
	"regexp"
	"strings"

	streamspb "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode/eventlog"
)

// allStream names the log as a whole.
const allStream = "$all"

// query is a checked request to read or to subscribe.
type query struct {
	stream    string
	all       bool
	backwards bool
	fromStart bool
	fromEnd   bool
	at        uint64 // revision, or position in $all
	count     uint64
	subscribe bool
	filter    *filter
	text      bool
}

func queryIn(o *streamspb.ReadReq_Options) (query, error) {
	q := query{
		backwards: o.GetReadDirection() == streamspb.ReadReq_Options_Backwards,
		count:     o.GetCount(),
		subscribe: o.GetSubscription() != nil,
		text:      o.GetUuidOption().GetString_() != nil,
	}
	if err := q.check(o); err != nil {
		return q, err
	}
	if err := q.takePlace(o); err != nil {
		return q, err
	}
	if o.GetFilter() == nil {
		return q, nil
	}
	f, err := filterIn(o.GetFilter(), q.subscribe)
	q.filter = f
	return q, err
}

// check refuses combinations that mean nothing.
func (q *query) check(o *streamspb.ReadReq_Options) error {
	switch {
	case o.GetUuidOption().GetContent() == nil:
		return invalid("uuid_option is required")
	case o.GetCountOption() == nil || o.GetFilterOption() == nil:
		return invalid("count_option and filter_option are required")
	case q.subscribe && q.backwards:
		return invalid("a subscription reads forwards")
	case o.GetFilter() != nil && o.GetAll() == nil:
		return invalid("only $all can be filtered")
	}
	return nil
}

func (q *query) takePlace(o *streamspb.ReadReq_Options) error {
	if all := o.GetAll(); all != nil {
		q.stream, q.all = allStream, true
		q.fromStart, q.fromEnd = all.GetStart() != nil, all.GetEnd() != nil
		q.at = all.GetPosition().GetCommitPosition()
		q.fromEnd = q.fromEnd || q.at == math.MaxUint64
		return nil
	}
	s := o.GetStream()
	q.stream = string(s.GetStreamIdentifier().GetStreamName())
	if q.stream == "" {
		return invalid("stream_option is required")
	}
	q.fromStart, q.fromEnd = s.GetStart() != nil, s.GetEnd() != nil
	q.at = s.GetRevision()
	q.fromEnd = q.fromEnd || q.at == math.MaxUint64
	return nil
}

// filter picks events of $all. A nil filter picks all of them.
type filter struct {
	byStream bool
	regex    *regexp.Regexp
	prefixes []string
	interval int // events considered between two checkpoints
}

// defaultWindow is how many events one interval has where the client names none.
const defaultWindow = 32

func filterIn(o *streamspb.ReadReq_Options_FilterOptions, subscribe bool) (*filter, error) {
	expression := o.GetEventType()
	f := &filter{byStream: o.GetStreamIdentifier() != nil}
	if f.byStream {
		expression = o.GetStreamIdentifier()
	}
	f.prefixes = expression.GetPrefix()
	if expression.GetRegex() != "" {
		regex, err := regexp.Compile(expression.GetRegex())
		if err != nil {
			return nil, invalid("filter: " + err.Error())
		}
		f.regex = regex
	}
	if f.regex == nil && len(f.prefixes) == 0 {
		return nil, invalid("a filter needs a regex or prefixes")
	}
	window := uint32(defaultWindow)
	if o.GetCount() == nil {
		window = o.GetMax()
	}
	f.interval = int(window) * int(o.GetCheckpointIntervalMultiplier())
	if window == 0 || subscribe && f.interval == 0 {
		return nil, invalid("window and checkpoint interval of a filter are above zero")
	}
	return f, nil
}

func (f *filter) matches(e eventlog.Event) bool {
	if f == nil {
		return true
	}
	text := e.Type
	if f.byStream {
		text = e.Stream
	}
	if f.regex != nil {
		return f.regex.MatchString(text)
	}
	for _, p := range f.prefixes {
		if strings.HasPrefix(text, p) {
			return true
		}
	}
	return false
}
