package archive

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

const (
	header         = "coalition-ledger archive v1"
	checkpointLine = "checkpoint"
	digestsLine    = "digests"
	cosignedLine   = "cosigned"
)

// Leaf is one recorded envelope with its place and time.
type Leaf struct {
	Index      uint64
	RecordedAt int64 // microseconds since 1970, UTC
	Envelope   []byte
}

// Writer writes an archive. Its first error stays: later calls return it.
type Writer struct {
	w    *bufio.Writer
	next uint64 // index of the next leaf
	mark uint64 // leaves under the newest checkpoint
	view uint64 // leaves before the newest digests
	seen uint64 // leaves under the newest cosigned checkpoint
	buf  []byte
	err  error
}

// NewWriter begins an archive on w.
func NewWriter(w io.Writer) *Writer {
	a := &Writer{w: bufio.NewWriterSize(w, 1<<16)}
	_, a.err = a.w.WriteString(header + "\n")
	return a
}

// Next returns the index of the leaf that comes next.
func (a *Writer) Next() uint64 { return a.next }

// Leaf adds a leaf. Leaves come in order.
func (a *Writer) Leaf(l Leaf) error {
	if a.err == nil && l.Index != a.next {
		a.err = fmt.Errorf("write archive: leaf %d came where %d was due", l.Index, a.next)
	}
	if a.err != nil {
		return a.err
	}
	a.buf = strconv.AppendUint(a.buf[:0], l.Index, 10)
	a.buf = strconv.AppendInt(append(a.buf, ' '), l.RecordedAt, 10)
	a.buf = append(append(append(a.buf, ' '), l.Envelope...), '\n')
	_, a.err = a.w.Write(a.buf)
	a.next++
	return a.err
}

// Checkpoint adds the checkpoint of all leaves so far, a signed note, and
// flushes. Signatures by others than the log are left out. A checkpoint with
// no leaf since the one before is not written again.
func (a *Writer) Checkpoint(text []byte) error {
	if a.err != nil || a.mark == a.next {
		return a.err
	}
	text, err := logOnly(text)
	if err != nil {
		return fmt.Errorf("write archive: %w", err)
	}
	a.mark = a.next
	_, a.err = fmt.Fprintf(a.w, "%s\n%s\n", checkpointLine, text)
	if a.err == nil {
		a.err = a.w.Flush()
	}
	return a.err
}

// Digests adds the log's word on its views after all leaves so far, a signed
// note. What has no leaf since the one before is not written again.
func (a *Writer) Digests(text []byte) error {
	if a.err != nil || a.view == a.next {
		return a.err
	}
	a.view = a.next
	_, a.err = fmt.Fprintf(a.w, "%s\n%s\n", digestsLine, text)
	if a.err == nil {
		a.err = a.w.Flush()
	}
	return a.err
}

// Cosigned returns how many leaves the newest cosigned checkpoint covers.
func (a *Writer) Cosigned() uint64 { return a.seen }

// AddCosigned adds a checkpoint of all leaves so far that witnesses cosigned,
// as the ledger keeps it: signed by the log and by the witnesses of the policy
// in force, and by nobody else. A size is written once.
func (a *Writer) AddCosigned(text []byte) error {
	if a.err != nil || a.seen == a.next {
		return a.err
	}
	head, err := translog.PeekCheckpoint(text)
	if err == nil && head.Size != a.next {
		err = fmt.Errorf("a cosigned checkpoint of %d leaves came behind %d", head.Size, a.next)
	}
	if err != nil {
		return fmt.Errorf("write archive: %w", err)
	}
	a.seen = a.next
	_, a.err = fmt.Fprintf(a.w, "%s\n%s\n", cosignedLine, text)
	return a.err
}

// Flush writes out what is buffered, so that a later Resume finds it.
func (a *Writer) Flush() error {
	if a.err == nil {
		a.err = a.w.Flush()
	}
	return a.err
}

var errNoNote = errors.New("the checkpoint is no signed note")

// logOnly keeps the text and the signature lines that bear the origin's name.
func logOnly(text []byte) ([]byte, error) {
	body, sigs, ok := bytes.Cut(text, []byte("\n\n"))
	origin, _, _ := strings.Cut(string(body), "\n")
	if !ok {
		return nil, errNoNote
	}
	out := append(bytes.Clone(body), "\n\n"...)
	for line := range strings.Lines(string(sigs)) {
		if strings.HasPrefix(line, "— "+origin+" ") {
			out = append(out, line...)
		}
	}
	return out, nil
}
