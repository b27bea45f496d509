package domain

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestValidIMO(t *testing.T) {
	for value, want := range map[string]bool{
		"9074729": true, "8703385": true, "9074720": false, "9704729": false, "0000000": false, "0074729": false,
		"": false, "907472": false, "90747290": false, "IMO9074729": false, "907472x": false, "９０７４７２９": false, " 9074729": false,
	} {
		if got := ValidIMO(value); got != want {
			t.Errorf("ValidIMO(%q) = %v, want %v", value, got, want)
		}
	}
}

// Six digits have one check digit.
func TestIMOCheckDigitItself(t *testing.T) {
	for d := '0'; d <= '9'; d++ {
		if got, want := ValidIMO("907472"+string(d)), d == '9'; got != want {
			t.Errorf("check digit %c: %v, want %v", d, got, want)
		}
	}
}

func TestDateValid(t *testing.T) {
	for d, want := range map[Date]bool{
		"2017": true, "2017-06": true, "2017-06-05": true, "2024-02-29": true,
		"": false, "2023-02-29": false, "2017-13": false, "2017-00": false, "2017-6-5": false, "17-06-05": false,
		"2017-06-5 ": false, "2017/06/05": false, "2017-06-31": false, "abcd": false, "２０": false, "2017-06-05T00:00": false,
	} {
		if got := d.Valid(); got != want {
			t.Errorf("%q valid: %v, want %v", d, got, want)
		}
	}
}

func TestDateBounds(t *testing.T) {
	for _, c := range []struct{ d, earliest, latest Date }{
		{"2017", "2017-01-01", "2017-12-31"},
		{"2024-02", "2024-02-01", "2024-02-29"},
		{"2023-02", "2023-02-01", "2023-02-28"},
		{"2017-12", "2017-12-01", "2017-12-31"},
		{"2017-06-05", "2017-06-05", "2017-06-05"},
		{"", "", ""},
	} {
		if e, l := c.d.Earliest(), c.d.Latest(); e != c.earliest || l != c.latest {
			t.Errorf("%q runs from %q to %q, want %q to %q", c.d, e, l, c.earliest, c.latest)
		}
	}
	if got := DaysBetween("2017-06-02", "2017-07-28"); got != 56 {
		t.Errorf("56 days, got %d", got)
	}
	if got := DaysBetween("2024-03-01", "2024-02-28"); got != -2 {
		t.Errorf("over a leap day backwards: %d, want -2", got)
	}
	if Date("2017-06").OnOrBefore("2017-06-29") || !Date("2017-06").OnOrBefore("2017-06-30") || Date("").OnOrBefore("2017") {
		t.Error("a month is over on its last day, and no date is never over")
	}
}

func TestCountryValid(t *testing.T) {
	for c, want := range map[Country]bool{
		"JP": true, "GB": true, "EU": true, "UN": true, "KP": true, "TW": true, "XK": true, "SX": true,
		"AA": true, "ZZ": true, "QM": true, "QZ": true, "XA": true, "XZ": true,
		"UK": false, "EL": false, "SU": false, "QL": false, "ZA ": false, "jp": false, "Jp": false, "": false, "J": false, "JPN": false, "X1": false, "Xa": false, "| ": false, "|A": false, "D|": false,
	} {
		if got := c.Valid(); got != want {
			t.Errorf("%q valid: %v, want %v", c, got, want)
		}
	}
	for c, want := range map[Country]bool{"AA": true, "XA": true, "QM": true, "ZZ": true, "XK": false, "QA": false, "JP": false, "UK": false, "X": false} {
		if got := c.UserAssigned(); got != want {
			t.Errorf("%q stands for nobody real: %v, want %v", c, got, want)
		}
	}
}

func TestCountryNamesAndCodesAgree(t *testing.T) {
	n := 0
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			c := Country(string(a) + string(b))
			name := CountryName(c)
			if name == "" {
				continue
			}
			n++
			if got, ok := CountryByName(" " + strings.ToUpper(name) + " "); !ok || got != c {
				t.Errorf("%s is called %q, which finds %q", c, name, got)
			}
		}
	}
	if n != 249+3 { // ISO 3166-1, EU, UN, XK
		t.Errorf("%d codes have a name, want 252", n)
	}
	for name, want := range map[string]Country{"North Korea": "KP", "Iran (Islamic Republic of)": "IR", "Burma": "MM", "Atlantis": "", "": "", "|": ""} {
		if got, ok := CountryByName(name); got != want || ok != (want != "") {
			t.Errorf("%q finds %q, want %q", name, got, want)
		}
	}
	if states := strings.Count(euJoined, "-01-01|") + strings.Count(euJoined, "-05-01|") + strings.Count(euJoined, "-07-01|"); states != 27+1 || !Country("HR").EUMember() || Country("GB").EUMember() || Country("EU").EUMember() {
		t.Errorf("the European Union has 27 states, and one left: got %d", states)
	}
}

func TestMoney(t *testing.T) {
	nines := strings.Repeat("9", 18)
	for amount, want := range map[string]bool{
		"0": true, "1": true, "0.5": true, "99.50": true, nines: true, nines + ".12345678": true, "0.00000001": true,
		"": false, "-1": false, "+1": false, "1e3": false, "1E3": false, "NaN": false, "Inf": false, "01": false, "00": false, "00.5": false,
		".5": false, "1.": false, "1.2.3": false, "1,000": false, "1_000": false, " 1": false, "1 ": false, "0x10": false, "1/2": false,
		nines + "9": false, "1.123456789": false, "１": false,
	} {
		r := Money{Amount: amount, Currency: "EUR"}.check("amount")
		if got := r == nil; got != want {
			t.Errorf("amount %q: %v, want %v", amount, r, want)
		}
	}
	for currency, want := range map[string]bool{"EUR": true, "KPW": true, "eur": false, "": false, "EU": false, "EURO": false, "ABC": false, "R E": false, "EUR USD": false, " EU": false} {
		if got := (Money{Amount: "1", Currency: currency}).check("amount") == nil; got != want {
			t.Errorf("currency %q: %v, want %v", currency, got, want)
		}
	}
}

