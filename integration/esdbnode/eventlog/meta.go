package eventlog

import (
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Metadata is the last event of the stream "$$name": what is visible of the
// stream name, and who may do what with it.
type Metadata struct {
	MaxCount       uint64 `json:"$maxCount"` // 0: no limit
	MaxAge         uint64 `json:"$maxAge"`   // seconds; 0: no limit
	TruncateBefore uint64 `json:"$tb"`       // first visible revision
	ACL            ACL    `json:"$acl"`

	raw []byte
}

// ACL says which roles may do something. Nil means what the default says.
type ACL struct {
	Read      Roles `json:"$r"`
	Write     Roles `json:"$w"`
	Delete    Roles `json:"$d"`
	MetaRead  Roles `json:"$mr"`
	MetaWrite Roles `json:"$mw"`
}

// Roles are names of users and groups. In JSON a single one may stand alone.
type Roles []string

// UnmarshalJSON reads a string or an array of strings.
func (r *Roles) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		*r = Roles{""}
		return json.Unmarshal(b, &(*r)[0])
	}
	return json.Unmarshal(b, (*[]string)(r))
}

const deletedBefore = 1<<63 - 1 // $tb of a deleted stream

func (m Metadata) deleted() bool { return m.TruncateBefore == deletedBefore }

// revived is the metadata, as JSON, after a write to a deleted stream.
func (m Metadata) revived(from uint64) []byte {
	var fields map[string]jsontext.Value
	if json.Unmarshal(m.raw, &fields) != nil || fields == nil {
		fields = map[string]jsontext.Value{}
	}
	fields["$tb"] = jsontext.Value(strconv.FormatUint(from, 10))
	b, err := json.Marshal(fields, json.Deterministic(true))
	if err != nil {
		return []byte("{}")
	}
	return b
}

// visible is the first revision that readers see, by count.
func (s *stream) visible() uint64 {
	first := s.meta.TruncateBefore
	count := s.meta.MaxCount
	if strings.HasPrefix(s.name, "$$") {
		count = 1
	}
	if count > 0 && s.next > count {
		first = max(first, s.next-count)
	}
	return first
}

// expired says which events are too old to be seen.
func (m Metadata) expired(now time.Time) func(created int64) bool {
	if m.MaxAge == 0 {
		return func(int64) bool { return false }
	}
	oldest := ticks(now) - int64(m.MaxAge)*int64(time.Second/100)
	return func(created int64) bool { return created < oldest }
}

func metaStream(name string) string { return "$$" + name }

// described names the stream that the stream describes.
func described(name string) (string, bool) { return strings.CutPrefix(name, "$$") }

// isDescribed reports whether the stream has metadata.
func (l *Log) isDescribed(name string) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	s := l.streams[metaStream(name)]
	return s != nil && s.next > 0
}

// describe takes over new metadata of a stream; what is not JSON counts as
// none. Called with writing and mu held.
func (l *Log) describe(name string, data []byte) {
	var m Metadata
	if json.Unmarshal(data, &m) != nil {
		m = Metadata{}
	}
	m.raw = append([]byte(nil), data...)
	s := l.streams[name]
	if s == nil {
		s = &stream{name: name, id: uint64(len(l.byID)) + 1}
		l.add(s)
	}
	s.meta = m
}
