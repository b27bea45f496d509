package api

import (
	"errors"
	"log/slog"
	"time"

	"github.com/coalition-ledger/coalition-ledger/api/notify"
)

// Config is what a Server needs. Ledger, Views, Tokens and Clock are required;
// without Sealed it keeps no sealed detail, without Subscriptions no
// subscriptions.
type Config struct {
	Ledger Ledger
	Views  Views
	Sealed Sealed
	Tokens TokenPolicy
	Clock  func() time.Time
	Log    *slog.Logger // nil discards
	Limits Limits       // zero fields take their defaults
	Notice string       // stands on the index page; a demonstration says so here

	Subscriptions Subscriptions
	Deliveries    func() notify.Stats // for the metrics; nil where none are made
	Loopback      bool                // webhooks of this machine are let in
}

// Limits bounds what callers can take. Negative rates switch a limit off.
type Limits struct {
	SealedGrace   time.Duration // after which a ciphertext that no event binds is removed; 48 h
	BulkBytes     int64         // of one bulk body; 64 MiB
	BulkInFlight  int           // items of one bulk submitted at a time; 256
	Streams       int           // open streams of one subject; 16
	PerIP         float64       // requests a second from one address; 200
	PerSubject    float64       // requests a second of one token subject; 200
	Burst         int           // requests at once; 400
	Callers       int           // addresses, and subjects, remembered; 100,000
	MinIndexWait  time.Duration
	StreamWrite   time.Duration // for one write of a stream; 30 s
	StreamRead    time.Duration // for one read of a bulk body; 15 s
	Heartbeat     time.Duration // of live streams; 15 s
	NewPerMinute  float64       // subscriptions that a token subject makes or resumes; 30
	ViewStaleness time.Duration // after which views make the server not ready; 30 s
	StoreSilence  time.Duration // after which the store makes the server not ready and reads stale; 5 s
}

func orDefault[T int | int64 | float64 | time.Duration](v *T, standard T) {
	if *v == 0 {
		*v = standard
	}
}

func (l Limits) withDefaults() Limits {
	orDefault(&l.SealedGrace, 48*time.Hour)
	orDefault(&l.BulkBytes, 64<<20)
	orDefault(&l.BulkInFlight, 256)
	orDefault(&l.Streams, 16)
	orDefault(&l.PerIP, 200)
	orDefault(&l.PerSubject, 200)
	orDefault(&l.Burst, 400)
	orDefault(&l.Callers, 100_000)
	orDefault(&l.MinIndexWait, 5*time.Second)
	orDefault(&l.StreamWrite, 30*time.Second)
	orDefault(&l.StreamRead, 15*time.Second)
	orDefault(&l.Heartbeat, 15*time.Second)
	orDefault(&l.NewPerMinute, 30)
	orDefault(&l.ViewStaleness, 30*time.Second)
	orDefault(&l.StoreSilence, 5*time.Second)
	return l
}

func (c Config) check() error {
	switch {
	case c.Ledger == nil || c.Views == nil:
		return errors.New("api: give a ledger and views")
	case c.Clock == nil || c.Tokens.Clock == nil:
		return errors.New("api: give a clock, to the server and to the token policy")
	case c.Tokens.Keys == nil || c.Tokens.Issuer == "" || c.Tokens.Audience == "" || c.Tokens.MaxLifetime <= 0:
		return errors.New("api: give the token policy issuer, audience, keys and a longest lifetime")
	}
	return nil
}
