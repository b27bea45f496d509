package eventstoretest

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"iter"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// sample builds the n-th test record, the same one at every call. It differs
// from every other in each field, and its bytes are no text.
func sample(n uint64) eventstore.Record {
	r := eventstore.Record{Type: fmt.Sprintf("sample.%d", n)}
	binary.BigEndian.PutUint64(r.ID[8:], n+1)
	r.Data = append(binary.BigEndian.AppendUint64(nil, n), 0, 0xff, '\r', '\n', '"', 0xc3, 0x28)
	if n%3 != 0 { // every third record has no metadata
		r.Meta = fmt.Appendf(nil, `{ "n":%d , "n":%d }`, n, n) // not as an encoder would write it
	}
	return r
}

// samples builds the records first, first+1, …, first+count-1.
func samples(first, count uint64) []eventstore.Record {
	var list []eventstore.Record
	for n := first; n < first+count; n++ {
		list = append(list, sample(n))
	}
	return list
}

// numbered builds the same records as they must come back from revision rev on.
func numbered(rev, first, count uint64) []eventstore.Record {
	list := samples(first, count)
	for i := range list {
		list[i].Revision = rev + uint64(i)
	}
	return list
}

func write(stream string, next uint64, records ...eventstore.Record) eventstore.Write {
	return eventstore.Write{Stream: stream, Next: next, Records: records}
}

// mustAppend appends the samples first… at revision next of stream.
func (t subject) mustAppend(s eventstore.Store, stream string, next, first, count uint64) {
	t.Helper()
	if err := s.Append(t.Context(), write(stream, next, samples(first, count)...)); err != nil {
		t.Fatalf("append of %d records at revision %d of %s: %v", count, next, stream, err)
	}
}

// read collects a read and fails the test on an error.
func (t subject) read(ctx context.Context, s eventstore.Store, stream string, from uint64) []eventstore.Record {
	t.Helper()
	return t.collect(s.Read(ctx, stream, from, eventstore.Head))
}

// collect collects what is read and fails the test on an error.
func (t subject) collect(records iter.Seq2[eventstore.Record, error]) []eventstore.Record {
	t.Helper()
	var got []eventstore.Record
	for r, err := range records {
		if err != nil {
			t.Fatalf("error after %d records: %v", len(got), err)
		}
		got = append(got, r)
	}
	return got
}

// holds fails the test unless the stream consists of exactly these records,
// by Read and by Next.
func (t subject) holds(s eventstore.Store, stream string, want []eventstore.Record) {
	t.Helper()
	t.same(t.read(t.Context(), s, stream, 0), want)
	next, err := s.Next(t.Context(), stream)
	if err != nil || next != uint64(len(want)) {
		t.Fatalf("next revision of %s: got %d, %v; want %d", stream, next, err, len(want))
	}
}

// same fails the test unless both lists are equal in every byte.
func (t subject) same(got, want []eventstore.Record) {
	t.Helper()
	if diff := difference(got, want); diff != "" {
		t.Fatal(diff)
	}
}

func difference(got, want []eventstore.Record) string {
	for i := range min(len(got), len(want)) {
		if !equal(got[i], want[i]) {
			return fmt.Sprintf("record %d of %d: got %+v, want %+v", i, len(want), got[i], want[i])
		}
	}
	if len(got) != len(want) {
		return fmt.Sprintf("got %d records, want %d", len(got), len(want))
	}
	return ""
}

func equal(a, b eventstore.Record) bool {
	return a.Revision == b.Revision && a.ID == b.ID && a.Type == b.Type &&
		bytes.Equal(a.Data, b.Data) && bytes.Equal(a.Meta, b.Meta)
}
