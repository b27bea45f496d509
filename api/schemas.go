package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/api/internal/gen"
	"github.com/coalition-ledger/coalition-ledger/api/schema"
)

type schemaLink struct {
	Name string `json:"name"`
	Href string `json:"href"`
}

type schemaList struct {
	Schemas []schemaLink `json:"schemas"`
}

// GetSchemas lists the payloads that this program knows.
func (h handlers) GetSchemas(context.Context, gen.GetSchemasRequestObject) (gen.GetSchemasResponseObject, error) {
	var out schemaList
	for _, name := range schema.Names() {
		out.Schemas = append(out.Schemas, schemaLink{Name: name, Href: "/v1/schemas/" + name})
	}
	return document(http.StatusOK, out)
}

// GetSchema answers with the JSON Schema of one.
func (h handlers) GetSchema(_ context.Context, in gen.GetSchemaRequestObject) (gen.GetSchemaResponseObject, error) {
	at := max(strings.LastIndex(in.Name, ".v"), 0)
	version, err := strconv.Atoi(strings.TrimPrefix(in.Name[at:], ".v"))
	text, ok := schema.Get(in.Name[:at], version)
	if err != nil || !ok {
		return nil, problem(http.StatusNotFound, "schema.unknown", "no event type of that name and version: see /v1/schemas").at("name")
	}
	return body(http.StatusOK, "application/schema+json", text), nil
}
