package integration

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
)

// archiveTampers change the text of an archive.
var archiveTampers = []tamper{
	{"envelope header, a byte", 150, func(g *ground, r *rand.Rand) trial { return g.inEnvelope(r, 0) }},
	{"payload, a byte", 150, func(g *ground, r *rand.Rand) trial { return g.inEnvelope(r, 1) }},
	{"signature, a byte", 150, func(g *ground, r *rand.Rand) trial { return g.inEnvelope(r, 2) }},
	{"two leaves in each other's place", 40, swapped},
	{"a leaf dropped, the rest renumbered", 40, dropped},
	{"a leaf inserted, genuine but never recorded", 40, inserted},
	{"a leaf replayed", 40, replayed},
	{"a record dated back", 40, func(g *ground, r *rand.Rand) trial { return g.dated(r, -1) }},
	{"a record dated ahead", 20, func(g *ground, r *rand.Rand) trial { return g.dated(r, 1) }},
	{"checkpoint, a byte", 100, func(g *ground, r *rand.Rand) trial { return g.inNote(r, "checkpoint", g.sizes, "") }},
	{"view digests, a byte", 60, func(g *ground, r *rand.Rand) trial { return g.inNote(r, "digests", g.shown, "") }},
	{"cosigned checkpoint, a byte", 60, func(g *ground, r *rand.Rand) trial { return g.inNote(r, "cosigned", g.seen, "") }},
	{"cosignature, a byte", 60, func(g *ground, r *rand.Rand) trial { return g.inNote(r, "cosigned", g.seen, "\n— witness.") }},
	{"a cosignature dropped, repeated, of elsewhere", 40, cosignatures},
}

// signedTampers are those of an operator who holds the log key.
var signedTampers = []tamper{
	{"view digest, signed with the log key", 20, lyingView},
	{"history without an event, all signed again", 20, resigned},
	{"history dated back, all signed again", 20, redated},
	{"fork shown to one witness", 10, forked},
	{"a clock that ran ahead, and honest witnesses", 20, fast},
	{"a clock that stood still, and honest witnesses", 20, still},
}

// other is a byte that is not b.
func other(r *rand.Rand, b byte) byte { return b + byte(1+r.IntN(255)) }

// edited is a trial of leaves that stand in the archive in another way, with
// the honest checkpoints.
func (g *ground) edited(leaves []archive.Leaf, lo, hi uint64) trial {
	var out bytes.Buffer
	out.WriteString("coalition-ledger archive v1\n")
	honest, at := g.notes(), 0
	for i, l := range leaves {
		fmt.Fprintf(&out, "%d %d %s\n", i, l.RecordedAt, l.Envelope)
		if at < len(g.sizes) && (uint64(i+1) == g.sizes[at] || i+1 == len(leaves)) {
			fmt.Fprintf(&out, "checkpoint\n%s\n", honest[at])
			at++
		}
	}
	return trial{check: func(ctx context.Context) (uint64, string, error) { return g.verify(ctx, out.Bytes(), nil) }, lo: lo, hi: hi}
}

// notes are the archive's checkpoints.
func (g *ground) notes() (out [][]byte) {
	for item, err := range archive.Read(bytes.NewReader(g.text)) {
		g.must(err)
		if item.Checkpoint != nil {
			out = append(out, item.Checkpoint)
		}
	}
	return out
}

// textual is a trial of a changed text.
func (g *ground) textual(text []byte, lo, hi uint64) trial {
	return trial{check: func(ctx context.Context) (uint64, string, error) { return g.verify(ctx, text, nil) }, lo: lo, hi: hi}
}

// inEnvelope changes a byte of one of the three parts of an envelope.
func (g *ground) inEnvelope(r *rand.Rand, part int) trial {
	i := r.IntN(len(g.leaves))
	line := fmt.Sprintf("\n%d %d ", i, g.leaves[i].RecordedAt)
	at := bytes.Index(g.text, []byte(line)) + len(line)
	parts := strings.Split(string(g.leaves[i].Envelope), ".")
	for _, p := range parts[:part] {
		at += len(p) + 1
	}
	text := bytes.Clone(g.text)
	at += r.IntN(len(parts[part]))
	text[at] = other(r, text[at])
	return g.textual(text, uint64(i), uint64(i)+1) // a line feed makes two lines of one
}

func swapped(g *ground, r *rand.Rand) trial {
	i := 1 + r.IntN(len(g.leaves)-2)
	j := i + 1 + r.IntN(len(g.leaves)-i-1)
	leaves := slices.Clone(g.leaves)
	leaves[i].Envelope, leaves[j].Envelope = leaves[j].Envelope, leaves[i].Envelope
	return g.edited(leaves, uint64(i), g.next(uint64(j)))
}

