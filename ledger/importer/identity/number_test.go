package identity

import (
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func TestRead(t *testing.T) {
	for _, c := range []struct{ kind, scheme, printed, want string }{
		{"vessel", "imo", "IMO 9159787", "imo 9159787"},
		{"vessel", "imo", "9159780", ""},
		{"entity", "imo", "5342883", "imo_company 5342883"},
		{"entity", "imo", "1790183", "imo 1790183, imo_company 1790183"},
		{"vessel", "imo", "5342883", ""},
		{"person", "passport", "PS 472-330 208", "passport PS472330208"},
		{"person", "passport", "C17HLRL3", "passport C17HLRL3"},
		{"person", "passport", "403062567 (US)", "passport 403062567 US"},
		{"person", "passport", "R00012098, South Sudan", "passport R00012098 SS"},
		{"person", "passport", "Diplomatic Passport D009889", "passport D009889"},
		{"person", "passport", "unknown", ""},
		{"person", "passport", "00000000", ""},
		{"person", "national_id", "Afghan national identification card (tazkira) number 4414", ""},
		{"person", "national_id", "SSDSBN68B10Z352F", "national_id SSDSBN68B10Z352F"},
		{"entity", "lei", "5493001KJTIIGC8Y1R12", "lei 5493001KJTIIGC8Y1R12"},
		{"entity", "lei", "5493001KJTIIGC8Y1R13", ""},
		{"entity", "swift", "DCBKKPPYXXX", "swift DCBKKPPY"},
		{"entity", "registration", "12345", ""},
		{"person", "un_ref", " KPi .001", "un_ref KPi.001"},
		{"person", "call_sign", "9HEU9", ""},
	} {
		got := ""
		for _, n := range read(c.kind, domain.Identifier{Scheme: c.scheme, Value: c.printed}) {
			if got != "" {
				got += ", "
			}
			got += n.scheme + " " + n.value
			if n.country != "" {
				got += " " + string(n.country)
			}
		}
		if got != c.want {
			t.Errorf("%s %q: %q, want %q", c.scheme, c.printed, got, c.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"9159787", "Libyan Passport No. 96/184442", "R1, South Sudan", "0xAB", "\xff(", "５４９"} {
		for scheme := range schemes {
			f.Add("entity", scheme, s)
		}
	}
	f.Fuzz(func(t *testing.T, kind, scheme, printed string) {
		for _, n := range read(kind, domain.Identifier{Scheme: scheme, Value: printed}) {
			again := read(kind, domain.Identifier{Scheme: n.scheme, Value: n.value, Country: n.country})
			if !bears(again, n) {
				t.Fatalf("%s %q reads as %+v, and that as %+v", scheme, printed, n, again)
			}
			if contradicts([]number{n}, []number{n}) {
				t.Fatalf("%+v contradicts itself", n)
			}
		}
	})
}
