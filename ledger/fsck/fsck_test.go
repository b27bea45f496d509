package fsck_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/fsck"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// store is a coalition's store with its caches.
func store(t *testing.T, actions int) (*ledgertest.Coalition, eventstore.Store, string) {
	t.Helper()
	c, s, dir := ledgertest.Found(t, "XA", "XB"), eventstore.Memory(), t.TempDir()
	l, err := ledger.Open(t.Context(), c.Config(s, dir))
	must(t, err)
	c.Seat(l)
	for _, envelope := range c.Actions(actions) {
		c.Must(l, envelope)
	}
	must(t, l.Close())
	return c, s, dir
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func look(t *testing.T, s eventstore.Store, o fsck.Options) fsck.Report {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	r, err := fsck.Check(ctx, s, o)
	must(t, err)
	return r
}

// altered copies a store with some records changed, and only so many of them.
func altered(t *testing.T, s eventstore.Store, stream string, most int, change func(r *eventstore.Record)) eventstore.Store {
	t.Helper()
	out := eventstore.Memory()
	for _, name := range []string{eventstore.Journal, eventstore.Checkpoints} {
		next := uint64(0)
		for r, err := range s.Read(t.Context(), name, 0, eventstore.Head) {
			must(t, err)
			if name == stream {
				if int(next) >= most {
					break
				}
				change(&r)
			}
			must(t, out.Append(t.Context(), eventstore.Write{Stream: name, Next: next, Records: []eventstore.Record{r}}))
			next++
		}
	}
	return out
}

func only(t *testing.T, r fsck.Report, part, rule string, index uint64) {
	t.Helper()
	if len(r.Bad) != 1 || r.Bad[0].Part != part || r.Bad[0].Rule != rule || r.Bad[0].Index != index {
		t.Errorf("got %v, want %s at %s, index %d", r.Bad, rule, part, index)
	}
}

func TestAGoodStoreIsGood(t *testing.T) {
	c, s, dir := store(t, 20)
	r := look(t, s, fsck.Options{Genesis: c.Ledger, Dir: dir})
	if len(r.Bad)+len(r.Unknown) > 0 || r.Size != 27 || r.Tail != 0 || r.Checkpoints == 0 || r.Genesis != c.Ledger {
		t.Errorf("report %+v", r)
	}
	if r := look(t, s, fsck.Options{}); r.Genesis != c.Ledger || len(r.Bad) > 0 {
		t.Errorf("without a genesis: %+v", r)
	}
}

func TestAnotherGenesisIsNamed(t *testing.T) {
	_, s, _ := store(t, 1)
	only(t, look(t, s, fsck.Options{Genesis: domain.Hash{1}}), "journal", "archive.genesis", 0)
}

func TestAnEmptyStoreIsBad(t *testing.T) {
	only(t, look(t, eventstore.Memory(), fsck.Options{}), "journal", fsck.RuleEmpty, 0)
}

func TestARecordIsWhatALedgerWrites(t *testing.T) {
	c, s, _ := store(t, 5)
	for name, change := range map[string]func(r *eventstore.Record){
		"type": func(r *eventstore.Record) { r.Type = "member.accepted" },
		"id":   func(r *eventstore.Record) { r.ID[3] ^= 1 },
		"meta": func(r *eventstore.Record) { r.Meta = append(r.Meta, ' ') },
	} {
		t.Run(name, func(t *testing.T) {
			bad := altered(t, s, eventstore.Journal, 99, func(r *eventstore.Record) {
				if r.Revision == 9 {
					change(r)
				}
			})
			only(t, look(t, bad, fsck.Options{Genesis: c.Ledger}), "journal", fsck.RuleRecord, 9)
		})
	}
}

// A store that was rolled back, checkpoints and all, is whole: what tells is
// the checkpoint that was kept beside it, and the caches.
func TestAStoreThatCameBackShorter(t *testing.T) {
	c, s, dir := store(t, 20)
	short := altered(t, altered(t, s, eventstore.Journal, 20, func(*eventstore.Record) {}), eventstore.Checkpoints, 19, func(*eventstore.Record) {})
	if r := look(t, short, fsck.Options{Genesis: c.Ledger}); len(r.Bad) > 0 || r.Size != 20 {
		t.Errorf("without its caches it should look whole: %v", r.Bad)
	}
	r := look(t, short, fsck.Options{Genesis: c.Ledger, Dir: dir})
	rules := map[string]bool{}
	for _, f := range r.Bad {
		rules[f.Part+" "+f.Rule] = true
	}
	if !rules["mark archive.pin"] || !rules["snapshot cache.ahead"] || !rules["hashes cache.ahead"] {
		t.Errorf("got %v", r.Bad)
	}
}

func TestCachesAreCompared(t *testing.T) {
	c, s, dir := store(t, 20)
	for _, x := range []struct {
		file, part, rule string
		index            uint64
		change           func([]byte) []byte
	}{
		{ledger.HashesFile, "hashes", fsck.RuleHashes, 8, func(b []byte) []byte { b[32*15] ^= 1; return b }},
		{ledger.SnapshotFile, "snapshot", fsck.RuleSnapshot, 0, func(b []byte) []byte { b[len(b)/2] ^= 1; return b }},
		{ledger.MarkFile, "mark", fsck.RuleMark, 27, otherSignature},
		{ledger.MarkFile, "mark", fsck.RuleMark, 0, func([]byte) []byte { return []byte("nothing") }},
	} {
		bad := t.TempDir()
		must(t, os.CopyFS(bad, os.DirFS(dir)))
		data, err := os.ReadFile(filepath.Join(bad, x.file))
		must(t, err)
		must(t, os.WriteFile(filepath.Join(bad, x.file), x.change(data), 0o600))
		only(t, look(t, s, fsck.Options{Genesis: c.Ledger, Dir: bad}), x.part, x.rule, x.index)
	}
}

// otherSignature changes a digit of the signature that ends a note to another
// digit: the note stays well formed.
func otherSignature(b []byte) []byte {
	digit := &b[len(b)-9]
	if *digit == 'A' {
		*digit = 'B'
	} else {
		*digit = 'A'
	}
	return b
}

// A checkpoint that the store should hold, and an unsigned tail.
func TestCheckpointsOfAStore(t *testing.T) {
	c, s, _ := store(t, 5)
	r := look(t, s, fsck.Options{Genesis: c.Ledger, Pins: []translog.Checkpoint{{Origin: c.Log.Name(), Size: 5, Root: domain.Hash{1}}}})
	only(t, r, "mark", "archive.pin", 5)
	unsigned := altered(t, s, eventstore.Checkpoints, 8, func(*eventstore.Record) {})
	if r := look(t, unsigned, fsck.Options{Genesis: c.Ledger}); len(r.Bad) > 0 || r.Tail != 4 {
		t.Errorf("a tail that a crash left: %d unsigned, %v", r.Tail, r.Bad)
	}
	stale := altered(t, s, eventstore.Checkpoints, 99, func(r *eventstore.Record) {
		if r.Revision == 6 {
			otherSignature(r.Data)
		}
	})
	if r := look(t, stale, fsck.Options{Genesis: c.Ledger}); len(r.Bad) != 1 || r.Bad[0].Rule != "archive.signed" || r.Bad[0].Index > 7 {
		t.Errorf("got %v", r.Bad)
	}
}
