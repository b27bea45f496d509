package sealed

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

var (
	// ErrHash means that what was uploaded has another hash than was said.
	ErrHash = errors.New("the bytes have another SHA-256 than was said")
	// ErrTooLarge means that a ciphertext is larger than domain.MaxSealed.
	ErrTooLarge = errors.New("the ciphertext is too large")
	// ErrNotEncrypted means that what was uploaded is no age file.
	ErrNotEncrypted = errors.New("this is not encrypted with age")
	// ErrQuota means that an agency has no room left.
	ErrQuota = errors.New("the agency's room for sealed detail is used up")
)

const magic = "age-encryption.org/v1\n"

// Store is a folder of ciphertexts. It is safe for concurrent use. Processes
// may share a folder; each then counts for the quotas only what it stored
// itself and what it found at its start.
type Store struct {
	dir   string
	quota int64
	mu    sync.Mutex
	used  map[domain.AgencyID]int64
}

// OpenStore opens a folder, making it when it is not there. Uploads of one
// agency take up at most quota bytes.
func OpenStore(dir string, quota int64) (*Store, error) {
	s := &Store{dir: dir, quota: quota, used: map[domain.AgencyID]int64{}}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the store of sealed detail: %w", err)
	}
	err := s.each(func(f stored) error {
		s.used[f.agency] += f.size
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("open the store of sealed detail: %w", err)
	}
	return s, nil
}

// stored is one file.
type stored struct {
	agency domain.AgencyID
	hash   domain.Hash
	path   string
	size   int64
	at     time.Time
}

// folder is where an agency's uploads are: JP/mof in JP_mof.
func (s *Store) folder(a domain.AgencyID) string {
	return filepath.Join(s.dir, strings.Replace(string(a), "/", "_", 1))
}

func agencyOf(folder fs.DirEntry) domain.AgencyID {
	return domain.AgencyID(strings.Replace(folder.Name(), "_", "/", 1))
}

// each visits all files but those that are still being written.
func (s *Store) each(visit func(stored) error) error {
	folders, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	for _, folder := range folders {
		agency := agencyOf(folder)
		if !folder.IsDir() || !agency.Valid() {
			continue
		}
		if err := s.eachOf(agency, visit); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) eachOf(a domain.AgencyID, visit func(stored) error) error {
	files, err := os.ReadDir(s.folder(a))
	if err != nil {
		return err
	}
	for _, file := range files {
		hash, err := domain.ParseHash(file.Name())
		if err != nil {
			continue
		}
		info, err := file.Info()
		if errors.Is(err, fs.ErrNotExist) { // removed meanwhile
			continue
		}
		if err != nil {
			return err
		}
		f := stored{agency: a, hash: hash, path: filepath.Join(s.folder(a), file.Name()), size: info.Size(), at: info.ModTime()}
		if err := visit(f); err != nil {
			return err
		}
	}
	return nil
}

// Put keeps a ciphertext that an agency uploads. Uploading again what is there
// is no error; it begins the time of grace again. The ciphertext is durable
// when the error is nil.
func (s *Store) Put(a domain.AgencyID, hash domain.Hash, body io.Reader, at time.Time) error {
	data, err := io.ReadAll(io.LimitReader(body, domain.MaxSealed+1))
	switch {
	case err != nil:
		return fmt.Errorf("read the ciphertext: %w", err)
	case len(data) > domain.MaxSealed:
		return ErrTooLarge
	case domain.Hash(sha256.Sum256(data)) != hash:
		return ErrHash
	case !bytes.HasPrefix(data, []byte(magic)):
		return ErrNotEncrypted
	}
	if err := s.keep(a, hash, data, at); err != nil {
		return fmt.Errorf("keep the ciphertext: %w", err)
	}
	return nil
}

func (s *Store) keep(a domain.AgencyID, hash domain.Hash, data []byte, at time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f, err := s.find(hash); err == nil {
		return os.Chtimes(f.path, at, at)
	}
	size := int64(len(data))
	if s.used[a]+size > s.quota {
		return fmt.Errorf("%w: %d of %d bytes are in use", ErrQuota, s.used[a], s.quota)
	}
	if err := s.write(a, hash, data, at); err != nil {
		return err
	}
	s.used[a] += size
	return nil
}

// makeFolder returns an agency's folder, whose name is durable.
func (s *Store) makeFolder(a domain.AgencyID) (string, error) {
	if !a.Valid() {
		return "", fmt.Errorf("%q is no agency", string(a))
	}
	folder := s.folder(a)
	err := os.Mkdir(folder, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return folder, nil
	}
	if err != nil {
		return "", err
	}
	return folder, syncFolder(s.dir)
}

func (s *Store) write(a domain.AgencyID, hash domain.Hash, data []byte, at time.Time) error {
	folder, err := s.makeFolder(a)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, "upload-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails once it has been renamed
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	err = errors.Join(os.Chtimes(f.Name(), at, at), os.Rename(f.Name(), filepath.Join(folder, hash.String())))
	return errors.Join(err, syncFolder(folder))
}

// syncFolder makes a change of names durable, where the system can.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// find returns where a ciphertext is; fs.ErrNotExist when it is not here.
func (s *Store) find(hash domain.Hash) (stored, error) {
	folders, err := os.ReadDir(s.dir)
	if err != nil {
		return stored{}, err
	}
	for _, folder := range folders {
		path := filepath.Join(s.dir, folder.Name(), hash.String())
		if info, err := os.Stat(path); err == nil {
			return stored{agency: agencyOf(folder), hash: hash, path: path, size: info.Size(), at: info.ModTime()}, nil
		}
	}
	return stored{}, fs.ErrNotExist
}

// Get returns a ciphertext, whose hash it has checked. The error is
// fs.ErrNotExist when it is not here, and ErrDamaged when the disk damaged it.
func (s *Store) Get(hash domain.Hash) ([]byte, error) {
	f, err := s.find(hash)
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(f.path)
	if err != nil {
		return nil, fmt.Errorf("read the ciphertext: %w", err)
	}
	if domain.Hash(sha256.Sum256(data)) != hash {
		return nil, fmt.Errorf("%s: %w: restore it from a copy", f.path, ErrDamaged)
	}
	return data, nil
}

// Erase removes a ciphertext for good; it is no error if it is not here. The
// removal is durable when the error is nil. What backups and the medium itself
// still hold is for their keeper to erase.
func (s *Store) Erase(hash domain.Hash) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		f, err := s.find(hash)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("erase a ciphertext: %w", err)
		}
		if err := s.remove(f); err != nil {
			return err
		}
	}
}

func (s *Store) remove(f stored) error {
	err := os.Remove(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("erase a ciphertext: %w", err)
	}
	s.used[f.agency] -= f.size
	return syncFolder(filepath.Dir(f.path))
}

// Sweep removes what keep does not hold fast, given a ciphertext's hash and
// when it was uploaded last, and what a crash left half written before a time.
// It returns how many ciphertexts went.
func (s *Store) Sweep(keep func(hash domain.Hash, uploaded time.Time) bool, before time.Time) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	err := s.each(func(f stored) error {
		if keep(f.hash, f.at) {
			return nil
		}
		n++
		return s.remove(f)
	})
	return n, errors.Join(err, s.clean(before))
}

// clean removes half-written uploads.
func (s *Store) clean(before time.Time) error {
	left, err := filepath.Glob(filepath.Join(s.dir, "*", "upload-*"))
	if err != nil {
		return err
	}
	for _, path := range left {
		if info, err := os.Stat(path); err == nil && info.ModTime().Before(before) {
			if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}
