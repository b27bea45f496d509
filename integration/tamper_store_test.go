package integration

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/fsck"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// storeTampers change the store or what stands beside it.
var storeTampers = []tamper{
	{"store: payload of a record, a byte", 60, func(g *ground, r *rand.Rand) trial {
		return g.inRecord(r, func(x *eventstore.Record) { x.Data = g.byteOf(r, x.Data) })
	}},
	{"store: metadata of a record, a byte", 60, func(g *ground, r *rand.Rand) trial {
		return g.inRecord(r, func(x *eventstore.Record) { x.Meta = g.byteOf(r, x.Meta) })
	}},
	{"store: type or id of a record", 30, func(g *ground, r *rand.Rand) trial {
		return g.inRecord(r, func(x *eventstore.Record) {
			if r.IntN(2) == 0 {
				x.Type = "x" + x.Type
			} else {
				x.ID[r.IntN(16)] ^= 1 << r.IntN(8)
			}
		})
	}},
	{"store: checkpoint, a byte", 60, storedCheckpoint},
	{"store: cosigned checkpoint, a byte", 60, storedCosigned},
	{"store: rolled back, checkpoints and all", 20, rolledBack},
	{"store: a record past the ledger", 20, past},
	{"kept checkpoint, a byte", 30, func(g *ground, r *rand.Rand) trial { return g.inFile(r, "ledger/"+ledger.MarkFile) }},
	{"tree hash, a byte", 60, treeHash},
	{"state snapshot, a byte", 40, func(g *ground, r *rand.Rand) trial { return g.inFile(r, "ledger/"+ledger.SnapshotFile) }},
	{"view snapshot, a byte", 70, viewSnapshot},
	{"view snapshot of other facts, its sum made right", 10, viewForged},
	{"sealed ciphertext, a byte", 20, ciphertext},
}

func (g *ground) byteOf(r *rand.Rand, data []byte) []byte {
	data = bytes.Clone(data)
	i := r.IntN(len(data))
	data[i] = other(r, data[i])
	return data
}

// fsck verifies a store made of records, with the caches of a folder.
func (g *ground) fsck(journal, marks []eventstore.Record, dir string, lo, hi uint64) trial {
	return trial{lo: lo, hi: hi, check: func(ctx context.Context) (uint64, string, error) {
		store := eventstore.Memory()
		for stream, records := range map[string][]eventstore.Record{eventstore.Journal: journal, eventstore.Checkpoints: marks} {
			if err := store.Append(ctx, eventstore.Write{Stream: stream, Records: records}); err != nil {
				return 0, "", err
			}
		}
		o := fsck.Options{Genesis: g.c.Ledger, Views: folded{projections.NewViews()}}
		if dir != "" {
			o.Dir, o.Sealed = filepath.Join(dir, "ledger"), filepath.Join(dir, "sealed")
			kept, err := projections.Inspect(filepath.Join(dir, "views"))
			if err != nil {
				return 0, "", err
			}
			for _, k := range kept {
				d := translog.ViewDigest{View: k.View, Version: k.Version, Sum: k.Sum}
				o.Kept = append(o.Kept, fsck.Kept{File: k.File, Size: k.Size, ViewDigest: d, Err: k.Err, Unknown: k.Void})
			}
		}
		report, err := fsck.Check(ctx, store, o)
		if err != nil || len(report.Bad) == 0 {
			return 0, "", err
		}
		return report.Bad[0].Index, report.Bad[0].Rule, nil
	}}
}

func (g *ground) inRecord(r *rand.Rand, change func(*eventstore.Record)) trial {
	i := r.IntN(len(g.journal))
	journal := slices.Clone(g.journal)
	change(&journal[i])
	return g.fsck(journal, g.marks, "", uint64(i), uint64(i)+1)
}

func storedCheckpoint(g *ground, r *rand.Rand) trial {
	i := r.IntN(len(g.marks))
	marks := slices.Clone(g.marks)
	marks[i].Data = g.byteOf(r, marks[i].Data)
	before := uint64(0)
	if c, err := translog.PeekCheckpoint(g.marks[max(i-1, 0)].Data); err == nil && i > 0 {
		before = c.Size
	}
	return g.fsck(g.journal, marks, "", before, uint64(len(g.journal))) // it is read when its size, whatever that says now, is due
}

func storedCosigned(g *ground, r *rand.Rand) trial {
	i := r.IntN(len(g.proofs))
	proofs := slices.Clone(g.proofs)
	proofs[i].Data = g.byteOf(r, proofs[i].Data)
	before := uint64(0)
	if i > 0 {
		before = g.seen[i-1]
	}
	return g.fsck(g.journal, slices.Concat(g.marks, proofs), "", before, uint64(len(g.journal)))
}

