package notify

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/coalition-ledger/coalition-ledger/api/watch"
	"github.com/coalition-ledger/coalition-ledger/domain"
)

var (
	// ErrUnknown means that no such subscription is an agency's.
	ErrUnknown = errors.New("no such subscription")
	// ErrLimit means that an agency has as many subscriptions as it may.
	ErrLimit = errors.New("the agency has as many subscriptions as it may")
)

// Subscription is what an agency asked to be told of.
type Subscription struct {
	ID        string          `json:"id"`
	Agency    domain.AgencyID `json:"agency"`
	Watch     []watch.Watch   `json:"watch"` // any of these
	Webhook   string          `json:"webhook,omitempty"`
	Loopback  bool            `json:"loopback,omitempty"` // the webhook is of this machine, and the operator let it in then
	CreatedAt time.Time       `json:"created_at"`
	From      uint64          `json:"from"`              // first index looked at
	Resumes   int             `json:"resumes,omitempty"` // how often it was resumed
}

// Progress is how far a webhook was told.
type Progress struct {
	Next      uint64    `json:"next"` // index of the next event to look at
	Delivered uint64    `json:"delivered"`
	Failures  int       `json:"failures"` // in a row
	LastError string    `json:"last_error,omitempty"`
	LastTry   time.Time `json:"last_try,omitzero"`
	NextTry   time.Time `json:"next_try,omitzero"` // after a failure
	Parked    bool      `json:"parked"`
	Resumes   int       `json:"resumes,omitempty"` // of the subscription, when this was written
}

// Store is a folder of subscriptions; see the package comment. It is safe for
// concurrent use.
type Store struct {
	dir     string
	most    int // of each agency
	mu      sync.Mutex
	changed chan struct{}
}

// OpenStore opens a folder, making it when it is not there. An agency has at
// most that many subscriptions.
func OpenStore(dir string, most int) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the store of subscriptions: %w", err)
	}
	if err := sweep(dir); err != nil {
		return nil, fmt.Errorf("open the store of subscriptions: %w", err)
	}
	return &Store{dir: dir, most: most, changed: make(chan struct{}, 1)}, nil
}

// sweep removes what was left by a process that was killed while it wrote. What
// another replica writes now is younger than a minute by the folder's own clock.
func sweep(dir string) error {
	mark, err := os.CreateTemp(dir, aside)
	if err != nil {
		return err
	}
	defer os.Remove(mark.Name())
	now, err := mark.Stat()
	if err = errors.Join(err, mark.Close()); err != nil {
		return err
	}
	left, err := fs.Glob(os.DirFS(dir), "*/"+aside)
	for _, name := range left {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if f, err := os.Stat(path); err == nil && now.ModTime().Sub(f.ModTime()) > time.Minute {
			os.Remove(path)
		}
	}
	return err
}

func (s *Store) folder(a domain.AgencyID) string {
	return filepath.Join(s.dir, strings.Replace(string(a), "/", "_", 1))
}

// Add keeps a new subscription under an id of its own.
func (s *Store) Add(sub Subscription) (Subscription, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !sub.Agency.Valid() {
		return sub, fmt.Errorf("keep the subscription: %q is no agency", sub.Agency)
	}
	kept, err := s.of(sub.Agency)
	if err != nil {
		return sub, err
	}
	if len(kept) >= s.most {
		return sub, ErrLimit
	}
	id, err := uuid.NewRandom()
	if err != nil {
		return sub, err
	}
	sub.ID = id.String()
	if err := os.MkdirAll(s.folder(sub.Agency), 0o700); err != nil {
		return sub, fmt.Errorf("keep the subscription: %w", err)
	}
	return sub, s.keep(sub)
}

func (s *Store) keep(sub Subscription) error {
	if err := replace(filepath.Join(s.folder(sub.Agency), sub.ID+".json"), sub); err != nil {
		return fmt.Errorf("keep the subscription: %w", err)
	}
	s.tell()
	return nil
}

