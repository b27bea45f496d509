package archive

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
)

const recorded = 1_700_000_001 // seconds: when every event of a book was recorded

// watchers are witnesses, and a policy that wants two of them.
type watchers struct {
	signers []*witness.Signer
	policy  string
}

func newWatchers(b *book, names ...string) watchers {
	b.t.Helper()
	var w watchers
	var text strings.Builder
	for _, name := range names {
		skey, vkey, err := witness.GenerateKey(name + ".example")
		b.must(err)
		s, err := witness.NewSigner(skey)
		b.must(err)
		w.signers = append(w.signers, s)
		fmt.Fprintf(&text, "witness %s %s\n", name, vkey)
	}
	fmt.Fprintf(&text, "group g 2 %s\nquorum g\n", strings.Join(names, " "))
	w.policy = text.String()
	return w
}

// adopt puts a policy in force.
func (b *book) adopt(policy string) {
	b.t.Helper()
	payload, err := json.Marshal(map[string]string{"policy": policy})
	b.must(err)
	draft, err := json.Marshal(map[string]any{
		"title": "Who cosigns", "expires_on": "2099-01-01",
		"drafts": []any{map[string]any{"type": "witness_policy.adopted", "version": 1, "payload": json.RawMessage(payload)}},
	})
	b.must(err)
	b.add("XA/root", "proposal.made", string(draft), b.root)
	b.add("XA/root", "witness_policy.adopted", string(payload), b.root)
	if b.state.WitnessPolicy() != policy {
		b.t.Fatal("the policy is not in force")
	}
}

// cosigned is the checkpoint of all leaves so far with cosignatures of times.
func (b *book) cosigned(w watchers, times ...int64) []byte {
	b.t.Helper()
	text, lines, err := translog.SplitNote(b.checkpoint())
	b.must(err)
	for i, at := range times {
		if at != 0 {
			lines = append(lines, w.signers[i].Cosign(text, at))
		}
	}
	return translog.JoinNote(text, lines...)
}

// watched is an archive with three cosigned checkpoints, the last under another
// policy.
func watched(t *testing.T) (*book, watchers, watchers) {
	b := newBook(t)
	first, second := newWatchers(b, "a", "b", "c"), newWatchers(b, "d", "e")
	b.adopt(first.policy)
	b.must(b.w.AddCosigned(b.cosigned(first, recorded, recorded+2, recorded+1)))
	b.agency("mof")
	b.must(b.w.Checkpoint(b.checkpoint()))
	b.must(b.w.AddCosigned(b.cosigned(first, recorded+3, recorded+4)))
	b.adopt(second.policy)
	b.agency("navy")
	b.must(b.w.AddCosigned(b.cosigned(second, recorded+9, recorded+8)))
	b.must(b.w.Checkpoint(b.checkpoint()))
	b.must(b.w.Flush())
	return b, first, second
}

// What stands under a cosigned checkpoint is effective, under the policy in
// force at its size.
func TestCosignedCheckpoints(t *testing.T) {
	b, first, second := watched(t)
	r, err := b.verify(b.out.Bytes())
	b.must(err)
	e := r.Effective
	if r.Cosigned != 3 || r.Checkpoints != 2 || e.Size != 8 || e.At != recorded+8 || strings.Join(e.Witnesses, " ") != "d e" {
		t.Errorf("%d cosigned, %d checkpoints, %+v", r.Cosigned, r.Checkpoints, e)
	}
	for size, want := range map[uint64]string{3: "", 4: first.policy, 6: first.policy, 7: second.policy, 99: second.policy} {
		if got := r.PolicyAt(size); got != want {
			t.Errorf("at %d the policy is %q, want %q", size, got, want)
		}
	}
	for item, err := range Read(bytes.NewReader(b.out.Bytes())) {
		b.must(err)
		if item.Cosigned != nil {
			t.Error("Read yields what only ReadAll does")
		}
	}
}

// Every byte of a cosigned checkpoint is checked.
func TestEveryByteOfCosigned(t *testing.T) {
	b, _, _ := watched(t)
	clean := b.out.Bytes()
	for rest, at := clean, 0; ; {
		i := bytes.Index(rest, []byte("\ncosigned\n"))
		if i < 0 {
			break
		}
		at += i + 1
		body := bytes.Index(clean[at:], []byte("\n\n"))
		end := at + body + 2 + bytes.Index(clean[at+body+2:], []byte("\n\n")) + 2
		for k := at; k < end; k++ {
			bad := bytes.Clone(clean)
			bad[k] ^= 1
			if r, err := b.verify(bad); err == nil {
				t.Fatalf("byte %d, %q, may be another: %+v", k, clean[k], r)
			}
		}
		rest, at = clean[end:], end
	}
}

