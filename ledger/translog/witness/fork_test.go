package witness

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

func TestAForkIsProvenWithTheLogsKeyAlone(t *testing.T) {
	log := newLog(t)
	log.grow(t, 40)
	fork := log.other(t, 5)
	fork.grow(t, 40)
	for _, sizes := range [][2]uint64{{6, 6}, {7, 30}, {8, 30}, {16, 17}, {32, 40}} {
		older, newer := sizes[0], sizes[1]
		var prefix *domain.Hash
		var proof []domain.Hash
		if older != newer {
			r := root(t, fork, older)
			prefix, proof = &r, fork.proof(t, older, newer)
		}
		f, err := ProveFork(fork.checkpoint(t, newer), log.checkpoint(t, older), prefix, proof)
		if err != nil {
			t.Fatalf("%v: %v", sizes, err)
		}
		read, err := ParseFork(f.Text())
		if err != nil || !bytes.Equal(read.Text(), f.Text()) {
			t.Fatalf("%v: %v\n%s", sizes, err, f.Text())
		}
		if err := read.Verify(log.key); err != nil {
			t.Errorf("%v: %v", sizes, err)
		}
		if err := read.Verify(newLog(t).key); !errors.Is(err, translog.ErrSignature) {
			t.Errorf("%v: under another key: %v", sizes, err)
		}
		if err := read.Verify(); !errors.Is(err, translog.ErrSignature) {
			t.Errorf("%v: without a key: %v", sizes, err)
		}
	}
}

func TestNobodyIsAccusedWithoutProof(t *testing.T) {
	log := newLog(t)
	log.grow(t, 40)
	fork := log.other(t, 5)
	fork.grow(t, 40)
	a, b := log.checkpoint(t, 9), log.checkpoint(t, 30)
	honest, wrong := root(t, log, 9), root(t, fork, 9)
	elsewhere := sign(t, translog.Checkpoint{Origin: "elsewhere.example", Size: 9}, "elsewhere.example")
	for name, row := range map[string]struct {
		a, b   []byte
		prefix *domain.Hash
		proof  []domain.Hash
		want   error
	}{
		"the same twice":         {a, a, nil, nil, ErrNoFork},
		"of one history":         {a, b, &honest, log.proof(t, 9, 30), ErrNoFork},
		"of two logs":            {a, []byte(elsewhere), nil, nil, ErrNoFork},
		"a made-up prefix":       {a, b, &wrong, log.proof(t, 9, 30), translog.ErrProof},
		"a proof of another":     {a, b, &wrong, fork.proof(t, 9, 30), translog.ErrProof},
		"no checkpoint":          {a, []byte("x"), nil, nil, translog.ErrMalformed},
		"no checkpoint, swapped": {[]byte("x"), a, nil, nil, translog.ErrMalformed},
	} {
		if _, err := ProveFork(row.a, row.b, row.prefix, row.proof); !errors.Is(err, row.want) {
			t.Errorf("%s: got %v, want %v", name, err, row.want)
		}
	}
	f, err := ProveFork(a, fork.checkpoint(t, 30), nil, nil)
	if err != nil || !errors.Is(f.Verify(log.key), ErrUndecided) || !strings.Contains(f.Verify(log.key).Error(), "from 9 to 30") {
		t.Errorf("two sizes without proof: %v, %v", err, f.Verify(log.key))
	}
	if err := (Fork{Older: b, Newer: a}).Verify(log.key); !errors.Is(err, translog.ErrMalformed) {
		t.Errorf("in the wrong order: %v", err)
	}
}

func FuzzParseFork(f *testing.F) {
	log := newLog(f)
	log.grow(f, 40)
	fork := log.other(f, 5)
	fork.grow(f, 40)
	r := root(f, fork, 9)
	for _, e := range []Fork{
		{Older: log.checkpoint(f, 9), Newer: fork.checkpoint(f, 9)},
		{Older: log.checkpoint(f, 9), Newer: fork.checkpoint(f, 30), Prefix: &r, Proof: fork.proof(f, 9, 30)},
	} {
		f.Add(e.Text())
	}
	f.Add([]byte(forkHeader + "\n\na\n\nb\n\nc\n\nd\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		e, err := ParseFork(text)
		if err != nil {
			if !errors.Is(err, translog.ErrMalformed) {
				t.Fatalf("got %v", err)
			}
			return
		}
		if !bytes.Equal(e.Text(), text) {
			t.Fatalf("read %q, wrote %q", text, e.Text())
		}
		_ = e.Verify(log.key) // any text is safe
	})
}
