package peer

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

func TestSignedBodiesThatAreNoBatchAreRefused(t *testing.T) {
	for _, body := range []string{
		"", "\x0aa.b", "\x80", "\x0aa.b.c\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "\x0aa.b.c" + strings.Repeat("\xff", 11),
		strings.Repeat("\x00", MaxItems+1),
	} {
		if items, err := decodeItems([]byte(body)); err == nil {
			t.Errorf("%.60q: got %d items", body, len(items))
		}
	}
}

// A field that is lost on the way turns "not decided" into "recorded as event 0".
func TestEveryFieldOfAnOutcomeArrives(t *testing.T) {
	full := ledger.Outcome{
		Index: 7, Leaf: domain.Hash{1}, RecordedAt: 9, Replayed: true, Refusal: &domain.Refusal{Rule: "r", Field: "f", Message: "m"}, Signed: []byte("note"),
		Malformed: &seal.Error{Code: "c", Message: "m"}, Failure: "why", Moved: true,
	}
	for v, i := reflect.ValueOf(full), 0; i < v.NumField(); i++ {
		if v.Field(i).IsZero() {
			t.Fatalf("this test does not send %s", v.Type().Field(i).Name)
		}
	}
	want := []ledger.Outcome{full, {Index: 7, Leaf: domain.Hash{1}, RecordedAt: 9}, {Index: 8, Leaf: domain.Hash{2}, RecordedAt: 9, Replayed: true}}
	text, err := encodeOutcomes(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := decodeOutcomes(text)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	for end := range text {
		if got, err := decodeOutcomes(text[:end]); err == nil && len(got) == len(want) {
			t.Errorf("cut after %d bytes: %v", end, got)
		}
	}
}

func TestAFullBatchFits(t *testing.T) {
	items := make([]ledger.Forwarded, MaxItems)
	for i := range items {
		items[i] = ledger.Forwarded{Envelope: bytes.Repeat([]byte("a"), (900<<10+seal.MaxEnvelope)/MaxItems), Verified: true}
	}
	body, err := encodeItems(items)
	if err != nil || len(body) > MaxBody {
		t.Fatalf("got %d bytes, %v", len(body), err)
	}
	if _, err := encodeItems(append(items, ledger.Forwarded{})); err == nil {
		t.Error("one item too many was encoded")
	}
	if _, err := encodeItems([]ledger.Forwarded{{Envelope: make([]byte, MaxBody)}}); err == nil {
		t.Error("too large a body was encoded")
	}
}

// BenchmarkForward is a whole call over loopback, less what the ledger does.
func BenchmarkForward(b *testing.B) {
	key := newKey(b, "ledger.example")
	name := replica(b, key, noon, func(_ context.Context, items []ledger.Forwarded) []ledger.Outcome {
		out := make([]ledger.Outcome, len(items))
		for i := range out {
			out[i] = ledger.Outcome{Index: 1e6 + uint64(i), RecordedAt: 1764288000000001}
		}
		return out
	})
	client := newClient(b, key, noon)
	for _, n := range []int{1, 64, 800} {
		b.Run(fmt.Sprintf("items=%d", n), func(b *testing.B) {
			items := make([]ledger.Forwarded, n)
			for i := range items {
				items[i] = ledger.Forwarded{Envelope: bytes.Repeat([]byte("a"), 1100), Verified: true}
			}
			for b.Loop() {
				if _, err := client.Forward(b.Context(), name, items); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "µs/event")
		})
	}
}

func FuzzDecodeItems(f *testing.F) {
	f.Add([]byte("\x0aa.b.c\x0bd.e.f"))
	f.Fuzz(func(t *testing.T, body []byte) {
		items, err := decodeItems(body)
		if err != nil {
			return
		}
		again, err := encodeItems(items)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := decodeItems(again); err != nil || !cmp.Equal(items, back) {
			t.Fatalf("%v became %v: %v", items, back, err)
		}
	})
}

func FuzzDecodeOutcomes(f *testing.F) {
	seed, err := encodeOutcomes([]ledger.Outcome{{Index: 1, RecordedAt: 5}, {Index: 2, Replayed: true}, {Refusal: &domain.Refusal{Rule: "a", Message: "b"}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Fuzz(func(t *testing.T, text []byte) {
		outcomes, err := decodeOutcomes(text)
		if err != nil {
			return
		}
		again, err := encodeOutcomes(outcomes)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := decodeOutcomes(again); err != nil || !cmp.Equal(outcomes, back, cmpopts.EquateEmpty()) {
			t.Fatalf("%+v became %+v: %v", outcomes, back, err)
		}
	})
}

func FuzzDecodeLeaves(f *testing.F) {
	f.Add(encodeLeaves([]ledger.Leaf{{RecordedAt: 1764288000000001, Envelope: []byte("a.b.c")}, {Envelope: []byte(".")}}))
	f.Fuzz(func(t *testing.T, body []byte) {
		leaves, err := decodeLeaves(7, body)
		if err != nil {
			return
		}
		if back, err := decodeLeaves(7, encodeLeaves(leaves)); err != nil || !cmp.Equal(leaves, back) {
			t.Fatalf("%v became %v: %v", leaves, back, err)
		}
	})
}

func TestWhatIsNoRangeIsRefused(t *testing.T) {
	for _, body := range []string{"", "\x01", "\x02\x01", "\x01\x01", "\x01\x02\x03", "\xff"} {
		if from, to, err := decodeRange([]byte(body)); err == nil {
			t.Errorf("%q: got %d to %d", body, from, to)
		}
	}
	if from, to, err := decodeRange(encodeRange(5, 1<<40)); err != nil || from != 5 || to != 1<<40 {
		t.Errorf("got %d to %d, %v", from, to, err)
	}
}
