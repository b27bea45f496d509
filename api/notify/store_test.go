package notify

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/api/watch"
	"github.com/coalition-ledger/coalition-ledger/domain"
)

func TestStore(t *testing.T) {
	dir := t.TempDir()
	s, err := OpenStore(dir, 2)
	if err != nil {
		t.Fatal(err)
	}
	add := func(a domain.AgencyID) (Subscription, error) {
		return s.Add(Subscription{Agency: a, Watch: []watch.Watch{allActs}, CreatedAt: time.Now()})
	}
	one, err := add("XA/mof")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := add("XA/mof"); err != nil {
		t.Fatal(err)
	}
	if _, err := add("XA/mof"); !errors.Is(err, ErrLimit) {
		t.Errorf("a third: %v", err)
	}
	if _, err := add("../x"); err == nil {
		t.Error("an agency that is a path is kept")
	}
	for _, id := range []string{one.ID + "x", "../" + one.ID, "", "urn:uuid:" + one.ID, "{" + one.ID + "}"} {
		if _, err := s.Get("XA/mof", id); !errors.Is(err, ErrUnknown) {
			t.Errorf("%q: %v", id, err)
		}
	}
	if _, err := s.Get("XB/mof", one.ID); !errors.Is(err, ErrUnknown) {
		t.Errorf("another agency's: %v", err)
	}
	if err := s.Remove("XB/mof", one.ID); !errors.Is(err, ErrUnknown) {
		t.Errorf("another agency's: %v", err)
	}
	info, err := os.Stat(filepath.Join(dir, "XA_mof", one.ID+".json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info, err)
	}
}

// What a killed process was writing goes; what another replica writes stays.
func TestOpenSweepsWhatWasLeft(t *testing.T) {
	dir := t.TempDir()
	old, young := filepath.Join(dir, "XA_mof", ".new-1"), filepath.Join(dir, "XA_mof", ".new-2")
	if err := os.Mkdir(filepath.Dir(old), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{old, young} {
		if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ago := time.Now().Add(-time.Hour)
	if err := os.Chtimes(old, ago, ago); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenStore(dir, 1); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil || len(left) != 1 || left[0] != young {
		t.Errorf("left: %v, %v", left, err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".new-*")); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}
