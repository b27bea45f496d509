package archive

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
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
	hash     domain.Hash
	err      error // of parsing or decoding
	key      domain.PublicKey
	signed   bool // key is the one to verify the signature under
	refused  *Bad // nil when it was admitted
}

func (l *leaf) bad(rule, message string) *Bad {
	return &Bad{Line: l.item.Line, Index: l.item.Leaf.Index, Rule: rule, Message: message}
}

// fault words an error of seal or domain.
func (l *leaf) fault(err error) *Bad {
	var sealed *seal.Error
	var refused *domain.Refusal
	var bad *Bad
	switch {
	case errors.As(err, &bad):
		return bad
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
	for _, l := range leaves {
		h := &l.fact.Header
		h.Type, h.KeyID = v.name(h.Type), v.name(h.KeyID)
		h.Issuer = domain.AgencyID(v.name(string(h.Issuer)))
	}
	return leaves
}

// name returns the one copy of a text that recurs: what the state keeps of a
// leaf must not keep the leaf.
func (v *verifier) name(text string) string {
	if have, ok := v.names[text]; ok {
		return have
	}
	text = strings.Clone(text)
	v.names[text] = text
	return text
}

func (l *leaf) parse() error {
	in := l.item.Leaf
	l.hash = translog.LeafHash(in.RecordedAt, in.Envelope)
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
		Leaf: l.hash, Envelope: e.Hash(),
	}
	return nil
}

// admit re-runs the rules in order, and applies or skips each leaf. Signatures
// are checked side by side afterwards, under the keys that the state before
// each leaf names. That holds when all verify; a forged one is rare, and makes
// the leaves be decided again, one by one.
func (v *verifier) admit(leaves []*leaf) error {
	over := v.state.Fork()
	for _, l := range leaves {
		if err := v.decide(over, l, false); err != nil {
			return err
		}
	}
	if err := v.scratch(); err != nil { // before it is decided by
		return err
	}
	if v.genuine(leaves) {
		over.Merge()
		return v.scratch()
	}
	for _, l := range leaves {
		if err := v.decide(v.state, l, true); err != nil {
			return err
		}
	}
	return v.scratch()
}

// decide makes a leaf part of s. An error ends verification: without genesis
// there is no ledger.
func (v *verifier) decide(s *domain.State, l *leaf, check bool) error {
	l.refused = v.refusal(s, l, check)
	if l.refused == nil {
		s.Apply(l.fact)
		return nil
	}
	if l.item.Leaf.Index == 0 {
		return l.refused
	}
	s.Skip(l.item.Leaf.Index, l.hash)
	return nil
}

// refusal says why a leaf is not admissible, or nil. Without check it takes the
// signature for good and notes the key for later.
func (v *verifier) refusal(s *domain.State, l *leaf, check bool) *Bad {
	l.signed = false
	if l.err != nil {
		return l.fault(l.err)
	}
	if err := v.anchor(l); err != nil {
		return l.fault(err)
	}
	if err := v.key(s, l); err != nil {
		return l.fault(err)
	}
	if check && l.signed {
		if err := l.envelope.Verify(l.key); err != nil {
			return l.fault(err)
		}
	}
	if refusal := domain.Admit(s, l.fact); refusal != nil { // of an unknown key, too
		return l.fault(refusal)
	}
	return nil
}

// key finds the key that the leaf must be signed by.
func (v *verifier) key(s *domain.State, l *leaf) error {
	if l.fact.Index > 0 {
		k, ok := s.Key(l.fact.KeyID)
		l.key, l.signed = k.Key, ok
		return nil
	}
	if l.fact.Envelope != v.o.Genesis {
		return l.bad(RuleGenesis, fmt.Sprintf("this ledger's genesis is %s, not %s: it is another ledger, or its first event was changed", l.fact.Envelope, v.o.Genesis))
	}
	k, refusal := domain.GenesisKey(l.fact.Event)
	if refusal != nil {
		return refusal
	}
	l.key, l.signed = k, true
	return nil
}

// genuine reports whether all signatures verify, checked on all workers.
func (v *verifier) genuine(leaves []*leaf) bool {
	var forged atomic.Bool
	parallel(len(leaves), v.o.Workers, func(i int) {
		if l := leaves[i]; l.signed && l.envelope.Verify(l.key) != nil {
			forged.Store(true)
		}
	})
	return !forged.Load()
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
