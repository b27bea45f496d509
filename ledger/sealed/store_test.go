package sealed

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

var noon = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

func open(t testing.TB, dir string, quota int64) *Store {
	t.Helper()
	s, err := OpenStore(dir, quota)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// ciphertext is an age file as far as the store can tell.
func ciphertext(text string) ([]byte, domain.Hash) {
	data := []byte(magic + text)
	return data, sha256.Sum256(data)
}

func (s *Store) given(t testing.TB, a domain.AgencyID, text string, at time.Time) domain.Hash {
	t.Helper()
	data, hash := ciphertext(text)
	if err := s.Put(a, hash, bytes.NewReader(data), at); err != nil {
		t.Fatal(err)
	}
	return hash
}

func TestWhatIsPutIsGotAlsoAfterReopening(t *testing.T) {
	dir := t.TempDir()
	want, _ := ciphertext("one")
	hash := open(t, dir, 1000).given(t, "JP/mof", "one", noon)
	if got, err := open(t, dir, 1000).Get(hash); err != nil || !bytes.Equal(got, want) {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := open(t, dir, 1000).Get(domain.Hash{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of what was never put: %v", err)
	}
	info, err := os.Stat(filepath.Join(dir, "JP_mof", hash.String()))
	if err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read it: %v, %v", info.Mode(), err)
	}
}

func TestWhatIsNoCiphertextOfThatHashIsRefused(t *testing.T) {
	s := open(t, t.TempDir(), 100<<20)
	data, hash := ciphertext("one")
	large := bytes.Repeat([]byte{1}, domain.MaxSealed+1)
	plain := []byte("The tip came from a clerk.")
	for _, c := range []struct {
		name string
		hash domain.Hash
		data []byte
		want error
	}{
		{"other hash", hash, data[1:], ErrHash},
		{"plaintext", sha256.Sum256(plain), plain, ErrNotEncrypted},
		{"too large", sha256.Sum256(large), large, ErrTooLarge},
	} {
		if err := s.Put("JP/mof", c.hash, bytes.NewReader(c.data), noon); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if err := s.Put("../mof", hash, bytes.NewReader(data), noon); err == nil {
		t.Error("an agency may name a folder elsewhere")
	}
	if n, _ := s.Sweep(func(domain.Hash, time.Time) bool { return false }, noon); n != 0 {
		t.Errorf("%d of them were kept", n)
	}
}

func TestQuotaIsPerAgencyAndCountsWhatWasFound(t *testing.T) {
	dir := t.TempDir()
	one, _ := ciphertext("one")
	s := open(t, dir, int64(2*len(one)))
	s.given(t, "JP/mof", "one", noon)
	s.given(t, "JP/mof", "one", noon) // again takes no room
	s = open(t, dir, int64(2*len(one)))
	s.given(t, "JP/mof", "two", noon)
	data, hash := ciphertext("3")
	if err := s.Put("JP/mof", hash, bytes.NewReader(data), noon); !errors.Is(err, ErrQuota) {
		t.Errorf("got %v", err)
	}
	s.given(t, "GB/ofsi", "3", noon)
	_, hash = ciphertext("two")
	if err := s.Erase(hash); err != nil {
		t.Fatal(err)
	}
	s.given(t, "JP/mof", "4", noon)
}

func TestErasedIsGoneFromTheFolder(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 1000)
	hash := s.given(t, "JP/mof", "one", noon)
	for range 2 { // the second time changes nothing
		if err := s.Erase(hash); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Get(hash); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*", "*")); len(left) != 0 {
		t.Errorf("left: %s", left)
	}
}

func TestSweepKeepsWhatIsBoundOrYoung(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 1000)
	bound, forgotten := s.given(t, "JP/mof", "bound", noon), s.given(t, "JP/mof", "forgotten", noon)
	young := s.given(t, "JP/mof", "young", noon)
	s.given(t, "JP/mof", "young", noon.Add(2*time.Hour)) // begins again
	half := filepath.Join(dir, "JP_mof", "upload-1")
	if err := errors.Join(os.WriteFile(half, nil, 0o600), os.Chtimes(half, noon, noon)); err != nil {
		t.Fatal(err)
	}
	grace := noon.Add(time.Hour)
	n, err := s.Sweep(func(h domain.Hash, at time.Time) bool { return h == bound || at.After(grace) }, grace)
	if n != 1 || err != nil {
		t.Errorf("%d went, %v", n, err)
	}
	for hash, want := range map[domain.Hash]bool{bound: true, forgotten: false, young: true} {
		if _, err := s.Get(hash); (err == nil) != want {
			t.Errorf("%s: %v", hash, err)
		}
	}
	if _, err := os.Stat(half); err == nil {
		t.Error("a half-written upload is left")
	}
}

func TestDamageOnTheDiskIsSaid(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 1000)
	hash := s.given(t, "JP/mof", "one", noon)
	if err := os.WriteFile(filepath.Join(dir, "JP_mof", hash.String()), []byte(magic+"two"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(hash); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v", err)
	}
}

// A folder that cannot be written is an error and counts for nothing.
func TestFailedUploadTakesNoRoom(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 1000)
	if err := os.WriteFile(filepath.Join(dir, "JP_mof"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	data, hash := ciphertext("one")
	if err := s.Put("JP/mof", hash, bytes.NewReader(data), noon); err == nil || s.used["JP/mof"] != 0 {
		t.Errorf("got %v, %d bytes in use", err, s.used["JP/mof"])
	}
	if _, err := OpenStore(filepath.Join(dir, "JP_mof"), 1); err == nil || !strings.Contains(err.Error(), "open the store") {
		t.Errorf("a file opens as a store: %v", err)
	}
}

func TestManyAtOnce(t *testing.T) {
	s := open(t, t.TempDir(), 1<<20)
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			text := fmt.Sprint(i % 10)
			data, hash := ciphertext(text)
			if err := s.Put("JP/mof", hash, bytes.NewReader(data), noon); err != nil {
				t.Error(err)
			}
			if got, err := s.Get(hash); err != nil || !bytes.Equal(got, data) {
				t.Errorf("%s: %q, %v", text, got, err)
			}
		})
	}
	all.Wait()
	one, _ := ciphertext("0")
	if want := int64(10 * len(one)); s.used["JP/mof"] != want {
		t.Errorf("%d bytes in use, want %d", s.used["JP/mof"], want)
	}
}
