package importer

import "fmt"

// Refused says why a whole file was refused, and where. Nothing of a refused
// file was imported: obtain an intact copy from its publisher.
type Refused struct {
	File   string
	Offset int64 // byte offset from the start of the file; -1 when the place is not a byte
	Line   int   // from 1; 0 when unknown
	Place  string
	Reason string
	Err    error
}

// Error names the file, the place and the reason.
func (r *Refused) Error() string {
	at := r.File
	if r.Line > 0 {
		at = fmt.Sprintf("%s:%d", r.File, r.Line)
	}
	if r.Place != "" {
		at += " " + r.Place
	}
	if r.Offset >= 0 {
		at += fmt.Sprintf(" (byte %d)", r.Offset)
	}
	msg := at + ": " + r.Reason
	if r.Err != nil {
		msg += ": " + r.Err.Error()
	}
	return msg + "; nothing was imported"
}

// Unwrap returns the cause, nil when there is none.
func (r *Refused) Unwrap() error { return r.Err }
