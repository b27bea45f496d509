package api

import (
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
)

// StoreContact is what readiness tells of the event store.
type StoreContact struct {
	At      time.Time `json:"store_contact"`         // when it last answered
	Seconds float64   `json:"store_contact_seconds"` // how long ago that was
	Leading bool      `json:"leading"`               // this replica orders the events
}

func (s *Server) contact() *StoreContact {
	at := s.cfg.Ledger.Contact()
	return &StoreContact{At: at.UTC(), Seconds: silence(s.cfg.Clock(), at).Seconds(), Leading: s.cfg.Ledger.Leading()}
}

// silence is for how long the store has not answered.
func silence(now, contact time.Time) time.Duration { return max(0, now.Sub(contact)) }

// storeSilent says so when the store has not answered for too long: there may
// be more in it than this replica knows.
func (s *Server) storeSilent() (time.Duration, bool) {
	d := silence(s.cfg.Clock(), s.cfg.Ledger.Contact())
	return d, d > s.limits.StoreSilence
}

// markStale tells readers by how much their answer may be out of date.
func (s *Server) markStale(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if d, silent := s.storeSilent(); silent && c.Request().Method == http.MethodGet {
			c.Response().Header().Set("Ledger-Stale", strconv.FormatFloat(math.Floor(d.Seconds()), 'f', 0, 64))
		}
		return next(c)
	}
}
