package archive

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
)

// Bad says where an archive breaks and which rule it breaks.
type Bad struct {
	Line    int    // from 1; 0 when the fault is in no line
	Index   uint64 // of the leaf; of the next one when the line is no leaf
	Rule    string // a stable name: archive.*, envelope.*, or a rule of the domain
	Message string
}

// Error names line, index, rule and what was found.
func (b *Bad) Error() string {
	if b.Line == 0 {
		return fmt.Sprintf("index %d: %s: %s", b.Index, b.Rule, b.Message)
	}
	return fmt.Sprintf("line %d, index %d: %s: %s", b.Line, b.Index, b.Rule, b.Message)
}

// Rules of the format.
const (
	RuleHeader     = "archive.header"     // the first line is another
	RuleLine       = "archive.line"       // a line is neither a leaf nor a checkpoint
	RuleIndex      = "archive.index"      // an index is missing or out of order
	RuleTruncated  = "archive.truncated"  // the file ends within a line or a checkpoint
	RuleUnsigned   = "archive.unsigned"   // leaves follow the last checkpoint
	RuleCheckpoint = "archive.checkpoint" // a checkpoint is malformed, repeated or of another size
	RuleDigests    = "archive.digests"    // the views' digests are malformed, repeated, unsigned or of another size or root
	RuleCosigned   = "archive.cosigned"   // a cosigned checkpoint is malformed, repeated, of another size or root, or not signed as the policy in force asks
)

// Item is one leaf, one checkpoint, the digests of the views, or a checkpoint
// that witnesses cosigned.
type Item struct {
	Line       int    // where it begins
	End        int64  // bytes up to its end
	Leaf       Leaf   // when the others are nil
	Checkpoint []byte // a signed note, or nil
	Digests    []byte // a signed note, or nil; Read leaves them out
	Cosigned   []byte // a signed note, or nil; Read leaves them out
}

const maxLine = 66 << 10 // the longest leaf, and room for its numbers

type reader struct {
	r     *bufio.Reader
	line  int
	end   int64
	next  uint64 // leaf
	fresh uint64 // leaves since the last checkpoint
	views uint64 // leaves before the last digests
	seen  uint64 // leaves under the last cosigned checkpoint
}

// Read yields the leaves and checkpoints of an archive in order. It holds the
// file to the format of the package comment and checks nothing else. The error
// is a *Bad, or the reader's own.
func Read(r io.Reader) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		for item, err := range read(r) {
			if (err != nil || item.Digests == nil && item.Cosigned == nil) && !yield(item, err) {
				return
			}
		}
	}
}

// ReadAll is Read with the views' digests and the cosigned checkpoints.
func ReadAll(r io.Reader) iter.Seq2[Item, error] { return read(r) }

func read(r io.Reader) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		a := &reader{r: bufio.NewReaderSize(r, maxLine)}
		if err := a.start(); err != nil {
			yield(Item{}, err)
			return
		}
		for {
			item, err := a.item()
			if errors.Is(err, io.EOF) {
				if a.fresh > 0 || a.next == 0 {
					yield(Item{}, a.bad(RuleUnsigned, "the file ends without a checkpoint of its last leaves: it was cut short; continue it with ledger replay"))
				}
				return
			}
			if !yield(item, err) || err != nil {
				return
			}
		}
	}
}

func (a *reader) bad(rule, format string, args ...any) *Bad {
	return &Bad{Line: a.line, Index: a.next, Rule: rule, Message: fmt.Sprintf(format, args...)}
}

func (a *reader) start() error {
	line, err := a.read()
	if errors.Is(err, io.EOF) {
		return a.bad(RuleHeader, "the file is empty")
	}
	if err == nil && string(line) != header {
		return a.bad(RuleHeader, "the first line is not %q: this is no archive of a ledger", header)
	}
	return err
}

// read returns the next line without its end; io.EOF when there is none.
func (a *reader) read() ([]byte, error) {
	line, err := a.r.ReadSlice('\n')
	if len(line) > 0 || err == nil {
		a.line++
	}
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return nil, a.bad(RuleLine, "the line is longer than %d bytes", maxLine)
	case errors.Is(err, io.EOF) && len(line) > 0:
		return nil, a.bad(RuleTruncated, "the file ends within this line")
	case err != nil:
		return nil, err
	}
	a.end += int64(len(line))
	return line[:len(line)-1], nil
}

func (a *reader) item() (Item, error) {
	line, err := a.read()
	if err != nil {
		return Item{}, err
	}
	at := a.line
	switch string(line) {
	case checkpointLine:
		text, err := a.checkpoint()
		return Item{Line: at, End: a.end, Checkpoint: text}, err
	case digestsLine:
		text, err := a.digests()
		return Item{Line: at, End: a.end, Digests: text}, err
	case cosignedLine:
		text, err := a.cosigned()
		return Item{Line: at, End: a.end, Cosigned: text}, err
	}
	leaf, err := a.leaf(line)
	return Item{Line: at, End: a.end, Leaf: leaf}, err
}

func (a *reader) leaf(line []byte) (Leaf, error) {
	index, rest, ok1 := bytes.Cut(line, []byte{' '})
	recorded, envelope, ok2 := bytes.Cut(rest, []byte{' '})
	i, ok3 := decimal(index)
	at, ok4 := decimal(recorded)
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return Leaf{}, a.bad(RuleLine, "want index, recorded time and envelope, or the word checkpoint, cosigned or digests")
	}
	if uint64(i) != a.next {
		return Leaf{}, a.bad(RuleIndex, "found index %d where %d is due", i, a.next)
	}
	a.next++
	a.fresh++
	return Leaf{Index: uint64(i), RecordedAt: at, Envelope: bytes.Clone(envelope)}, nil
}

// decimal accepts the one decimal form of a number.
func decimal(text []byte) (int64, bool) {
	n, err := strconv.ParseInt(string(text), 10, 64)
	return n, err == nil && n >= 0 && strconv.FormatInt(n, 10) == string(text)
}

func (a *reader) checkpoint() ([]byte, error) {
	if a.fresh == 0 {
		return nil, a.bad(RuleCheckpoint, "a checkpoint without a leaf since the one before")
	}
	a.fresh = 0
	return a.note(RuleCheckpoint, "checkpoint")
}

func (a *reader) digests() ([]byte, error) {
	if a.views == a.next {
		return nil, a.bad(RuleDigests, "digests without a leaf since those before")
	}
	a.views = a.next
	return a.note(RuleDigests, "digests")
}

func (a *reader) cosigned() ([]byte, error) {
	if a.seen == a.next {
		return nil, a.bad(RuleCosigned, "a cosigned checkpoint without a leaf since the one before")
	}
	a.seen = a.next
	return a.note(RuleCosigned, "cosigned checkpoint")
}

// note reads a text, a blank line, signatures, a blank line.
func (a *reader) note(rule, what string) ([]byte, error) {
	var text []byte
	for blanks := 0; ; {
		line, err := a.read()
		if errors.Is(err, io.EOF) {
			return nil, a.bad(RuleTruncated, "the file ends within this %s", what)
		}
		if err != nil {
			return nil, err
		}
		if len(line) == 0 {
			blanks++
		}
		if blanks == 2 {
			return text, nil
		}
		text = append(append(text, line...), '\n')
		if len(text) > maxLine {
			return nil, a.bad(rule, "the %s is longer than %d bytes", what, maxLine)
		}
	}
}
