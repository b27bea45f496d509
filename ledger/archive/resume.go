package archive

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
)

// Resume opens the archive at path to add to it, or begins one there. What an
// interruption left after the last whole leaf or checkpoint is cut off. Any
// other damage is a *Bad: nothing is repaired. The caller closes the file.
func Resume(path string) (*Writer, *os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("open archive: %w", err)
	}
	w, err := resume(f)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("continue archive %s: %w", path, err), f.Close())
	}
	return w, f, nil
}

func resume(f *os.File) (*Writer, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() == 0 {
		return NewWriter(f), nil
	}
	w := &Writer{w: bufio.NewWriterSize(f, 1<<16)}
	end := int64(len(header) + 1)
	for item, err := range read(f) {
		var bad *Bad
		if errors.As(err, &bad) && bad.Rule == RuleTruncated && bad.Line == 1 {
			return restart(f)
		}
		if errors.As(err, &bad) && (bad.Rule == RuleTruncated || bad.Rule == RuleUnsigned) {
			break
		}
		if err != nil {
			return nil, err
		}
		end = item.End
		switch {
		case item.Checkpoint != nil:
			w.mark = w.next
		case item.Digests != nil:
			w.view = w.next
		case item.Cosigned != nil:
			w.seen = w.next
		default:
			w.next++
		}
	}
	if err := f.Truncate(end); err != nil {
		return nil, err
	}
	_, err = f.Seek(end, io.SeekStart)
	return w, err
}

// restart begins anew over a first line that was cut short.
func restart(f *os.File) (*Writer, error) {
	if err := f.Truncate(0); err != nil {
		return nil, err
	}
	_, err := f.Seek(0, io.SeekStart)
	return NewWriter(f), err
}
