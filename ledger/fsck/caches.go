package fsck

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// cached is the state's snapshot.
type cached struct {
	ledger.Cached
	seen bool // it was compared
}

// readCaches reads the kept checkpoint and the state's snapshot.
func (c *checker) readCaches() error {
	if c.o.Dir == "" {
		return nil
	}
	if err := c.readMark(); err != nil {
		return err
	}
	s, err := ledger.ReadCached(c.o.Dir)
	switch {
	case err == nil:
		c.cached = &cached{Cached: s}
	case errors.Is(err, fs.ErrNotExist):
	case errors.Is(err, ledger.ErrOtherBuild):
		c.unknown("snapshot", 0, RuleSnapshot, "%v: it is not looked into", err)
	default:
		c.bad("snapshot", 0, RuleSnapshot, "%v: delete it; the ledger then replays the journal", err)
	}
	return nil
}

func (c *checker) readMark() error {
	text, err := os.ReadFile(filepath.Join(c.o.Dir, ledger.MarkFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the kept checkpoint: %w", err)
	}
	mark, err := translog.PeekCheckpoint(text)
	if err != nil {
		c.bad("mark", 0, RuleMark, "%v", err)
		return nil
	}
	c.kept = append(c.kept, mark)
	return nil
}

// caches compares what stands beside the store with the verified journal.
func (c *checker) caches() error {
	if len(c.kept) > 0 && c.report.State != nil {
		c.checkMark()
	}
	if c.cached != nil && !c.cached.seen && c.cached.Size > c.report.Size {
		c.bad("snapshot", c.report.Size, RuleAhead, "the snapshot is of %d events, the store holds %d: the store came back shorter", c.cached.Size, c.report.Size)
	}
	for _, k := range c.o.Kept {
		switch {
		case k.Err != nil:
			c.bad(k.File, 0, RuleView, "%v: delete it; the view is then folded again", k.Err)
		case k.Unknown:
			c.unknown(k.File, k.Size, RuleView, "it is of version %d of the view %s, which this program does not know", k.Version, k.View)
		case k.Size > c.report.Size:
			c.bad(k.File, c.report.Size, RuleAhead, "the view has folded %d events, the store holds %d: the store came back shorter", k.Size, c.report.Size)
		}
	}
	if c.o.Dir == "" {
		return nil
	}
	return c.checkHashes(filepath.Join(c.o.Dir, ledger.HashesFile))
}

// checkMark verifies the kept checkpoint's signature: a mark that anyone could
// write would be worth nothing.
func (c *checker) checkMark() {
	text, err := os.ReadFile(filepath.Join(c.o.Dir, ledger.MarkFile))
	if err == nil {
		var key note.Verifier
		if key, err = note.NewVerifier(c.report.State.LogKey()); err == nil {
			_, err = translog.OpenCheckpoint(text, c.report.Origin, key)
		}
	}
	if err != nil {
		c.bad("mark", c.kept[0].Size, RuleMark, "%v", err)
	}
}

// compare compares what decides anything: both states in the form in which a
// snapshot holds them.
func (k *cached) compare(s *domain.State) error {
	if k.State.Next() != k.Size {
		return fmt.Errorf("the snapshot of %d events holds %d", k.Size, k.State.Next())
	}
	data, err := s.MarshalBinary()
	if err != nil {
		return err
	}
	want := domain.NewState()
	if err := want.UnmarshalBinary(data); err != nil {
		return err
	}
	if !reflect.DeepEqual(want, k.State) {
		return errors.New("the snapshot's state is not the one that the events give")
	}
	return nil
}

const hashesAtOnce = 1024

// checkHashes compares each hash of the cache with the tree's, as far as either
// reaches. A torn last one is what a crash leaves.
func (c *checker) checkHashes(path string) error {
	if c.cached != nil && c.cached.seen {
		c.checkBound()
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the hash cache: %w", err)
	}
	defer f.Close()
	buf := make([]byte, hashesAtOnce*tlog.HashSize)
	for at := uint64(0); ; {
		n, err := io.ReadFull(f, buf)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("read the hash cache: %w", err)
		}
		whole := uint64(n) / tlog.HashSize
		done, cmpErr := c.compareHashes(at, buf[:whole*tlog.HashSize])
		if cmpErr != nil || done || err != nil {
			return cmpErr
		}
		at += whole
	}
}

// compareHashes compares stored hashes from at on; done when one differs.
func (c *checker) compareHashes(at uint64, data []byte) (done bool, err error) {
	have := c.o.Hashes.Len()
	for i := uint64(0); i < uint64(len(data))/tlog.HashSize; i++ {
		if at+i >= have {
			if !c.broken() {
				c.bad("hashes", c.report.Size, RuleAhead, "the hash cache knows more events than the %d in the store: the store came back shorter", c.report.Size)
			}
			return true, nil
		}
		want, err := c.o.Hashes.ReadHashes([]int64{int64(at + i)})
		if err != nil {
			return true, err
		}
		if got := data[i*tlog.HashSize:][:tlog.HashSize]; !bytes.Equal(got, want[0][:]) {
			level, n := tlog.SplitStoredHashIndex(int64(at + i))
			c.bad("hashes", uint64(n)<<level, RuleHashes, "the hash of level %d, number %d is %x, the events give %x: delete the file; the ledger then computes it again", level, n, got, want[0])
			return true, nil
		}
	}
	return false, nil
}

// broken reports that the journal was not read to its end.
func (c *checker) broken() bool { return c.report.Affected != nil }

// checkBound compares the root that the snapshot is bound to.
func (c *checker) checkBound() {
	root, err := tlog.TreeHash(int64(c.cached.Size), c.o.Hashes)
	if err == nil && domain.Hash(root) != c.cached.Root {
		c.bad("snapshot", c.cached.Size, RuleSnapshot, "it is bound to the root %s, the events give %s: delete it", c.cached.Root, domain.Hash(root))
	}
}
