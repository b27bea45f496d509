package ledger

import (
	"fmt"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// SignDigests signs what the views of this process hold after the first size
// events, so that whoever replays those can hold the log to it. It fails with
// ErrNoSuchLeaf beyond the committed events, and with ErrNotReady while the
// ledger signs nothing.
func (l *Ledger) SignDigests(size uint64, views []translog.ViewDigest) ([]byte, error) {
	if err := l.failed(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotReady, err)
	}
	if size > l.Size() {
		return nil, fmt.Errorf("digests after %d events: %w", size, ErrNoSuchLeaf)
	}
	root, err := l.tree.RootAt(size)
	if err != nil {
		return nil, fmt.Errorf("digests after %d events: %w", size, err)
	}
	return translog.SignDigests(translog.Digests{Origin: l.cfg.Signer.Name(), Size: size, Root: root, Views: views}, l.cfg.Signer)
}
