package api

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// streams counts the open streams of each subject and ends them all on close.
type streams struct {
	most int
	done chan struct{}
	once sync.Once

	mu   sync.Mutex
	open map[string]int
}

func newStreams(most int) *streams {
	return &streams{most: most, done: make(chan struct{}), open: map[string]int{}}
}

func (s *streams) close() { s.once.Do(func() { close(s.done) }) }

// begin gives a stream a context that ends with the server. The caller calls
// end when the stream is over.
func (s *streams) begin(ctx context.Context, subject string) (context.Context, func(), error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[subject] >= s.most {
		return nil, nil, problem(http.StatusTooManyRequests, "limit.streams", "too many open streams with tokens of this subject: close one").after(5)
	}
	s.open[subject]++
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-s.done:
			cancel()
		case <-ctx.Done():
		}
	}()
	var once sync.Once
	return ctx, func() { once.Do(func() { cancel(); s.end(subject) }) }, nil
}

func (s *streams) end(subject string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[subject]--; s.open[subject] <= 0 {
		delete(s.open, subject)
	}
}

// writer writes a stream: each write has its own deadline, because the
// server's would end the whole answer.
type writer struct {
	http.ResponseWriter
	ctl   *http.ResponseController
	clock func() time.Time
	each  time.Duration
}

func (s *Server) streamWriter(w http.ResponseWriter) *writer {
	return &writer{ResponseWriter: w, ctl: http.NewResponseController(w), clock: s.cfg.Clock, each: s.limits.StreamWrite}
}

// Write extends the deadline, which a recorder in a test does not have.
func (w *writer) Write(p []byte) (int, error) {
	_ = w.ctl.SetWriteDeadline(w.clock().Add(w.each))
	return w.ResponseWriter.Write(p)
}

func (w *writer) flush() error { return w.ctl.Flush() }
