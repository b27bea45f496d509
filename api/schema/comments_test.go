package schema

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// comments are what stands beside the types of package domain and their
// members: "Money", "Money.Amount".
type comments map[string]string

func readComments(t *testing.T, dir string) comments {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no source in %s: %v", dir, err)
	}
	out := comments{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
				out.take(g)
			}
		}
	}
	return out
}

func (c comments) take(g *ast.GenDecl) {
	for _, s := range g.Specs {
		spec := s.(*ast.TypeSpec)
		doc := spec.Doc
		if doc == nil {
			doc = g.Doc
		}
		c[spec.Name.Name] = plain(doc)
		st, ok := spec.Type.(*ast.StructType)
		if !ok {
			continue
		}
		for _, field := range st.Fields.List {
			text := plain(field.Comment)
			if text == "" {
				text = plain(field.Doc)
			}
			for _, name := range field.Names {
				c[spec.Name.Name+"."+name.Name] = text
			}
		}
	}
}

func plain(g *ast.CommentGroup) string {
	return strings.Join(strings.Fields(g.Text()), " ")
}
