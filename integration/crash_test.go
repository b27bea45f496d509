package integration

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/api/client"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

const (
	crashEach   = 1000 // of designations, their transpositions, and actions
	crashRounds = 6
	crashShare  = 300 // most acknowledgements of new events in a round
)

// import3000 makes the envelopes of an import, once: a resumed import sends
// the same bytes.
func import3000(t *testing.T, f *founded) (out [][]byte) {
	t.Helper()
	id := func(i int) string { return fmt.Sprintf("XA:T.%04d", i) }
	for i := range crashEach {
		out = append(out, f.Sign("XA", "designation.adopted", domain.DesignationAdopted{
			Designation: id(i), Regime: "XA-TEST", Authority: "XA", ListRef: fmt.Sprint(i), AdoptedOn: "2026-03-01", Measures: []string{"asset_freeze"},
			Subject: domain.Subject{Kind: "entity", Names: []domain.Name{{Text: fmt.Sprintf("Example Company %d", i), Kind: "primary", Script: "Latn"}}},
		}))
	}
	for i := range crashEach {
		out = append(out, f.Sign("XB", "designation.transposed", domain.DesignationTransposed{
			Designation: id(i), Member: "XB", NoticeOn: domain.Date(fmt.Sprintf("2026-03-%02d", 1+i%28)), Measures: []string{"asset_freeze"}, Instrument: "Example Order",
		}))
	}
	for i := range crashEach {
		b := ledgertest.Action(i)
		b.OccurredOn, b.Designations = "2026-05-01", []string{id(i)}
		out = append(out, f.Sign("XC", "enforcement.action_taken", b))
	}
	return out
}

// acks is what the ledger acknowledged, by place in the import.
type acks map[int]client.Receipt

