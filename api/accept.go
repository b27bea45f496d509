package api

import (
	"cmp"
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

// accepted returns the form that the caller's Accept (RFC 9110, 12.5.1) likes
// best by its q values; of those liked as well the one that it names most
// specifically, then the one that it names first, then the first of forms.
func (c *call) accepted(forms ...string) (string, error) {
	best, most := "", liking{}
	for _, form := range forms {
		if l := likingOf(c.accept, form); l.q > 0 && (best == "" || l.before(most)) {
			best, most = form, l
		}
	}
	if best == "" {
		return "", problem(http.StatusNotAcceptable, "request.accept", "this comes as "+strings.Join(forms, " or ")+": accept one of them")
	}
	return best, nil
}

// liking is what an Accept header says of a form, in its most specific range
// for it.
type liking struct {
	q     float64
	rank  int // how specific the range is, 0 where there is none
	place int // of the range in the header
}

func (l liking) before(o liking) bool {
	return cmp.Or(cmp.Compare(o.q, l.q), cmp.Compare(o.rank, l.rank), cmp.Compare(l.place, o.place)) < 0
}

func likingOf(accept, form string) liking {
	if strings.TrimSpace(accept) == "" {
		return liking{q: 1}
	}
	group, _, _ := strings.Cut(form, "/")
	var out liking
	for place, one := range strings.Split(accept, ",") {
		mediaType, parameters, err := mime.ParseMediaType(one)
		rank := map[string]int{"*/*": 1, group + "/*": 2, form: 3}[mediaType]
		if err != nil || rank <= out.rank {
			continue
		}
		q, err := strconv.ParseFloat(parameters["q"], 64)
		if err != nil {
			q = 1
		}
		out = liking{q, rank, place}
	}
	return out
}
