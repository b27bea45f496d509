package importer_test

import (
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/google/go-cmp/cmp"
)

// A list with characters that no event may hold still imports: they go, the
// text as it was stays in raw, and what readers need is not touched.
func TestLegible(t *testing.T) {
	plain := importer.Entry{Ref: "R2", Subject: domain.Subject{Kind: "person", Names: []domain.Name{{Text: "می\u200cخواهم"}}, Remarks: []domain.Text{{Text: "one\n\ttwo"}}}}
	entries := []importer.Entry{{Ref: "R1", Subject: domain.Subject{
		Kind:    "person",
		Names:   []domain.Name{{Text: "KIM\n Chol\u202e"}},
		Remarks: []domain.Text{{Text: "one\r\ntwo\u0085"}},
		Raw:     []domain.RawField{{Path: "x", Value: "y"}},
	}}, plain}
	legible := func() {
		for i := range entries {
			if err := entries[i].Legible(); err != nil {
				t.Fatal(err)
			}
		}
	}
	legible()
	want := importer.Entry{Ref: "R1", Subject: domain.Subject{
		Kind:    "person",
		Names:   []domain.Name{{Text: "KIM Chol"}},
		Remarks: []domain.Text{{Text: "one\ntwo"}},
		Raw: []domain.RawField{
			{Path: "x", Value: "y"},
			{Path: "subject.names.0.text", Value: `"KIM\n Chol\u202e"`},
			{Path: "subject.remarks.0.text", Value: `"one\r\ntwo\u0085"`},
		},
	}, Warnings: []string{
		"unseen characters or line breaks taken out of subject.names.0.text: raw keeps the text",
		"unseen characters or line breaks taken out of subject.remarks.0.text: raw keeps the text",
	}}
	for range 2 { // a second time changes nothing
		if d := cmp.Diff([]importer.Entry{want, plain}, entries); d != "" {
			t.Error(d)
		}
		legible()
	}
}
