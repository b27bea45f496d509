package archive

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

const (
	extractHeader = "coalition-ledger extract v1"
	filterLine    = "filter "
)

// Rules of an extract.
const (
	RuleExtract = "extract.form"  // a line is not in the form of an extract
	RuleProof   = "extract.proof" // a leaf does not stand in the tree of the extract's checkpoint
)

// WriteExtract writes some leaves of a tree, each with the proof that it stands
// in it, and the signed checkpoint of that tree. The filter is what selected
// them, in one line. An extract proves what is in it; that something is not in
// it says nothing.
func WriteExtract(w io.Writer, filter string, tree *translog.Tree, leaves []Leaf, checkpoint []byte) error {
	head, err := translog.PeekCheckpoint(checkpoint)
	if err != nil {
		return fmt.Errorf("write extract: %w", err)
	}
	out := bufio.NewWriterSize(w, 1<<16)
	fmt.Fprintf(out, "%s\n%s%d %s\n", extractHeader, filterLine, len(leaves), filter)
	for _, l := range leaves {
		proof, err := tree.Inclusion(l.Index, head.Size)
		if err != nil {
			return fmt.Errorf("write extract: %w", err)
		}
		fmt.Fprintf(out, "%d %d %s %s\n", l.Index, l.RecordedAt, l.Envelope, encodeProof(proof))
	}
	text, err := logOnly(checkpoint)
	if err != nil {
		return fmt.Errorf("write extract: %w", err)
	}
	fmt.Fprintf(out, "%s\n%s\n", checkpointLine, text)
	return out.Flush()
}

func encodeProof(proof []domain.Hash) string {
	data := make([]byte, 0, len(proof)*tlog.HashSize)
	for _, h := range proof {
		data = append(data, h[:]...)
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

// Extract is what a verified extract holds.
type Extract struct {
	Filter string
	Leaves []Leaf
	Head   translog.Checkpoint
}

// IsExtract reports whether a file begins as an extract does.
func IsExtract(begin []byte) bool { return bytes.HasPrefix(begin, []byte(extractHeader+"\n")) }

// VerifyExtract checks that each leaf stands in the tree of the checkpoint, which
// open verifies; its errors other than
// translog.ErrSignature and ErrMalformed are returned. It does not run the rules of admission: for that all events
// are needed. What is wrong is a *Bad.
func VerifyExtract(r io.Reader, open func(checkpoint []byte) (translog.Checkpoint, error)) (Extract, error) {
	in := &extractReader{reader: reader{r: bufio.NewReaderSize(r, maxLine)}}
	e, proofs, err := in.read()
	if err != nil {
		return e, err
	}
	e.Head, err = open(in.note)
	if err != nil && !errors.Is(err, translog.ErrSignature) && !errors.Is(err, translog.ErrMalformed) {
		return e, err
	}
	if err != nil {
		return e, &Bad{Line: in.line, Rule: RuleSigned, Message: err.Error()}
	}
	for i, l := range e.Leaves {
		if translog.VerifyInclusion(proofs[i], e.Head, l.Index, translog.LeafHash(l.RecordedAt, l.Envelope)) != nil {
			return e, &Bad{Line: i + 3, Index: l.Index, Rule: RuleProof, Message: "the proof does not lead from this leaf to the root of the checkpoint: it was changed, or is of another ledger"}
		}
	}
	return e, nil
}

type extractReader struct {
	reader
	note []byte
}

func (x *extractReader) bad(format string, args ...any) *Bad {
	return &Bad{Line: x.line, Rule: RuleExtract, Message: fmt.Sprintf(format, args...)}
}

// read reads the whole file.
func (x *extractReader) read() (e Extract, proofs [][]domain.Hash, err error) {
	if line, err := x.reader.read(); err != nil || string(line) != extractHeader {
		return e, nil, x.bad("this is no extract of a ledger")
	}
	line, err := x.reader.read()
	rest, ok1 := strings.CutPrefix(string(line), filterLine)
	digits, filter, ok2 := strings.Cut(rest, " ")
	count, ok3 := decimal([]byte(digits))
	if err != nil || !ok1 || !ok2 || !ok3 {
		return e, nil, x.bad("the second line says how many leaves were selected, and which")
	}
	for e.Filter = filter; ; {
		line, err := x.reader.read()
		if err != nil {
			return e, nil, x.bad("the file ends without its checkpoint: make it again")
		}
		if string(line) == checkpointLine {
			break
		}
		l, proof, ok := parseExtracted(string(line))
		if !ok || len(e.Leaves) > 0 && l.Index <= e.Leaves[len(e.Leaves)-1].Index {
			return e, nil, x.bad("want index, recorded time, envelope and proof, indexes ascending")
		}
		e.Leaves, proofs = append(e.Leaves, l), append(proofs, proof)
	}
	if int64(len(e.Leaves)) != count {
		return e, nil, x.bad("%d leaves stand here, %d were selected", len(e.Leaves), count)
	}
	if x.note, err = x.reader.note(RuleExtract, "checkpoint"); err != nil {
		return e, nil, err
	}
	if _, err := x.reader.read(); !errors.Is(err, io.EOF) {
		return e, nil, x.bad("something stands behind the checkpoint")
	}
	return e, proofs, nil
}

func parseExtracted(line string) (l Leaf, proof []domain.Hash, ok bool) {
	parts := strings.Split(line, " ")
	if len(parts) != 4 {
		return l, nil, false
	}
	index, ok1 := decimal([]byte(parts[0]))
	at, ok2 := decimal([]byte(parts[1]))
	data, err := base64.RawURLEncoding.Strict().DecodeString(parts[3])
	if !ok1 || !ok2 || err != nil || len(data)%tlog.HashSize != 0 || base64.RawURLEncoding.EncodeToString(data) != parts[3] {
		return l, nil, false
	}
	for ; len(data) > 0; data = data[tlog.HashSize:] {
		proof = append(proof, domain.Hash(data[:tlog.HashSize]))
	}
	return Leaf{Index: uint64(index), RecordedAt: at, Envelope: []byte(parts[2])}, proof, true
}

// String names an extract's leaves for people.
func (e Extract) String() string {
	return strconv.Itoa(len(e.Leaves)) + " of " + strconv.FormatUint(e.Head.Size, 10) + " events: " + e.Filter
}
