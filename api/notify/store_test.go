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
