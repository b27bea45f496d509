package api

import (
	"context"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

func TestContractIsValid(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromData(description)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Fatal(err)
	}
	ops, err := loadContract()
	if err != nil {
		t.Fatal(err)
	}
	for route, op := range ops {
		if op.id == "" || op.route.Operation.Summary == "" {
			t.Errorf("%s has no operation id or summary", route)
		}
		for _, p := range op.route.Operation.Parameters {
			if p.Value.Schema == nil {
				t.Errorf("%s: parameter %s has no schema", route, p.Value.Name)
			}
		}
	}
}
