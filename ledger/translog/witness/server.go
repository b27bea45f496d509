package witness

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// maxRequests is how many requests a witness works on at once.
const maxRequests = 32

// Config is what a witness is made of.
type Config struct {
	Key   *Signer
	Logs  []note.Verifier  // keys of the logs it watches; a log that changes its key has several, of one name
	Dir   string           // of its own; nothing else may write there
	Clock func() time.Time // the time of cosignatures
	Admit Admit            // nil: a checkpoint is cosigned for its consistency alone
	Log   *slog.Logger     // nil: silent
}

// Admit decides whether a checkpoint that is signed and consistent may be
// cosigned, by what its tree holds. A *Refusal is final for this checkpoint;
// any other error says that it could not be decided now.
type Admit func(ctx context.Context, head translog.Checkpoint, signed []byte) error

// Refusal says which recorded event makes a checkpoint unfit to be cosigned.
type Refusal struct {
	Index   uint64
	Rule    string // a stable name
	Message string
}

// Error names index, rule and what was found.
func (r *Refusal) Error() string { return fmt.Sprintf("index %d: %s: %s", r.Index, r.Rule, r.Message) }

// Server is a witness: an http.Handler of C2SP tlog-witness.
type Server struct {
	c     Config
	disk  disk
	lock  *os.File
	logs  map[string]*watched // by origin
	slots chan struct{}
}

// watched is one log and the newest checkpoint of it that was cosigned.
type watched struct {
	origin string
	keys   []note.Verifier
	busy   chan struct{} // holds one token: a lock that waiting can be given up on
	seen   chan seen     // holds the value, for readers
}

// seen is a checkpoint that was cosigned; the zero value is none.
type seen struct {
	head translog.Checkpoint
	note []byte // with the log's signature and ours
	at   int64  // of ours
}

// NewServer opens a witness's folder, which it creates, and locks it until
// Close. A folder that was put back from an older copy is taken as it is: the
// witness says in its log where it stands, and goes on from there when a log
// proves consistency. A damaged one is an error.
func NewServer(c Config) (*Server, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if len(c.Logs) == 0 {
		return nil, errors.New("start a witness: it watches no log: give each log's verifier key")
	}
	s := &Server{c: c, disk: disk{c.Dir}, logs: make(map[string]*watched), slots: make(chan struct{}, maxRequests)}
	if err := s.open(); err != nil {
		return nil, errors.Join(fmt.Errorf("start a witness: %w", err), s.Close())
	}
	return s, nil
}

func (s *Server) open() (err error) {
	if err := os.MkdirAll(s.c.Dir, 0o700); err != nil {
		return err
	}
	if s.lock, err = s.disk.lock(); err != nil {
		return err
	}
	for _, key := range s.c.Logs {
		w, ok := s.logs[key.Name()]
		if !ok {
			w = &watched{origin: key.Name(), busy: make(chan struct{}, 1), seen: make(chan seen, 1)}
			s.logs[key.Name()] = w
		}
		w.keys = append(w.keys, key)
	}
	for _, w := range s.logs {
		if err := s.load(w); err != nil {
			return fmt.Errorf("the newest checkpoint of %s in %s: %w", w.origin, s.c.Dir, err)
		}
	}
	return nil
}

// Close lets another witness have the folder. Requests must have ended.
func (s *Server) Close() error {
	if s.lock == nil {
		return nil
	}
	return s.lock.Close()
}

// load reads what was cosigned last. It must bear our own cosignature or the
// log's signature: a key of either may have been changed, not both.
func (s *Server) load(w *watched) error {
	if err := s.disk.prepare(w.origin); err != nil {
		return err
	}
	text, err := s.disk.newest(w.origin)
	if err != nil {
		return err
	}
	v := seen{head: translog.Checkpoint{Origin: w.origin, Root: translog.EmptyRoot()}}
	if text == nil {
		s.c.Log.Info("witness has cosigned nothing of this log yet", "log", w.origin)
		w.seen <- v
		return nil
	}
	_, errOwn := translog.OpenCheckpoint(text, w.origin, append([]note.Verifier{s.c.Key.v}, w.keys...)...)
	if v.head, err = translog.PeekCheckpoint(text); err != nil || errOwn != nil && !s.ours(text) {
		return errors.Join(err, errOwn, errors.New("it is damaged, or of other keys: a witness that forgets what it cosigned helps a fork: put back the newest copy, or start with a new key in a new folder"))
	}
	v.note, v.at = text, s.cosignedAt(text)
	s.c.Log.Info("witness goes on from what it cosigned last", "log", w.origin, "size", v.head.Size, "root", v.head.Root, "at", time.Unix(v.at, 0).UTC())
	w.seen <- v
	return nil
}

// ours reports whether a note bears our valid cosignature.
func (s *Server) ours(text []byte) bool { return s.cosignedAt(text) > 0 }

// cosignedAt is when we cosigned a note; 0 if we did not.
func (s *Server) cosignedAt(text []byte) int64 {
	body, lines, err := translog.SplitNote(text)
	if err != nil {
		return 0
	}
	by, err := Witness{Key: s.c.Key.v}.latest(body, lines)
	if err != nil || by == nil {
		return 0
	}
	return by.Time
}

