package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// audited is an archive that was verified from genesis on.
type audited struct {
	file   *os.File
	report archive.Report
	voided map[uint64]bool
}

// audit verifies an archive. The pins are checkpoints that it must contain. The
// caller closes it.
func (a *app) audit(ctx context.Context, g genesis, path string, pins ...translog.Checkpoint) (*audited, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, &usageError{err}
	}
	bar := a.progress("verifying", 0)
	report, err := archive.Verify(ctx, f, archive.Options{Genesis: g.hash, Pins: pins, Progress: bar.Set})
	bar.End()
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	d := &audited{file: f, report: report, voided: map[uint64]bool{}}
	for _, v := range report.Voided {
		d.voided[v.Index] = true
	}
	return d, nil
}

// archived is one record of an audited archive. A voided one has no body.
type archived struct {
	fact     domain.Fact
	envelope *seal.Envelope
	voided   bool
}

// records yields the records in order. It can be called once.
func (d *audited) records() iter.Seq2[archived, error] {
	return func(yield func(archived, error) bool) {
		for item, err := range archive.Read(d.file) {
			if err == nil && item.Checkpoint != nil {
				continue
			}
			r, err := d.record(item.Leaf, err)
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

func (d *audited) record(l archive.Leaf, err error) (archived, error) {
	r := archived{voided: d.voided[l.Index]}
	r.fact.Index, r.fact.RecordedAt, r.fact.Leaf = l.Index, l.RecordedAt, translog.LeafHash(l.RecordedAt, l.Envelope)
	if err != nil || r.voided {
		return r, err
	}
	if r.envelope, err = seal.Parse(l.Envelope); err != nil {
		return r, err
	}
	event, refusal := domain.Decode(r.envelope.Header, r.envelope.Payload)
	if refusal != nil {
		return r, refusal
	}
	r.fact.Event, r.fact.Envelope = event, r.envelope.Hash()
	return r, nil
}
