package archive

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

const origin = "ledger.example/test"

// book is a small ledger that a test writes.
type book struct {
	t       testing.TB
	root    *seal.PrivateKey
	signer  note.Signer
	state   *domain.State
	tree    *translog.Tree
	out     bytes.Buffer
	w       *Writer
	genesis domain.Hash
	events  int
}

func newBook(t testing.TB) *book {
	t.Helper()
	b := &book{t: t, state: domain.NewState()}
	skey, vkey, err := translog.GenerateLogKey(origin)
	b.must(err)
	b.signer, err = note.NewSigner(skey)
	b.must(err)
	b.root, err = seal.GenerateKey(domain.AlgEd25519)
	b.must(err)
	b.tree, err = translog.NewTree(translog.MemoryHashes())
	b.must(err)
	b.w = NewWriter(&b.out)
	p := b.root.Public()
	b.genesis = b.add("XA/root", "coalition.founded", fmt.Sprintf(
		`{"name":"Test","origin":%q,"nonce":"%032d","log_key":%q,"rules":1,"members":[{"code":"XA","votes":1,"root":{"kty":%q,"crv":%q,"x":%q}}]}`,
		origin, 7, vkey, p.Kty, p.Crv, p.X), b.root).Hash()
	b.add("XA/root", "member.accepted", `{}`, b.root)
	return b
}

func (b *book) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *book) sign(issuer domain.AgencyID, kind, payload string, k *seal.PrivateKey, anchor string) *seal.Envelope {
	b.t.Helper()
	b.events++
	e, err := seal.Sign(domain.Header{
		Issuer: issuer, EventID: fmt.Sprintf("00000000-0000-4000-8000-%012d", b.events), Type: kind, Version: 1,
		Ledger: b.state.Genesis(), IssuedAt: 1_700_000_000, ExpiresAt: 1_800_000_000, Anchor: anchor,
	}, []byte(payload), k)
	b.must(err)
	return e
}

func (b *book) add(issuer domain.AgencyID, kind, payload string, k *seal.PrivateKey) *seal.Envelope {
	b.t.Helper()
	e := b.sign(issuer, kind, payload, k, "")
	b.record(e)
	return e
}

// record writes an envelope; what is not admissible is written all the same.
func (b *book) record(e *seal.Envelope) {
	b.t.Helper()
	at := int64(1_700_000_001_000_000) + int64(b.w.Next())
	leaf := b.leaf(at, e.Raw)
	fact := domain.Fact{Event: domain.Event{Header: e.Header, Payload: e.Payload}, Index: b.state.Next(), RecordedAt: at, Leaf: leaf, Envelope: e.Hash()}
	if fact.Index > 0 && e.Verify(b.root.Public()) != nil || domain.Admit(b.state, fact) != nil {
		b.state.Skip(fact.Index, leaf)
		return
	}
	b.state.Apply(fact)
}

// leaf writes a leaf of any bytes and returns its hash.
func (b *book) leaf(at int64, raw []byte) domain.Hash {
	b.t.Helper()
	b.must(b.w.Leaf(Leaf{Index: b.w.Next(), RecordedAt: at, Envelope: raw}))
	hash := translog.LeafHash(at, raw)
	s, err := b.tree.Stage([]domain.Hash{hash})
	b.must(err)
	b.must(b.tree.Commit(s))
	return hash
}

func (b *book) checkpoint(signers ...note.Signer) []byte {
	b.t.Helper()
	c := translog.Checkpoint{Origin: origin, Size: b.tree.Size(), Root: b.tree.Root()}
	text, err := translog.SignCheckpoint(c, append([]note.Signer{b.signer}, signers...)...)
	b.must(err)
	return text
}

func (b *book) agency(name string) {
	b.add("XA/root", "agency.registered", fmt.Sprintf(`{"agency":"XA/%s","name":"Agency"}`, name), b.root)
}

func (b *book) verify(data []byte) (Report, error) {
	return Verify(b.t.Context(), bytes.NewReader(data), Options{Genesis: b.genesis})
}

func TestVerify(t *testing.T) {
	b := newBook(t)
	b.must(b.w.Checkpoint(b.checkpoint()))
	for i := range 1500 {
		b.agency(fmt.Sprintf("a%d", i))
	}
	b.must(b.w.Checkpoint(b.checkpoint()))
	report, err := b.verify(b.out.Bytes())
	b.must(err)
	if report.Size != 1502 || report.Checkpoints != 2 || report.Root != b.tree.Root() || report.State.Next() != 1502 {
		t.Errorf("report %+v", report)
	}
	if report.From != 1_700_000_001_000_000 || report.To != report.From+1501 {
		t.Errorf("recorded from %d to %d", report.From, report.To)
	}
}

