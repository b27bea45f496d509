package esdbnode_test

import (
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
)

// step is one thing done to the stream before the append in question.
type step func(t *testing.T, c *esdb.Client)

func has(n int) step {
	return func(t *testing.T, c *esdb.Client) {
		t.Helper()
		mustAppend(t, c, "s", esdb.NoStream{}, events(0, n)...)
	}
}

func hasMetadata(t *testing.T, c *esdb.Client) {
	t.Helper()
	if _, err := c.SetStreamMetadata(within(t), "s", esdb.AppendToStreamOptions{}, esdb.StreamMetadata{}); err != nil {
		t.Fatal(err)
	}
}

func deleted(t *testing.T, c *esdb.Client) {
	t.Helper()
	if _, err := c.DeleteStream(within(t), "s", esdb.DeleteStreamOptions{ExpectedRevision: esdb.Any{}}); err != nil {
		t.Fatal(err)
	}
}

func tombstoned(t *testing.T, c *esdb.Client) {
	t.Helper()
	if _, err := c.TombstoneStream(within(t), "s", esdb.TombstoneStreamOptions{ExpectedRevision: esdb.Any{}}); err != nil {
		t.Fatal(err)
	}
}

const (
	ok     = esdb.ErrorCode(-1)
	wrong  = esdb.ErrorCodeWrongExpectedVersion
	isGone = esdb.ErrorCodeStreamDeleted
)

// decided is one row of the decision table.
type decided struct {
	name     string
	steps    []step
	expected esdb.ExpectedRevision
	list     []esdb.EventData
	code     esdb.ErrorCode
	last     uint64 // as the result says, where the append succeeds
	length   int    // events in the stream afterwards; -1: it cannot be read
}

func decisions() []decided {
	r := esdb.Revision
	return []decided{
		{"new, any", nil, esdb.Any{}, events(0, 2), ok, 1, 2},
		{"new, no stream", nil, esdb.NoStream{}, events(0, 2), ok, 1, 2},
		{"new, exists", nil, esdb.StreamExists{}, events(0, 1), wrong, 0, -1},
		{"new with metadata, exists", []step{hasMetadata}, esdb.StreamExists{}, events(0, 1), ok, 0, 1},
		{"new, revision", nil, r(0), events(0, 1), wrong, 0, -1},
		{"head", []step{has(3)}, r(2), events(3, 5), ok, 4, 5},
		{"any", []step{has(3)}, esdb.Any{}, events(3, 5), ok, 4, 5},
		{"exists", []step{has(3)}, esdb.StreamExists{}, events(3, 5), ok, 4, 5},
		{"beyond the head", []step{has(3)}, r(3), events(3, 5), wrong, 0, 3},
		{"behind the head, other events", []step{has(3)}, r(1), events(7, 8), wrong, 0, 3},
		{"no stream, other events", []step{has(3)}, esdb.NoStream{}, events(7, 8), wrong, 0, 3},
		{"repeat at revision", []step{has(3)}, r(0), events(1, 3), ok, 2, 3},
		{"repeat in the middle", []step{has(4)}, r(0), events(1, 3), ok, 2, 4},
		{"repeat from the start", []step{has(3)}, esdb.NoStream{}, events(0, 3), ok, 2, 3},
		{"repeat of a part", []step{has(3)}, esdb.NoStream{}, events(0, 2), ok, 1, 3},
		{"repeat and more", []step{has(3)}, r(0), events(1, 5), wrong, 0, 3},
		{"repeat, then another", []step{has(3)}, r(0), []esdb.EventData{event(1), event(9)}, wrong, 0, 3},
		{"repeat at another revision", []step{has(3)}, r(1), events(1, 3), wrong, 0, 3},
		{"repeat with any", []step{has(3)}, esdb.Any{}, events(1, 3), ok, 2, 3},
		{"repeat with exists", []step{has(3)}, esdb.StreamExists{}, events(0, 2), ok, 1, 3},
		{"repeat with any and more", []step{has(3)}, esdb.Any{}, events(1, 5), wrong, 0, 3},
		{"known event behind a new one, any", []step{has(3)}, esdb.Any{}, []esdb.EventData{event(9), event(1)}, ok, 4, 5},
		{"deleted, any", []step{has(3), deleted}, esdb.Any{}, events(3, 5), ok, 4, 2},
		{"deleted, no stream", []step{has(3), deleted}, esdb.NoStream{}, events(3, 5), ok, 4, 2},
		{"deleted, head", []step{has(3), deleted}, r(2), events(3, 5), ok, 4, 2},
		{"deleted, behind the head", []step{has(3), deleted}, r(1), events(7, 8), wrong, 0, -1},
		{"deleted, exists", []step{has(3), deleted}, esdb.StreamExists{}, events(3, 5), isGone, 0, -1},
		{"tombstoned, any", []step{has(3), tombstoned}, esdb.Any{}, events(3, 5), isGone, 0, -1},
		{"tombstoned, no stream", []step{has(3), tombstoned}, esdb.NoStream{}, events(3, 5), isGone, 0, -1},
		{"tombstoned, head", []step{has(3), tombstoned}, r(2), events(3, 5), isGone, 0, -1},
		{"tombstoned, repeat", []step{has(3), tombstoned}, r(0), events(1, 3), isGone, 0, -1},
		{"tombstoned before it was there", []step{tombstoned}, esdb.NoStream{}, events(0, 1), isGone, 0, -1},
		{"nothing, new", nil, esdb.NoStream{}, nil, ok, 1, -1}, // 1 is what the client makes of "no stream"
		{"nothing, behind the head", []step{has(3)}, r(0), nil, wrong, 0, 3},
		{"nothing, head", []step{has(3)}, r(2), nil, ok, 2, 3},
	}
}

