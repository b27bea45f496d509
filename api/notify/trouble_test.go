package notify

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// hook serves what a test makes of a request.
func hook(t *testing.T, f http.HandlerFunc) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // from here on the server sees who hangs up
		f(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL + "/s3cret"
}

// raw answers each request with bytes of its own and closes.
func raw(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, out, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = out.WriteString(answer)
		_ = out.Flush()
	}
}

// Whatever a receiver answers, its subscription learns why, without the address,
// and tries again.
func TestReceiversThatDoNotTakeNotices(t *testing.T) {
	elsewhere := newReceiver(t)
	for want, f := range map[string]http.HandlerFunc{
		"the receiver answered 500": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) },
		"the receiver answered 301": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusMovedPermanently)
		},
		"the receiver answered 307": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		},
		"the receiver did not answer":    func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"EOF":                            raw(""),
		"malformed HTTP":                 raw("hello\r\n\r\n"),
		"unexpected EOF":                 raw("HTTP/1.1 200 O"),
		"server response headers exceed": raw("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20) + "\r\n\r\n"),
		"exceeded 16384 bytes":           raw(strings.Repeat("HTTP/1.1 103 Early Hints\r\nX: "+strings.Repeat("x", 4000)+"\r\n\r\n", 100)),
	} {
		b := newBench(t)
		sub := b.subscribe(hook(t, f), allActs)
		b.journal.add(1)
		_, stop := b.run(func(c *Config) { c.Timeout = 100 * time.Millisecond })
		b.until("it failed: "+want, func() bool { return b.progress(sub).Failures > 1 })
		stop()
		if p := b.progress(sub); !strings.Contains(p.LastError, want) || strings.Contains(p.LastError, "s3cret") || p.Next != 0 {
			t.Errorf("%s: %+v", want, p)
		}
	}
	if len(elsewhere.indexes()) != 0 {
		t.Error("a redirect was followed")
	}
}

