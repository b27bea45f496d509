package seal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"filippo.io/age"
	"filippo.io/age/armor"
)

var (
	// ErrPassphrase means that a key file does not open with the passphrase.
	ErrPassphrase = errors.New("wrong passphrase")
	// ErrKeyFileMode means that others than the owner may read a key file.
	ErrKeyFileMode = errors.New("key file is open to others")
)

const (
	maxKeyFile = 16 << 10
	// A file from a stranger may ask for work without end; 20 is some seconds.
	maxWorkFactor = 20
)

// KeyFileOption changes how a key file is written.
type KeyFileOption func(*age.ScryptRecipient)

// WorkFactor sets the cost of one guess at the passphrase to 2^logN, from 1 to
// 20. The default, 18, takes about a second. Lower it for tests only.
func WorkFactor(logN int) KeyFileOption {
	return func(r *age.ScryptRecipient) { r.SetWorkFactor(min(max(logN, 1), maxWorkFactor)) }
}

// WriteKeyFile writes k to a new file, encrypted with the passphrase, that only
// the owner may read. An existing file is never replaced: the error then is
// fs.ErrExist. The file is durable when the error is nil.
func WriteKeyFile(path string, k *PrivateKey, passphrase []byte, options ...KeyFileOption) error {
	plain, err := k.marshal()
	if err != nil {
		return err
	}
	return WriteSecretFile(path, plain, passphrase, options...)
}

// WriteSecretFile keeps another secret as WriteKeyFile keeps a key.
func WriteSecretFile(path string, secret, passphrase []byte, options ...KeyFileOption) error {
	text, err := encryptSecret(secret, passphrase, options)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("a key file is never replaced, choose another name or move the old file away: %w", err)
	}
	if err != nil {
		return fmt.Errorf("create the key file: %w", err)
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("write the key file: %w", err), os.Remove(path))
	}
	return syncFolder(filepath.Dir(path))
}

func encryptSecret(plain, passphrase []byte, options []KeyFileOption) ([]byte, error) {
	recipient, err := age.NewScryptRecipient(string(passphrase))
	if err != nil {
		return nil, fmt.Errorf("choose a passphrase for the key file: %w", err)
	}
	for _, option := range options {
		option(recipient)
	}
	var out bytes.Buffer
	armored := armor.NewWriter(&out)
	w, err := age.Encrypt(armored, recipient)
	if err != nil {
		return nil, fmt.Errorf("encrypt the key: %w", err)
	}
	_, err = w.Write(plain)
	if err = errors.Join(err, w.Close(), armored.Close()); err != nil {
		return nil, fmt.Errorf("encrypt the key: %w", err)
	}
	return out.Bytes(), nil
}

// syncFolder makes a new name in the folder durable, where the system can.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync the key file's folder: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync the key file's folder: %w", err)
	}
	return nil
}

// ReadKeyFile reads what WriteKeyFile wrote. The error is ErrPassphrase when the
// passphrase does not open the file, ErrKeyFileMode when others than the owner
// may read it (not checked on Windows), and names what to do for other damage.
func ReadKeyFile(path string, passphrase []byte) (*PrivateKey, error) {
	plain, err := ReadSecretFile(path, passphrase)
	if err != nil {
		return nil, err
	}
	k, err := unmarshal(plain)
	if err != nil {
		return nil, fmt.Errorf("key file %s: %w", path, err)
	}
	return k, nil
}

// ReadSecretFile reads what WriteSecretFile wrote, with the errors of
// ReadKeyFile.
func ReadSecretFile(path string, passphrase []byte) ([]byte, error) {
	text, err := readPrivateFile(path)
	if err != nil {
		return nil, err
	}
	plain, err := decryptSecret(text, passphrase)
	if err != nil {
		return nil, fmt.Errorf("key file %s: %w", path, err)
	}
	return plain, nil
}

func readPrivateFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the key file: %w", err)
	}
	defer f.Close()
	info, err := f.Stat() // of the open file: the name could change hands in between
	if err != nil {
		return nil, fmt.Errorf("open the key file: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("key file %s is not a regular file", path)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("%w: %s has mode %04o; run chmod 600 on it, and replace the key if others may have copied it", ErrKeyFileMode, path, mode)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxKeyFile+1))
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	if len(text) > maxKeyFile {
		return nil, fmt.Errorf("key file %s is larger than %d bytes: it is no key file", path, maxKeyFile)
	}
	return text, nil
}

func decryptSecret(text, passphrase []byte) ([]byte, error) {
	identity, err := age.NewScryptIdentity(string(passphrase))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPassphrase, err)
	}
	identity.SetMaxWorkFactor(maxWorkFactor)
	r, err := age.Decrypt(armor.NewReader(bytes.NewReader(text)), identity)
	var mismatch *age.NoIdentityMatchError
	if errors.As(err, &mismatch) {
		if slices.Equal(mismatch.StanzaTypes, []string{"scrypt"}) {
			return nil, fmt.Errorf("%w: try again, the file is unchanged", ErrPassphrase)
		}
		return nil, errors.New("the file is encrypted to recipients, not with a passphrase: use a file that `ledger keys` wrote")
	}
	if err != nil {
		return nil, damaged(err)
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxKeyFile))
	if err != nil {
		return nil, damaged(err)
	}
	return plain, nil
}

func damaged(err error) error {
	return fmt.Errorf("the file is damaged or not age-encrypted, restore it from a copy: %w", err)
}