// enter waits for the log to be free; leave frees it.
func (w *watched) enter(ctx context.Context) error {
	select {
	case w.busy <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *watched) leave() { <-w.busy }

// now returns what was cosigned last.
func (w *watched) now() seen {
	v := <-w.seen
	w.seen <- v
	return v
}

func (w *watched) set(v seen) {
	<-w.seen
	w.seen <- v
}

// answer is an outcome other than a cosignature.
type answer struct {
	status int
	size   *uint64 // with 409: what we stand at
	err    error
}

func (a *answer) Error() string { return a.err.Error() }
func (a *answer) Unwrap() error { return a.err }

// take handles a request for a log that is watched, whose signature was
// checked. It returns our cosignature, after the checkpoint is on the disk.
func (s *Server) take(ctx context.Context, w *watched, r request, head translog.Checkpoint) (translog.SignatureLine, error) {
	if err := w.enter(ctx); err != nil {
		return translog.SignatureLine{}, &answer{503, nil, err}
	}
	defer w.leave()
	was := w.now()
	if err := s.check(w, was, r, head); err != nil {
		return translog.SignatureLine{}, err
	}
	if s.c.Admit != nil {
		if err := s.admit(ctx, w, r, head); err != nil {
			return translog.SignatureLine{}, err
		}
	}
	return s.cosign(w, was, r, head)
}

// check holds a checkpoint against the one cosigned last.
func (s *Server) check(w *watched, was seen, r request, head translog.Checkpoint) error {
	forked := head.Size == was.head.Size && head.Root != was.head.Root && was.note != nil
	if forked {
		s.keep(w, was, r, "fork", maxForks)
	}
	if r.old != was.head.Size {
		s.lookForOurs(w, was, r, head)
		return &answer{409, &was.head.Size, fmt.Errorf("this witness stands at %d", was.head.Size)}
	}
	if forked {
		return &answer{409, nil, fmt.Errorf("the checkpoint of %d leaves has another root than the one that was cosigned: the log has two histories; the evidence is kept", head.Size)}
	}
	if err := translog.VerifyConsistency(r.proof, was.head, head); err != nil {
		s.keep(w, was, r, "open", maxOpen)
		return &answer{422, nil, err}
	}
	return nil
}

// lookForOurs finds that we cosigned more than our disk knows.
func (s *Server) lookForOurs(w *watched, was seen, r request, head translog.Checkpoint) {
	if head.Size > was.head.Size && s.ours(r.checkpoint) {
		s.c.Log.Error("this witness has cosigned more than its disk knows: the disk is an old copy", "log", w.origin, "disk", was.head.Size, "cosigned", head.Size)
	}
}

// keep writes down two checkpoints that do not go together.
func (s *Server) keep(w *watched, was seen, r request, kind string, most int) {
	if was.note == nil {
		return
	}
	f, err := ProveFork(w.only(was.note), w.only(r.checkpoint), nil, nil)
	var name string
	if err == nil {
		name, err = s.disk.keep(w.origin, kind, f.Text(), most)
	}
	if err != nil {
		s.c.Log.Error("evidence against a log could not be kept", "log", w.origin, "error", err)
		return
	}
	s.c.Log.Error("a log signed a checkpoint that does not follow the one cosigned", "log", w.origin, "cosigned", was.head.Size, "evidence", name)
}

// only leaves the log's own signatures on a note.
func (w *watched) only(text []byte) []byte {
	body, lines, err := translog.SplitNote(text)
	if err != nil {
		return text
	}
	return translog.JoinNote(body, slices.DeleteFunc(lines, func(l translog.SignatureLine) bool { return !signedBy(w.keys, l) })...)
}

func (s *Server) admit(ctx context.Context, w *watched, r request, head translog.Checkpoint) error {
	err := s.c.Admit(ctx, head, w.only(r.checkpoint))
	var refused *Refusal
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &refused):
		return &answer{503, nil, err}
	}
	name, errKeep := s.disk.keep(w.origin, "refused", w.only(r.checkpoint), maxForks)
	s.c.Log.Error("a log signed what its rules refuse", "log", w.origin, "index", refused.Index, "rule", refused.Rule, "evidence", name, "error", errKeep)
	return &answer{422, nil, err}
}

// cosign writes the checkpoint down and only then hands out the cosignature.
// The same checkpoint again is cosigned anew and not written: it would let
// anybody wear out the disk.
func (s *Server) cosign(w *watched, was seen, r request, head translog.Checkpoint) (translog.SignatureLine, error) {
	text, lines, err := translog.SplitNote(w.only(r.checkpoint))
	if err != nil {
		return translog.SignatureLine{}, &answer{400, nil, err}
	}
	v := seen{head: head, at: max(s.c.Clock().Unix(), was.at)} // a clock that was set back would make the statement false
	own := s.c.Key.Cosign(text, v.at)
	v.note = translog.JoinNote(text, append(lines, own)...)
	if was.note == nil || head.Size > was.head.Size {
		if err := s.disk.save(w.origin, v.note); err != nil {
			s.c.Log.Error("witness cannot write: it cosigns nothing", "log", w.origin, "error", err)
			return own, &answer{500, nil, errors.New("the checkpoint could not be written down")}
		}
	}
	w.set(v)
	return own, nil
}

// Seen returns the newest checkpoint of a log that was cosigned, of size 0 with
// no note if there is none, and the note with the cosignature.
func (s *Server) Seen(origin string) (head translog.Checkpoint, note []byte) {
	w, ok := s.logs[origin]
	if !ok {
		return translog.Checkpoint{Origin: origin, Root: domain.Hash{}}, nil
	}
	v := w.now()
	return v.head, v.note
}
