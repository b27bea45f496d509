package main

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/api/client"
)

// An archive takes cosigned checkpoints that stand ten seconds apart, and the
// newest in any case.
func TestArchivesTakeCosignedCheckpointsApart(t *testing.T) {
	broken := errors.New("the connection broke")
	kept := func(yield func(client.Cosigned, error) bool) {
		for _, size := range []uint64{3, 4, 5, 7, 8, 9} {
			if !yield(client.Cosigned{Size: size, Note: fmt.Sprint(size)}, nil) {
				return
			}
		}
		yield(client.Cosigned{}, broken)
	}
	c := &cosignatures{}
	c.next, c.stop = iter.Pull2(kept)
	defer c.stop()
	if err := c.pull(); err != nil {
		t.Fatal(err)
	}
	var got []string
	for size := uint64(1); size <= 8; size++ { // a leaf every four seconds; 9 is beyond what is copied
		note, err := c.due(size, int64(size)*4_000_000, 8)
		if err != nil {
			t.Fatal(err)
		}
		if note != nil {
			got = append(got, string(note))
		}
	}
	if want := []string{"3", "7", "8"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if _, err := c.due(9, 36_000_000, 9); !errors.Is(err, broken) {
		t.Errorf("got %v, want what broke", err)
	}
}
