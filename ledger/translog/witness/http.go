package witness

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// Handler serves, below the submission prefix, add-checkpoint of C2SP
// tlog-witness, and for everybody to look at:
//
//	GET /                          who we are, where we stand
//	GET /<origin hash>/checkpoint  the newest checkpoint we cosigned
//	GET /<origin hash>/evidence    names of what we hold against the log
//	GET /<origin hash>/evidence/…  one piece, a text of Fork or a checkpoint
//
// The origin hash is the SHA-256 of the log's origin in hex.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /add-checkpoint", s.addCheckpoint)
	mux.HandleFunc("GET /{$}", s.status)
	mux.HandleFunc("GET /{log}/checkpoint", s.checkpoint)
	mux.HandleFunc("GET /{log}/evidence", s.listEvidence)
	mux.HandleFunc("GET /{log}/evidence/{name}", s.showEvidence)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		select {
		case s.slots <- struct{}{}:
			defer func() { <-s.slots }()
			mux.ServeHTTP(w, r)
		default:
			w.Header().Set("Retry-After", "1")
			http.Error(w, "busy: try again", http.StatusServiceUnavailable)
		}
	})
}

func (s *Server) addCheckpoint(w http.ResponseWriter, r *http.Request) {
	own, err := s.add(w, r)
	var a *answer
	switch {
	case err == nil:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprintf(w, "%s\n", own)
	case errors.As(err, &a) && a.size != nil:
		w.Header().Set("Content-Type", sizeType)
		w.WriteHeader(a.status)
		fmt.Fprintf(w, "%d\n", *a.size)
	case errors.As(err, &a):
		http.Error(w, a.Error(), a.status)
	default:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// add checks what needs no state, in the order of tlog-witness.
func (s *Server) add(w http.ResponseWriter, r *http.Request) (own translog.SignatureLine, err error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return own, &answer{http.StatusRequestEntityTooLarge, nil, fmt.Errorf("a request has at most %d bytes", maxRequest)}
	}
	if err != nil {
		return own, &answer{http.StatusBadRequest, nil, err}
	}
	req, err := parseRequest(body)
	if err != nil {
		return own, &answer{http.StatusBadRequest, nil, err}
	}
	head, err := translog.PeekCheckpoint(req.checkpoint)
	if err != nil {
		return own, &answer{http.StatusBadRequest, nil, err}
	}
	log, ok := s.logs[head.Origin]
	if !ok {
		return own, &answer{http.StatusNotFound, nil, fmt.Errorf("this witness does not watch the log %.200q", head.Origin)}
	}
	if _, err := translog.OpenCheckpoint(req.checkpoint, head.Origin, log.keys...); err != nil {
		return own, &answer{http.StatusForbidden, nil, err}
	}
	if req.old > head.Size {
		return own, &answer{http.StatusBadRequest, nil, fmt.Errorf("the old size %d is larger than the checkpoint's %d", req.old, head.Size)}
	}
	return s.take(r.Context(), log, req, head)
}

// find returns the log of a path, after answering if there is none.
func (s *Server) find(w http.ResponseWriter, r *http.Request) *watched {
	for _, log := range s.logs {
		if originID(log.origin) == r.PathValue("log") {
			return log
		}
	}
	http.Error(w, "this witness watches no log of that origin hash", http.StatusNotFound)
	return nil
}

func (s *Server) checkpoint(w http.ResponseWriter, r *http.Request) {
	log := s.find(w, r)
	if log == nil {
		return
	}
	v := log.now()
	if v.note == nil {
		http.Error(w, "nothing of this log was cosigned yet", http.StatusNotFound)
		return
	}
	plain(w, v.note)
}

func (s *Server) listEvidence(w http.ResponseWriter, r *http.Request) {
	log := s.find(w, r)
	if log == nil {
		return
	}
	names, err := s.disk.evidence(log.origin)
	if err != nil {
		http.Error(w, "the evidence cannot be read", http.StatusInternalServerError)
		return
	}
	plain(w, []byte(strings.Join(append(names, ""), "\n")))
}

func (s *Server) showEvidence(w http.ResponseWriter, r *http.Request) {
	log := s.find(w, r)
	if log == nil {
		return
	}
	text, err := s.disk.readEvidence(log.origin, r.PathValue("name"))
	if err != nil {
		http.Error(w, "there is no such evidence", http.StatusNotFound)
		return
	}
	plain(w, text)
}

func (s *Server) status(w http.ResponseWriter, _ *http.Request) {
	var b strings.Builder
	fmt.Fprintf(&b, "witness %s\n", s.c.Key.Verifier())
	for _, origin := range s.origins() {
		log := s.logs[origin]
		v := log.now()
		names, err := s.disk.evidence(origin)
		fmt.Fprintf(&b, "log %s\nhash %s\nkeys %d\nsize %d\n", origin, originID(origin), len(log.keys), v.head.Size)
		if v.note != nil {
			fmt.Fprintf(&b, "cosigned %s\n", time.Unix(v.at, 0).UTC().Format(time.RFC3339))
		}
		fmt.Fprintf(&b, "evidence %d\n", len(names))
		if err != nil {
			fmt.Fprintf(&b, "evidence cannot be read\n")
		}
	}
	plain(w, []byte(b.String()))
}

func (s *Server) origins() (out []string) {
	for o := range s.logs {
		out = append(out, o)
	}
	slices.Sort(out)
	return out
}

func plain(w http.ResponseWriter, text []byte) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write(text) // a reader that left is no fault of ours
}

var _ note.Verifier = Verifier{}
