package witness

import (
	"net/http"
	"testing"
	"time"
)

// A round of seven witnesses over HTTP on this machine, each with its fsync,
// until five have cosigned a checkpoint of one more leaf.
func BenchmarkGatherFiveOfSeven(b *testing.B) {
	log := newLog(b)
	log.grow(b, 1000)
	var all []*testWitness
	for range 7 {
		all = append(all, newWitness(b, "w", log.key))
	}
	p := mustPolicy(b, policyText(5, all...))
	g := NewGatherer(Options{HTTP: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}}, Patience: 10 * time.Second, Clock: time.Now})
	defer g.Close()
	b.ResetTimer()
	for size := uint64(1001); b.Loop(); size++ {
		log.grow(b, size)
		if _, err := g.Gather(b.Context(), round(b, p, log, size)); err != nil {
			b.Fatal(err)
		}
	}
}
