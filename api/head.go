package api

import (
	"context"
	"net/http"
)

type headKey struct{}

// headAsGet has HEAD answered as GET is: the server, to which it is a HEAD still,
// leaves the body out, and a stream ends with its header.
func headAsGet(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			r = r.WithContext(context.WithValue(r.Context(), headKey{}, true))
			r.Method = http.MethodGet
		}
		next.ServeHTTP(w, r)
	})
}

func headOnly(ctx context.Context) bool { return ctx.Value(headKey{}) != nil }
