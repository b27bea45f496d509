package domain

import (
	"strings"
	"testing"
)

// BenchmarkTexts looks through payloads of about 4 KiB for what no text may hold:
// what every admission pays under version 4 of the rules, beside some 3 µs for
// the rest without the signature.
func BenchmarkTexts(b *testing.B) {
	for name, unit := range map[string]string{
		"latin": `{"text":"Fictional Trading Company, Limited"},`, "korean": `{"text":"김철수 무역회사"},`, "japanese": `{"text":"フィクション商事株式会社"},`,
		"arabic": `{"text":"شركة خيالية"},`, "lines": `{"text":"line\nline\nline"},`,
	} {
		list := strings.Repeat(unit, 4096/len(unit))
		payload := []byte(`{"names":[` + strings.TrimSuffix(list, ",") + `]}`)
		if name == "lines" {
			payload = []byte(strings.Replace(string(payload), "names", "notes", 1))
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(payload)))
			for b.Loop() {
				if r := checkTexts(payload); r != nil {
					b.Fatal(r)
				}
			}
		})
	}
}