func TestAppendDecidesByExpectationAndState(t *testing.T) {
	for _, c := range decisions() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, client := open(t, esdbnode.Options{})
			for _, do := range c.steps {
				do(t, client)
			}
			result, err := client.AppendToStream(within(t), "s", esdb.AppendToStreamOptions{ExpectedRevision: c.expected}, c.list...)
			if codeOf(err) != c.code {
				t.Fatalf("append: code %d (%v), want %d", codeOf(err), err, c.code)
			}
			if err == nil && result.NextExpectedVersion != c.last {
				t.Errorf("the result says %d, want %d", result.NextExpectedVersion, c.last)
			}
			list, err := read(t, client, "s", esdb.ReadStreamOptions{From: esdb.Start{}}, everything)
			if c.length < 0 && err == nil || c.length >= 0 && len(list) != c.length {
				t.Errorf("stream has %d events afterwards (%v), want %d", len(list), err, c.length)
			}
		})
	}
}

func TestARepeatHasTheResultOfTheFirst(t *testing.T) {
	_, client := open(t, esdbnode.Options{})
	first := mustAppend(t, client, "s", esdb.NoStream{}, events(0, 3)...)
	mustAppend(t, client, "s", esdb.Revision(2), events(3, 5)...)
	for _, expected := range []esdb.ExpectedRevision{esdb.NoStream{}, esdb.Any{}} {
		if again := mustAppend(t, client, "s", expected, events(0, 3)...); *again != *first {
			t.Errorf("with %T: %+v, the first time %+v", expected, *again, *first)
		}
	}
}

func TestAConflictNamesBothRevisions(t *testing.T) {
	_, client := open(t, esdbnode.Options{})
	_, err := client.AppendToStream(within(t), "s", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Revision(5)}, event(0))
	if err == nil || !strings.Contains(err.Error(), "expecting '5' but got 'no_stream'") {
		t.Errorf("new stream: %v", err)
	}
	mustAppend(t, client, "s", esdb.NoStream{}, events(0, 3)...)
	_, err = client.AppendToStream(within(t), "s", esdb.AppendToStreamOptions{ExpectedRevision: esdb.NoStream{}}, event(9))
	if err == nil || !strings.Contains(err.Error(), "expecting 'no_stream' but got '2'") {
		t.Errorf("stream of three: %v", err)
	}
}

