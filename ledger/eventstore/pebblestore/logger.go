package pebblestore

import (
	"fmt"
	"log/slog"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2"
)

// logger drops Pebble's chatter, passes its errors on, and remembers its first
// fatal one. Pebble reports a failed commit nowhere else and expects the
// process to be gone afterwards; the store makes itself read-only instead.
type logger struct {
	out   *slog.Logger
	first atomic.Pointer[error]
}

var _ pebble.Logger = (*logger)(nil)

func newLogger(out *slog.Logger) *logger {
	if out == nil {
		out = slog.New(slog.DiscardHandler)
	}
	return &logger{out: out}
}

// Infof drops the message.
func (l *logger) Infof(string, ...any) {}

// Errorf passes the message on.
func (l *logger) Errorf(format string, args ...any) {
	l.out.Error("event store", "error", fmt.Sprintf(format, args...))
}

// Fatalf remembers the first message and returns.
func (l *logger) Fatalf(format string, args ...any) {
	err := fmt.Errorf(format, args...)
	l.first.CompareAndSwap(nil, &err)
	l.out.Error("event store: fatal, no more appends", "error", err.Error())
}

// fatal returns the first fatal error, or nil.
func (l *logger) fatal() error {
	if err := l.first.Load(); err != nil {
		return *err
	}
	return nil
}
