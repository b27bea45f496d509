package api

import (
	"context"
	_ "embed" // the contract
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

//go:embed openapi.yaml
var description []byte

// operation is what openapi.yaml says of one method of one path.
type operation struct {
	id       string
	public   bool
	roles    map[Role]bool // empty: any role
	consumes string        // media type of the body, "" without body
	query    map[string]bool
	route    *routers.Route
}

// contract holds all operations, by method and path as Echo writes it.
type contract map[string]*operation

func loadContract() (contract, error) {
	doc, err := openapi3.NewLoader().LoadFromData(description)
	if err != nil {
		return nil, fmt.Errorf("read openapi.yaml: %w", err)
	}
	out := contract{}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			o, err := newOperation(doc, path, method, item, op)
			if err != nil {
				return nil, fmt.Errorf("openapi.yaml: %s %s: %w", method, path, err)
			}
			out[method+" "+echoPath(path)] = o
		}
	}
	return out, nil
}

func newOperation(doc *openapi3.T, path, method string, item *openapi3.PathItem, op *openapi3.Operation) (*operation, error) {
	o := &operation{
		id: op.OperationID, roles: map[Role]bool{}, query: map[string]bool{},
		route: &routers.Route{Spec: doc, Path: path, PathItem: item, Method: method, Operation: op},
	}
	security := doc.Security
	if op.Security != nil {
		security = *op.Security
	}
	o.public = len(security) == 0
	for _, requirement := range security {
		names, ok := requirement["bearer"]
		if !ok || len(requirement) != 1 {
			return nil, errors.New("the only security is bearer")
		}
		for _, role := range names {
			o.roles[Role(role)] = true
		}
	}
	for _, p := range op.Parameters {
		if p.Value.In == openapi3.ParameterInQuery {
			o.query[p.Value.Name] = true
		}
	}
	if op.RequestBody != nil {
		for mediaType := range op.RequestBody.Value.Content {
			o.consumes = mediaType
		}
	}
	return o, nil
}

// echoPath writes {name} as :name. As the last piece of a path it matches the
// rest, slashes included: tiles have some.
func echoPath(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}

// forRoles lists the roles that an operation is open to.
func (o *operation) forRoles() string {
	var out []string
	for role := range o.roles {
		out = append(out, string(role))
	}
	slices.Sort(out)
	return strings.Join(out, " or ")
}

// checkBody refuses what the operation does not consume, before reading it.
func (o *operation) checkBody(r *http.Request) error {
	if enc := r.Header.Get("Content-Encoding"); enc != "" && !strings.EqualFold(enc, "identity") {
		return problem(http.StatusUnsupportedMediaType, "request.compressed", "bodies are not decompressed: send it plain, without Content-Encoding")
	}
	if o.consumes == "" {
		return nil
	}
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != o.consumes {
		return problem(http.StatusUnsupportedMediaType, "request.content_type", "send this with Content-Type: "+o.consumes)
	}
	return nil
}

// checkParameters holds the request against the contract: form of every
// parameter, and no parameter that is not listed or that comes twice where one
// is expected.
func (o *operation) checkParameters(ctx context.Context, r *http.Request, path map[string]string) error {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || strings.ContainsFunc(r.URL.RawQuery, unicode.IsControl) {
		return problem(http.StatusBadRequest, "request.query", "the query cannot be read: divide parameters by & and percent-encode other characters")
	}
	for name, values := range query {
		if slices.ContainsFunc(values, func(v string) bool { return !utf8.ValidString(v) }) {
			return problem(http.StatusBadRequest, "request.query", "the query is not UTF-8: percent-encode the text's UTF-8 bytes").at(printable(name))
		}
		if !o.query[name] {
			return problem(http.StatusBadRequest, "request.parameter_unknown", "this operation has no such parameter: "+o.takes()).at(printable(name))
		}
		p := o.route.Operation.Parameters.GetByInAndName(openapi3.ParameterInQuery, name)
		if len(values) > 1 && !p.Schema.Value.Type.Is("array") {
			return problem(http.StatusBadRequest, "request.parameter_twice", "this parameter is given more than once: give it once").at(name)
		}
	}
	bare := r.Clone(ctx)
	bare.Body = nil // the validator would read it all, to give it back
	err = openapi3filter.ValidateRequest(ctx, &openapi3filter.RequestValidationInput{
		Request: bare, PathParams: path, QueryParams: query, Route: o.route,
		Options: &openapi3filter.Options{
			ExcludeRequestBody: true, SkipSettingDefaults: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc,
		},
	})
	return explainParameter(err, query)
}

// filters reports whether an operation takes a parameter as a filter whose
// values it does not list itself.
func (o *operation) filters(parameter string) bool {
	p := o.route.Operation.Parameters.GetByInAndName(openapi3.ParameterInQuery, parameter)
	return p != nil && !p.Required && len(p.Schema.Value.Enum) == 0
}

// takes lists the query parameters of an operation.
func (o *operation) takes() string {
	if len(o.query) == 0 {
		return "it takes none"
	}
	return "it takes " + strings.Join(slices.Sorted(maps.Keys(o.query)), ", ")
}

func explainParameter(err error, query url.Values) error {
	if err == nil {
		return nil
	}
	p := problem(http.StatusBadRequest, "request.parameter", "a parameter has the wrong form: see /openapi.yaml")
	var re *openapi3filter.RequestError
	if !errors.As(err, &re) || re.Parameter == nil {
		return p
	}
	p.Detail = "the parameter has the wrong form: give " + form(re.Parameter.Schema.Value)
	if given := query.Get(re.Parameter.Name); query.Has(re.Parameter.Name) {
		p.Detail = fmt.Sprintf("%q has the wrong form: give %s", printable(given), form(re.Parameter.Schema.Value))
	}
	if why := re.Parameter.Description; why != "" {
		p.Detail += ". It is: " + strings.Join(strings.Fields(why), " ")
	}
	return p.at(re.Parameter.Name)
}

// form says what values a schema allows.
func form(s *openapi3.Schema) string {
	switch {
	case s.Type.Is("array"):
		return form(s.Items.Value)
	case len(s.Enum) > 0:
		var all []string
		for _, one := range s.Enum {
			all = append(all, fmt.Sprint(one))
		}
		return "one of " + strings.Join(all, ", ")
	case s.Type.Is("boolean"):
		return "true or false"
	case s.Type.Is("integer") && s.Max != nil:
		return fmt.Sprintf("a whole number from %.0f to %.0f", value(s.Min), *s.Max)
	case s.Type.Is("integer"):
		return fmt.Sprintf("a whole number from %.0f on", value(s.Min))
	case s.Format == "date-time":
		return "a time, as 2026-11-23T09:00:00Z"
	case s.MaxLength != nil && *s.MaxLength == s.MinLength:
		return fmt.Sprintf("%d characters", s.MinLength)
	case s.MaxLength != nil:
		return fmt.Sprintf("%d to %d characters", s.MinLength, *s.MaxLength)
	}
	return "a text"
}

// printable shortens text of a caller for an answer or a log.
func printable(s string) string {
	s = strings.ToValidUTF8(s, "?")
	s = strings.Map(func(r rune) rune {
		if r < 0x20 || r >= 0x7f {
			return '?'
		}
		return r
	}, s)
	return s[:min(len(s), 64)]
}
