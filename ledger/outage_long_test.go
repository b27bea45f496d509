package ledger_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coalition-ledger/coalition-ledger/ledger"
)

// The store is away for two minutes, of all three replicas: they serve what
// they had and say that writes must wait; within five seconds of its return
// each takes posts again, and nothing acknowledged is lost or doubled. Time is
// simulated, so every wait of every loop is waited out.
func TestTwoMinutesWithoutTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, "a", "b", "c")
		envelopes := c.Actions(40)
		before := make([]ledger.Receipt, 20)
		for i := range before {
			before[i] = c.Must(c.node(c.names[i%3]), envelopes[i])
		}
		size := c.settled(t)
		links := []string{"a>store", "store>a", "b>store", "store>b", "c>store", "store>c"}
		c.set(true, links...)
		began := time.Now()
		for i := 0; time.Since(began) < 2*time.Minute; i++ {
			name := c.names[i%3]
			if r, err := c.node(name).Submit(t.Context(), envelopes[20]); !errors.Is(err, ledger.ErrNotReady) {
				t.Fatalf("after %s %s answered %+v, %v; want not ready", time.Since(began), name, r, err)
			}
			if got := c.node(name).Size(); got != size {
				t.Fatalf("after %s %s serves %d events, want %d", time.Since(began), name, got, size)
			}
			time.Sleep(time.Second)
		}
		c.set(false, links...)
		for i, name := range c.names {
			back := time.Now()
			mustInsist(t, c.node(name), envelopes[20+i])
			if took := time.Since(back); took > 5*time.Second {
				t.Errorf("%s takes posts %s after the store came back, want within 5 s", name, took)
			}
		}
		if after := c.settled(t); after != size+3 {
			t.Errorf("%d events, want %d", after, size+3)
		}
		for i, r := range before {
			if again := c.Must(c.node("b"), envelopes[i]); !again.Replayed || again.Index != r.Index || again.Leaf != r.Leaf {
				t.Errorf("event %d is now recorded as %d", r.Index, again.Index)
			}
		}
		c.closeAll(t)
	})
}
