package api

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// keyOf returns a desk's key as the API lists it.
func (f *fixture) keyOf(m domain.Country) Key {
	f.t.Helper()
	var got memberKeys
	f.view("/v1/members/"+string(m)+"/keys", &got)
	i := slices.IndexFunc(got.Keys, func(k Key) bool { return k.KeyID == f.c.Desks[m].KeyID() })
	if i < 0 {
		f.t.Fatalf("the desk's key is not listed: %+v", got)
	}
	return got.Keys[i]
}

func TestACompromisedKeyIsShownWithWhatIsClearedAndWhatIsNot(t *testing.T) {
	f := newFixture(t)
	before := f.c.Must(f.ledger, f.c.Sign("XA", "enforcement.action_taken", testAction(1)))
	f.c.Time = f.c.Time.Add(48 * time.Hour)
	other := f.c.Must(f.ledger, f.c.Sign("XB", "enforcement.action_taken", testAction(2)))
	forged := f.c.Must(f.ledger, f.c.Sign("XA", "enforcement.action_taken", testAction(3)))
	if k := f.keyOf("XA"); k.Contested != nil {
		t.Fatalf("a key in good standing: got %+v", k.Contested)
	}
	end := f.c.Must(f.ledger, f.c.Sign("XA", "key.revoked", domain.KeyRevoked{KeyID: f.c.Desks["XA"].KeyID(), CompromisedSince: domain.DateOf(f.c.Time)}))
	f.view("/v1/events?min_index="+itoa(end.Index), &struct{}{})

	k := f.keyOf("XA")
	if c := k.Contested; c == nil || c.ClearedBefore != other.Index || c.From == nil || *c.From != other.Index || c.Until != end.Index || c.RecordedAt.UnixMicro() != other.RecordedAt {
		t.Fatalf("got %+v, want the day to begin at %d", c, other.Index)
	}
	for index, want := range map[uint64]bool{before.Index: false, other.Index: false, forged.Index: true} {
		var page struct {
			Entries []struct {
				Index     uint64 `json:"index"`
				Contested bool   `json:"contested"`
			} `json:"entries"`
		}
		f.view("/v1/events?limit=100", &page)
		for _, e := range page.Entries {
			if e.Index == index && e.Contested != want {
				t.Errorf("event %d: contested %t, want %t", index, e.Contested, want)
			}
		}
	}

	// A key that had ended by that day signed nothing contested.
	f.c.Time = f.c.Time.Add(48 * time.Hour)
	gone := f.c.Must(f.ledger, f.c.Sign("XC", "key.revoked", domain.KeyRevoked{KeyID: f.c.Desks["XC"].KeyID(), CompromisedSince: domain.DateOf(f.c.Time.Add(24 * time.Hour))}))
	f.view("/v1/events?min_index="+itoa(gone.Index), &struct{}{})
	if c := f.keyOf("XC").Contested; c == nil || c.From != nil || c.ClearedBefore != gone.Index+1 {
		t.Errorf("got %+v", c)
	}
}

func itoa(i uint64) string { return strconv.FormatUint(i, 10) }
