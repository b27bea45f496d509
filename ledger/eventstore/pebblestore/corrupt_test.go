package pebblestore_test

import (
	"encoding/binary"
	"errors"
	"testing"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/pebblestore"
)

// tamper changes the database behind a store of 20 records and opens it again.
func tamper(t *testing.T, change func(db *pebble.DB) error) (*pebblestore.Store, error) {
	t.Helper()
	disk := vfs.NewMem()
	s := open(t, "store", pebblestore.Options{FS: disk})
	if err := (&writer{}).append(t, s, 20); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := pebble.Open("store", &pebble.Options{FS: disk, FormatMajorVersion: pebble.FormatWALSyncChunks, Logger: quiet{}})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(change(db), db.Close()); err != nil {
		t.Fatal(err)
	}
	return pebblestore.Open("store", pebblestore.Options{FS: disk})
}

type quiet struct{}

func (quiet) Infof(string, ...any)  {}
func (quiet) Errorf(string, ...any) {}
func (quiet) Fatalf(string, ...any) {}

func journalKey(n uint64) []byte { return binary.BigEndian.AppendUint64([]byte{1}, n) }

// flip changes one bit of the value of record n.
func flip(n uint64, at int) func(*pebble.DB) error {
	return func(db *pebble.DB) error {
		value, done, err := db.Get(journalKey(n))
		if err != nil {
			return err
		}
		defer done.Close()
		changed := append([]byte(nil), value...)
		changed[at%len(changed)] ^= 0x10
		return db.Set(journalKey(n), changed, pebble.Sync)
	}
}

// Damage is named by stream and revision, and what stands before it is read.
func TestDamagedRecordIsNamed(t *testing.T) {
	moved := func(db *pebble.DB) error {
		value, done, err := db.Get(journalKey(3))
		if err != nil {
			return err
		}
		defer done.Close()
		return db.Set(journalKey(7), value, pebble.Sync)
	}
	changes := map[string]func(*pebble.DB) error{
		"a record in the place of another": moved,
		"a missing record":                 func(db *pebble.DB) error { return db.Delete(journalKey(7), pebble.Sync) },
		"a shortened record":               func(db *pebble.DB) error { return db.Set(journalKey(7), []byte("short"), pebble.Sync) },
	}
	for at := range 40 {
		changes["bit "+string(rune('0'+at))] = flip(7, at)
	}
	for name, change := range changes {
		s, err := tamper(t, change)
		if err != nil {
			t.Fatalf("%s: open: %v", name, err)
		}
		count, err := readAll(t, s)
		damage := new(eventstore.Corrupt)
		if !errors.As(err, &damage) || !errors.Is(err, eventstore.ErrCorrupt) {
			t.Fatalf("%s: got error %v, want ErrCorrupt", name, err)
		}
		if damage.Stream != eventstore.Journal || damage.Revision != 7 || count != 7 {
			t.Errorf("%s: got %+v after %d records, want revision 7 of the journal", name, *damage, count)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A store without its first or with a damaged last record must not open: the
// next append would build on it.
func TestDamagedEndsDoNotOpen(t *testing.T) {
	changes := map[string]func(*pebble.DB) error{
		"first record missing": func(db *pebble.DB) error { return db.Delete(journalKey(0), pebble.Sync) },
		"last record damaged":  flip(19, 30),
		"foreign key":          func(db *pebble.DB) error { return db.Set([]byte{1, 0xff}, nil, pebble.Sync) },
	}
	for name, change := range changes {
		if _, err := tamper(t, change); !errors.Is(err, eventstore.ErrCorrupt) {
			t.Errorf("%s: got %v, want ErrCorrupt", name, err)
		}
	}
}

// Somebody else's database, or one of a later format, is left alone.
func TestForeignDatabaseIsRefused(t *testing.T) {
	later := func(db *pebble.DB) error { return db.Set([]byte("\x00format"), []byte("v9"), pebble.Sync) }
	foreign := func(db *pebble.DB) error { return db.Delete([]byte("\x00format"), pebble.Sync) }
	for name, change := range map[string]func(*pebble.DB) error{"later": later, "foreign": foreign} {
		s, err := tamper(t, change)
		if err == nil {
			t.Errorf("%s format: opened", name)
			_ = s.Close()
		}
	}
}

func readAll(t *testing.T, s eventstore.Store) (n int, err error) {
	t.Helper()
	for _, err := range s.Read(t.Context(), eventstore.Journal, 0, eventstore.Head) {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
