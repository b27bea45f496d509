package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/coalition-ledger/coalition-ledger/api/web"
)

// call is what the server knows of one request.
type call struct {
	id          string
	method      string
	accept      string
	ifNoneMatch string
	listing     string // of which a page is a part
	claims      Claims
	op          *operation // nil when the path is not in the contract
	code        string     // of the problem that answered it
}

type callKey struct{}

func callOf(ctx context.Context) *call {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return c
	}
	return &call{}
}

// observe gives the request an id and, when it is answered, logs and counts
// it. Neither token nor body is logged.
func (s *Server) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start, r := s.cfg.Clock(), c.Request()
		in := &call{
			id: requestID(r.Header.Get("X-Request-ID")), method: r.Method, accept: r.Header.Get("Accept"),
			ifNoneMatch: r.Header.Get("If-None-Match"), listing: listing(r.URL), op: s.contract[r.Method+" "+c.Path()],
		}
		c.Response().Header().Set("X-Request-ID", in.id)
		c.SetRequest(r.WithContext(context.WithValue(r.Context(), callKey{}, in)))
		if err := next(c); err != nil {
			c.Error(err)
		}
		took := s.cfg.Clock().Sub(start)
		route := "none"
		if in.op != nil {
			route = in.op.id
		}
		s.metrics.observe(route, c.Response().Status, took)
		s.log.Info("request", "id", in.id, "method", printable(r.Method), "route", route, "status", c.Response().Status,
			"code", in.code, "bytes", c.Response().Size, "took", took, "subject", printable(in.claims.Subject), "from", address(r))
		return nil
	}
}

// requestID takes over a caller's id if it is harmless.
func requestID(given string) string {
	if validKid(given) {
		return given
	}
	return uuid.NewString()
}

// recoverPanic turns a panic into a 500 that tells nothing.
func (s *Server) recoverPanic(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if v := recover(); v != nil {
				s.log.Error("panic", "id", callOf(c.Request().Context()).id, "value", v, "stack", string(debug.Stack()))
				err = problem(http.StatusInternalServerError, codeInternal, "the ledger could not answer: report the request id to its operator")
			}
		}()
		return next(c)
	}
}

func (s *Server) secureHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	policy := "default-src 'none'; style-src " + web.StylePolicy() + "; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Content-Security-Policy", policy)
		return next(c)
	}
}

func (s *Server) limitAddress(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if path := c.Request().URL.Path; path == "/healthz" || path == "/readyz" {
			return next(c) // who probes shares an address with who loads
		}
		if !s.perIP.allow(address(c.Request())) {
			return problem(http.StatusTooManyRequests, "limit.address", "too many requests from this address: wait, then go on more slowly").after(1)
		}
		return next(c)
	}
}

// authorize denies everything that the contract does not open: public
// operations to all, the others to tokens of the roles that it names.
func (s *Server) authorize(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		in := callOf(c.Request().Context())
		if in.op != nil && in.op.public {
			return next(c)
		}
		claims, err := s.token(c.Request())
		if err != nil {
			return err
		}
		in.claims = claims
		if in.op != nil && len(in.op.roles) > 0 && !in.op.roles[claims.Role] {
			return problem(http.StatusForbidden, "token.role", fmt.Sprintf("this operation is not for role %s: use a token of role %s", claims.Role, in.op.forRoles()))
		}
		return next(c)
	}
}

func (s *Server) token(r *http.Request) (Claims, error) {
	given := r.Header.Values("Authorization")
	if len(given) == 0 {
		return Claims{}, badToken("token.missing", "send Authorization: Bearer with a token")
	}
	token, ok := strings.CutPrefix(given[0], "Bearer ")
	if len(given) > 1 || !ok {
		return Claims{}, badToken("token.malformed", "send one Authorization header: Bearer, a space, the token")
	}
	return s.cfg.Tokens.Verify(token)
}

func (s *Server) limitCaller(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		subject := callOf(c.Request().Context()).claims.Subject
		if subject != "" && !s.perCaller.allow(subject) {
			return problem(http.StatusTooManyRequests, "limit.subject", "too many requests with tokens of this subject: wait, then go on more slowly, or post in bulk").after(1)
		}
		return next(c)
	}
}

// checkRequest holds the request against the contract, bodies aside.
func (s *Server) checkRequest(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		op := callOf(r.Context()).op
		if op == nil {
			return next(c) // answers 404 or 405
		}
		if len(r.RequestURI) > 8<<10 {
			return problem(http.StatusRequestURITooLong, "request.uri_too_long", "the request line is longer than 8 KiB: shorten the parameters")
		}
		if err := op.checkBody(r); err != nil {
			return err
		}
		path := map[string]string{}
		for _, name := range c.ParamNames() {
			path[name] = c.Param(name)
		}
		if err := op.checkParameters(r.Context(), r, path); err != nil {
			return err
		}
		if err := callOf(r.Context()).checkCursor(r.URL.Query().Get("after")); err != nil {
			return err
		}
		return next(c)
	}
}

// answerError writes the problem for an error, unless an answer has begun.
func (s *Server) answerError(err error, c echo.Context) {
	in := callOf(c.Request().Context())
	p := *explain(err) // a copy: it gets this request's id
	p.Instance, in.code = in.id, p.Code
	if p.Code == codeInternal && !errors.Is(err, context.Canceled) {
		s.log.Error("internal error", "id", in.id, "cause", err)
	}
	if c.Response().Committed {
		return
	}
	if err := p.write(c.Response()); err != nil {
		s.log.Debug("answer not delivered", "id", in.id, "cause", err)
	}
}
