package api

import (
	"errors"
	"io"
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/labstack/echo/v4"
)

// maxDocument is the most bytes of a JSON body.
const maxDocument = 16 << 10

// binder reads JSON bodies strictly: no unknown, duplicate or case-variant
// names, nothing after the value. Parameters are bound by generated code.
type binder struct{}

// Bind reads the body into a value.
func (binder) Bind(into any, c echo.Context) error {
	r := c.Request()
	text, err := io.ReadAll(http.MaxBytesReader(c.Response().Writer, r.Body, maxDocument))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into, json.RejectUnknownMembers(true)); err != nil {
		var wrong *json.SemanticError
		p := problem(http.StatusBadRequest, "request.body", "the body is not the JSON object that this operation takes: see it in /openapi.yaml")
		if errors.As(err, &wrong) {
			return p.at(printable(string(wrong.JSONPointer)))
		}
		return p
	}
	return nil
}