// A change of any byte is found, the search ends, and the place is named.
func TestEveryByte(t *testing.T) {
	b := newBook(t)
	b.must(b.w.Checkpoint(b.checkpoint()))
	b.agency("mof")
	b.must(b.w.Checkpoint(b.checkpoint()))
	clean := b.out.Bytes()
	if _, err := b.verify(clean); err != nil {
		t.Fatal(err)
	}
	for i := range clean {
		for _, flip := range []byte{0x01, 0x02, 0x20, 0x80} {
			data := bytes.Clone(clean)
			data[i] ^= flip
			_, err := b.verify(data)
			var bad *Bad
			if !errors.As(err, &bad) {
				t.Fatalf("byte %d (%q to %q): got %v, want a *Bad", i, clean[i], data[i], err)
			}
			if line := 1 + bytes.Count(clean[:i], []byte{'\n'}); bad.Line > line+8 {
				t.Errorf("byte %d of line %d: named line %d", i, line, bad.Line)
			}
		}
	}
}

// So is a byte that is left out or put in, and an end that comes early.
func TestLengths(t *testing.T) {
	b := newBook(t)
	b.must(b.w.Checkpoint(b.checkpoint()))
	clean := b.out.Bytes()
	for i := range clean {
		cases := map[string][]byte{
			"cut":     clean[:i],
			"removed": append(bytes.Clone(clean[:i]), clean[i+1:]...),
			"space":   append(append(bytes.Clone(clean[:i]), ' '), clean[i:]...),
			"doubled": append(append(bytes.Clone(clean[:i]), clean[i]), clean[i:]...),
		}
		for name, data := range cases {
			if _, err := b.verify(data); err == nil {
				t.Errorf("%s at byte %d of %d: verified", name, i, len(clean))
			}
		}
	}
	for _, more := range []string{"\n", " ", "x", "checkpoint\n", "\x00"} {
		if _, err := b.verify(append(bytes.Clone(clean), more...)); err == nil {
			t.Errorf("%q at the end: verified", more)
		}
	}
}

func TestBad(t *testing.T) {
	other, err := seal.GenerateKey(domain.AlgEd25519)
	if err != nil {
		t.Fatal(err)
	}
	skey, _, err := translog.GenerateLogKey(origin)
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		rule  string
		index uint64
		make  func(b *book)
	}{
		{"key.unknown", 2, func(b *book) { b.add("XA/root", "agency.registered", `{"agency":"XA/a","name":"A"}`, other) }},
		{"agency.foreign", 2, func(b *book) { b.add("XA/root", "agency.registered", `{"agency":"XB/a","name":"B"}`, b.root) }},
		{"agency.duplicate", 3, func(b *book) { b.agency("a"); b.agency("a"); b.agency("b") }},
		{"payload.unknown_member", 2, func(b *book) { b.add("XA/root", "agency.registered", `{"agency":"XA/a","name":"A","x":1}`, b.root) }},
		{"envelope.signature", 3, func(b *book) {
			b.agency("a")
			e := b.sign("XA/root", "agency.registered", `{"agency":"XA/b","name":"B"}`, b.root, "")
			forged := seal.Join(first(e.Split()), []byte(`{"agency":"XA/c","name":"C"}`), second(e.Split()))
			f, err := seal.Parse(forged)
			b.must(err)
			b.record(f)
			b.agency("d")
		}},
		{RuleAnchor, 2, func(b *book) {
			b.record(b.sign("XA/root", "agency.registered", `{"agency":"XA/b","name":"B"}`, b.root, "1:"+strings.Repeat("0", 64)))
		}},
		{RuleSigned, 2, func(b *book) { b.signer = stranger }},
		{RuleCheckpoint, 4, func(b *book) {
			text := b.checkpoint()
			b.agency("a")
			b.agency("b")
			b.must(b.w.Checkpoint(text))
		}},
		{RuleRoot, 2, func(b *book) {
			c := translog.Checkpoint{Origin: origin, Size: 2, Root: domain.Hash{1}}
			text, err := translog.SignCheckpoint(c, b.signer)
			b.must(err)
			b.must(b.w.Checkpoint(text))
		}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			b := newBook(t)
			c.make(b)
			b.must(b.w.Checkpoint(b.checkpoint()))
			_, err := b.verify(b.out.Bytes())
			var bad *Bad
			if !errors.As(err, &bad) || bad.Rule != c.rule || bad.Index != c.index {
				t.Errorf("got %v, want %s at index %d", err, c.rule, c.index)
			}
		})
	}
}

func first(a, _ string) string  { return a }
func second(_, b string) string { return b }

func TestAnotherGenesis(t *testing.T) {
	a, b := newBook(t), newBook(t)
	a.must(a.w.Checkpoint(a.checkpoint()))
	_, err := b.verify(a.out.Bytes())
	var bad *Bad
	if !errors.As(err, &bad) || bad.Rule != RuleGenesis || bad.Line != 2 {
		t.Errorf("got %v", err)
	}
}

