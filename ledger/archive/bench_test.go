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
)

var benchEvents = flag.Int("events", 20_000, "events of the archive that BenchmarkVerifyArchive verifies")

// BenchmarkVerifyArchive verifies a generated archive of -events statements
// that stands in a file, and says beside it how fast the cores could go if
// there were only parsing, decoding and signatures. B/event is by how much the
// heap grew, from a tenth of the archive to its end.
func BenchmarkVerifyArchive(b *testing.B) {
	path, genesis := generated(b, *benchEvents)
	var early, late uint64
	for b.Loop() {
		hashes, done, err := ScratchHashes()
		must(b, err)
		f, err := os.Open(path)
		must(b, err)
		early = 0
		r, err := Verify(b.Context(), f, Options{Genesis: genesis, Hashes: hashes, Progress: func(n uint64) {
			if early == 0 && n >= uint64(*benchEvents)/10 {
				early = heap()
			}
		}})
		must(b, err)
		late = heap()
		runtime.KeepAlive(r)
		must(b, f.Close())
		done()
	}
	perSecond := float64(b.N) * float64(*benchEvents) / b.Elapsed().Seconds()
	limit := limitOf(b, path)
	b.ReportMetric(perSecond, "events/s")
	b.ReportMetric(limit, "limit-events/s")
	b.ReportMetric(100*perSecond/limit, "%-of-limit")
	b.ReportMetric(float64(late-min(early, late))/(0.9*float64(*benchEvents)), "B/event")
	b.ReportMetric(float64(late)/(1<<20), "MiB-heap")
}

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