// The status counts: what comes after it is not waited for nor read.
func TestAnswersThatDoNotEnd(t *testing.T) {
	for name, f := range map[string]http.HandlerFunc{
		"a huge body": func(w http.ResponseWriter, _ *http.Request) {
			for chunk := make([]byte, 64<<10); ; {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		},
		"a body cut off": raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"),
	} {
		b := newBench(t)
		sub := b.subscribe(hook(t, f), allActs)
		b.journal.add(3)
		_, stop := b.run()
		b.until(name, func() bool { return b.progress(sub).Next == 3 })
		stop()
		if p := b.progress(sub); p.Delivered != 3 || p.Failures != 0 {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

// What is killed between an answer and the cursor repeats what was told since
// the cursor was kept, no more, with the same indexes, and loses nothing.
func TestKilledBetweenAnswerAndCursor(t *testing.T) {
	for _, at := range []int{1, 17, 100, 250} {
		b, r := newBench(t), newReceiver(t)
		sub := b.subscribe(r.URL, allActs)
		cursor := filepath.Join(b.store.dir, "XA_mof", sub.ID+".progress")
		var disk []byte
		r.status = func(n int) int {
			if n == at {
				disk, _ = os.ReadFile(cursor)
			}
			return 204
		}
		b.journal.add(300)
		_, stop := b.run()
		b.until("the moment", func() bool { return len(r.indexes()) >= at })
		stop()
		r.mu.Lock()
		r.got, r.status = r.got[:at], func(int) int { return 204 } // what came later never happened
		r.mu.Unlock()
		if disk == nil {
			b.must(os.Remove(cursor))
		} else {
			b.must(os.WriteFile(cursor, disk, 0o600))
		}
		_, stop = b.run()
		b.until("all", func() bool { return b.progress(sub).Next == 300 })
		stop()
		got := r.indexes()
		again := len(got) - 300
		slices.Sort(got)
		if !slices.Equal(slices.Compact(got), upTo(300)) || again < 1 || again > saveEvery {
			t.Errorf("killed at %d: %d told twice, %d of 300 told", at, again, len(slices.Compact(got)))
		}
	}
}

// A subscription that is removed is told no more, not even what is on its way.
func TestRemovedWhileDelivering(t *testing.T) {
	b := newBench(t)
	var told, hungUp atomic.Int32
	sub := b.subscribe(hook(t, func(_ http.ResponseWriter, r *http.Request) {
		told.Add(1)
		<-r.Context().Done()
		hungUp.Add(1)
	}), allActs)
	b.journal.add(5)
	d, stop := b.run(func(c *Config) { c.Timeout = time.Minute })
	defer stop()
	b.until("the first", func() bool { return told.Load() == 1 })
	b.must(b.store.Remove("XA/mof", sub.ID))
	b.until("it hangs up", func() bool { return hungUp.Load() == 1 && d.Stats().Active == 0 })
	b.journal.add(5)
	time.Sleep(20 * time.Millisecond)
	files, err := filepath.Glob(filepath.Join(b.store.dir, "XA_mof", "*"))
	if b.must(err); told.Load() != 1 || len(files) != 0 {
		t.Errorf("told %d times, left %v", told.Load(), files)
	}
}

// A clock that is set back, here or before a restart, holds up nobody for
// longer than the longest pause.
func TestAClockSetBack(t *testing.T) {
	b, r := newBench(t), newReceiver(t)
	sub := b.subscribe(r.URL, allActs)
	b.journal.add(2)
	var back atomic.Int64
	clock := func(c *Config) {
		c.Clock = func() time.Time { return time.Now().Round(0).Add(time.Duration(back.Load())) }
		c.First, c.Longest, c.Tries = time.Minute, time.Hour, 9
	}
	r.status = func(int) int { return 503 }
	_, stop := b.run(clock)
	b.until("it failed", func() bool { return b.progress(sub).Failures == 1 })
	r.mu.Lock()
	r.status = func(n int) int { return map[bool]int{true: 204, false: 503}[n > 2] }
	r.mu.Unlock()
	back.Store(int64(-48 * time.Hour))
	b.store.tell() // or the next event
	b.until("it failed again", func() bool { return b.progress(sub).Failures == 2 })
	stop()
	back.Store(int64(-96 * time.Hour))
	_, stop = b.run(clock)
	defer stop()
	b.until("all", func() bool { return b.progress(sub).Next == 2 })
}

// Receivers that are known to hang take half of the workers at most.
func TestManyThatHangHoldUpNobodyElse(t *testing.T) {
	b, r := newBench(t), newReceiver(t)
	b.store.most = 50
	var hanging atomic.Int32
	hang := hook(t, func(_ http.ResponseWriter, r *http.Request) { hanging.Add(1); <-r.Context().Done() })
	for range 20 {
		b.must(b.store.advance(b.subscribe(hang, allActs), Progress{Failures: 1}))
	}
	b.journal.add(1)
	_, stop := b.run(func(c *Config) { c.Workers, c.Timeout = 4, time.Minute })
	defer stop()
	b.until("two hang", func() bool { return hanging.Load() == 2 })
	sub := b.subscribe(r.URL, allActs)
	b.journal.add(99)
	b.until("all", func() bool { return b.progress(sub).Next == 100 })
	if n := hanging.Load(); n != 2 {
		t.Errorf("%d of 4 workers hang", n)
	}
}

// Where workers are few, turns go round.
func TestTurnsGoRound(t *testing.T) {
	b, r := newBench(t), newReceiver(t)
	for range 3 {
		b.subscribe(r.URL, allActs)
	}
	d := New(Config{Store: b.store, Views: b.views, Signer: b.signer, Leading: b.leading.Load, Clock: time.Now, Loopback: true, Workers: 1})
	defer d.local.CloseIdleConnections()
	d.scan()
	turns := map[string]int{}
	for n := range 12 {
		b.journal.add(1)
		b.until("the event", func() bool { return b.views.Index() == uint64(n+1) })
		d.assign(t.Context())
		j := <-d.ended
		d.release(j)
		turns[j.ID]++
	}
	for id, n := range turns {
		if n != 4 {
			t.Errorf("%s had %d of 12 turns", id, n)
		}
	}
}

// What cannot be kept is not told on and on: it would all be told again.
func TestAFullDiskHoldsUpDelivery(t *testing.T) {
	b, r := newBench(t), newReceiver(t)
	sub := b.subscribe(r.URL, allActs)
	d, stop := b.run(func(c *Config) { c.Rescan, c.Longest = 20*time.Millisecond, time.Hour })
	b.until("it is found", func() bool { return d.Stats().Active == 1 })
	b.must(os.MkdirAll(filepath.Join(b.store.dir, "XA_mof", sub.ID+".progress", "in the way"), 0o700))
	b.journal.add(100)
	b.until("some", func() bool { return len(r.indexes()) > 0 })
	time.Sleep(50 * time.Millisecond)
	stop()
	if n := len(r.indexes()); n > saveEvery {
		t.Errorf("told %d times", n)
	}
}

func TestStatsSayWhatIsLeft(t *testing.T) {
	b, r := newBench(t), newReceiver(t)
	r.status = func(int) int { return 503 }
	b.subscribe(r.URL, allActs)
	b.journal.add(7)
	began := time.Now()
	d, stop := b.run(func(c *Config) { c.Tries, c.Longest = 1000, 5*time.Millisecond })
	defer stop()
	b.until("it is behind", func() bool {
		s := d.Stats()
		return s.Active == 1 && s.Parked == 0 && s.Behind == 7 && s.Oldest > 0 && s.Failures > 0
	})
	if s := d.Stats(); s.Oldest > time.Since(began)+time.Second {
		t.Errorf("got %+v", s)
	}
	r.mu.Lock()
	r.status = func(int) int { return 204 }
	r.mu.Unlock()
	b.until("it is told", func() bool {
		s := d.Stats()
		return s.Behind == 0 && s.Oldest == 0 && s.Delivered == 7 && s.Active == 1
	})
}

// A connection is kept from one notice to the next.
func TestConnectionsAreKept(t *testing.T) {
	b := newBench(t)
	var mu sync.Mutex
	from := map[string]int{}
	sub := b.subscribe(hook(t, func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		from[r.RemoteAddr]++
	}), allActs)
	b.journal.add(200)
	_, stop := b.run()
	b.until("all", func() bool { return b.progress(sub).Next == 200 })
	stop()
	if len(from) != 1 {
		t.Errorf("told over %d connections", len(from))
	}
}