func TestAnchorHolds(t *testing.T) {
	b := newBook(t)
	anchor := fmt.Sprintf("2:%s", b.tree.Root())
	b.agency("a")
	b.record(b.sign("XA/root", "agency.registered", `{"agency":"XA/b","name":"B"}`, b.root, anchor))
	b.must(b.w.Checkpoint(b.checkpoint()))
	_, err := b.verify(b.out.Bytes())
	b.must(err)
}

func TestPins(t *testing.T) {
	b := newBook(t)
	seen := translog.Checkpoint{Origin: origin, Size: 2, Root: b.tree.Root()}
	b.agency("a")
	b.must(b.w.Checkpoint(b.checkpoint()))
	for _, c := range []struct {
		name string
		pin  translog.Checkpoint
		ok   bool
	}{
		{"seen", seen, true},
		{"changed", translog.Checkpoint{Origin: origin, Size: 2, Root: domain.Hash{1}}, false},
		{"longer", translog.Checkpoint{Origin: origin, Size: 9, Root: seen.Root}, false},
		{"other log", translog.Checkpoint{Origin: "x.example", Size: 2, Root: seen.Root}, false},
	} {
		_, err := Verify(t.Context(), bytes.NewReader(b.out.Bytes()), Options{Genesis: b.genesis, Pins: []translog.Checkpoint{c.pin}})
		if (err == nil) != c.ok {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
}

// Cosignatures are left out on writing and refused on reading.
func TestLogOnly(t *testing.T) {
	b := newBook(t)
	skey, _, err := translog.GenerateLogKey("witness.example")
	b.must(err)
	witness, err := note.NewSigner(skey)
	b.must(err)
	text := b.checkpoint(witness)
	b.must(b.w.Checkpoint(text))
	_, err = b.verify(b.out.Bytes())
	b.must(err)
	plain := bytes.Replace(b.out.Bytes(), b.checkpoint(), text, 1)
	if bytes.Equal(plain, b.out.Bytes()) {
		t.Fatal("the cosignature was not put back")
	}
	if _, err := b.verify(plain); err == nil {
		t.Error("a cosigned checkpoint was accepted")
	}
}

// However a file was cut short, Resume continues it to the same bytes.
func TestResume(t *testing.T) {
	b := newBook(t)
	b.must(b.w.Checkpoint(b.checkpoint()))
	whole := b.out.Bytes()
	var items []Item
	for item, err := range Read(bytes.NewReader(whole)) {
		b.must(err)
		items = append(items, item)
	}
	for cut := 0; cut <= len(whole); cut += 7 {
		path := filepath.Join(t.TempDir(), "a.archive")
		b.must(os.WriteFile(path, whole[:cut], 0o600))
		w, f, err := Resume(path)
		b.must(err)
		for _, item := range items {
			switch {
			case item.Checkpoint != nil:
				b.must(w.Checkpoint(item.Checkpoint))
			case item.Leaf.Index >= w.Next():
				b.must(w.Leaf(item.Leaf))
			}
		}
		b.must(f.Close())
		got, err := os.ReadFile(path)
		b.must(err)
		if !bytes.Equal(got, whole) {
			t.Fatalf("cut at %d: continued to %q", cut, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	b := newBook(f)
	b.must(b.w.Checkpoint(b.checkpoint()))
	f.Add(b.out.Bytes())
	b.foreign("hello")
	b.void()
	b.must(b.w.Checkpoint(b.checkpoint()))
	f.Add(b.out.Bytes())
	b.must(b.w.AddCosigned(b.cosigned(newWatchers(b, "a", "b"), recorded, recorded)))
	b.must(b.w.Flush())
	f.Add(b.out.Bytes())
	f.Add([]byte(header + "\ncheckpoint\n\n\n"))
	f.Add([]byte(header + "\n0 0 a\ncosigned\n\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var out bytes.Buffer
		w := NewWriter(&out)
		for item, err := range read(bytes.NewReader(data)) {
			if err != nil {
				return
			}
			if item.Digests != nil {
				_, _ = fmt.Fprintf(w.w, "%s\n%s\n", digestsLine, item.Digests)
				continue
			}
			if item.Cosigned != nil {
				_, _ = fmt.Fprintf(w.w, "%s\n%s\n", cosignedLine, item.Cosigned)
				continue
			}
			if item.Checkpoint != nil {
				_, _ = fmt.Fprintf(w.w, "%s\n%s\n", checkpointLine, item.Checkpoint)
				continue
			}
			if err := w.Leaf(item.Leaf); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil || !bytes.Equal(out.Bytes(), data) {
			t.Errorf("read and written again: %q, was %q", out.Bytes(), data)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	k := newBook(b)
	for i := range 5000 {
		k.agency(fmt.Sprintf("a%d", i))
	}
	k.must(k.w.Checkpoint(k.checkpoint()))
	for b.Loop() {
		if _, err := k.verify(k.out.Bytes()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*5002/b.Elapsed().Seconds(), "leaves/s")
}
