package api

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

const (
	typeJSON   = "application/json"
	typeNDJSON = "application/x-ndjson"
	typeSSE    = "text/event-stream"
	typeHTML   = "text/html"
)

// accepted returns the form that the caller's Accept prefers by its q values,
// the first of those that it likes as well.
func (c *call) accepted(forms ...string) (string, error) {
	best, most := "", 0.0
	for _, form := range forms {
		if q := quality(c.accept, form); q > most {
			best, most = form, q
		}
	}
	if best == "" {
		return "", problem(http.StatusNotAcceptable, "request.accept", "this comes as "+strings.Join(forms, " or ")+": accept one of them")
	}
	return best, nil
}

// quality is how much an Accept header (RFC 9110, 12.5.1) likes a form, from 0
// to 1, as its most specific range says.
func quality(accept, form string) float64 {
	if strings.TrimSpace(accept) == "" {
		return 1
	}
	group, _, _ := strings.Cut(form, "/")
	out, rank := 0.0, 0
	for one := range strings.SplitSeq(accept, ",") {
		mediaType, parameters, err := mime.ParseMediaType(one)
		at := map[string]int{"*/*": 1, group + "/*": 2, form: 3}[mediaType]
		if err != nil || at <= rank {
			continue
		}
		q, err := strconv.ParseFloat(parameters["q"], 64)
		if err != nil {
			q = 1
		}
		out, rank = q, at
	}
	return out
}
