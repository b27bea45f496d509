package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/projections"
)

// A cursor is the place where a page ended, and after this mark a few digits of
// a hash over the place and the query: a cursor of another query, which would
// leave rows out unseen, is refused.
const cursorMark = "~"

// listing names a query without where its pages begin and how long they are.
func listing(u *url.URL) string {
	q := u.Query()
	for _, name := range []string{"after", "limit", "min_index"} {
		q.Del(name)
	}
	return u.Path + "?" + q.Encode()
}

func (c *call) cursor(place string) string {
	sum := sha256.Sum256([]byte(c.listing + "\n" + place))
	return place + cursorMark + hex.EncodeToString(sum[:4])
}

// checkCursor refuses a cursor that is not of this query.
func (c *call) checkCursor(after string) error {
	if after == "" || c.cursor(placeOf(after)) == after {
		return nil
	}
	return problem(http.StatusBadRequest, "request.cursor", "this cursor belongs to another query: give next of a page that was asked for with the same parameters, or leave after out to begin").at("after")
}

func placeOf(after string) string {
	return after[:max(strings.LastIndex(after, cursorMark), 0)]
}

func page(ctx context.Context, after *string, limit *int) projections.Page {
	return projections.Page{Cursor: placeOf(value(after)), Limit: value(limit), Bind: callOf(ctx).cursor}
}