func dropped(g *ground, r *rand.Rand) trial {
	i := r.IntN(len(g.leaves) - 1)
	return g.edited(slices.Delete(slices.Clone(g.leaves), i, i+1), uint64(i), g.next(uint64(i)))
}

func inserted(g *ground, r *rand.Rand) trial {
	i := 20 + r.IntN(len(g.leaves)-20)
	more := archive.Leaf{RecordedAt: g.leaves[i].RecordedAt, Envelope: g.c.Sign("XB", "enforcement.action_taken", ledgertest.Action(1000+r.IntN(1_000_000)))}
	return g.edited(slices.Insert(slices.Clone(g.leaves), i, more), uint64(i), g.next(uint64(i)))
}

func replayed(g *ground, r *rand.Rand) trial {
	i := 1 + r.IntN(len(g.leaves)-2)
	at := i + 1 + r.IntN(len(g.leaves)-i-1)
	again := archive.Leaf{RecordedAt: g.leaves[at].RecordedAt, Envelope: g.leaves[i].Envelope}
	return g.edited(slices.Insert(slices.Clone(g.leaves), at, again), uint64(at), g.next(uint64(at)))
}

func (g *ground) dated(r *rand.Rand, sign int64) trial {
	i := r.IntN(len(g.leaves))
	leaves := slices.Clone(g.leaves)
	leaves[i].RecordedAt += sign * (1 + r.Int64N(7_200_000_000))
	return g.edited(leaves, uint64(i), g.next(uint64(i)))
}

// inNote changes a byte of a checkpoint, of digests, or of a cosigned
// checkpoint, from a text in it on.
func (g *ground) inNote(r *rand.Rand, word string, sizes []uint64, from string) trial {
	k := r.IntN(len(sizes))
	rest, at := g.text, 0
	for range k + 1 {
		i := bytes.Index(rest[at:], []byte("\n"+word+"\n"))
		at += i + 1
	}
	end := at + bytes.Index(g.text[at:], []byte("\n\n"))
	end += 3 + bytes.Index(g.text[end+2:], []byte("\n\n"))
	text := bytes.Clone(g.text)
	at += bytes.Index(g.text[at:end], []byte(from))
	at += r.IntN(end - at)
	text[at] = other(r, text[at])
	return g.textual(text, sizes[k], sizes[k]+1)
}

// lyingView signs a digest that does not follow from the events.
func lyingView(g *ground, r *rand.Rand) trial {
	at := g.shown[r.IntN(len(g.shown))]
	text := g.archived(g.leaves, g.c.Log, func(d *translog.Digests) {
		if d.Size == at {
			d.Views[r.IntN(len(d.Views))].Sum[r.IntN(32)] ^= 1 << r.IntN(8)
		}
	})
	return g.textual(text, at, at)
}

// resigned leaves out an event that nobody refers to, and signs everything
// again. Nothing within such an archive is wrong; a checkpoint that somebody
// kept shows it.
func resigned(g *ground, r *rand.Rand) trial {
	i := g.action(r)
	text := g.archived(slices.Delete(slices.Clone(g.leaves), i, i+1), g.c.Log, nil)
	kept := g.headOf(g.leaves[:g.next(uint64(i))])
	return trial{lo: kept.Size, hi: kept.Size, check: func(ctx context.Context) (uint64, string, error) {
		if at, rule, err := g.verify(ctx, text, nil); rule != "" || err != nil {
			return 0, "", fmt.Errorf("without a kept checkpoint: %s at %d: %w", rule, at, err)
		}
		return g.verify(ctx, text, func(o *archive.Options) { o.Pins = []translog.Checkpoint{kept} })
	}}
}

// action is the index of an enforcement action before the last checkpoint but one.
func (g *ground) action(r *rand.Rand) int {
	for {
		i := len(g.leaves) - 40 + r.IntN(25)
		if bytes.Contains(g.leaves[i].Envelope, []byte(".")) && (i-(len(g.leaves)-40))%4 > 0 {
			return i
		}
	}
}