func TestBadCosigned(t *testing.T) {
	long := int64(3600)
	for _, c := range []struct {
		name  string
		rule  string
		index uint64
		write func(b *book, w watchers)
	}{
		{"too few", RuleCosigned, 5, func(b *book, w watchers) { b.must(b.w.AddCosigned(b.cosigned(w, recorded))) }},
		{"nobody", RuleCosigned, 5, func(b *book, w watchers) { b.must(b.w.AddCosigned(b.checkpoint())) }},
		{"a key beside the policy's", RuleCosigned, 5, func(b *book, w watchers) {
			text, lines, err := translog.SplitNote(b.cosigned(w, recorded, recorded))
			b.must(err)
			b.must(b.w.AddCosigned(translog.JoinNote(text, append(lines, newWatchers(b, "x").signers[0].Cosign(text, recorded))...)))
		}},
		{"out of the policy's order", RuleCosigned, 5, func(b *book, w watchers) {
			text, lines, err := translog.SplitNote(b.cosigned(w, recorded, recorded))
			b.must(err)
			b.must(b.w.AddCosigned(translog.JoinNote(text, lines[0], lines[2], lines[1])))
		}},
		{"of another policy", RuleCosigned, 5, func(b *book, _ watchers) {
			b.must(b.w.AddCosigned(b.cosigned(newWatchers(b, "a", "b"), recorded, recorded)))
		}},
		{"of another time", RuleCosigned, 5, func(b *book, w watchers) {
			text, lines, err := translog.SplitNote(b.cosigned(w, recorded, recorded))
			b.must(err)
			lines[1].Signature[7]++
			b.must(b.w.AddCosigned(translog.JoinNote(text, lines...)))
		}},
		{"another root, which witnesses saw", RuleCosigned, 5, func(b *book, w watchers) {
			honest := b.tree
			b.tree, _ = translog.NewTree(translog.MemoryHashes())
			for i := range 5 {
				s, err := b.tree.Stage([]domain.Hash{{byte(i)}})
				b.must(err)
				b.must(b.tree.Commit(s))
			}
			b.must(b.w.AddCosigned(b.cosigned(w, recorded, recorded)))
			b.tree = honest
		}},
		{"dated ahead", RuleTime, 4, func(b *book, w watchers) {
			b.must(b.w.AddCosigned(b.cosigned(w, recorded-long, recorded-long)))
		}},
		{"dated back", RuleTime, 5, func(b *book, w watchers) {
			b.must(b.w.AddCosigned(b.cosigned(w, recorded+long, recorded+long)))
			b.agency("late")
		}},
		{"witnesses' time running backwards", RuleTime, 5, func(b *book, w watchers) {
			b.must(b.w.AddCosigned(b.cosigned(w, recorded, recorded)))
			b.agency("late")
			b.must(b.w.AddCosigned(b.cosigned(w, recorded-long, recorded-long)))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBook(t)
			w := newWatchers(b, "a", "b", "c")
			b.adopt(w.policy)
			b.must(b.w.AddCosigned(b.cosigned(w, recorded, recorded)))
			b.agency("mof")
			c.write(b, w)
			b.must(b.w.Checkpoint(b.checkpoint()))
			r, err := b.verify(b.out.Bytes())
			var bad *Bad
			if !errors.As(err, &bad) || bad.Rule != c.rule || bad.Index != c.index || bad.Line == 0 || r.Effective.Size < 4 {
				t.Errorf("got %v, %+v, want %s at %d", err, r.Effective, c.rule, c.index)
			}
			t.Log(err)
		})
	}
}

// Before a policy is in force nobody's cosignature counts.
func TestCosignedWithoutPolicy(t *testing.T) {
	b := newBook(t)
	w := newWatchers(b, "a", "b")
	b.must(b.w.AddCosigned(b.cosigned(w, recorded, recorded)))
	b.must(b.w.Checkpoint(b.checkpoint()))
	if _, err := b.verify(b.out.Bytes()); err == nil || !strings.Contains(err.Error(), "no witness policy is in force") {
		t.Errorf("got %v", err)
	}
}