func rolledBack(g *ground, r *rand.Rand) trial {
	n := 10 + r.IntN(len(g.journal)-11)
	var marks []eventstore.Record
	for _, m := range g.marks {
		if c, err := translog.PeekCheckpoint(m.Data); err == nil && c.Size <= uint64(n) {
			marks = append(marks, m)
		}
	}
	return g.fsck(g.journal[:n], marks, g.dir, uint64(n), uint64(n))
}

// past appends a record that no ledger wrote.
func past(g *ground, r *rand.Rand) trial {
	rogue := eventstore.Record{ID: [16]byte{1, byte(r.IntN(256))}, Type: "note", Data: []byte(fmt.Sprint("hello ", r.IntN(1000))), Meta: []byte("{}")}
	n := uint64(len(g.journal))
	return g.fsck(append(slices.Clone(g.journal), rogue), g.marks, "", n, n)
}

// copied is a copy of the folder of caches in which a file may be changed.
func (g *ground) copied(name string, change func([]byte) []byte) string {
	g.t.Helper()
	dir := g.t.TempDir()
	g.must(os.CopyFS(dir, os.DirFS(g.dir)))
	path := filepath.Join(dir, filepath.FromSlash(name))
	data, err := os.ReadFile(path)
	g.must(err)
	g.must(os.WriteFile(path, change(data), 0o600))
	return dir
}

func (g *ground) inFile(r *rand.Rand, name string) trial {
	dir := g.copied(name, func(data []byte) []byte { return g.byteOf(r, data) })
	return g.fsck(g.journal, g.marks, dir, 0, ^uint64(0)) // a cache is of all events
}

func treeHash(g *ground, r *rand.Rand) trial {
	n := 0
	dir := g.copied("ledger/"+ledger.HashesFile, func(data []byte) []byte {
		n = r.IntN(len(data))
		data[n] = other(r, data[n])
		return data
	})
	leaf := uint64(0)
	for stored(leaf+1) <= uint64(n/32) { // the leaf that completed the hash
		leaf++
	}
	return g.fsck(g.journal, g.marks, dir, 0, leaf)
}

// stored is how many hashes a tree of n leaves holds.
func stored(n uint64) uint64 {
	out := uint64(0)
	for ; n > 0; n >>= 1 {
		out += n
	}
	return out
}

func (g *ground) views() []string {
	files, err := filepath.Glob(filepath.Join(g.dir, "views", "*"))
	g.must(err)
	for i := range files {
		files[i] = "views/" + filepath.Base(files[i])
	}
	return files
}

func viewSnapshot(g *ground, r *rand.Rand) trial {
	files := g.views()
	return g.inFile(r, files[r.IntN(len(files))])
}

// viewForged puts a view that lacks most events in place of the whole one, as of
// the same facts, with the right sum: what follows from it would be served.
func viewForged(g *ground, r *rand.Rand) trial {
	names := []string{"history", "lists", "activity"}
	name := names[r.IntN(len(names))]
	dir := g.copied("views/"+name+".snapshot", func(data []byte) []byte {
		line, _, _ := bytes.Cut(data, []byte("\n"))
		var head struct {
			View    string `json:"view"`
			Version int    `json:"version"`
			Size    uint64 `json:"size"`
			Genesis string `json:"genesis"`
			Sum     string `json:"sha256"`
		}
		g.must(json.Unmarshal(line, &head))
		old, err := os.ReadFile(filepath.Join(g.early, name+".snapshot"))
		g.must(err)
		_, body, _ := bytes.Cut(old, []byte("\n"))
		head.Sum = fmt.Sprintf("%064x", 0)
		plain, err := json.Marshal(head)
		g.must(err)
		head.Sum = fmt.Sprintf("%x", sha256.Sum256(append(plain, body...)))
		line, err = json.Marshal(head)
		g.must(err)
		return append(append(line, '\n'), body...)
	})
	return g.fsck(g.journal, g.marks, dir, uint64(len(g.journal)), uint64(len(g.journal)))
}

func ciphertext(g *ground, r *rand.Rand) trial {
	files, err := filepath.Glob(filepath.Join(g.dir, "sealed", "XA_desk", "*"))
	g.must(err)
	return g.inFile(r, "sealed/XA_desk/"+filepath.Base(files[r.IntN(len(files))]))
}