// redated moves events before a time at which witnesses saw the ledger without
// them.
func redated(g *ground, r *rand.Rand) trial {
	i := g.action(r)
	leaves := slices.Clone(g.leaves)
	for k := i; k < len(leaves); k++ {
		leaves[k].RecordedAt = leaves[i-1].RecordedAt
	}
	text := g.archived(leaves, g.c.Log, nil)
	seen := func(o *archive.Options) {
		o.Times, o.Tolerance = []archive.Time{{Size: uint64(i), At: g.leaves[i].RecordedAt/1_000_000 - 2}}, 10*time.Second
	}
	return trial{lo: uint64(i), hi: uint64(i), check: func(ctx context.Context) (uint64, string, error) {
		if at, rule, err := g.verify(ctx, g.text, seen); rule != "" || err != nil {
			return 0, "", fmt.Errorf("the honest archive: %s at %d: %w", rule, at, err)
		}
		return g.verify(ctx, text, seen)
	}}
}

// forked shows one witness another history. Its cosigned checkpoint and the
// archive contradict each other, and with the archive's own checkpoint they are
// evidence that needs the log's key alone.
func forked(g *ground, r *rand.Rand) trial {
	i := g.action(r)
	fork := slices.Clone(g.leaves)
	fork[i].RecordedAt++
	head := g.headOf(fork)
	signed, err := translog.SignCheckpoint(head, g.c.Log)
	g.must(err)
	shown := g.cosigned(signed, g.c.Time.Unix(), g.witnesses[r.IntN(3)])
	return trial{lo: head.Size, hi: head.Size, check: func(ctx context.Context) (uint64, string, error) {
		pin, err := translog.PeekCheckpoint(shown)
		if err != nil {
			return 0, "", err
		}
		notes := g.notes()
		if _, err := witness.ProveFork(shown, notes[len(notes)-1], nil, nil); err != nil {
			return 0, "", fmt.Errorf("no evidence: %w", err)
		}
		return g.verify(ctx, g.text, func(o *archive.Options) { o.Pins = []translog.Checkpoint{pin} })
	}}
}

// cosignatures changes whose cosignatures stand below a checkpoint. All that the
// policy names are asked for, so one that is missing is missed.
func cosignatures(g *ground, r *rand.Rand) trial {
	k := r.IntN(len(g.seen))
	note := g.proofs[k].Data
	text, lines, err := translog.SplitNote(note)
	g.must(err)
	i := 1 + r.IntN(len(lines)-1)
	switch r.IntN(4) {
	case 0:
		lines = slices.Delete(lines, i, i+1)
	case 1:
		lines = append(lines, lines[i])
	case 2:
		_, vkey, err := witness.GenerateKey("witness.example/x")
		g.must(err)
		v, err := witness.NewVerifier(vkey)
		g.must(err)
		lines = append(lines, translog.SignatureLine{Name: v.Name(), KeyHash: v.KeyHash(), Signature: lines[i].Signature})
	case 3:
		_, others, err := translog.SplitNote(g.proofs[(k+1)%len(g.proofs)].Data)
		g.must(err)
		lines[i] = others[i]
	}
	bad := bytes.Replace(g.text, append([]byte("\ncosigned\n"), note...), append([]byte("\ncosigned\n"), translog.JoinNote(text, lines...)...), 1)
	return g.textual(bad, g.seen[k], g.seen[k])
}

// clocked is a history that was recorded with a clock that was wrong, and shown
// as it grew to witnesses whose clocks were right.
func (g *ground) clocked(leaves []archive.Leaf, at int) trial {
	text := g.written(leaves, g.c.Log, nil, func(tree *translog.Tree) []byte {
		return g.cosigned(g.signed(tree, g.c.Log), g.leaves[tree.Size()-1].RecordedAt/1_000_000+1, g.witnesses...)
	})
	return g.textual(text, uint64(at), uint64(at))
}

// fast records from some event on with a clock that is hours ahead.
func fast(g *ground, r *rand.Rand) trial {
	i := g.action(r)
	leaves := slices.Clone(g.leaves)
	for k := i; k < len(leaves); k++ {
		leaves[k].RecordedAt += 3_600_000_000 * int64(2+r.IntN(2))
		leaves[k].RecordedAt = max(leaves[k].RecordedAt, leaves[k-1].RecordedAt)
	}
	return g.clocked(leaves, i)
}

// still records from some event on with a clock that stands: the first event
// behind the next cosigned checkpoint but one shows it.
func still(g *ground, r *rand.Rand) trial {
	i := g.action(r)
	leaves := slices.Clone(g.leaves)
	for k := i; k < len(leaves); k++ {
		leaves[k].RecordedAt = leaves[i-1].RecordedAt
	}
	at := i
	for !slices.Contains(g.seen, uint64(at)) || g.leaves[at-1].RecordedAt/1_000_000+1-60 <= leaves[i-1].RecordedAt/1_000_000 {
		at++
	}
	return g.clocked(leaves, at)
}
