package main

import (
	"net/http"
	"strconv"
	"time"
)

// patient sends a request again when the ledger is busy and says for how long.
// A request whose body cannot be sent twice is left to the caller.
type patient struct{ next http.RoundTripper }

const (
	maxTries = 6
	maxWait  = 20 * time.Second
)

// RoundTrip sends one request.
func (p patient) RoundTrip(r *http.Request) (*http.Response, error) {
	for try := 1; ; try++ {
		res, err := p.next.RoundTrip(r)
		if err != nil || try == maxTries || r.Body != nil && r.GetBody == nil {
			return res, err
		}
		wait, busy := retryAfter(res)
		if !busy {
			return res, nil
		}
		if r.Body != nil {
			if r.Body, err = r.GetBody(); err != nil {
				return res, nil
			}
		}
		select {
		case <-r.Context().Done():
			return res, nil
		case <-time.After(wait):
			_ = res.Body.Close()
		}
	}
}

func retryAfter(res *http.Response) (time.Duration, bool) {
	seconds, err := strconv.Atoi(res.Header.Get("Retry-After"))
	busy := res.StatusCode == http.StatusTooManyRequests || res.StatusCode == http.StatusServiceUnavailable
	return min(time.Duration(max(seconds, 1))*time.Second, maxWait), busy && err == nil
}