func TestOfWritersThatRaceForARevisionOneWins(t *testing.T) {
	_, client := open(t, esdbnode.Options{})
	const writers, rounds = 8, 20
	for round := range rounds {
		expected := esdb.ExpectedRevision(esdb.NoStream{})
		if round > 0 {
			expected = esdb.Revision(uint64(round) - 1)
		}
		codes := make(chan esdb.ErrorCode)
		for w := range writers {
			go func() {
				_, err := client.AppendToStream(t.Context(), "s", esdb.AppendToStreamOptions{ExpectedRevision: expected}, event(round*writers+w))
				codes <- codeOf(err)
			}()
		}
		won := 0
		for range writers {
			switch code := <-codes; code {
			case ok:
				won++
			case wrong:
			default:
				t.Errorf("round %d: code %d", round, code)
			}
		}
		if won != 1 {
			t.Fatalf("round %d: %d writers won", round, won)
		}
	}
}

func TestAnAppendIsLimitedInSize(t *testing.T) {
	_, client := open(t, esdbnode.Options{MaxAppend: 1000})
	sized := func(n int) esdb.EventData { // n bytes by the rule of the server
		return esdb.EventData{EventID: id(n), EventType: "t", Data: make([]byte, n-10-2), Metadata: make([]byte, 10)}
	}
	mustAppend(t, client, "exact", esdb.NoStream{}, sized(1000))
	_, err := client.AppendToStream(within(t), "over", esdb.AppendToStreamOptions{}, sized(1001))
	if err == nil || !strings.Contains(err.Error(), "Maximum Append Size of 1000 Exceeded.") {
		t.Errorf("one event too large: %v", err)
	}
	if _, err = client.AppendToStream(within(t), "over", esdb.AppendToStreamOptions{}, sized(600), sized(401)); err == nil {
		t.Error("two events that are too large together were written")
	}
	if _, err := read(t, client, "over", esdb.ReadStreamOptions{From: esdb.Start{}}, 1); codeOf(err) != esdb.ErrorCodeResourceNotFound {
		t.Errorf("what was refused is there: %v", err)
	}
}

func TestAMessageAboveTheDefaultOfTheTransportIsRefusedBySize(t *testing.T) {
	_, client := open(t, esdbnode.Options{})
	large := esdb.EventData{EventID: id(0), EventType: "t", Data: make([]byte, 6<<20)}
	_, err := client.AppendToStream(within(t), "s", esdb.AppendToStreamOptions{}, large)
	if err == nil || !strings.Contains(err.Error(), "Maximum Append Size of 1048576 Exceeded.") {
		t.Errorf("got %v", err)
	}
}

func TestDeleteAndTombstoneCheckTheRevision(t *testing.T) {
	_, client := open(t, esdbnode.Options{})
	if _, err := client.DeleteStream(within(t), "never", esdb.DeleteStreamOptions{ExpectedRevision: esdb.Any{}}); err == nil {
		t.Error("a stream that never was could be deleted")
	}
	mustAppend(t, client, "s", esdb.NoStream{}, events(0, 3)...)
	_, err := client.DeleteStream(within(t), "s", esdb.DeleteStreamOptions{ExpectedRevision: esdb.Revision(1)})
	if err == nil || !strings.Contains(err.Error(), "WrongExpectedVersion") {
		t.Errorf("delete at the wrong revision: %v", err)
	}
	_, err = client.TombstoneStream(within(t), "s", esdb.TombstoneStreamOptions{ExpectedRevision: esdb.Revision(7)})
	if err == nil || !strings.Contains(err.Error(), "WrongExpectedVersion") {
		t.Errorf("tombstone at the wrong revision: %v", err)
	}
	gone, err := client.TombstoneStream(within(t), "s", esdb.TombstoneStreamOptions{ExpectedRevision: esdb.Revision(2)})
	if err != nil || gone.Position.Commit == 0 {
		t.Errorf("tombstone: %+v, %v", gone, err)
	}
	_, err = client.DeleteStream(within(t), "s", esdb.DeleteStreamOptions{ExpectedRevision: esdb.Any{}})
	if codeOf(err) != isGone {
		t.Errorf("delete after the tombstone: %v", err)
	}
}
