package seal

import (
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// sized returns an envelope of about 1.4 KB, a usual designation.
func sized(b *testing.B, k *PrivateKey) *Envelope {
	b.Helper()
	return mustSign(b, testHeader(), `{"note":"`+strings.Repeat("x", 570)+`"}`, k)
}

func BenchmarkParse(b *testing.B) {
	e := sized(b, newKey(b, domain.AlgEd25519))
	b.SetBytes(int64(len(e.Raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(e.Raw); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVerify is what admission pays: Parse and Verify.
func BenchmarkVerify(b *testing.B) {
	for _, a := range algorithms {
		b.Run(strings.ToLower(a), func(b *testing.B) {
			k := newKey(b, a)
			e := sized(b, k)
			public := k.Public()
			b.SetBytes(int64(len(e.Raw)))
			b.ReportAllocs()
			for b.Loop() {
				parsed, err := Parse(e.Raw)
				if err == nil {
					err = parsed.Verify(public)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSign(b *testing.B) {
	k := newKey(b, domain.AlgEd25519)
	for b.Loop() {
		mustSign(b, testHeader(), testPayload, k)
	}
}
