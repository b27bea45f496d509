package importer

import (
	"fmt"
	"io"
)

// ReadWhole reads a file of at most limit bytes into memory, so that it can be
// checked from end to end before anything of it is used. A larger one is
// refused; another error is the reader's.
func ReadWhole(r io.Reader, file string, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	if int64(len(data)) > limit {
		return nil, &Refused{File: file, Offset: limit, Reason: fmt.Sprintf("larger than %d bytes", limit)}
	}
	return data, nil
}
