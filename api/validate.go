package api

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/labstack/echo/v4"

	"github.com/coalition-ledger/coalition-ledger/api/internal/gen"
	"github.com/coalition-ledger/coalition-ledger/domain"
)

// newValidator knows the tags that openapi.yaml puts on parameters: what a
// schema cannot say.
func newValidator() (*validator.Validate, error) {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("form"), ",")
		return name
	})
	for tag, valid := range map[string]func(string) bool{
		"country":   func(s string) bool { return domain.Country(s).Valid() },
		"agency":    func(s string) bool { return domain.AgencyID(s).Valid() },
		"day":       func(s string) bool { return len(s) == 10 && domain.Date(s).Valid() },
		"asof":      validAsOf,
		"point":     func(s string) bool { return validAsOf(s) || len(s) == 10 && domain.Date(s).Valid() },
		"eventtype": validEventType,
	} {
		check := func(f validator.FieldLevel) bool { return valid(f.Field().String()) }
		if err := v.RegisterValidation(tag, check); err != nil {
			return nil, fmt.Errorf("register validation %s: %w", tag, err)
		}
	}
	return v, nil
}

func validAsOf(s string) bool {
	if _, err := strconv.ParseUint(s, 10, 64); err == nil {
		return true
	}
	_, err := time.Parse(time.RFC3339, s)
	return err == nil
}

// validEventType accepts a known type, or a group of types as designation.*
func validEventType(s string) bool {
	group, isGroup := strings.CutSuffix(s, "*")
	for _, t := range domain.Types() {
		if t == s || isGroup && strings.HasSuffix(group, ".") && strings.HasPrefix(t, group) {
			return true
		}
	}
	return false
}

// checkTags runs the validator over a request's parameters.
func (s *Server) checkTags(next gen.StrictHandlerFunc, _ string) gen.StrictHandlerFunc {
	return func(c echo.Context, request any) (any, error) {
		if cc := c.Param("cc"); cc != "" && !domain.Country(cc).Valid() {
			return nil, problem(http.StatusBadRequest, "country.unknown", saying(c.Param("cc"), "country")).at("cc")
		}
		var wrong validator.ValidationErrors
		if err := s.validate.Struct(request); errors.As(err, &wrong) {
			return nil, explainTag(wrong[0])
		} else if err != nil {
			return nil, fmt.Errorf("validate %T: %w", request, err)
		}
		if err := s.checkKnown(c.Request().Context(), c.QueryParams()); err != nil {
			return nil, err
		}
		return next(c, request)
	}
}

func explainTag(e validator.FieldError) *Problem {
	field, _, _ := strings.Cut(e.Field(), "[")
	code := "request.parameter"
	if e.Tag() == "country" {
		code = "country.unknown"
	}
	return problem(http.StatusBadRequest, code, saying(fmt.Sprint(e.Value()), e.Tag())).at(field)
}

// saying names a value and what a tag asks for instead.
func saying(value, tag string) string { return fmt.Sprintf("%q is %s", printable(value), advice(tag)) }

// advice says what a tag asks for.
func advice(tag string) string {
	switch tag {
	case "country":
		return "no such country code: use ISO 3166-1 alpha-2 (GB, not UK), EU, UN, or a user-assigned code such as XA"
	case "agency":
		return "no agency: write member code, slash and name, as JP/mof"
	case "day":
		return "no day: write it as 2017-06-05"
	case "asof":
		return "neither an index nor a time: write 1234, or 2026-11-23T09:00:00Z"
	case "point":
		return "neither an index, a day nor a time: write 1234, 2026-09-30, or 2026-09-30T09:00:00Z"
	case "eventtype":
		return "no event type: write it as designation.adopted, or a group as designation.*; all are listed at /v1/schemas"
	}
	return "out of the parameter's range: see it in /openapi.yaml"
}
