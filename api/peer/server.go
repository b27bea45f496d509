package peer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/coalition-ledger/coalition-ledger/ledger"
)

// Config is what a replica answers its peers with. Log may be nil.
type Config struct {
	Key   Key
	Name  string // address at which the others reach this replica, as they sign it
	Clock func() time.Time
	Log   *slog.Logger
	// Take records what was forwarded: ledger.Ledger's.
	Take func(context.Context, []ledger.Forwarded) []ledger.Outcome
}

// NewServer returns a server for the replicas alone, with timeouts and limits.
func NewServer(c Config) *http.Server {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &http.Server{
		Handler:           Handler(c),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      2 * timeout, // an answer waits for the store
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    4 << 10,
		ErrorLog:          slog.NewLogLogger(c.Log.Handler(), slog.LevelDebug),
	}
}

// Handler answers the requests of other replicas, and nobody else's.
func Handler(c Config) http.Handler {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+Path, c.take)
	return mux
}

func (c Config) take(w http.ResponseWriter, r *http.Request) {
	asked, err := c.Key.open(r.Header, c.Name, c.Clock())
	if err != nil {
		c.Log.Warn("a request of another replica is refused", "from", r.RemoteAddr, "cause", err)
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	items, err := readItems(w, r, asked)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if err := c.answer(w, asked, c.Take(r.Context(), items)); err != nil {
		c.Log.Warn("an answer to another replica was not delivered", "to", r.RemoteAddr, "cause", err)
	}
}

func readItems(w http.ResponseWriter, r *http.Request, asked request) ([]ledger.Forwarded, error) {
	body := bytes.NewBuffer(make([]byte, 0, bytes.MinRead+min(max(r.ContentLength, 0), MaxBody)))
	if _, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, MaxBody)); err != nil {
		return nil, err
	}
	if sha256.Sum256(body.Bytes()) != asked.digest {
		return nil, errors.New("the body is not the one that was signed")
	}
	return decodeItems(body.Bytes())
}

func (c Config) answer(w http.ResponseWriter, asked request, outcomes []ledger.Outcome) error {
	body, sig, err := c.word(asked, outcomes)
	if err != nil {
		http.Error(w, "the replica could not word its answer", http.StatusInternalServerError)
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set(headerSignature, sig)
	_, err = w.Write(body)
	return err
}

// word returns the answer's body and signature.
func (c Config) word(asked request, outcomes []ledger.Outcome) (body []byte, sig string, err error) {
	if body, err = encodeOutcomes(outcomes); err != nil {
		return nil, "", err
	}
	sig, err = c.Key.sign(answerText(asked, body))
	return body, sig, err
}
