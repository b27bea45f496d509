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
	// Offer returns what was committed last: ledger.Ledger's.
	Offer func(ctx context.Context, from, to uint64) []ledger.Leaf
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
	mux.HandleFunc("POST "+PathTake, c.serve(PathTake, c.take))
	mux.HandleFunc("POST "+PathLeaves, c.serve(PathLeaves, c.leaves))
	return mux
}

// serve answers what a holder of the log key signed, and signs the answer.
func (c Config) serve(path string, reply func(context.Context, []byte) ([]byte, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		asked, err := c.Key.open(path, r.Header, c.Name, c.Clock())
		if err != nil {
			c.Log.Warn("a request of another replica is refused", "from", r.RemoteAddr, "cause", err)
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		body, err := readBody(w, r, asked)
		if err == nil {
			body, err = reply(r.Context(), body)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if err := c.answer(w, asked, body); err != nil {
			c.Log.Warn("an answer to another replica was not delivered", "to", r.RemoteAddr, "cause", err)
		}
	}
}

func readBody(w http.ResponseWriter, r *http.Request, asked request) ([]byte, error) {
	body := bytes.NewBuffer(make([]byte, 0, bytes.MinRead+min(max(r.ContentLength, 0), MaxBody)))
	if _, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, MaxBody)); err != nil {
		return nil, err
	}
	if sha256.Sum256(body.Bytes()) != asked.digest {
		return nil, errors.New("the body is not the one that was signed")
	}
	return body.Bytes(), nil
}

func (c Config) take(ctx context.Context, body []byte) ([]byte, error) {
	items, err := decodeItems(body)
	if err != nil {
		return nil, err
	}
	return encodeOutcomes(c.Take(ctx, items))
}

func (c Config) leaves(ctx context.Context, body []byte) ([]byte, error) {
	from, to, err := decodeRange(body)
	if err != nil {
		return nil, err
	}
	return encodeLeaves(c.Offer(ctx, from, to)), nil
}

func (c Config) answer(w http.ResponseWriter, asked request, body []byte) error {
	sig, err := c.Key.sign(answerText(asked, body))
	if err != nil {
		http.Error(w, "the replica could not sign its answer", http.StatusInternalServerError)
		return err
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set(headerSignature, sig)
	_, err = w.Write(body)
	return err
}
