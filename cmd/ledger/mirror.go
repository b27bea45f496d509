package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
)

const (
	mirrorPatience = 60 * time.Second // for what one checkpoint adds
	refusalPause   = 5 * time.Second  // a refusal costs reading the whole archive again
)

// mirror keeps an archive of a ledger and vouches for no checkpoint before it
// has all that it covers, verified as ledger verify does. Its archive ends with
// a good checkpoint, or with leaves that go on from one.
type mirror struct {
	a       *app
	genesis domain.Hash
	path    string
	busy    chan struct{} // a lock that waiting can be given up on

	audit   *audit // nil until the archive is open
	w       *archive.Writer
	f       *os.File
	good    int64 // bytes up to the newest good checkpoint
	refused *witness.Refusal
	until   time.Time // for which refused is answered again
}

func newMirror(a *app, genesis domain.Hash, dir string) *mirror {
	return &mirror{a: a, genesis: genesis, path: filepath.Join(dir, "ledger.archive"), busy: make(chan struct{}, 1)}
}

// admit is a witness.Admit. What it began goes on when the asker leaves.
func (m *mirror) admit(ctx context.Context, head translog.Checkpoint, signed []byte) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), mirrorPatience)
	defer cancel()
	return m.reach(ctx, head, signed)
}

// reach makes the archive hold all that a checkpoint covers, verified.
func (m *mirror) reach(ctx context.Context, head translog.Checkpoint, signed []byte) error {
	select {
	case m.busy <- struct{}{}:
		defer func() { <-m.busy }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if m.refused != nil && m.a.now().Before(m.until) {
		return m.refused
	}
	if err := m.open(ctx); err != nil {
		return fmt.Errorf("open the mirror %s: %w", m.path, err)
	}
	if head.Size <= m.audit.size {
		return m.audit.holds(head)
	}
	if m.w.Next() > head.Size {
		return fmt.Errorf("this mirror has copied %d events and verified %d: it waits for a checkpoint of all of them", m.w.Next(), m.audit.size)
	}
	r, err := m.a.connect()
	if err != nil {
		return err
	}
	return m.judge(m.audit.take(ctx, m.fetch(ctx, r, head, signed)), head, signed)
}

// fetch yields what the archive lacks, and writes it down as it goes.
func (m *mirror) fetch(ctx context.Context, r *remote, head translog.Checkpoint, signed []byte) batch {
	return func(yield func(archive.Item) bool) error {
		c, err := r.cosignatures(ctx, m.w)
		if err != nil {
			return fmt.Errorf("copy from %s: %w", m.a.Server, err)
		}
		defer c.stop()
		err = m.witnessed(c, 0, 0, yield)
		for l, failed := range r.leaves(ctx, m.w.Next()) {
			if err = errors.Join(err, failed); err == nil {
				err = m.w.Leaf(l)
			}
			if err != nil {
				break
			}
			if !yield(archive.Item{Leaf: l}) {
				return nil
			}
			err = m.witnessed(c, l.RecordedAt, head.Size, yield)
			if m.w.Next() == head.Size {
				break
			}
		}
		if err != nil {
			return fmt.Errorf("copy from %s: %w", m.a.Server, err)
		}
		if m.w.Next() != head.Size {
			return fmt.Errorf("%s shows %d events, the checkpoint is of %d", m.a.Server, m.w.Next(), head.Size)
		}
		yield(archive.Item{Checkpoint: signed})
		return nil
	}
}

// witnessed yields and writes down what is cosigned of the leaves so far.
func (m *mirror) witnessed(c *cosignatures, at int64, end uint64, yield func(archive.Item) bool) error {
	note, err := c.due(m.w.Next(), at, end)
	if err != nil || note == nil {
		return err
	}
	yield(archive.Item{Cosigned: note})
	return m.w.AddCosigned(note)
}

// judge keeps what was good, and drops what was not, but for a copy.
func (m *mirror) judge(err error, head translog.Checkpoint, signed []byte) error {
	var bad *archive.Bad
	if err == nil {
		m.refused = nil
		return m.seal(signed)
	}
	if !errors.As(err, &bad) {
		return err
	}
	failed := errors.Join(m.w.Checkpoint(signed), m.w.Flush(), m.keepRefused(), m.f.Truncate(m.good), m.close())
	if failed != nil {
		return fmt.Errorf("%w; and the archive could not be set back: %w", err, failed)
	}
	if bad.Rule == archive.RuleRoot || bad.Rule == archive.RuleCheckpoint || bad.Rule == archive.RuleCosigned {
		return fmt.Errorf("what %s shows is not what it signed at %d: %w", m.a.Server, head.Size, bad)
	}
	m.refused, m.until = &witness.Refusal{Index: bad.Index, Rule: bad.Rule, Message: bad.Message}, m.a.now().Add(refusalPause)
	return m.refused
}

// seal makes the archive end with the checkpoint, on the disk.
func (m *mirror) seal(signed []byte) error {
	if err := errors.Join(m.w.Checkpoint(signed), m.w.Flush(), m.f.Sync()); err != nil {
		return errors.Join(fmt.Errorf("write the mirror %s: %w", m.path, err), m.close())
	}
	info, err := m.f.Stat()
	if err == nil {
		m.good = info.Size()
	}
	return err
}

// keepRefused copies the archive with what was refused, once: it is the proof.
func (m *mirror) keepRefused() error {
	path := filepath.Join(filepath.Dir(m.path), "refused.archive")
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	text, err := os.Open(m.path)
	if err != nil {
		return err
	}
	defer text.Close()
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = out.ReadFrom(text)
	return errors.Join(err, out.Sync(), out.Close())
}

// open continues the archive and verifies what it holds.
func (m *mirror) open(ctx context.Context) error {
	if m.audit != nil {
		return nil
	}
	var err error
	if m.w, m.f, err = archive.Resume(m.path); err != nil {
		return err
	}
	if err := m.w.Flush(); err != nil { // the first line of a new one
		return errors.Join(err, m.close())
	}
	text, err := os.Open(m.path)
	if err != nil {
		return errors.Join(err, m.close())
	}
	defer text.Close()
	m.audit = newAudit(context.WithoutCancel(ctx), m.genesis)
	if err := m.audit.take(ctx, m.reread(archive.ReadAll(text))); err != nil {
		return errors.Join(err, m.close())
	}
	return nil
}

// reread yields what an archive holds; leaves without a checkpoint may follow.
func (m *mirror) reread(items iter.Seq2[archive.Item, error]) batch {
	return func(yield func(archive.Item) bool) error {
		m.good = 0
		for item, err := range items {
			var bad *archive.Bad
			if errors.As(err, &bad) && bad.Rule == archive.RuleUnsigned {
				return nil
			}
			if err != nil {
				return err
			}
			if item.Checkpoint != nil {
				m.good = item.End
			}
			if !yield(item) {
				return nil
			}
		}
		return nil
	}
}

func (m *mirror) close() error {
	if m.audit != nil {
		m.audit.close()
	}
	f := m.f
	m.audit, m.w, m.f = nil, nil, nil
	if f == nil {
		return nil
	}
	return f.Close()
}

// follow keeps the archive current, also while nobody asks for a cosignature,
// until the context ends.
func (m *mirror) follow(ctx context.Context, g genesis, every time.Duration, tell func(error)) {
	told := ""
	for {
		switch err := m.catchUp(ctx, g); {
		case err == nil:
			told = ""
		case err.Error() != told && ctx.Err() == nil: // once, until something else happens
			told = err.Error()
			tell(err)
		}
		select {
		case <-time.After(every):
		case <-ctx.Done():
			m.busy <- struct{}{}
			defer func() { <-m.busy }()
			if err := m.close(); err != nil {
				tell(err)
			}
			return
		}
	}
}

// catchUp copies and verifies up to the ledger's newest checkpoint.
func (m *mirror) catchUp(ctx context.Context, g genesis) error {
	r, err := m.a.connect()
	if err != nil {
		return err
	}
	text, err := r.Checkpoint(ctx)
	if err != nil {
		return err
	}
	head, err := g.open(text)
	if err != nil {
		return err
	}
	if err := m.reach(ctx, head, text); err != nil {
		return err
	}
	return m.topUp(ctx, r, head, text)
}

// topUp adds what witnesses made of the newest checkpoint since it was copied: a
// mirror that outlives the ledger shows what was effective.
func (m *mirror) topUp(ctx context.Context, r *remote, head translog.Checkpoint, signed []byte) error {
	select {
	case m.busy <- struct{}{}:
		defer func() { <-m.busy }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if m.audit == nil || m.w.Next() != head.Size || m.audit.size != head.Size || m.w.Cosigned() == head.Size {
		return nil
	}
	return m.judge(m.audit.take(ctx, func(yield func(archive.Item) bool) error {
		c, err := r.cosignatures(ctx, m.w)
		if err != nil {
			return err
		}
		defer c.stop()
		return m.witnessed(c, 0, 0, yield)
	}), head, signed)
}
