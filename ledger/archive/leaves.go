package archive

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// leaf is one leaf on its way through verification.
type leaf struct {
	item     Item
	envelope *seal.Envelope
	fact     domain.Fact
	key      domain.PublicKey
	err      error // of parsing, decoding or the signature
}

func (l *leaf) bad(rule, message string) *Bad {
	return &Bad{Line: l.item.Line, Index: l.item.Leaf.Index, Rule: rule, Message: message}
}

// fault words an error of seal or domain.
func (l *leaf) fault(err error) *Bad {
	var sealed *seal.Error
	var refused *domain.Refusal
	switch {
	case errors.As(err, &sealed):
		return l.bad(sealed.Code, sealed.Message)
	case errors.As(err, &refused):
		return l.bad(refused.Rule, refused.Message)
	}
	return l.bad(RuleLine, err.Error())
}

// parse parses and decodes what is pending on all workers.
func (v *verifier) parse() []*leaf {
	leaves := make([]*leaf, len(v.pending))
	parallel(len(leaves), v.o.Workers, func(i int) {
		leaves[i] = &leaf{item: v.pending[i]}
		leaves[i].err = leaves[i].parse()
	})
	return leaves
}

func (l *leaf) parse() error {
	in := l.item.Leaf
	e, err := seal.Parse(in.Envelope)
	if err != nil {
		return err
	}
	event, refusal := domain.Decode(e.Header, e.Payload)
	if refusal != nil {
		return refusal
	}
	l.envelope = e
	l.fact = domain.Fact{
		Event: event, Index: in.Index, RecordedAt: in.RecordedAt,
		Leaf: translog.LeafHash(in.RecordedAt, in.Envelope), Envelope: e.Hash(),
	}
	return nil
}

// admit re-runs the rules in order and stops at the first leaf refused. Keys
// are looked up in the state before each leaf; their signatures are checked
// afterwards, side by side. It returns how many leaves have a key to check.
func (v *verifier) admit(leaves []*leaf) (checked int, bad error) {
	for i, l := range leaves {
		if l.err != nil {
			return i, l.fault(l.err)
		}
		if err := v.key(l); err != nil {
			return i, err
		}
		if refusal := domain.Admit(v.state, l.fact); refusal != nil {
			return i + 1, l.fault(refusal)
		}
		v.state.Apply(l.fact)
	}
	return len(leaves), nil
}

func (v *verifier) key(l *leaf) error {
	if l.fact.Index > 0 {
		k, ok := v.state.Key(l.fact.KeyID)
		if !ok {
			return l.bad("key.unknown", "no such key was registered before this event")
		}
		l.key = k.Key
		return nil
	}
	if l.fact.Envelope != v.o.Genesis {
		return l.bad(RuleGenesis, fmt.Sprintf("this ledger's genesis is %s, not %s: it is another ledger, or its first event was changed", l.fact.Envelope, v.o.Genesis))
	}
	k, refusal := domain.GenesisKey(l.fact.Event)
	if refusal != nil {
		return l.fault(refusal)
	}
	l.key = k
	return nil
}

// signatures checks all signatures on all workers and returns the first fault.
func (v *verifier) signatures(leaves []*leaf) error {
	parallel(len(leaves), v.o.Workers, func(i int) {
		leaves[i].err = leaves[i].envelope.Verify(leaves[i].key)
	})
	for _, l := range leaves {
		if l.err != nil {
			return l.fault(l.err)
		}
	}
	return nil
}

// countSignatures counts the lines below a signed note.
func countSignatures(text []byte) int {
	_, sigs, _ := bytes.Cut(text, []byte("\n\n"))
	return bytes.Count(sigs, []byte{'\n'})
}

// parallel calls f with 0 to n-1 from several goroutines, and waits.
func parallel(n, workers int, f func(i int)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(workers, n) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	all.Wait()
}
