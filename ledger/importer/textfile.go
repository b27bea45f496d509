package importer

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"unicode/utf8"
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

// ReadText reads a published text file whole and begins its List: the bytes
// are no more than limit, UTF-8, without control characters. The error is a
// *Refused when they are not.
func ReadText(r io.Reader, file, source string, limit int) (*List, []byte, error) {
	data, err := ReadWhole(r, file, int64(limit))
	if err != nil {
		return nil, nil, err
	}
	if refused := CheckText(file, data); refused != nil {
		return nil, nil, refused
	}
	l := &List{Source: source, File: file, SHA256: sha256.Sum256(data)}
	if bytes.ContainsRune(data, utf8.RuneError) {
		l.Warnings = append(l.Warnings, "the file holds U+FFFD: some text was already damaged before it was published")
	}
	return l, data, nil
}

// References remembers at which place each reference of a file first stood.
type References map[string]string

// Claim takes the reference of e, or says why it cannot be e's.
func (r References) Claim(e Entry) (reason string) {
	if e.Ref == "" {
		return "the entry has no reference"
	}
	if first, ok := r[e.Ref]; ok {
		return fmt.Sprintf("reference %s stands twice, first at %s", e.Ref, first)
	}
	r[e.Ref] = e.Place
	return ""
}
