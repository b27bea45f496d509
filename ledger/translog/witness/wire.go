package witness

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

const (
	maxProof   = 63       // hashes of a consistency proof
	maxRequest = 64 << 10 // bytes
	sizeType   = "text/x.tlog.size"
)

// request is the body of add-checkpoint.
type request struct {
	old        uint64
	proof      []domain.Hash
	checkpoint []byte
}

func (r request) text() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "old %d\n", r.old)
	writeHashes(&b, r.proof)
	b.WriteString("\n")
	b.Write(r.checkpoint)
	return []byte(b.String())
}

func writeHashes(b *strings.Builder, hashes []domain.Hash) {
	for _, h := range hashes {
		b.WriteString(translog.HashText(h) + "\n")
	}
}

// parseRequest reads the one form of a request; it fails with
// translog.ErrMalformed.
func parseRequest(body []byte) (r request, err error) {
	head, checkpoint, ok := bytes.Cut(body, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	old, isOld := strings.CutPrefix(lines[0], "old ")
	if !ok || !isOld {
		return r, fmt.Errorf("%w request: want the line 'old <size>', a proof, a blank line and a checkpoint", translog.ErrMalformed)
	}
	if r.old, err = translog.ParseSize(old); err != nil {
		return r, err
	}
	r.checkpoint = checkpoint
	r.proof, err = parseProof(lines[1:])
	return r, err
}

func parseProof(lines []string) (proof []domain.Hash, err error) {
	if len(lines) > maxProof {
		return nil, fmt.Errorf("%w proof: %d hashes, the most is %d", translog.ErrMalformed, len(lines), maxProof)
	}
	for _, line := range lines {
		h, err := translog.ParseHashText(line)
		if err != nil {
			return nil, err
		}
		proof = append(proof, h)
	}
	return proof, nil
}

// parseCosignatures reads the lines of an answer.
func parseCosignatures(body []byte) (lines []translog.SignatureLine, err error) {
	text, ok := strings.CutSuffix(string(body), "\n")
	if !ok {
		return nil, fmt.Errorf("%w answer: want signature lines", translog.ErrMalformed)
	}
	for line := range strings.SplitSeq(text, "\n") {
		l, err := translog.ParseSignatureLine(line)
		if err != nil {
			return nil, err
		}
		lines = append(lines, l)
	}
	return lines, nil
}
