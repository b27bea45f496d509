package ledger_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// Many clients send good events, repetitions, reused ids, forged signatures,
// keys registered and used at the same moment; then everything is audited.
func TestStressIsAuditable(t *testing.T) {
	for _, split := range []bool{false, true} {
		for seed := range uint64(2) {
			stress(t, split, seed)
		}
	}
}

func stress(t *testing.T, split bool, seed uint64) {
	c := ledgertest.Found(t, "XA", "XB", "XC")
	store := &faulty{Store: eventstore.Memory(), split: split}
	l := c.Open(store, t.TempDir())
	c.Seat(l)
	const clients = 16
	envelopes := traffic(t, c, rand.New(rand.NewPCG(seed, 1)), 250)
	answers := make([]answered, len(envelopes))
	var wg sync.WaitGroup
	for n := range clients {
		wg.Go(func() {
			for i := n; i < len(envelopes); i += clients {
				r, err := l.Submit(context.Background(), envelopes[i])
				answers[i] = answered{envelopes[i], r, err}
			}
		})
	}
	wg.Wait()
	first, recorded, refusals, repeats := map[string]uint64{}, 0, 0, 0
	for i, a := range answers {
		var refused *ledger.Refused
		switch {
		case errors.As(a.err, &refused):
			refusals++
			continue
		case a.err != nil:
			t.Fatalf("seed %d, event %d: %v", seed, i, a.err)
		}
		at, seen := first[string(a.envelope)]
		if seen && at != a.receipt.Index {
			t.Fatalf("one envelope was recorded at %d and %d", at, a.receipt.Index)
		}
		first[string(a.envelope)] = a.receipt.Index
		if a.receipt.Replayed {
			repeats++
		} else {
			recorded++
		}
	}
	if recorded == 0 || refusals == 0 || repeats == 0 || l.Size() != 10+uint64(recorded) || len(first) != recorded {
		t.Fatalf("%d recorded, %d distinct, %d refused, %d repeated, size %d", recorded, len(first), refusals, repeats, l.Size())
	}
	audit(t, c, l, store, answers)
}

func traffic(t *testing.T, c *ledgertest.Coalition, rnd *rand.Rand, n int) [][]byte {
	t.Helper()
	var out [][]byte
	for len(out) < n {
		m := c.Members[rnd.IntN(len(c.Members))]
		good := c.Sign(m, "enforcement.action_taken", ledgertest.Action(len(out)))
		switch rnd.IntN(8) {
		case 0: // the same again, at about the same time
			out = append(out, good, good, good)
		case 1: // something else under the same id
			out = append(out, good, reuse(t, good, c.Desks[m]))
		case 2: // in another member's name
			out = append(out, c.SignWith(c.Roots[m], ledgertest.Desk(m), "enforcement.action_taken", ledgertest.Action(len(out))))
		case 3: // the signature of another event
			other := string(c.Sign(m, "enforcement.action_taken", ledgertest.Action(len(out))))
			out = append(out, []byte(string(good[:strings.LastIndexByte(string(good), '.')])+other[strings.LastIndexByte(other, '.'):]))
		case 4: // a key and its first use race
			k, err := seal.GenerateKey("Ed25519")
			if err != nil {
				t.Fatal(err)
			}
			desk := ledgertest.Desk(m)
			out = append(out, c.SignRoot(m, "key.registered", domain.KeyRegistered{Agency: desk, Key: k.Public(), Proof: k.Possession(c.Ledger, desk)}),
				c.SignWith(k, desk, "enforcement.action_taken", ledgertest.Action(len(out))))
		default:
			out = append(out, good)
		}
	}
	return out
}

// reuse signs other content under an envelope's id.
func reuse(t *testing.T, envelope []byte, k *seal.PrivateKey) []byte {
	t.Helper()
	e, err := seal.Parse(envelope)
	if err != nil {
		t.Fatal(err)
	}
	other, err := seal.Sign(e.Header, []byte(strings.Replace(string(e.Payload), "125000.50", "1.00", 1)), k)
	if err != nil {
		t.Fatal(err)
	}
	return other.Raw
}
