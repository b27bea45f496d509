package peer

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

const (
	// PathTake is where a replica takes submissions, PathLeaves where it hands
	// over what it committed last.
	PathTake   = "/peer/v1/take"
	PathLeaves = "/peer/v1/leaves"
	// MaxItems is the most envelopes in one request.
	MaxItems = 1024
	// MaxBody is the most bytes of a request's body and of an answer's: room
	// for a batch of 900 KiB of envelopes, and for as many signed refusals.
	MaxBody = 2 << 20

	scheme = "coalition-ledger/peer/v1"
	// window is how far apart the clocks of caller and called may be, with the
	// time on the way.
	window = 30 * time.Second

	headerTime      = "Ledger-Peer-Time"
	headerDigest    = "Ledger-Peer-Digest"
	headerSignature = "Ledger-Peer-Signature"
)

// Key is the log key, both halves: what replicas know each other by.
type Key struct {
	Signer   note.Signer
	Verifier note.Verifier
}

// request is what the signature of a request is over.
type request struct {
	path   string
	at     int64 // microseconds since 1970, UTC
	target string
	digest [sha256.Size]byte // of the body
}

func (r request) text() []byte {
	return fmt.Appendf(nil, "%s\n%s\n%d\n%s\n%x\n", scheme, strings.TrimPrefix(r.path, "/peer/v1/"), r.at, r.target, r.digest)
}

// answerText is what the signature of the answer to a request is over.
func answerText(r request, body []byte) []byte {
	return fmt.Appendf(nil, "%s\nanswer\n%x\n%x\n", scheme, sha256.Sum256(r.text()), sha256.Sum256(body))
}

func (k Key) sign(text []byte) (string, error) {
	sig, err := k.Signer.Sign(text)
	if err != nil {
		return "", fmt.Errorf("sign with the log key: %w", err)
	}
	return base64.StdEncoding.EncodeToString(sig), nil
}

func (k Key) verifies(text []byte, signature string) bool {
	sig, err := base64.StdEncoding.Strict().DecodeString(signature)
	return err == nil && k.Verifier.Verify(text, sig)
}

// seal puts a request's signature into its headers.
func (k Key) seal(r request, h http.Header) error {
	sig, err := k.sign(r.text())
	if err != nil {
		return err
	}
	h.Set(headerTime, strconv.FormatInt(r.at, 10))
	h.Set(headerDigest, hex.EncodeToString(r.digest[:]))
	h.Set(headerSignature, sig)
	return nil
}

var errForeign = errors.New("this request is not signed with the ledger's log key for this replica: give all replicas one log key, and each its own --peer-url")

// open returns the request that the headers vouch for.
func (k Key) open(path string, h http.Header, target string, now time.Time) (request, error) {
	r := request{path: path, target: target}
	at, err := strconv.ParseInt(h.Get(headerTime), 10, 64)
	if err != nil {
		return r, errForeign
	}
	r.at = at
	digest, err := hex.DecodeString(h.Get(headerDigest))
	if err != nil || copy(r.digest[:], digest) != len(digest) {
		return r, errForeign
	}
	if !k.verifies(r.text(), h.Get(headerSignature)) {
		return r, errForeign
	}
	if age := now.Sub(time.UnixMicro(r.at)); age.Abs() > window {
		return r, fmt.Errorf("this request was signed %s ago by the clock of the replica called, at most %s either way is taken: correct the clocks", age.Round(time.Second), window)
	}
	return r, nil
}
