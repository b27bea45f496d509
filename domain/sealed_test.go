package domain

import (
	"bytes"
	"crypto/ecdh"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// recipient is the encryption key of that name.
func recipient(name string) string {
	seed := sha256.Sum256([]byte("encryption key of " + name))
	key, err := ecdh.X25519().NewPrivateKey(seed[:])
	if err != nil {
		panic(err)
	}
	return recipientOf(key.PublicKey().Bytes())
}

// recipientOf encodes 32 bytes in Bech32.
func recipientOf(point []byte) string {
	var words []byte
	bits, n := uint(0), 0
	for _, b := range point {
		bits, n = bits<<8|uint(b), n+8
		for ; n >= 5; n -= 5 {
			words = append(words, byte(bits>>(n-5))&31)
		}
	}
	return checksummed(append(words, byte(bits<<(5-n))&31))
}

func checksummed(words []byte) string {
	sum := bech32Sum(1, 3, 3, 3, 0, 1, 7, 5)
	sum = bech32Sum(bech32Sum(sum, words...), make([]byte, 6)...) ^ 1
	text := strings.Builder{}
	text.WriteString("age1")
	for i := range 6 {
		words = append(words, byte(sum>>(5*(5-i)))&31)
	}
	for _, w := range words {
		text.WriteByte(bech32Letters[w])
	}
	return text.String()
}

// tip is a text that is sealed, and its salt.
const tip = "The tip came from a clerk of Example Bank."

var salt = Hash{1, 2, 3}

// item is the JSON of sealed detail; the ciphertext is told apart by n.
func item(n uint64, text string, to ...string) string {
	list := "[]"
	if len(to) > 0 {
		list = `["` + strings.Join(to, `","`) + `"]`
	}
	return fmt.Sprintf(`{"commitment":%q,"ciphertext":%q,"size":400,"released_to":%s}`, Commitment(salt, []byte(text)), sum("ciphertext", n), list)
}

func holding(payload string, items ...string) string {
	return strings.Replace(payload, "{", `{"sealed":[`+strings.Join(items, ",")+`],`, 1)
}

// sealing is a ledger under the rules of sealed detail; XA/mof and XB/mof have
// encryption keys, XC/mof has none.
func sealing(t testing.TB) *ledger {
	t.Helper()
	l := listed(t)
	l.adoptSealing()
	return l
}

func (l *ledger) adoptSealing() {
	l.t.Helper()
	l.decide("rules.adopted", `{"version":2}`)
	for _, id := range []string{"XA/mof", "XB/mof"} {
		l.given(id, "encryption_key.registered", fill(`{"agency":"$1","recipient":"$2"}`, id, recipient(id)))
	}
}

func encryptionKeyRefusals() []refusal {
	register := func(iss, agency, recipient string) func(*ledger, string) {
		return sealed(func(l *ledger, rule string) {
			l.expect(rule, iss, "encryption_key.registered", fill(`{"agency":"$1","recipient":"$2"}`, agency, recipient))
		})
	}
	revoke := func(iss, recipient string) func(*ledger, string) {
		return sealed(func(l *ledger, rule string) {
			l.expect(rule, iss, "encryption_key.revoked", fill(`{"recipient":"$1"}`, recipient))
		})
	}
	return []refusal{
		{"rules.not_adopted", attempt("XC/mof", "encryption_key.registered", fill(`{"agency":"XC/mof","recipient":"$1"}`, recipient("XC/mof")))},
		{"rules.lowered", sealed(func(l *ledger, rule string) {
			l.propose("rules.adopted", `{"version":1}`)
			l.expect(rule, "XA/root", "rules.adopted", `{"version":1}`)
		})},
		{"agency.foreign", register("XC/mof", "XB/mof", recipient("new"))},
		{"agency.unknown", register("XC/mof", "XC/navy", recipient("new"))},
		{"encryption_key.foreign", register("XC/mof", "XC/root", recipient("new"))},
		{"encryption_key.invalid", register("XC/mof", "XC/mof", "age1")},
		{"encryption_key.invalid", register("XC/mof", "XC/mof", recipientOf(make([]byte, 32)))},
		{"encryption_key.duplicate", register("XC/mof", "XC/mof", recipient("XA/mof"))},
		{"encryption_key.duplicate", register("XA/mof", "XA/mof", recipient("XA/mof"))},
		{"encryption_key.unknown", revoke("XA/mof", recipient("new"))},
		{"encryption_key.foreign", revoke("XB/mof", recipient("XA/mof"))},
		{"encryption_key.foreign", revoke("XB/root", recipient("XA/mof"))},
		{"encryption_key.revoked", sealed(func(l *ledger, rule string) {
			l.given("XA/root", "encryption_key.revoked", fill(`{"recipient":"$1"}`, recipient("XA/mof")))
			l.expect(rule, "XA/mof", "encryption_key.revoked", fill(`{"recipient":"$1"}`, recipient("XA/mof")))
		})},
	}
}

// sealed attempts something on a ledger where detail may be sealed.
func sealed(try func(l *ledger, rule string)) func(*ledger, string) {
	return func(l *ledger, rule string) {
		l.adoptSealing()
		try(l, rule)
	}
}

func sealedRefusals() []refusal {
	post := func(items ...string) func(*ledger, string) {
		return sealed(func(l *ledger, rule string) {
			l.expect(rule, "XA/mof", "enforcement.action_taken", holding(penalty, items...))
		})
	}
	suspended := sealed(func(l *ledger, rule string) {
		l.given("XB/root", "agency.suspended", `{"agency":"XB/mof","reason":"theft"}`)
		l.expect(rule, "XA/mof", "enforcement.action_taken", holding(penalty, item(1, tip, "XB/mof")))
	})
	return []refusal{
		{"sealed.type", sealed(func(l *ledger, rule string) {
			l.expect(rule, "XA/mof", "designation.adopted", holding(fill(adoption, "XU:3"), item(1, tip)))
			a := l.given("XA/mof", "enforcement.action_taken", penalty)
			l.expect(rule, "XB/mof", "event.disputed", holding(fill(`{"target":$1,"grounds":{"text":"no"}}`, a), item(1, tip)))
		})},
		{"sealed.too_many", post(strings.Split(strings.Repeat(item(1, tip)+"\n", 17), "\n")[:17]...)},
		{"sealed.incomplete", post(strings.Replace(item(1, tip), Commitment(salt, []byte(tip)).String(), Hash{}.String(), 1))},
		{"sealed.incomplete", post(strings.Replace(item(1, tip), sum("ciphertext", 1).String(), Hash{}.String(), 1))},
		{"sealed.size", post(strings.Replace(item(1, tip), `"size":400,`, "", 1))},
		{"sealed.size", post(strings.Replace(item(1, tip), `400`, "8388609", 1))},
		{"sealed.bound", post(item(1, tip), item(2, tip))},
		{"sealed.bound", post(item(1, tip), item(1, "another"))},
		{"sealed.bound", sealed(func(l *ledger, rule string) {
			l.given("XA/mof", "enforcement.action_taken", holding(penalty, item(1, tip)))
			l.expect(rule, "XB/mof", "enforcement.action_taken", holding(penalty, item(2, tip)))
			l.expect(rule, "XB/mof", "enforcement.action_taken", holding(penalty, item(1, "another")))
			l.expect(rule, "XA/mof", "enforcement.action_taken", holding(penalty, item(1, tip)))
		})},
		{"sealed.recipient", post(item(1, tip, "XC/mof"))},
		{"sealed.recipient", post(item(1, tip, "XD/mof"))},
		{"sealed.recipient", post(item(1, tip, "XB/mof", "XB/mof"))},
		{"sealed.recipient", suspended},
		{"value.unknown", post(strings.Replace(item(1, tip), `"size"`, `"handling":"TLP:WHITE","size"`, 1))},
	}
}

func detailRefusals() []refusal {
	// given attempts an event about item 0 of an event of XA/mof.
	given := func(iss, typ, payload string) func(*ledger, string) {
		return sealed(func(l *ledger, rule string) {
			a := l.given("XA/mof", "enforcement.action_taken", holding(penalty, item(1, tip)))
			l.expect(rule, iss, typ, fill(payload, a, sum("ciphertext", 2).String()))
		})
	}
	// twice attempts an event that was recorded already.
	twice := func(typ, payload string) func(*ledger, string) {
		return sealed(func(l *ledger, rule string) {
			a := l.given("XA/mof", "enforcement.action_taken", holding(penalty, item(1, tip)))
			l.given("XA/root", typ, fill(payload, a))
			l.expect(rule, "XA/mof", typ, fill(payload, a))
		})
	}
	release := `{"event":$1,"item":0,"ciphertext":"$2","size":400,"released_to":["XB/mof"]}`
	opening := `{"event":$1,"item":0,"salt":"` + salt.String() + `","text":"` + tip + `"}`
	erasure := `{"event":$1,"item":0,"reason":"court order"}`
	return []refusal{
		{"detail.unknown", given("XA/mof", "detail.released", strings.Replace(release, `"item":0`, `"item":1`, 1))},
		{"detail.unknown", given("XA/mof", "detail.erased", strings.Replace(erasure, `"item":0`, `"item":-1`, 1))},
		{"target.unknown", given("XA/mof", "detail.erased", strings.Replace(erasure, `$1`, `{"index":9999,"leaf":"`+Hash{}.String()+`"}`, 1))},
		{"detail.foreign", given("XB/mof", "detail.released", release)},
		{"detail.foreign", given("XB/root", "detail.erased", erasure)},
		{"detail.foreign", given("XB/mof", "detail.opened", opening)},
		{"value.missing", given("XA/mof", "detail.released", strings.Replace(release, `"XB/mof"`, "", 1))},
		{"value.missing", given("XA/mof", "detail.erased", strings.Replace(erasure, "court order", "", 1))},
		{"sealed.recipient", given("XA/mof", "detail.released", strings.Replace(release, "XB/mof", "XC/mof", 1))},
		{"sealed.bound", given("XA/mof", "detail.released", strings.Replace(release, "$2", sum("ciphertext", 1).String(), 1))},
		{"sealed.size", given("XA/mof", "detail.released", strings.Replace(release, "400", "0", 1))},
		{"detail.commitment", given("XA/mof", "detail.opened", strings.Replace(opening, "clerk", "guard", 1))},
		{"detail.commitment", given("XA/mof", "detail.opened", strings.Replace(opening, salt.String(), Hash{}.String(), 1))},
		{"detail.content", given("XA/mof", "detail.opened", strings.Replace(opening, tip, "", 1))},
		{"detail.content", given("XA/mof", "detail.opened", strings.Replace(opening, `"text"`, `"data":"AA==","text"`, 1))},
		{"detail.opened_before", twice("detail.opened", opening)},
		{"detail.erased_before", twice("detail.erased", erasure)},
	}
}

// Under the first rules nothing of sealed detail was checked, and so it stays
// for what was recorded under them.
func TestSealedIsUncheckedUnderTheFirstRules(t *testing.T) {
	l := listed(t)
	l.given("XA/mof", "designation.adopted", holding(fill(adoption, "XU:3"), item(1, tip, "XD/nobody")))
	l.given("XA/mof", "enforcement.action_taken", holding(penalty, item(1, tip)))
	if got := l.s.SealedBy(l.s.Next() - 1); got != nil {
		t.Errorf("bound %+v", got)
	}
}

func TestDetailIsReadableByItsAudienceAtAnIndex(t *testing.T) {
	l := sealing(t)
	at := l.s.Next()
	a := l.given("XA/mof", "enforcement.action_taken", holding(penalty, item(1, tip), item(2, "a photo", "XB/mof")))
	l.given("XA/mof", "detail.released", fill(`{"event":$1,"item":0,"ciphertext":"$2","size":420,"released_to":["XB/mof"],"reason":"end of the embargo"}`, a, sum("ciphertext", 3).String()))
	l.given("XA/mof", "detail.erased", fill(`{"event":$1,"item":0,"reason":"court order"}`, a))
	items := l.s.SealedBy(at)
	if len(items) != 2 {
		t.Fatalf("bound %d items, want 2", len(items))
	}
	for _, c := range []struct {
		item   int
		agency AgencyID
		asOf   uint64
		copies int
	}{
		{0, "XA/mof", at - 1, 0},
		{0, "XA/mof", at, 1},
		{0, "XB/mof", at, 0},
		{1, "XB/mof", at, 1},
		{0, "XB/mof", at + 1, 1},
		{0, "XA/mof", at + 1, 2},
		{0, "XC/mof", at + 1, 0},
		{0, "XA/root", at + 1, 0},
		{0, "XA/mof", at + 2, 0},
		{0, "XB/mof", at + 2, 0},
		{1, "XB/mof", at + 2, 1},
	} {
		if got := items[c.item].ReadableBy(c.agency, c.asOf); len(got) != c.copies {
			t.Errorf("item %d, %s, as of %d: %d copies, want %d", c.item, c.agency, c.asOf, len(got), c.copies)
		}
	}
	if i, ok := l.s.SealedIn(sum("ciphertext", 3)); !ok || i.Index != at || i.Item != 0 {
		t.Errorf("the released ciphertext belongs to %+v", i)
	}
	for agency, want := range map[AgencyID]int{"XA/mof": 2, "XB/mof": 2, "XC/mof": 0, "XA/root": 0} {
		if got := l.s.SealedFor(agency); len(got) != want || want == 2 && got[1].Item != 1 {
			t.Errorf("%s was released %+v, want %d items", agency, got, want)
		}
	}
	if _, ok := l.s.SealedIn(Commitment(salt, []byte(tip))); ok {
		t.Error("a commitment is taken for a ciphertext")
	}
}

func TestDetailIsOpenedWithItsSaltAlone(t *testing.T) {
	l := sealing(t)
	photo := []byte{0xff, 0xd8, 0}
	a := l.given("XA/mof", "asset.frozen", holding(freeze, item(1, tip), item(2, string(photo))))
	at := l.s.Next() - 1
	l.given("XA/mof", "detail.opened", fill(`{"event":$1,"item":0,"salt":"$2","text":"$3"}`, a, salt.String(), tip))
	l.given("XA/root", "detail.opened", fill(`{"event":$1,"item":1,"salt":"$2","data":"/9gA"}`, a, salt.String()))
	for n, i := range l.s.SealedBy(at) {
		if i.OpenedAt != at+1+uint64(n) {
			t.Errorf("item %d was opened at %d", n, i.OpenedAt)
		}
	}
}

// A correction repeats what it leaves as it is, and binds what is new in it.
func TestCorrectionKeepsSealedDetail(t *testing.T) {
	l := sealing(t)
	first := l.s.Next()
	a := l.given("XA/mof", "enforcement.action_taken", holding(penalty, item(1, tip)))
	correct := func(items ...string) string {
		return fill(`{"target":$1,"type":"enforcement.action_taken","version":1,"replacement":$2,"reason":"one more"}`, a, holding(penalty, items...))
	}
	l.given("XA/mof", "event.corrected", correct(item(1, tip), item(2, "a photo", "XB/mof")))
	l.given("XA/mof", "event.corrected", correct(item(2, "a photo", "XB/mof")))
	l.expect("sealed.bound", "XA/mof", "event.corrected", correct(item(1, tip, "XB/mof")))
	l.expect("sealed.bound", "XA/mof", "event.corrected", correct(item(3, tip)))
	var got []SealedRef
	for i := first; i < l.s.Next(); i++ {
		for _, s := range l.s.SealedBy(i) {
			got = append(got, s.SealedRef)
		}
	}
	if d := cmp.Diff([]SealedRef{{first, 0}, {first + 1, 1}}, got); d != "" {
		t.Errorf("bound (-want +got): %s", d)
	}
}

func TestEncryptionKeyIsReplacedAndRevoked(t *testing.T) {
	l := sealing(t)
	at := l.s.Next()
	l.given("XA/root", "encryption_key.registered", fill(`{"agency":"XA/mof","recipient":"$1"}`, recipient("new")))
	if k, ok := l.s.EncryptionKeyFor("XA/mof"); !ok || k.Recipient != recipient("new") || k.RegisteredAt != at {
		t.Errorf("in force: %+v, %v", k, ok)
	}
	l.given("XA/mof", "encryption_key.revoked", fill(`{"recipient":"$1","compromised_since":"2026-01"}`, recipient("XA/mof")))
	l.expect("", "XB/mof", "enforcement.action_taken", holding(penalty, item(1, tip, "XA/mof")))
	l.given("XA/mof", "encryption_key.revoked", fill(`{"recipient":"$1"}`, recipient("new")))
	l.expect("sealed.recipient", "XB/mof", "enforcement.action_taken", holding(penalty, item(1, tip, "XA/mof")))
	keys := l.s.EncryptionKeys()
	if len(keys) != 3 || keys[0].ReplacedAt != at || keys[0].RevokedAt != at+1 || keys[0].CompromisedSince != "2026-01" || keys[2].RevokedAt != at+2 {
		t.Errorf("keys %+v", keys)
	}
}

func TestReturningMemberHasNoEncryptionKey(t *testing.T) {
	l := sealing(t)
	l.given("XC/mof", "encryption_key.registered", fill(`{"agency":"XC/mof","recipient":"$1"}`, recipient("XC/mof")))
	l.given("XC/root", "member.withdrew", `{}`)
	l.decide("member.admitted", `{"member":{"code":"XC","votes":1,"root":`+jwk("new")+`}}`)
	if k, ok := l.s.EncryptionKeyFor("XC/mof"); ok {
		t.Errorf("in force: %+v", k)
	}
}

// The first is from the age specification, the others are it, damaged.
func TestRecipients(t *testing.T) {
	const good = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
	if err := checkRecipient(good); err != nil {
		t.Error(err)
	}
	if err := checkRecipient(recipient("any")); err != nil {
		t.Error(err)
	}
	high := bytes.Repeat([]byte{0xff}, 32) // 2^255-1, above p, and the bit that X25519 ignores
	spare := make([]byte, 52)
	spare[51] = 1
	for _, bad := range []string{
		"", good[:61], good + "q", strings.ToUpper(good), "age2" + good[4:], strings.Replace(good, "ql3z", "ql3y", 1),
		strings.Replace(good, "ql3z", "qb3z", 1), recipientOf(make([]byte, 32)), recipientOf(append([]byte{1}, make([]byte, 31)...)),
		recipientOf(high), checksummed(spare), strings.Replace(good, "age1", "AGE1", 1),
	} {
		if err := checkRecipient(bad); err == nil {
			t.Errorf("%q is taken for a recipient", bad)
		}
	}
}