// tell wakes the deliverer of this process; one is enough.
func (s *Store) tell() {
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

// Of lists an agency's subscriptions, the oldest first.
func (s *Store) Of(a domain.AgencyID) ([]Subscription, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.of(a)
}

func (s *Store) of(a domain.AgencyID) ([]Subscription, error) {
	files, err := os.ReadDir(s.folder(a))
	if errors.Is(err, fs.ErrNotExist) || !a.Valid() {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read subscriptions: %w", err)
	}
	var out []Subscription
	for _, f := range files {
		id, ok := strings.CutSuffix(f.Name(), ".json")
		if !ok {
			continue
		}
		sub, err := s.get(a, id)
		if errors.Is(err, ErrUnknown) {
			continue // removed meanwhile
		}
		if err != nil {
			return nil, err
		}
		out = append(out, sub)
	}
	slices.SortFunc(out, func(x, y Subscription) int {
		if c := x.CreatedAt.Compare(y.CreatedAt); c != 0 {
			return c
		}
		return strings.Compare(x.ID, y.ID)
	})
	return out, nil
}

// Get returns a subscription of an agency, or ErrUnknown.
func (s *Store) Get(a domain.AgencyID, id string) (Subscription, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.get(a, id)
}

func (s *Store) get(a domain.AgencyID, id string) (sub Subscription, err error) {
	if uuid.Validate(id) != nil || len(id) != 36 || !a.Valid() { // it becomes the name of a file
		return sub, ErrUnknown
	}
	err = read(filepath.Join(s.folder(a), id+".json"), &sub)
	if errors.Is(err, fs.ErrNotExist) || err == nil && (sub.Agency != a || sub.ID != id) {
		return sub, ErrUnknown
	}
	return sub, err
}

// Remove forgets a subscription of an agency, or fails with ErrUnknown.
func (s *Store) Remove(a domain.AgencyID, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.get(a, id); err != nil {
		return err
	}
	path := filepath.Join(s.folder(a), id)
	if err := os.Remove(path + ".json"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the subscription: %w", err)
	}
	os.Remove(path + ".progress") // nobody finds it without the other
	s.tell()
	return nil
}

// Resume lets a parked subscription go on where it stopped, and one that waits
// try again at once.
func (s *Store) Resume(a domain.AgencyID, id string) (Subscription, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sub, err := s.get(a, id)
	if err != nil {
		return sub, err
	}
	sub.Resumes++
	return sub, s.keep(sub)
}

// All lists the subscriptions of all agencies that have a webhook. An agency
// whose files cannot be read is left out and named in the error.
func (s *Store) All() ([]Subscription, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	folders, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, fmt.Errorf("read subscriptions: %w", err)
	}
	var out []Subscription
	var errs []error
	for _, f := range folders {
		list, err := s.of(domain.AgencyID(strings.Replace(f.Name(), "_", "/", 1)))
		errs = append(errs, err)
		for _, sub := range list {
			if sub.Webhook != "" {
				out = append(out, sub)
			}
		}
	}
	return out, errors.Join(errs...)
}

// Progress returns how far a subscription was told.
func (s *Store) Progress(sub Subscription) (Progress, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := Progress{Next: sub.From}
	err := read(filepath.Join(s.folder(sub.Agency), sub.ID+".progress"), &p)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if p.Resumes < sub.Resumes { // the deliverer has not seen it yet
		p.Parked, p.Failures, p.NextTry = false, 0, time.Time{}
	}
	return p, err
}

// advance keeps how far a subscription was told, unless it is gone. Nobody else
// writes that file, so the store is not locked and many are synced at a time.
func (s *Store) advance(sub Subscription, p Progress) error {
	path := filepath.Join(s.folder(sub.Agency), sub.ID)
	if _, err := os.Stat(path + ".json"); errors.Is(err, fs.ErrNotExist) {
		return ErrUnknown
	}
	err := replace(path+".progress", p)
	if _, gone := os.Stat(path + ".json"); errors.Is(gone, fs.ErrNotExist) { // removed meanwhile
		os.Remove(path + ".progress")
		return ErrUnknown
	}
	return err
}

const maxFile = 64 << 10

func read(path string, into any) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Size() > maxFile {
		return fmt.Errorf("%s is too large for a subscription: move it away", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into, json.RejectUnknownMembers(true)); err != nil {
		return fmt.Errorf("%s is no subscription's file: move it away: %w", path, err)
	}
	return nil
}

const aside = ".new-*" // names of files that are being written

// replace puts a file in place whole, readable by its owner alone.
func replace(path string, value any) error {
	text, err := json.Marshal(value, json.Deterministic(true))
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), aside)
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) // gone already when all went well
	_, err = file.Write(append(text, '\n'))
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
