// Package gen is generated from openapi.yaml: parameters, and a strict server
// interface that the handlers of package api implement free of Echo types.
package gen

//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2 -config oapi.yaml ../../openapi.yaml
