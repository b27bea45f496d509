package translog

import (
	"fmt"
	"os"
	"sync"

	"golang.org/x/mod/sumdb/tlog"
)

// maxGap is how many unwanted hashes a read may span rather than start a new
// one: reading 2 KiB more costs less than another system call.
const maxGap = 64

// maxRead bounds one read, in hashes (32 KiB).
const maxRead = 1024

// FileHashes is a HashStore in a flat file of 32-byte hashes. It is written
// without fsync: a cache, rebuilt from the journal when it is short or damaged.
// One process at a time may write it.
type FileHashes struct {
	f   *os.File
	mu  sync.RWMutex
	len uint64
}

// OpenFileHashes opens the file at path, or creates it. A torn last hash is
// dropped.
func OpenFileHashes(path string) (*FileHashes, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the hash cache: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("open the hash cache: %w", err)
	}
	s := &FileHashes{f: f, len: uint64(info.Size()) / tlog.HashSize}
	if err := f.Truncate(int64(s.len) * tlog.HashSize); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("drop the torn end of the hash cache: %w", err)
	}
	return s, nil
}

// Close closes the file. It does not flush it.
func (s *FileHashes) Close() error { return s.f.Close() }

// Len is the number of whole hashes in the file.
func (s *FileHashes) Len() uint64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.len
}

// Append writes hashes at the end.
func (s *FileHashes) Append(hashes []tlog.Hash) error {
	buf := make([]byte, 0, len(hashes)*tlog.HashSize)
	for i := range hashes {
		buf = append(buf, hashes[i][:]...)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.f.WriteAt(buf, int64(s.len)*tlog.HashSize); err != nil {
		_ = s.f.Truncate(int64(s.len) * tlog.HashSize) // else the next write covers it
		return fmt.Errorf("write the hash cache: %w", err)
	}
	s.len += uint64(len(hashes))
	return nil
}

// Truncate keeps the first n hashes.
func (s *FileHashes) Truncate(n uint64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n > s.len {
		return fmt.Errorf("truncate to %d of %d hashes: %w", n, s.len, ErrRange)
	}
	if err := s.f.Truncate(int64(n) * tlog.HashSize); err != nil {
		return fmt.Errorf("truncate the hash cache: %w", err)
	}
	s.len = n
	return nil
}

// ReadHashes reads the hashes at the indexes. Neighbours share a read when the
// indexes ascend.
func (s *FileHashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make([]tlog.Hash, len(indexes))
	var buf []byte
	for from := 0; from < len(indexes); {
		to := run(indexes, from)
		first, last := indexes[from], indexes[to-1]
		if first < 0 || last >= int64(s.len) {
			return nil, fmt.Errorf("hashes %d to %d of %d: %w", first, last, s.len, ErrRange)
		}
		if need := int(last-first+1) * tlog.HashSize; cap(buf) < need {
			buf = make([]byte, need)
		} else {
			buf = buf[:need]
		}
		if _, err := s.f.ReadAt(buf, first*tlog.HashSize); err != nil {
			return nil, fmt.Errorf("read the hash cache at %d: %w", first, err)
		}
		for ; from < to; from++ {
			copy(out[from][:], buf[(indexes[from]-first)*tlog.HashSize:])
		}
	}
	return out, nil
}

// run returns the end of the indexes that one read starting at from serves.
func run(indexes []int64, from int) int {
	to := from + 1
	for to < len(indexes) {
		gap := indexes[to] - indexes[to-1]
		if gap < 0 || gap > maxGap || indexes[to]-indexes[from] >= maxRead {
			break
		}
		to++
	}
	return to
}
