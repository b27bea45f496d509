package watch

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// Notice tells of one event. It holds nothing that the event's public part
// does not: what it says in full is for who reads the event itself.
type Notice struct {
	Ledger       domain.Hash     `json:"ledger"` // genesis hash
	Subscription string          `json:"subscription"`
	Index        uint64          `json:"index"`
	Leaf         domain.Hash     `json:"leaf"`
	RecordedAt   time.Time       `json:"recorded_at"`
	Type         string          `json:"type"`
	Issuer       domain.AgencyID `json:"issuer"`
	Summary      string          `json:"summary"`
	Handling     string          `json:"handling"` // TLP 2.0 label of the public part
	Illustrative bool            `json:"illustrative,omitempty"`
	Reasons      []Reason        `json:"reasons"`
	Event        string          `json:"event"`   // paths on the ledger's server
	Receipt      string          `json:"receipt"` // proves that it is recorded
}

// Event is an event with all that it is about.
type Event struct {
	facets []projections.Facet
	notice Notice // of nobody yet
}

// EventAt reads an event out of the views; false if there is none to tell of.
func EventAt(v *projections.Views, index uint64) (Event, bool) {
	facets, ok := v.Facets(index)
	e, known := v.Entry(index, projections.Query{AsOf: &index})
	if !ok || !known {
		return Event{}, false
	}
	path := "/v1/events/" + strconv.FormatUint(index, 10)
	return Event{facets: facets, notice: Notice{
		Ledger: v.Genesis(), Index: index, Leaf: e.Leaf, RecordedAt: e.RecordedAt, Type: e.Type, Issuer: e.Issuer, Summary: e.Summary,
		Handling: cmp.Or(e.Handling, "TLP:CLEAR"), Illustrative: e.Illustrative, Event: path, Receipt: path + "/receipt",
	}}, true
}

// Tell returns the notice for a subscription; false if the event meets none of
// its watches.
func (e Event) Tell(subscription string, watches []Watch) (Notice, bool) {
	n := e.notice
	n.Subscription, n.Reasons = subscription, Match(e.facets, watches)
	return n, len(n.Reasons) > 0
}

const (
	scheme = "coalition-ledger/webhook/v1"

	// HeaderTime, HeaderKey and HeaderSignature stand on each webhook.
	HeaderTime      = "Ledger-Webhook-Time"
	HeaderKey       = "Ledger-Webhook-Key"
	HeaderSignature = "Ledger-Webhook-Signature"
)

// signedText is what the log signs; see the package comment.
func signedText(at int64, subscription string, body []byte) []byte {
	return fmt.Appendf(nil, "%s\nnotice\n%d %s\n%x\n", scheme, at, subscription, sha256.Sum256(body))
}

// Sign puts the log's signature of a body into headers.
func Sign(log note.Signer, at time.Time, subscription string, body []byte, h http.Header) error {
	sig, err := log.Sign(signedText(at.UnixMicro(), subscription, body))
	if err != nil {
		return fmt.Errorf("sign the notice: %w", err)
	}
	h.Set(HeaderTime, strconv.FormatInt(at.UnixMicro(), 10))
	h.Set(HeaderKey, fmt.Sprintf("%s+%08x", log.Name(), log.KeyHash()))
	h.Set(HeaderSignature, base64.StdEncoding.EncodeToString(sig))
	return nil
}

// ErrSignature says that a body was not signed by the log for a subscription.
var ErrSignature = errors.New("the log did not sign this notice for this subscription: do not act on it")

// Verify returns when the log signed a body for a subscription. The caller
// compares that with its clock; what it has seen before is a repetition.
func Verify(keys []note.Verifier, h http.Header, subscription string, body []byte) (time.Time, error) {
	at, err := strconv.ParseInt(h.Get(HeaderTime), 10, 64)
	sig, bad := base64.StdEncoding.Strict().DecodeString(h.Get(HeaderSignature))
	if err != nil || bad != nil || strings.ContainsFunc(subscription, control) {
		return time.Time{}, ErrSignature
	}
	for _, key := range keys {
		if key.Verify(signedText(at, subscription, body), sig) {
			return time.UnixMicro(at).UTC(), nil
		}
	}
	return time.Time{}, ErrSignature
}
