package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

const briefFormat = "coalition-ledger/brief/v1"

// errBrief says what is wrong with a brief beyond its proofs.
var errBrief = errors.New("the brief contradicts itself")

// verify checks a brief with the log's keys alone.
func (b *brief) verify(g genesis) error {
	head, err := g.open([]byte(b.Checkpoint))
	if err != nil {
		return err
	}
	if !g.hash.IsZero() && b.Genesis != g.hash {
		return fmt.Errorf("%w: it is of the ledger %s, not %s", errBrief, b.Genesis, g.hash)
	}
	if b.Size != b.AsOf+1 || b.Origin != head.Origin {
		return fmt.Errorf("%w: as of index %d of %s the journal does not have %d events", errBrief, b.AsOf, b.Origin, b.Size)
	}
	if err := b.continues(head); err != nil {
		return err
	}
	for _, e := range b.Events {
		if err := e.verify(b.Checkpoint, head); err != nil {
			return err
		}
		if e.Index >= b.Size || e.RecordedAt > b.RecordedAt {
			return fmt.Errorf("%w: event %d was not known at index %d", errBrief, e.Index, b.AsOf)
		}
	}
	if err := b.verifyLater(head); err != nil {
		return err
	}
	return b.rests()
}

// continues checks that the journal of then is the beginning of the checkpoint's.
func (b *brief) continues(head translog.Checkpoint) error {
	var proof []domain.Hash
	for _, text := range b.Consistency {
		h, err := base64.StdEncoding.Strict().DecodeString(text)
		if err != nil || len(h) != len(domain.Hash{}) {
			return fmt.Errorf("%w: %.60q is no hash in base64", errBrief, text)
		}
		proof = append(proof, domain.Hash(h))
	}
	if err := translog.VerifyConsistency(proof, translog.Checkpoint{Size: b.Size, Root: b.Root}, head); err != nil {
		return fmt.Errorf("the journal of then: %w", err)
	}
	return nil
}

func (b *brief) verifyLater(head translog.Checkpoint) error {
	for _, l := range b.Later {
		if err := l.verify(b.Checkpoint, head); err != nil {
			return err
		}
		if l.Index < b.Size {
			return fmt.Errorf("%w: event %d is not later than index %d", errBrief, l.Index, b.AsOf)
		}
		for _, i := range l.About {
			if !b.holds(i) {
				return fmt.Errorf("%w: event %d is said to be about %d, which is not in the brief", errBrief, l.Index, i)
			}
		}
	}
	return nil
}

// verify checks that an event stands where the brief says, under its one
// checkpoint, whose signature was checked.
func (e provenEvent) verify(checkpoint string, head translog.Checkpoint) error {
	r, err := translog.ParseReceipt([]byte(e.Receipt))
	if err != nil {
		return fmt.Errorf("event %d: %w", e.Index, err)
	}
	if r.Index != e.Index || string(r.Checkpoint) != checkpoint || r.Extra != nil {
		return fmt.Errorf("%w: the receipt of event %d is for index %d, or under another checkpoint than the brief's", errBrief, e.Index, r.Index)
	}
	if _, label := described([]byte(e.Envelope)); e.Handling != "" && e.Handling != label {
		return fmt.Errorf("%w: event %d is %s, the brief says %s", errBrief, e.Index, label, e.Handling)
	}
	return translog.VerifyInclusion(r.Proof, head, e.Index, translog.LeafHash(e.RecordedAt, []byte(e.Envelope)))
}

func (e provenEvent) words() string {
	env, err := seal.Parse([]byte(e.Envelope))
	if err != nil {
		return "a record that is no event"
	}
	words := env.Header.Type + " by " + string(env.Header.Issuer)
	if _, label := described(env.Raw); label != "" {
		words += " (" + label + ")"
	}
	return words
}

// described returns type and TLP label of an event, "" where there is none.
func described(envelope []byte) (kind, label string) {
	env, err := seal.Parse(envelope)
	if err != nil {
		return "", ""
	}
	event, refusal := domain.Decode(env.Header, env.Payload)
	if refusal != nil {
		return env.Header.Type, ""
	}
	return env.Header.Type, domain.HandlingOf(event.Body)
}

func (b *brief) holds(index uint64) bool {
	return slices.ContainsFunc(b.Events, func(e provenEvent) bool { return e.Index == index })
}

// rests checks that each event which the answer names is proven in the brief.
func (b *brief) rests() error {
	d := jsontext.NewDecoder(bytes.NewReader(b.Known))
	for {
		token, err := d.ReadToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: the answer cannot be read: %w", errBrief, err)
		}
		if token.Kind() != '0' || !namesEvents(string(d.StackPointer())) {
			continue
		}
		if i, err := token.Uint(); err != nil || !b.holds(i) {
			return fmt.Errorf("%w: %s names event %s, which the brief does not prove", errBrief, d.StackPointer(), token)
		}
	}
}

// namesEvents reports whether a member of the answer holds an index, or a list
// of them.
func namesEvents(path string) bool {
	parts := strings.Split(path, "/")
	last := parts[len(parts)-1]
	if last != "" && strings.Trim(last, "0123456789") == "" && len(parts) > 2 {
		last = parts[len(parts)-2]
	}
	return slices.Contains([]string{"index", "events", "indexes", "target", "corrected_by", "withdrawn_by", "endorsed_by", "disputed_by", "explained_by"}, last)
}
