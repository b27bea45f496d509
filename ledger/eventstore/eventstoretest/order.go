package eventstoretest

import (
	"bytes"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

func orderClauses() []clause {
	return []clause{
		{"a new store has two empty streams", emptyStreams},
		{"records come back byte for byte", exactBytes},
		{"revisions count from zero without gaps", gapFree},
		{"append assigns revisions whatever the caller put there", assignedRevisions},
		{"the records of one append stand in the order given", batchOrder},
		{"the two streams do not mix", separateStreams},
		{"next is the number of records", nextCounts},
	}
}

// The ledger founds itself when it finds an empty journal: an absent stream
// must look like an empty one, not like an error.
func emptyStreams(t subject) {
	s := t.store()
	t.holds(s, eventstore.Journal, nil)
	t.holds(s, eventstore.Checkpoints, nil)
}

// Leaf hashes cover the stored bytes. One changed byte, one re-encoded space,
// and every proof fails.
func exactBytes(t subject) {
	s := t.store()
	t.append(s, awkward()...)
	want := awkward()
	for i := range want {
		want[i].Revision = uint64(i)
	}
	t.holds(s, eventstore.Journal, want)
}

func (t subject) append(s eventstore.Store, records ...eventstore.Record) {
	t.Helper()
	if err := s.Append(t.Context(), write(eventstore.Journal, 0, records...)); err != nil {
		t.Fatal(err)
	}
}

// awkward builds records that a store with an opinion about content damages.
func awkward() []eventstore.Record {
	var every []byte
	for b := range 256 {
		every = append(every, byte(b))
	}
	records := []eventstore.Record{
		{Type: "no.bytes.at.all"},
		{Type: "every.byte", Data: every, Meta: bytes.Repeat(every, 3)},
		{Type: "json", Data: []byte("{ \"b\" :1.0,\n\"a\":1e2, \"a\":\"\\u0041\"}\n"), Meta: []byte(`{"z":1,"a":2}`)},
		{Type: "not.json", Data: []byte("{"), Meta: []byte("]")},
		{Type: "données.公布", Data: []byte("e\u0301 é \ufeff")},
		{Type: strings.Repeat("t", eventstore.MaxType), Data: bytes.Repeat([]byte{0}, 64<<10)},
		{Type: "only.meta", Meta: []byte{0}},
	}
	for i := range records {
		records[i].ID = [16]byte{0xff, 14: byte(i), 15: 0xff}
	}
	return records
}

// Revision equals leaf index: a gap or a repeat would shift the Merkle tree.
func gapFree(t subject) {
	s := t.store()
	next := uint64(0)
	for _, count := range []uint64{1, 1, 5, 2, 1, 300, 3} {
		t.mustAppend(s, eventstore.Journal, next, next, count)
		next += count
	}
	t.holds(s, eventstore.Journal, numbered(0, 0, next))
}

// A record that was read and is appended again, as restoring an archive does,
// must not carry its old position along.
func assignedRevisions(t subject) {
	s := t.store()
	records := samples(0, 3)
	for i := range records {
		records[i].Revision = 1 << 40
	}
	t.append(s, records...)
	t.holds(s, eventstore.Journal, numbered(0, 0, 3))
}

// The sequencer admits each event of a batch against the ones before it.
func batchOrder(t subject) {
	s := t.store()
	t.mustAppend(s, eventstore.Journal, 0, 0, 1024)
	t.holds(s, eventstore.Journal, numbered(0, 0, 1024))
}

// A checkpoint in the journal would be a leaf that nobody signed.
func separateStreams(t subject) {
	s := t.store()
	t.mustAppend(s, eventstore.Journal, 0, 0, 4)
	t.mustAppend(s, eventstore.Checkpoints, 0, 100, 2)
	t.mustAppend(s, eventstore.Journal, 4, 4, 3)
	t.mustAppend(s, eventstore.Checkpoints, 2, 102, 1)
	t.holds(s, eventstore.Journal, numbered(0, 0, 7))
	t.holds(s, eventstore.Checkpoints, numbered(0, 100, 3))
}

// The ledger asks Next before every append it stages.
func nextCounts(t subject) {
	s := t.store()
	for want := range uint64(20) {
		got, err := s.Next(t.Context(), eventstore.Journal)
		if err != nil || got != want {
			t.Fatalf("got %d, %v; want %d", got, err, want)
		}
		t.mustAppend(s, eventstore.Journal, want, want, 1)
	}
}
