package esdbnode_test

import (
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
)

func upTo(from, to uint64) []uint64 {
	list := []uint64{}
	for n := from; n < to; n++ {
		list = append(list, n)
	}
	return list
}

func TestAStreamIsReadBothWaysFromAnywhere(t *testing.T) {
	_, client := open(t, esdbnode.Options{})
	mustAppend(t, client, "s", esdb.NoStream{}, events(0, 10)...)
	for _, c := range []struct {
		name  string
		opts  esdb.ReadStreamOptions
		count uint64
		want  []uint64
	}{
		{"all", esdb.ReadStreamOptions{From: esdb.Start{}}, everything, upTo(0, 10)},
		{"the first three", esdb.ReadStreamOptions{From: esdb.Start{}}, 3, upTo(0, 3)},
		{"from a revision, with it", esdb.ReadStreamOptions{From: esdb.Revision(4)}, 3, upTo(4, 7)},
		{"from a revision beyond", esdb.ReadStreamOptions{From: esdb.Revision(10)}, 3, upTo(0, 0)},
		{"from the end", esdb.ReadStreamOptions{From: esdb.End{}}, 3, upTo(0, 0)},
		{"back from the end", esdb.ReadStreamOptions{Direction: esdb.Backwards, From: esdb.End{}}, 3, []uint64{9, 8, 7}},
		{"back from a revision, with it", esdb.ReadStreamOptions{Direction: esdb.Backwards, From: esdb.Revision(1)}, 5, []uint64{1, 0}},
		{"back from beyond", esdb.ReadStreamOptions{Direction: esdb.Backwards, From: esdb.Revision(99)}, 1, []uint64{9}},
		{"back from the greatest number", esdb.ReadStreamOptions{Direction: esdb.Backwards, From: esdb.Revision(everything)}, 1, []uint64{9}},
		{"back from the start", esdb.ReadStreamOptions{Direction: esdb.Backwards, From: esdb.Start{}}, 5, []uint64{0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := read(t, client, "s", c.opts, c.count)
			if diff := cmp.Diff(c.want, revisions(list)); diff != "" || err != nil {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	}
}

func TestAReadCrossesPages(t *testing.T) {
	_, client := open(t, esdbnode.Options{})
	const n = 1500 // several pages
	mustAppend(t, client, "s", esdb.NoStream{}, events(0, n)...)
	list, err := read(t, client, "s", esdb.ReadStreamOptions{From: esdb.Start{}}, everything)
	if diff := cmp.Diff(upTo(0, n), revisions(list)); diff != "" || err != nil {
		t.Fatalf("forwards: %v\n%s", err, diff)
	}
	list, err = read(t, client, "s", esdb.ReadStreamOptions{Direction: esdb.Backwards, From: esdb.End{}}, everything)
	if err != nil || len(list) != n || list[0].EventNumber != n-1 || list[n-1].EventNumber != 0 {
		t.Fatalf("backwards: %d events, %v", len(list), err)
	}
}

func TestWhatIsNotThereSaysHow(t *testing.T) {
	_, client := open(t, esdbnode.Options{})
	_, err := read(t, client, "missing", esdb.ReadStreamOptions{From: esdb.Start{}}, 1)
	if codeOf(err) != esdb.ErrorCodeResourceNotFound {
		t.Errorf("missing: %v", err)
	}
	has(3)(t, client)
	deleted(t, client)
	if _, err = read(t, client, "s", esdb.ReadStreamOptions{From: esdb.Start{}}, 1); codeOf(err) != esdb.ErrorCodeResourceNotFound {
		t.Errorf("deleted: %v", err)
	}
	mustAppend(t, client, "s", esdb.Any{}, events(3, 5)...)
	list, err := read(t, client, "s", esdb.ReadStreamOptions{From: esdb.Start{}}, everything)
	if diff := cmp.Diff(upTo(3, 5), revisions(list)); diff != "" || err != nil {
		t.Errorf("deleted and written again: %v\n%s", err, diff)
	}
	tombstoned(t, client)
	if _, err = read(t, client, "s", esdb.ReadStreamOptions{From: esdb.Start{}}, 1); codeOf(err) != esdb.ErrorCodeStreamDeleted {
		t.Errorf("tombstoned: %v", err)
	}
}

func TestMetadataHidesEvents(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	_, client := open(t, esdbnode.Options{Clock: func() time.Time { return now }})
	mustAppend(t, client, "s", esdb.NoStream{}, events(0, 10)...)
	set := func(change func(*esdb.StreamMetadata)) {
		t.Helper()
		var m esdb.StreamMetadata
		change(&m)
		if _, err := client.SetStreamMetadata(within(t), "s", esdb.AppendToStreamOptions{}, m); err != nil {
			t.Fatal(err)
		}
	}
	visible := func(name string, want []uint64) {
		t.Helper()
		list, err := read(t, client, "s", esdb.ReadStreamOptions{From: esdb.Start{}}, everything)
		if diff := cmp.Diff(want, revisions(list)); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
	set(func(m *esdb.StreamMetadata) { m.SetMaxCount(4) })
	visible("$maxCount", upTo(6, 10))
	list, err := read(t, client, "s", esdb.ReadStreamOptions{Direction: esdb.Backwards, From: esdb.End{}}, everything)
	if err != nil || len(list) != 4 {
		t.Errorf("$maxCount, backwards: %d events, %v", len(list), err)
	}
	set(func(m *esdb.StreamMetadata) { m.SetTruncateBefore(8) })
	visible("$tb", upTo(8, 10))
	set(func(m *esdb.StreamMetadata) { m.SetMaxAge(time.Minute) })
	visible("$maxAge, young", upTo(0, 10))
	now = now.Add(2 * time.Minute)
	visible("$maxAge, old", upTo(0, 0))
	set(func(*esdb.StreamMetadata) {})
	visible("no limit", upTo(0, 10))
	got, err := client.GetStreamMetadata(within(t), "s", esdb.ReadStreamOptions{Direction: esdb.Backwards, From: esdb.End{}})
	if err != nil || got.MaxCount() != nil {
		t.Errorf("metadata is %+v, %v", got, err)
	}
	if _, err := client.GetStreamMetadata(within(t), "other", esdb.ReadStreamOptions{}); codeOf(err) != esdb.ErrorCodeResourceNotFound {
		t.Errorf("metadata of a stream without: %v", err)
	}
}

func TestAllIsReadBothWaysByPosition(t *testing.T) {
	_, client := open(t, esdbnode.Options{})
	for n := range 6 {
		mustAppend(t, client, []string{"a", "b"}[n%2], esdb.Any{}, events(10*n, 10*n+3)...)
	}
	list, err := readAll(t, client, esdb.ReadAllOptions{From: esdb.Start{}}, everything)
	if err != nil || len(list) < 3+18 {
		t.Fatalf("%d events, %v", len(list), err)
	}
	if list[0].StreamID[0] != '$' || list[0].Position.Commit == 0 {
		t.Errorf("the first event is %+v", list[0])
	}
	for i := 1; i < len(list); i++ {
		if list[i].Position.Commit <= list[i-1].Position.Commit {
			t.Fatalf("positions do not increase at %d", i)
		}
	}
	backwards, err := readAll(t, client, esdb.ReadAllOptions{Direction: esdb.Backwards, From: esdb.End{}}, everything)
	if err != nil || len(backwards) != len(list) || backwards[0].EventID != list[len(list)-1].EventID {
		t.Errorf("backwards: %d events, %v", len(backwards), err)
	}
	middle := list[10].Position
	forwards, err := readAll(t, client, esdb.ReadAllOptions{From: middle}, 1)
	if err != nil || len(forwards) != 1 || forwards[0].EventID != list[10].EventID {
		t.Errorf("forwards from a position, with it: %v", err)
	}
	backwards, err = readAll(t, client, esdb.ReadAllOptions{Direction: esdb.Backwards, From: middle}, 1)
	if err != nil || len(backwards) != 1 || backwards[0].EventID != list[9].EventID {
		t.Errorf("backwards from a position, without it: %v", err)
	}
	middle.Commit++
	if _, err := readAll(t, client, esdb.ReadAllOptions{From: middle}, 1); err == nil {
		t.Error("a read from a position between events succeeded")
	}
}
