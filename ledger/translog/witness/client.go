package witness

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// maxReply bounds what is read from a witness, in bytes.
const maxReply = 64 << 10

// peer speaks to one witness.
type peer struct {
	http *http.Client
	url  string
}

// stands says that a witness's newest checkpoint is of another size than was
// assumed.
type stands struct{ size uint64 }

func (s *stands) Error() string { return fmt.Sprintf("it stands at %d", s.size) }

// status is an answer that is no cosignature.
type status struct {
	code int
	text string
}

func (s *status) Error() string { return fmt.Sprintf("it answered %d: %s", s.code, s.text) }

// add asks for cosignatures. The error is a *stands, a *status, one of a reply
// that is malformed, or the network's.
func (p peer) add(ctx context.Context, r request) ([]translog.SignatureLine, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+"/add-checkpoint", bytes.NewReader(r.text()))
	if err != nil {
		return nil, err
	}
	body, res, err := p.do(req)
	if err != nil {
		return nil, err
	}
	size, isSize := strings.CutSuffix(string(body), "\n")
	switch {
	case res.StatusCode == http.StatusOK:
		return parseCosignatures(body)
	case res.StatusCode == http.StatusConflict && res.Header.Get("Content-Type") == sizeType && isSize:
		n, err := translog.ParseSize(size)
		if err != nil {
			return nil, err
		}
		return nil, &stands{n}
	}
	return nil, &status{res.StatusCode, brief(body)}
}

// newest returns the newest checkpoint that the witness cosigned, as it shows
// it to monitors; nil if it has none.
func (p peer) newest(ctx context.Context, origin string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+"/"+originID(origin)+"/checkpoint", nil)
	if err != nil {
		return nil, err
	}
	body, res, err := p.do(req)
	switch {
	case err != nil:
		return nil, err
	case res.StatusCode == http.StatusNotFound:
		return nil, nil
	case res.StatusCode != http.StatusOK:
		return nil, &status{res.StatusCode, brief(body)}
	}
	return body, nil
}

func (p peer) do(req *http.Request) ([]byte, *http.Response, error) {
	res, err := p.http.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxReply+1))
	if err == nil && len(body) > maxReply {
		err = fmt.Errorf("%w answer: more than %d bytes", translog.ErrMalformed, maxReply)
	}
	return body, res, err
}

// brief makes a foreign text fit to be shown.
func brief(text []byte) string { return fmt.Sprintf("%.200q", bytes.TrimSpace(text)) }
