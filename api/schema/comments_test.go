package schema

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// source is what the Go source of package domain says beyond its types.
type source struct {
	docs  map[string]string   // what stands beside types and members: "Money", "Money.Amount"
	words map[string][]string // that the rules take: "EnforcementActionTaken.kind"
	named map[string]string   // constants
}

func readSource(t *testing.T, dir string) source {
	t.Helper()
	s := source{docs: map[string]string{}, words: map[string][]string{}, named: map[string]string{}}
	files := parse(t, dir)
	for _, f := range files {
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok {
				s.declared(g)
			}
		}
	}
	for _, f := range files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil {
				s.rules(fn)
			}
		}
	}
	return s
}

func parse(t *testing.T, dir string) []*ast.File {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no source in %s: %v", dir, err)
	}
	var out []*ast.File
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
	return out
}

func (s source) declared(g *ast.GenDecl) {
	for _, spec := range g.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			doc := spec.Doc
			if doc == nil {
				doc = g.Doc
			}
			s.docs[spec.Name.Name] = plain(doc)
			s.members(spec)
		case *ast.ValueSpec:
			if len(spec.Values) == 1 {
				if text, ok := s.text(spec.Values[0]); ok {
					s.named[spec.Names[0].Name] = text
				}
			}
		}
	}
}

func (s source) members(spec *ast.TypeSpec) {
	st, ok := spec.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, field := range st.Fields.List {
		text := plain(field.Comment)
		if text == "" {
			text = plain(field.Doc)
		}
		for _, name := range field.Names {
			s.docs[spec.Name.Name+"."+name.Name] = text
		}
	}
}

// rules finds the words that a method of a type takes for one of its members,
// in calls like oneOf("kind", b.Kind, "penalty", "warning").
func (s source) rules(fn *ast.FuncDecl) {
	receiver, ok := fn.Recv.List[0].Type.(*ast.Ident)
	if !ok {
		return
	}
	ast.Inspect(fn, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) < 3 {
			return true
		}
		if f, ok := call.Fun.(*ast.Ident); !ok || f.Name != "oneOf" {
			return true
		}
		if member, ok := s.text(call.Args[0]); ok {
			s.words[receiver.Name+"."+member] = s.texts(call.Args[2:])
		}
		return true
	})
}

func (s source) texts(args []ast.Expr) []string {
	out := make([]string, 0, len(args))
	for _, a := range args {
		text, ok := s.text(a)
		if !ok {
			return nil // a list made elsewhere
		}
		out = append(out, text)
	}
	return out
}

func (s source) text(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.Ident:
		text, ok := s.named[e.Name]
		return text, ok
	}
	return "", false
}

func plain(g *ast.CommentGroup) string {
	return strings.Join(strings.Fields(g.Text()), " ")
}