func TestDecimalsAreAddedExactly(t *testing.T) {
	sum := decimal("0.1")
	sum.Add(sum, decimal("0.2"))
	if got := plain(sum); got != "0.3" {
		t.Errorf("0.1 and 0.2 are %s", got)
	}
	for in, want := range map[string]string{"": "0", "100": "100", "100.50": "100.5", "1e999999999": "0"} {
		if got := plain(decimal(in)); got != want {
			t.Errorf("%q reads %s, want %s", in, got, want)
		}
	}
}

func TestAgencyID(t *testing.T) {
	for id, want := range map[AgencyID]bool{
		"JP/mof": true, "XA/root": true, "EU/a-1": true, AgencyID("JP/" + strings.Repeat("a", 32)): true,
		"": false, "JP": false, "JP/": false, "/mof": false, "UK/fcdo": false, "JP/MOF": false, "JP/a/b": false, "JP/-a": false, "JP/a-": false, "JP/a b": false, "JP/é": false, "jp/mof": false,
		AgencyID("JP/" + strings.Repeat("a", 33)): false,
	} {
		if got := id.Valid(); got != want {
			t.Errorf("%q valid: %v, want %v", id, got, want)
		}
	}
}

func TestParseHash(t *testing.T) {
	h := sum("x", 1)
	if got, err := ParseHash(h.String()); err != nil || got != h {
		t.Errorf("got %v, %v", got, err)
	}
	for _, bad := range []string{"", h.String()[1:], h.String() + "0", strings.ToUpper(h.String()), "g" + h.String()[1:]} {
		if _, err := ParseHash(bad); err == nil {
			t.Errorf("%q is read as a hash", bad)
		}
	}
}

// It is already tomorrow in Wellington: 14 hours ahead, and not a microsecond more.
func TestOccurredOnIsBoundedAtFourteenHours(t *testing.T) {
	l := listed(t)
	edge := time.Date(2026, 1, 9, 10, 0, 0, 0, time.UTC).UnixMicro()
	at := func(us int64) func(*Fact) {
		return func(f *Fact) { f.RecordedAt, f.ExpiresAt = us, us/1e6+60 }
	}
	on := func(d string) string { return strings.Replace(penalty, "2026-01-04", d, 1) }
	l.expect("", "XA/mof", "enforcement.action_taken", on("2026-01-10"), at(edge))
	l.expect("occurred_on.future", "XA/mof", "enforcement.action_taken", on("2026-01-10"), at(edge-1))
	l.expect("occurred_on.future", "XA/mof", "enforcement.action_taken", on("2026-01-11"), at(edge))
	l.expect("", "XA/mof", "enforcement.action_taken", on("2026-01"), at(edge)) // some day of this month
	l.expect("", "XA/mof", "enforcement.action_taken", on("2026"), at(edge))
	l.expect("occurred_on.future", "XA/mof", "enforcement.action_taken", on("2026-02"), at(edge))
}

func TestOtherDatesMayLieAhead(t *testing.T) {
	l := listed(t)
	l.expect("", "XB/mof", "designation.transposed", `{"designation":"XU:1","member":"XB","published_on":"2031","notice_on":"2030-01-01","in_force_on":"2030-06-01"}`)
	l.expect("", "XB/mof", "implementation.declared", `{"regime":"XU-1","member":"XB","mode":"own_act","valid_from":"2030","valid_to":"2040"}`)
}

func TestEnvelopeExpiresAtItsSecond(t *testing.T) {
	l := listed(t)
	exp := func(at int64) func(*Fact) { return func(f *Fact) { f.RecordedAt, f.ExpiresAt = at, 1800000000 } }
	l.expect("", "XA/mof", "asset.frozen", freeze, exp(1800000000e6-1))
	l.expect("envelope.expired", "XA/mof", "asset.frozen", freeze, exp(1800000000e6))
	l.expect("", "XA/mof", "asset.frozen", freeze, func(f *Fact) { f.ExpiresAt = 1 << 62 })
}

func TestTypesAreDefinedOnce(t *testing.T) {
	all := slices.Concat(governanceKinds, memberKinds, proposalKinds, decisionKinds, keyKinds, listKinds, designationKinds, linkKinds, enforcementKinds, aboutKinds, voidingKinds, encryptionKeyKinds, sealedKinds,
		importKinds, maritimeKinds, goodsKinds, financeKinds, licenceKinds,
		peopleKinds, caseKinds, violationKinds, courtKinds, complianceKinds, mandateKinds, integrityKinds)
	if len(all) != len(Types()) {
		t.Errorf("%d definitions for %d types", len(all), len(Types()))
	}
	for _, name := range Types() {
		if body, version, ok := New(name); !ok || body == nil || version < 1 {
			t.Errorf("New(%q) = %v, %d, %v", name, body, version, ok)
		}
	}
	if _, _, ok := New("no.such"); ok {
		t.Error("New knows a type that does not exist")
	}
}
