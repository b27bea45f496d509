package api

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// FuzzBulkBody reads any bytes as a bulk: it ends, and what it takes out of a
// cut line is a whole envelope.
func FuzzBulkBody(f *testing.F) {
	good := ledgertest.Found(f, "XA").Genesis
	f.Add(append(bytes.Clone(good), '\n'))
	f.Add([]byte("{\"envelope\":\"" + string(good) + "\"}"))
	f.Add([]byte("{\n\r\n{}\n[]"))
	f.Fuzz(func(t *testing.T, body []byte) {
		in := bufio.NewReaderSize(bytes.NewReader(body), 4096)
		for n := 0; ; n++ {
			line, err := readLine(in)
			if errors.Is(err, io.EOF) {
				return
			}
			if n > len(body) {
				t.Fatal("it does not end")
			}
			if len(line) == 0 && err == nil {
				continue
			}
			raw, perr := envelopeOf(line, err)
			if _, serr := seal.Parse(raw); errors.Is(err, errCut) && perr == nil && serr != nil {
				t.Fatalf("a cut line was taken: %q", line)
			}
			if errors.Is(err, errCut) {
				return
			}
		}
	})
}

// BenchmarkBulk posts signed events in one stream to a real server: verified,
// admitted, recorded in memory, each with its receipt.
func BenchmarkBulk(b *testing.B) {
	f := newFixture(b)
	var body bytes.Buffer
	for i := range b.N {
		body.Write(append(f.c.Sign("XA", "enforcement.action_taken", testAction(i)), '\n'))
	}
	f.server.limits.BulkBytes = int64(body.Len()) + 1
	b.SetBytes(int64(body.Len() / b.N))
	b.ResetTimer()
	results := f.bulk(&body)
	b.StopTimer()
	for _, r := range results {
		if r.Status != 201 {
			b.Fatalf("got %+v", r)
		}
	}
	b.ReportMetric(float64(len(results))/b.Elapsed().Seconds(), "events/s")
}
