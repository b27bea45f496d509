package schema

import (
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// node is a JSON Schema, or a part of one; its members are written in this
// order.
type node struct {
	Schema      string           `json:"$schema,omitempty"`
	ID          string           `json:"$id,omitempty"`
	Ref         string           `json:"$ref,omitempty"`
	Title       string           `json:"title,omitempty"`
	Description string           `json:"description,omitempty"`
	Type        string           `json:"type,omitempty"`
	Pattern     string           `json:"pattern,omitempty"`
	Enum        []string         `json:"enum,omitempty"`
	Encoding    string           `json:"contentEncoding,omitempty"`
	Minimum     *int             `json:"minimum,omitempty"`
	Items       *node            `json:"items,omitempty"`
	Properties  map[string]*node `json:"properties,omitempty"`
	Required    []string         `json:"required,omitempty"`
	Closed      *bool            `json:"additionalProperties,omitempty"`
	Defs        map[string]*node `json:"$defs,omitempty"`
	Examples    []jsontext.Value `json:"examples,omitempty"`

	order  []string // of Properties, as in the source
	common bool     // it has the members of Common, which are not in order
	word   string   // for a form that is a type of its own: date, state …
	own    bool     // the description is the member's, not its type's
}

var common = reflect.TypeFor[domain.Common]()

// patterns are the forms of texts that are types of their own.
var patterns = map[reflect.Type]node{
	reflect.TypeFor[domain.Date]():     {Type: "string", Pattern: `^\d{4}(-\d{2}(-\d{2})?)?$`, word: "date"},
	reflect.TypeFor[domain.Country]():  {Type: "string", Pattern: `^[A-Z]{2}$`, word: "state"},
	reflect.TypeFor[domain.AgencyID](): {Type: "string", Pattern: `^[A-Z]{2}/[a-z0-9-]+$`, word: "agency"},
	reflect.TypeFor[domain.Hash]():     {Type: "string", Pattern: `^[0-9a-f]{64}$`, word: "hash"},
}

// builder makes the schema of one payload.
type builder struct {
	t      *testing.T
	source source
	defs   map[string]*node
}

func build(t *testing.T, source source, name string, version int, body any, example []byte) *node {
	b := &builder{t: t, source: source, defs: map[string]*node{}}
	n := b.object(reflect.TypeOf(body))
	n.Schema, n.ID = "https://json-schema.org/draft/2020-12/schema", "/v1/schemas/"+strings.TrimSuffix(file(name, version), ".json")
	n.Title, n.Defs = name, b.defs
	if example != nil {
		n.Examples = []jsontext.Value{example}
	}
	return n
}

func (b *builder) object(t reflect.Type) *node {
	n := &node{Type: "object", Description: b.source.docs[t.Name()], Properties: map[string]*node{}, Closed: new(bool)}
	b.fields(n, t)
	return n
}

func (b *builder) fields(n *node, t reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			before := len(n.order)
			if b.fields(n, f.Type); f.Type == common {
				n.common, n.order = true, n.order[:before]
			}
			continue
		case !f.IsExported() || name == "-":
			continue
		case name == "":
			b.t.Fatalf("%s.%s has no name in JSON", t.Name(), f.Name)
		}
		kid := b.of(f.Type)
		if text := b.source.docs[t.Name()+"."+f.Name]; text != "" {
			kid.Description, kid.own = text, true
		}
		kid.Enum = b.source.words[t.Name()+"."+name]
		n.Properties[name] = kid
		n.order = append(n.order, name)
		if !strings.Contains(options, "omit") {
			n.Required = append(n.Required, name)
		}
	}
}

func (b *builder) of(t reflect.Type) *node {
	if p, ok := patterns[t]; ok {
		p.Description = b.source.docs[t.Name()]
		return &p
	}
	switch t.Kind() {
	case reflect.Pointer:
		return b.of(t.Elem())
	case reflect.Struct:
		return b.named(t)
	case reflect.Slice:
		return b.list(t)
	case reflect.String:
		return &node{Type: "string"}
	case reflect.Bool:
		return &node{Type: "boolean"}
	case reflect.Int, reflect.Int64, reflect.Uint64:
		n := &node{Type: "integer"}
		if t.Kind() == reflect.Uint64 {
			n.Minimum = new(int)
		}
		return n
	}
	b.t.Fatalf("no JSON form of %s is known", t)
	return nil
}

func (b *builder) list(t reflect.Type) *node {
	switch {
	case t == reflect.TypeFor[jsontext.Value]():
		return &node{}
	case t.Elem().Kind() == reflect.Uint8:
		return &node{Type: "string", Encoding: "base64"}
	}
	return &node{Type: "array", Items: b.of(t.Elem())}
}

// named puts a type of its own under $defs once.
func (b *builder) named(t reflect.Type) *node {
	if _, ok := b.defs[t.Name()]; !ok {
		b.defs[t.Name()] = nil // it may refer to itself
		b.defs[t.Name()] = b.object(t)
	}
	return &node{Ref: "#/$defs/" + t.Name()}
}
