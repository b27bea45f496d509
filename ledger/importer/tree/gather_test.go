package tree_test

import (
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/tree"
	"github.com/google/go-cmp/cmp"
)

func TestGather(t *testing.T) {
	got := tree.Gather([]domain.RawField{
		{Path: "id", Value: "1"},
		{Path: "name[0]/act[1]/@title", Value: "A"},
		{Path: "name[0]/@id", Value: "7"},
		{Path: "name[1]/act[1]/@title", Value: "A"},
		{Path: "name[2]/act[1]/@title", Value: "B"},
		{Path: "name[3]/act[1]/@title", Value: "A"},
		{Path: "id", Value: "1"},
		{Path: "odd [x]", Value: "A"},
		{Path: "odd [x]", Value: "A"},
	})
	want := []domain.RawField{
		{Path: "id", Value: "1"},
		{Path: "name[0,1,3]/act[1]/@title", Value: "A"},
		{Path: "name[0]/@id", Value: "7"},
		{Path: "name[2]/act[1]/@title", Value: "B"},
		{Path: "id", Value: "1"},
		{Path: "odd [x]", Value: "A"},
		{Path: "odd [x]", Value: "A"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields differ (-want +got):\n%s", diff)
	}
}
