package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/go-json-experiment/json"
)

type reportCmd struct {
	From string `required:"" placeholder:"INDEX|DAY|TIME" help:"The earlier point: a day is told from its beginning, an index or time is known before."`
	To   string `placeholder:"INDEX|DAY|TIME" help:"The later point: a day is told to its end; default the newest event."`
	Out  string `short:"o" placeholder:"FILE" help:"Keep the report: FILE.html is a page to print, FILE.json the same in JSON. FILE must not exist."`
}

// Help shows more under --help.
func (c *reportCmd) Help() string {
	return "The report rests on the facts up to its later point alone. It names both points with the roots of the journal there, and its own address, which repeats the same report: whoever doubts it asks again, or replays an archive."
}

// pinned is what the tool reads of a report.
type pinned struct {
	Self string `json:"self"`
	To   struct {
		Size uint64 `json:"size"`
		Root string `json:"root"`
	} `json:"to"`
}

// reportKept is what the command answers when it kept a report.
type reportKept struct {
	File string `json:"file"`
	Self string `json:"self"`
	Size uint64 `json:"size"`
	Root string `json:"root"`
}

// Run asks for a report and shows or keeps it.
func (c *reportCmd) Run(ctx context.Context, a *app) error {
	form := strings.ToLower(filepath.Ext(c.Out))
	if c.Out != "" && form != ".html" && form != ".json" {
		return usage("-o %s: end the name in .html for a page to print, or in .json", c.Out)
	}
	r, err := a.connect()
	if err != nil {
		return err
	}
	text, err := r.read(ctx, c.path())
	if err != nil {
		return err
	}
	var p pinned
	if err := json.Unmarshal(text, &p); err != nil {
		return fmt.Errorf("read the ledger's report: %w", err)
	}
	switch {
	case c.Out != "":
		return c.keep(ctx, a, r, p, text, form)
	case a.JSON:
		_, err := fmt.Fprintf(a.out, "%s\n", strings.TrimSpace(string(text)))
		return err
	}
	return render(a.out, text)
}

func (c *reportCmd) path() string {
	q := url.Values{"from": {c.From}}
	if c.To != "" {
		q.Set("to", c.To)
	}
	return "/v1/reports/changes?" + q.Encode()
}

// keep writes the report; the page is asked for by the report's own address, so
// that both forms are of the same two points.
func (c *reportCmd) keep(ctx context.Context, a *app, r *remote, p pinned, text []byte, form string) error {
	if form == ".html" {
		page, err := r.Page(ctx, p.Self)
		if err != nil {
			return err
		}
		text = page
	}
	if err := writeNew(c.Out, text, 0o644); err != nil {
		return err
	}
	out := reportKept{File: c.Out, Self: p.Self, Size: p.To.Size, Root: p.To.Root}
	return a.answer(out, func(w io.Writer) {
		fmt.Fprintf(w, "wrote %s: %s\njournal of %d events, root %s\n", out.File, out.Self, out.Size, out.Root)
	})
}
