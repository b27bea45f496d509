package pebblestore

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// strictFS is the file system that Pebble sees, with three differences.
type strictFS struct{ vfs.FS }

// Lock names the reason when the directory is locked, which the operating
// system calls "resource temporarily unavailable".
func (f strictFS) Lock(name string) (io.Closer, error) {
	c, err := f.FS.Lock(name)
	path := new(fs.PathError)
	if err != nil && !errors.As(err, &path) {
		err = fmt.Errorf("%w (%w)", ErrInUse, err)
	}
	return c, err
}

// Create makes the names of all earlier files durable before a marker that
// refers to one of them can exist. Pebble syncs the directory only after it has
// created the marker: on a file system that writes names out of order, a
// power failure in between leaves a marker that names a file that is not
// there, and a store that cannot be opened. The crash test finds this.
func (f strictFS) Create(name string, category vfs.DiskWriteCategory) (vfs.File, error) {
	if isMarker(f.PathBase(name)) {
		if err := f.syncDir(f.PathDir(name)); err != nil {
			return nil, err
		}
	}
	return f.FS.Create(name, category)
}

// Remove makes a new marker durable before the old one goes, for the same
// reason: a directory without a marker looks like one without a database, and
// would be taken for a new store.
func (f strictFS) Remove(name string) error {
	if isMarker(f.PathBase(name)) {
		if err := f.syncDir(f.PathDir(name)); err != nil {
			return err
		}
	}
	return f.FS.Remove(name)
}

func isMarker(base string) bool { return strings.HasPrefix(base, "marker.") }

func (f strictFS) syncDir(name string) error {
	dir, err := f.OpenDir(name)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