// A store may hold a checkpoint that was cosigned late or twice; a file may not.
func TestLateCosigned(t *testing.T) {
	b := newBook(t)
	w := newWatchers(b, "a", "b", "c")
	b.adopt(w.policy)
	late := b.cosigned(w, recorded, recorded)
	b.agency("mof")
	b.must(b.w.Checkpoint(b.checkpoint()))
	var items []Item
	for item, err := range Read(bytes.NewReader(b.out.Bytes())) {
		b.must(err)
		items = append(items, item)
	}
	stored := func(notes ...[]byte) (Report, error) {
		return VerifyItems(t.Context(), func(yield func(Item, error) bool) {
			for _, item := range items {
				yield(item, nil)
			}
			for _, n := range notes {
				yield(Item{Cosigned: n}, nil)
			}
		}, Options{Genesis: b.genesis, Stored: true})
	}
	r, err := stored(late, b.cosigned(w, recorded, recorded), b.cosigned(w, 0, recorded, recorded))
	if err != nil || r.Cosigned != 3 || r.Effective.Size != 5 || strings.Join(r.Effective.Witnesses, "") != "ab" {
		t.Errorf("got %v, %+v", err, r)
	}
	late[len(late)-10] ^= 1
	if _, err := stored(late); err == nil {
		t.Error("a late one is not checked")
	}
}

// An archive is continued behind a cosigned checkpoint, and not with it again.
func TestResumeBehindCosigned(t *testing.T) {
	b, _, second := watched(t)
	path := filepath.Join(t.TempDir(), "archive")
	b.must(os.WriteFile(path, b.out.Bytes(), 0o600))
	w, f, err := Resume(path)
	b.must(err)
	defer f.Close()
	if w.Cosigned() != 8 {
		t.Errorf("it continues behind %d", w.Cosigned())
	}
	again := b.cosigned(second, recorded+9, recorded+8)
	b.must(errors.Join(w.AddCosigned(again), w.Flush()))
	if text, err := os.ReadFile(path); err != nil || !bytes.Equal(text, b.out.Bytes()) {
		t.Errorf("it was written again (%v)", err)
	}
	b.w = w
	b.agency("late")
	if err := w.AddCosigned(again); err == nil {
		t.Error("one of another size was written")
	}
}

// Of leaves that nobody cosigned for long, a bounded number is remembered.
func TestLongTrail(t *testing.T) {
	v := &verifier{o: Options{Tolerance: time.Second}}
	for i := range 5 * mostSteps {
		v.trail.add(step{i, uint64(i), recorded * 1_000_000})
	}
	if n := len(v.trail.steps); n > 2*mostSteps || cap(v.trail.steps) > 4*mostSteps {
		t.Errorf("%d are remembered", n)
	}
	if err := v.seen(Time{uint64(5 * mostSteps), recorded}); err != nil {
		t.Error(err)
	}
	v.trail.add(step{7, 7, (recorded + 10) * 1_000_000})
	var bad *Bad
	if err := v.seen(Time{8, recorded}); !errors.As(err, &bad) || bad.Index != 7 || bad.Line != 7 {
		t.Errorf("got %v", err)
	}
}

// BenchmarkVerifyCosigned verifies archives in which five witnesses cosigned
// after so many leaves.
func BenchmarkVerifyCosigned(b *testing.B) {
	for _, every := range []int{5000, 100, 10, 1} {
		b.Run(fmt.Sprintf("every %d", every), func(b *testing.B) {
			k := newBook(b)
			w := newWatchers(k, "a", "b", "c", "d", "e")
			k.adopt(w.policy)
			for i := range 5000 {
				k.agency(fmt.Sprintf("a%d", i))
				if (i+1)%every == 0 {
					k.must(k.w.AddCosigned(k.cosigned(w, recorded, recorded, recorded, recorded, recorded)))
				}
			}
			k.must(k.w.Checkpoint(k.checkpoint()))
			for b.Loop() {
				if r, err := k.verify(k.out.Bytes()); err != nil || r.Cosigned != 5000/every {
					b.Fatal(err, r.Cosigned)
				}
			}
			b.ReportMetric(float64(b.N)*5002/b.Elapsed().Seconds(), "leaves/s")
			b.ReportMetric(float64(k.out.Len())/5002, "B/leaf")
		})
	}
}
