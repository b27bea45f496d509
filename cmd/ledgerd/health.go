package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// healthCmd is the check that an image made from scratch can run: it holds no
// shell and no curl.
type healthCmd struct {
	URL     string        `arg:"" optional:"" default:"http://127.0.0.1:8470/readyz" help:"What to ask: /readyz of a ledger, /healthz for bare life, or an event store's /health/live."`
	Timeout time.Duration `default:"5s" help:"Longest wait for the answer."`
}

// Run returns nil on a 2xx answer.
func (c *healthCmd) Run(ctx context.Context, _ *env) error {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.URL, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	said, err := io.ReadAll(io.LimitReader(res.Body, 1<<10))
	if err != nil {
		return fmt.Errorf("%s: %w", c.URL, err)
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return fmt.Errorf("%s answers %s: %s", c.URL, res.Status, strings.TrimSpace(string(said)))
	}
	return nil
}
