package eventstore

import (
	"fmt"
	"unicode/utf8"
)

// CheckStream refuses a name that is no stream of a ledger with [ErrInvalid].
func CheckStream(name string) error {
	if name == Journal || name == Checkpoints {
		return nil
	}
	return fmt.Errorf("%w: no stream is named %q: use %q or %q", ErrInvalid, name, Journal, Checkpoints)
}

// Check refuses with [ErrInvalid] what no store may accept, so that all stores
// draw the line in the same place. It does not look at revisions.
func Check(writes ...Write) error {
	if len(writes) == 0 {
		return fmt.Errorf("%w: an append needs at least one write", ErrInvalid)
	}
	size := 0
	for i, w := range writes {
		if err := checkWrite(w); err != nil {
			return err
		}
		for _, earlier := range writes[:i] {
			if earlier.Stream == w.Stream {
				return fmt.Errorf("%w: stream %s is named twice: put its records into one write", ErrInvalid, w.Stream)
			}
		}
		size += sizeOf(w.Records)
	}
	if size > MaxAppend {
		return fmt.Errorf("%w: the append has %d bytes, %d are allowed: split it", ErrInvalid, size, MaxAppend)
	}
	return nil
}

func checkWrite(w Write) error {
	if err := CheckStream(w.Stream); err != nil {
		return err
	}
	if len(w.Records) == 0 {
		return fmt.Errorf("%w: the write to stream %s has no records", ErrInvalid, w.Stream)
	}
	for i, r := range w.Records {
		if r.Type == "" || len(r.Type) > MaxType || !utf8.ValidString(r.Type) {
			return fmt.Errorf("%w: record %d for stream %s has type %q: 1 to %d bytes of UTF-8 are needed",
				ErrInvalid, i, w.Stream, r.Type, MaxType)
		}
		if r.ID == ([16]byte{}) {
			return fmt.Errorf("%w: record %d for stream %s has no id", ErrInvalid, i, w.Stream)
		}
	}
	return nil
}

func sizeOf(records []Record) int {
	n := 0
	for _, r := range records {
		n += 2*len(r.Type) + len(r.Data) + len(r.Meta)
	}
	return n
}
