package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"

	"github.com/labstack/echo/v4"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

const codeInternal = "internal"

// explain is the one table from errors to problems. What it does not know is
// internal: the caller learns the request id, the log the cause.
func explain(err error) *Problem {
	for _, row := range [...]func(error) *Problem{explainOwn, explainEvent, explainSealed, explainRead, explainRouting} {
		if p := row(err); p != nil {
			return p
		}
	}
	return problem(http.StatusInternalServerError, codeInternal, "the ledger could not answer: report the request id to its operator")
}

// explainOwn knows what the handlers and the token check say.
func explainOwn(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	var token *TokenError
	if errors.As(err, &token) {
		return problem(http.StatusUnauthorized, token.Code, token.Message)
	}
	return nil
}

// explainEvent knows what the write path says.
func explainEvent(err error) *Problem {
	var malformed *seal.Error
	var refused *ledger.Refused
	switch {
	case errors.As(err, &refused):
		return explainRefusal(refused)
	case errors.As(err, &malformed) && malformed.Code == seal.CodeSize:
		return problem(http.StatusRequestEntityTooLarge, malformed.Code, malformed.Message)
	case errors.As(err, &malformed):
		return problem(http.StatusBadRequest, malformed.Code, malformed.Message)
	case errors.Is(err, ledger.ErrNotReady), errors.Is(err, ledger.ErrClosed):
		return problem(http.StatusServiceUnavailable, "ledger.not_ready", "the ledger takes no writes now, and this event may or may not be recorded: post the same envelope again later").after(5)
	}
	return nil
}

// ruleDuplicate is the refusal of an event id that was used before.
const ruleDuplicate = "event.duplicate_id"

func explainRefusal(e *ledger.Refused) *Problem {
	status := http.StatusUnprocessableEntity
	if e.Refusal.Rule == ruleDuplicate {
		status = http.StatusConflict
	}
	p := problem(status, e.Refusal.Rule, e.Refusal.Message).at(e.Refusal.Field)
	p.Rule, p.Refusal = e.Refusal.Rule, string(e.Signed)
	return p
}

// explainRead knows what readers run into.
func explainRead(err error) *Problem {
	var refusal *domain.Refusal
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, ledger.ErrNoSuchLeaf):
		return problem(http.StatusNotFound, "event.unknown", "no event is recorded at this index yet")
	case errors.Is(err, translog.ErrRange), errors.Is(err, translog.ErrMalformed):
		return problem(http.StatusNotFound, "tile.unknown", "the tree has no such tile yet: see the size in the checkpoint")
	case errors.Is(err, eventstore.ErrUnavailable):
		return problem(http.StatusServiceUnavailable, "store.unavailable", "the event store does not answer, and what was asked for is read from it: ask again later; views of the present are answered meanwhile").after(5)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return problem(http.StatusRequestTimeout, "request.timeout", "the body came too slowly: send it again")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return problem(http.StatusBadRequest, "request.truncated", "the body ended early: nothing was recorded; send it again")
	case errors.As(err, &tooLarge):
		return problem(http.StatusRequestEntityTooLarge, "request.too_large", "the body is larger than this operation allows: split it")
	case errors.As(err, &refusal):
		return problem(http.StatusUnprocessableEntity, refusal.Rule, refusal.Message).at(refusal.Field)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return problem(http.StatusServiceUnavailable, "request.canceled", "the request ended before its answer: whether an event was recorded is unknown; post the same envelope again").after(1)
	}
	return nil
}

// explainRouting knows what the router and the generated parameter code say.
func explainRouting(err error) *Problem {
	var he *echo.HTTPError
	if !errors.As(err, &he) {
		return nil
	}
	switch he.Code {
	case http.StatusNotFound:
		return problem(he.Code, "request.no_such_path", "there is nothing at this path: see /openapi.yaml")
	case http.StatusMethodNotAllowed:
		return problem(he.Code, "request.method", "this path does not take this method: see /openapi.yaml")
	case http.StatusBadRequest:
		return problem(he.Code, "request.parameter", "a parameter has the wrong form: see /openapi.yaml")
	}
	return nil
}
