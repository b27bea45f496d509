package archive

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

var benchEvents = flag.Int("events", 20_000, "events of the archive that BenchmarkVerifyArchive verifies")

// BenchmarkVerifyArchive verifies a generated archive of -events statements
// that stands in a file, and says beside it how fast the cores could go if
// there were only parsing, decoding and signatures. With "disk" it is what
// ledger verify --no-views does: what grows with every event stands in a scratch
// folder. "memory" holds what the state keeps in memory, and "views" folds the
// views as well. B/event is by how much the heap grew from a tenth of the
// archive to its end, MiB-tenth and MiB-heap what it was at either.
func BenchmarkVerifyArchive(b *testing.B) {
	path, genesis := generated(b, *benchEvents)
	limit := limitOf(b, path)
	for _, c := range []struct {
		name  string
		spill bool
		views bool
	}{{"disk", true, false}, {"memory", false, false}, {"views", true, true}} {
		b.Run(c.name, func(b *testing.B) {
			var early, late uint64
			for b.Loop() {
				early, late = verified(b, path, genesis, c.spill, c.views)
			}
			n := float64(*benchEvents)
			perSecond := float64(b.N) * n / b.Elapsed().Seconds()
			b.ReportMetric(perSecond, "events/s")
			b.ReportMetric(limit, "limit-events/s")
			b.ReportMetric(100*perSecond/limit, "%-of-limit")
			b.ReportMetric((float64(late)-float64(early))/(n-n/10), "B/event")
			b.ReportMetric(float64(early)/(1<<20), "MiB-tenth")
			b.ReportMetric(float64(late)/(1<<20), "MiB-heap")
		})
	}
}

// verified verifies the archive, and returns the heap at a tenth and at its end.
func verified(b *testing.B, path string, genesis domain.Hash, spill, views bool) (early, late uint64) {
	b.Helper()
	hashes, removeHashes, err := ScratchHashes()
	must(b, err)
	defer removeHashes()
	o := Options{Genesis: genesis, Hashes: hashes, Progress: func(n uint64) {
		if early == 0 && n >= uint64(*benchEvents)/10 {
			early = heap()
		}
	}}
	if spill {
		table, remove, err := ScratchSpill()
		must(b, err)
		defer remove()
		o.Spill = table
	}
	if views {
		o.Views = folded{projections.NewViews()}
	}
	f, err := os.Open(path)
	must(b, err)
	defer f.Close()
	r, err := Verify(b.Context(), f, o)
	must(b, err)
	late = heap()
	runtime.KeepAlive(r)
	runtime.KeepAlive(o)
	return early, late
}

// folded are views of which no digest is asked.
type folded struct{ *projections.Views }

func (folded) Digests() ([]translog.ViewDigest, error) { return nil, nil }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// generated writes an archive of n enforcement actions into a file.
func generated(b *testing.B, n int) (string, domain.Hash) {
	b.Helper()
	path := filepath.Join(b.TempDir(), "generated.archive")
	f, err := os.Create(path)
	must(b, err)
	k := newBook(b)
	w := bufio.NewWriterSize(f, 1<<20)
	flush := func() {
		_, err := k.out.WriteTo(w)
		must(b, err)
	}
	desk, err := seal.GenerateKey(domain.AlgEd25519)
	must(b, err)
	k.agency("mof")
	k.add("XA/root", "key.registered", k.registration("XA/mof", desk), k.root)
	for i := range n - 4 {
		k.events++
		e, err := seal.Sign(domain.Header{
			Issuer: "XA/mof", EventID: fmt.Sprintf("00000000-0000-4000-8000-%012d", k.events), Type: "enforcement.action_taken", Version: 1,
			Ledger: k.genesis, IssuedAt: 1_700_000_000, ExpiresAt: 1_900_000_000,
		}, fmt.Appendf(nil, `{"occurred_on":"2023-11-01","source_ref":{"system":"cases","id":"%d"},"illustrative":true,"kind":"forfeiture","legal_basis":[{"instrument":"Example Act","paragraph":"7"}],"case":"case-%d","note":{"text":"Goods were seized in port; the master was heard and the cargo was sealed.","language":"en"}}`, i, i/10), desk)
		must(b, err)
		k.leaf(int64(1_700_000_001_000_000)+int64(k.w.Next()), e.Raw)
		if i%10_000 == 9_999 {
			must(b, k.w.Checkpoint(k.checkpoint()))
			flush()
		}
	}
	must(b, k.w.Checkpoint(k.checkpoint()))
	flush()
	must(b, w.Flush())
	must(b, f.Close())
	return path, k.genesis
}

// limitOf measures parsing, decoding and signatures alone, on all cores.
func limitOf(b *testing.B, path string) float64 {
	b.Helper()
	f, err := os.Open(path)
	must(b, err)
	defer f.Close()
	var sample [][]byte
	var key domain.PublicKey
	for item, err := range Read(f) {
		must(b, err)
		if item.Checkpoint != nil && len(sample) > 0 || len(sample) == 20_000 {
			break
		}
		if item.Checkpoint != nil {
			continue
		}
		e, err := seal.Parse(item.Leaf.Envelope)
		must(b, err)
		event, refusal := domain.Decode(e.Header, e.Payload)
		if refusal != nil {
			b.Fatal(refusal)
		}
		if r, ok := event.Body.(domain.KeyRegistered); ok {
			key = r.Key
			continue
		}
		if key.Kty != "" {
			sample = append(sample, item.Leaf.Envelope)
		}
	}
	began, rounds := time.Now(), 0
	for ; time.Since(began) < 2*time.Second; rounds++ {
		parallel(len(sample), runtime.GOMAXPROCS(0), func(i int) {
			e, err := seal.Parse(sample[i])
			if err == nil {
				err = e.Verify(key)
			}
			if err != nil {
				b.Error(err)
				return
			}
			if _, refusal := domain.Decode(e.Header, e.Payload); refusal != nil {
				b.Error(refusal)
			}
		})
	}
	return float64(rounds) * float64(len(sample)) / time.Since(began).Seconds()
}
