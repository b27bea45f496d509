package witness

import (
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// ErrQuorum says that the witnesses that cosigned are not enough for the policy.
var ErrQuorum = errors.New("too few witnesses cosigned")

// Cosignature is a verified cosignature.
type Cosignature struct {
	Witness string // its name in the policy
	Key     Verifier
	Time    int64 // that the witness claims, seconds since 1970
	line    translog.SignatureLine
}

// Cosigned is a checkpoint with the log's signature and verified cosignatures.
type Cosigned struct {
	Checkpoint   translog.Checkpoint
	Note         []byte        // see Policy.Merge
	Cosignatures []Cosignature // in the policy's order
	Satisfied    bool          // of the policy that verified it
	policy       *Policy
}

// Open verifies a checkpoint of the log origin: the log's signature, and as
// many cosignatures as the policy asks for. The log's keys are those given, or
// the policy's when none are. It fails with translog.ErrMalformed, with
// translog.ErrSignature also when a cosignature by a witness of the policy is
// false, and with ErrQuorum.
func (p *Policy) Open(checkpoint []byte, origin string, log ...note.Verifier) (Cosigned, error) {
	c, err := p.Merge(checkpoint, origin, nil, log...)
	if err == nil && !c.Satisfied {
		err = fmt.Errorf("open a cosigned checkpoint: %w: %d of the policy's %d", ErrQuorum, len(c.Cosignatures), len(p.witnesses))
	}
	return c, err
}

// Merge is Open without asking for a quorum, and with further signature lines.
// The note it makes holds the log's signatures, then one cosignature of each
// witness that the policy names, the latest, in the policy's order; and nothing
// else: lines by unknown keys are left out.
func (p *Policy) Merge(checkpoint []byte, origin string, more []translog.SignatureLine, log ...note.Verifier) (Cosigned, error) {
	if len(log) == 0 {
		log = p.logKeys(origin)
	}
	head, err := translog.OpenCheckpoint(checkpoint, origin, log...)
	if err != nil {
		return Cosigned{}, err
	}
	text, lines, err := translog.SplitNote(checkpoint)
	if err != nil {
		return Cosigned{}, err
	}
	c := Cosigned{Checkpoint: head, policy: p}
	out := slices.DeleteFunc(slices.Clone(lines), func(l translog.SignatureLine) bool { return !signedBy(log, l) })
	for _, w := range p.witnesses {
		best, err := w.latest(text, append(lines[:len(lines):len(lines)], more...))
		if err != nil {
			return Cosigned{}, err
		}
		if best != nil {
			c.Cosignatures = append(c.Cosignatures, *best)
			out = append(out, best.line)
		}
	}
	c.Note, c.Satisfied = translog.JoinNote(text, out...), p.Satisfied(c.Cosignatures)
	return c, nil
}

func (p *Policy) logKeys(origin string) (keys []note.Verifier) {
	for _, l := range p.logs {
		if l.Key.Name() == origin {
			keys = append(keys, l.Key)
		}
	}
	return keys
}

func signedBy(keys []note.Verifier, l translog.SignatureLine) bool {
	return slices.ContainsFunc(keys, func(k note.Verifier) bool { return k.Name() == l.Name && k.KeyHash() == l.KeyHash })
}

// latest is the witness's newest cosignature among the lines, or nil.
func (w Witness) latest(text string, lines []translog.SignatureLine) (*Cosignature, error) {
	var best *Cosignature
	for _, l := range lines {
		if !w.Key.signed(l) {
			continue
		}
		at, ok := w.Key.when(text, l.Signature)
		if !ok {
			return nil, fmt.Errorf("the cosignature of %s: %w: it is of another checkpoint, or by another key", w.Name, translog.ErrSignature)
		}
		if best == nil || at > best.Time {
			best = &Cosignature{Witness: w.Name, Key: w.Key, Time: at, line: l}
		}
	}
	return best, nil
}

// Time is the median of the times at which the witnesses of the quorum
// cosigned, in seconds since 1970; the earlier of the middle two. With a quorum
// of k witnesses it lies between honest witnesses' times if fewer than k/2 lie.
// It is 0, false when the policy is not satisfied or asks for no witness.
func (c Cosigned) Time() (int64, bool) {
	var times []int64
	for _, by := range c.Cosignatures {
		if c.policy.counted(Witness{Name: by.Witness}) {
			times = append(times, by.Time)
		}
	}
	if !c.Satisfied || len(times) == 0 {
		return 0, false
	}
	slices.Sort(times)
	return times[(len(times)-1)/2], true
}