// bulk posts the whole import, and ends the server when stop says so.
func (a acks) bulk(t *testing.T, f *founded, envelopes [][]byte, stop func(fresh int) bool, end func()) (replayed, fresh int, err error) {
	t.Helper()
	all := iter.Seq2[[]byte, error](func(yield func([]byte, error) bool) {
		for _, e := range envelopes {
			if !yield(e, nil) {
				return
			}
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	ended := false
	err = f.Bulk(ctx, all, func(r client.Result) {
		if r.Receipt == nil {
			if !ended { // a dying server may say so
				t.Errorf("item %d refused: %v", r.Item, r.Err())
			}
			return
		}
		first, known := a[r.Item-1]
		if known && (first.Index != r.Receipt.Index || first.Leaf != r.Receipt.Leaf || first.RecordedAt != r.Receipt.RecordedAt || !r.Receipt.Replayed) {
			t.Errorf("item %d was acknowledged as %d %s, now as %d %s", r.Item, first.Index, first.Leaf, r.Receipt.Index, r.Receipt.Leaf)
		}
		a[r.Item-1] = *r.Receipt
		if r.Receipt.Replayed {
			replayed++
		} else if fresh++; !ended && stop(fresh) {
			ended = true
			end()
		}
	})
	return replayed, fresh, err
}

func TestCrash(t *testing.T) { crash(t, found(t)) }

// kill -9 during a bulk import, again and again: every acknowledged event is
// there, none twice, and the import resumes.
func crash(t *testing.T, f *founded) {
	t.Helper()
	f.serve(t)
	f.seat(t)
	envelopes, recorded, before := import3000(t, f), acks{}, f.size(t)
	for round := range crashRounds {
		if left := len(envelopes) - int(f.size(t)-before); left < 2*crashShare {
			t.Logf("round %d: only %d left: enough", round, left)
			break
		}
		at := 1 + rand.IntN(crashShare)
		end := f.kill
		if round == crashRounds/2 { // leaves snapshots of views that later rounds fold on
			end = func() { f.stop(t) }
		}
		replayed, fresh, err := recorded.bulk(t, f, envelopes, func(n int) bool { return n == at }, end)
		if err == nil {
			t.Fatalf("round %d: the import ended before the server", round)
		}
		f.kill()
		f.stumble(t)
		f.serve(t)
		t.Logf("round %d: killed at acknowledgement %d: %d acknowledged, %d of them before; journal %d", round, at, replayed+fresh, replayed, f.size(t)-before)
		if missing := uint64(len(recorded)) > f.size(t)-before; missing {
			t.Fatalf("%d acknowledged, %d in the journal", len(recorded), f.size(t)-before)
		}
	}
	replayed, fresh, err := recorded.bulk(t, f, envelopes, func(int) bool { return false }, nil)
	if err != nil || replayed+fresh != len(envelopes) {
		t.Fatalf("the last import: %d and %d, %v", replayed, fresh, err)
	}
	t.Logf("last round: %d recorded before, %d now", replayed, fresh)
	checkJournal(t, f, envelopes, recorded, before)
	checkViews(t, f)
}

// stumble starts the server and kills it somewhere in its start.
func (f *founded) stumble(t *testing.T) {
	t.Helper()
	p := run(t, "ledgerd", f.flags()...)
	time.Sleep(time.Duration(rand.IntN(60)) * time.Millisecond)
	p.kill()
}

// checkJournal requires that the journal is what was there before and each
// envelope once, where it was acknowledged.
func checkJournal(t *testing.T, f *founded, envelopes [][]byte, recorded acks, before uint64) {
	t.Helper()
	events := f.stream(within(t, 20*time.Second), t)
	hashes, tree := rooted(t, f.caller, events)
	if want := before + uint64(len(envelopes)); uint64(len(events)) != want {
		t.Errorf("%d events, want %d", len(events), want)
	}
	at := map[string]uint64{}
	for _, e := range events {
		id := string(e.Header.Issuer) + " " + e.Header.EventID
		if first, twice := at[id]; twice {
			t.Errorf("event %s stands at %d and %d", id, first, e.Index)
		}
		at[id] = e.Index
	}
	origin, v := logOf(t, events[0])
	for i, r := range recorded {
		// What was signed before a crash is a prefix of what stands now.
		signed, _, err := translog.VerifyReceipt([]byte(r.Proof), r.RecordedAt, envelopes[i], origin, v)
		if err != nil {
			t.Fatalf("receipt of item %d: %v", i, err)
		}
		if root, err := tree.RootAt(signed.Size); err != nil || root != signed.Root {
			t.Fatalf("item %d: the log had signed root %s at size %d, now it is %s (%v)", i, signed.Root, signed.Size, root, err)
		}
		if got := events[r.Index]; got.Leaf.Envelope != string(envelopes[i]) || hashes[r.Index] != r.Leaf || got.RecordedAt != r.RecordedAt {
			t.Errorf("item %d was acknowledged at %d, where another leaf stands", i, r.Index)
		}
	}
	t.Logf("%d envelopes, each once among %d events, at the index and with the leaf hash of its first acknowledgement", len(recorded), len(events))
}

func viewPaths() []string {
	return []string{
		"/v1/coalition/summary", "/v1/coalition/matrix", "/v1/coalition/loopholes?limit=500", "/v1/coalition/date-conflicts", "/v1/countries",
		"/v1/countries/XA/compliance", "/v1/countries/XB/compliance", "/v1/countries/XC/compliance", "/v1/countries/XB/compliance?as_of=1500",
		"/v1/designations?limit=500", "/v1/designations/XA:T.0007", "/v1/subjects/XA:T.0007", "/v1/countries/XB/timeline", "/v1/events?limit=500",
		"/v1/members", "/v1/regimes",
	}
}

func (f *founded) views(t *testing.T) map[string]string {
	t.Helper()
	out, head := map[string]string{}, f.size(t)-1
	for _, path := range viewPaths() {
		sep := "?"
		if strings.Contains(path, "?") {
			sep = "&"
		}
		out[path] = string(get[[]byte](t, f.caller, fmt.Sprintf("%s%smin_index=%d", path, sep, head)))
	}
	return out
}

// checkViews compares the views that lived through the crashes with those from
// saved snapshots and with those folded from nothing.
func checkViews(t *testing.T, f *founded) {
	t.Helper()
	lived := f.views(t)
	f.stop(t)
	f.serve(t)
	if diff := cmp.Diff(lived, f.views(t)); diff != "" {
		t.Errorf("views after a clean restart differ: %.2000s", diff)
	}
	f.stop(t)
	caches := filepath.Join(f.dir, "journal.cache", "views")
	if saved, err := os.ReadDir(caches); err != nil || len(saved) == 0 {
		t.Fatalf("no saved views to throw away: %v", err)
	}
	if err := os.RemoveAll(caches); err != nil {
		t.Fatal(err)
	}
	f.serve(t)
	if diff := cmp.Diff(lived, f.views(t)); diff != "" {
		t.Errorf("views folded from nothing differ: %.2000s", diff)
	}
	f.stop(t)
	t.Logf("%d views equal a fresh fold", len(lived))
}
