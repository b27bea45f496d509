package witness

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// cosignedBy adds cosignatures to a checkpoint at the times given.
func cosignedBy(t testing.TB, checkpoint []byte, keys []*Signer, times ...int64) []byte {
	t.Helper()
	text, lines, err := translog.SplitNote(checkpoint)
	if err != nil {
		t.Fatal(err)
	}
	for i, at := range times {
		lines = append(lines, keys[i].Cosign(text, at))
	}
	return translog.JoinNote(text, lines...)
}

func TestTheTimeIsTheMedianOfThoseThatCount(t *testing.T) {
	log := newLog(t)
	keys, lines := members(t, 5)
	checkpoint := log.grow(t, 9)
	for _, row := range []struct {
		rule  string
		times []int64
		want  int64
	}{
		{"group q 3 a b c d e\nquorum q", []int64{30, 10, 20}, 20},
		{"group q 3 a b c d e\nquorum q", []int64{30, 10, 20, 9999999}, 20},
		{"group q 3 a b c d e\nquorum q", []int64{1, 1, 100, 101, 102}, 100},
		{"group q any a b c\nquorum q", []int64{10, 30, 20, 1, 1}, 20}, // d and e do not count
		{"quorum c", []int64{1, 2, 3}, 3},
	} {
		c, err := mustPolicy(t, lines+row.rule).Open(cosignedBy(t, checkpoint, keys, row.times...), testOrigin, log.key)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := c.Time(); !ok || got != row.want {
			t.Errorf("%+v: got %d, %v", row, got, ok)
		}
	}
	c, err := mustPolicy(t, lines+"quorum none").Open(checkpoint, testOrigin, log.key)
	if _, ok := c.Time(); ok || err != nil {
		t.Errorf("without witnesses there is no time: %v", err)
	}
	c, err = mustPolicy(t, lines+"group q 3 a b c\nquorum q").Merge(cosignedBy(t, checkpoint, keys, 5, 6), testOrigin, nil, log.key)
	if _, ok := c.Time(); ok || err != nil || c.Satisfied {
		t.Errorf("with too few there is no time: %v", err)
	}
}

func TestACosignedCheckpointHasOneForm(t *testing.T) {
	log := newLog(t)
	keys, lines := members(t, 3)
	p := mustPolicy(t, lines+"group q 2 a b c\nquorum q")
	checkpoint := log.grow(t, 9)
	text, own, _ := translog.SplitNote(checkpoint)
	late, early, c, other := keys[0].Cosign(text, 20), keys[0].Cosign(text, 10), keys[2].Cosign(text, 5), testKey(t, "x").Cosign(text, 1)
	want := string(translog.JoinNote(text, own[0], late, c))
	got, err := p.Merge(translog.JoinNote(text, other, c, own[0]), testOrigin, []translog.SignatureLine{late, early, c}, log.key)
	if err != nil || string(got.Note) != want {
		t.Fatalf("%v: got\n%swant\n%s", err, got.Note, want)
	}
	names := slices.Collect(func(yield func(string) bool) {
		for _, by := range got.Cosignatures {
			yield(by.Witness)
		}
	})
	if !slices.Equal(names, []string{"a", "c"}) {
		t.Errorf("got %v", names)
	}
	again, err := p.Open(got.Note, testOrigin, log.key)
	if err != nil || string(again.Note) != want {
		t.Errorf("again: %v\n%s", err, again.Note)
	}
}

func TestOpenRefusesTooFewFalseAndForeign(t *testing.T) {
	log, stranger := newLog(t), newLog(t)
	keys, lines := members(t, 3)
	p := mustPolicy(t, lines+"group q 2 a b c\nquorum q")
	checkpoint := log.grow(t, 9)
	good := cosignedBy(t, checkpoint, keys, 1, 2)
	_, err := p.Open(cosignedBy(t, checkpoint, keys, 1), testOrigin, log.key)
	if !errors.Is(err, ErrQuorum) {
		t.Errorf("one of two: %v", err)
	}
	if _, err := p.Open(good, testOrigin, stranger.key); !errors.Is(err, translog.ErrSignature) {
		t.Errorf("of a stranger: %v", err)
	}
	if _, err := p.Open(good, testOrigin); !errors.Is(err, translog.ErrSignature) {
		t.Errorf("with no key of a log: %v", err)
	}
	if _, err := p.Open(good, "other.example", log.key); err == nil {
		t.Error("another origin is accepted")
	}
	of8 := cosignedBy(t, log.checkpoint(t, 8), keys, 1, 2)
	_, moved, _ := translog.SplitNote(of8)
	text, own, _ := translog.SplitNote(checkpoint)
	if _, err := p.Open(translog.JoinNote(text, own[0], moved[1], moved[2]), testOrigin, log.key); !errors.Is(err, translog.ErrSignature) || !strings.Contains(err.Error(), "cosignature of a") {
		t.Errorf("cosignatures of another checkpoint: %v", err)
	}
}
