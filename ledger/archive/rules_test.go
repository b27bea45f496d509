package archive_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// docs/VERIFY.md lists every rule that the domain knows, as its source words it.
func TestRulesAreAllInTheManual(t *testing.T) {
	const begin, end = "<!-- rules: begin -->\n", "<!-- rules: end -->"
	path := filepath.Join("..", "..", "docs", "VERIFY.md")
	text, err := os.ReadFile(path)
	check(t, err)
	head, rest, _ := strings.Cut(string(text), begin)
	_, tail, found := strings.Cut(rest, end)
	if !found {
		t.Fatal("the manual has no place for the rules")
	}
	rules := domainRules(t)
	table := "| Rule | Refused, because |\n|---|---|\n"
	for _, rule := range slices.Sorted(maps.Keys(rules)) {
		table += fmt.Sprintf("| `%s` | %s |\n", rule, rules[rule])
	}
	want := []byte(head + begin + table + end + tail)
	if *update {
		check(t, os.WriteFile(path, want, 0o644))
		return
	}
	if !bytes.Equal(text, want) {
		t.Error("docs/VERIFY.md does not list the rules as they are: run go test ./ledger/archive -run TestRules -update")
	}
}

// domainRules returns the message of each rule, from calls of refuse.
func domainRules(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../../domain/*.go")
	check(t, err)
	rules := map[string]string{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		check(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 3 {
				return true
			}
			if f, ok := call.Fun.(*ast.Ident); !ok || f.Name != "refuse" {
				return true
			}
			if rule := literal(call.Args[0]); rule != "" && rules[rule] == "" {
				rules[rule] = message(call.Args[2])
			}
			return true
		})
	}
	if len(rules) < 100 {
		t.Fatalf("found %d rules only", len(rules))
	}
	return rules
}

var verbs = regexp.MustCompile(`"?%[.0-9]*[a-z]"?`)

// message words an argument: literals as they are, the rest as "…".
func message(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		return strings.ReplaceAll(literal(e), "|", "/")
	case *ast.BinaryExpr:
		return message(e.X) + message(e.Y)
	case *ast.CallExpr:
		if len(e.Args) > 0 && literal(e.Args[0]) != "" {
			return strings.ReplaceAll(verbs.ReplaceAllString(literal(e.Args[0]), "…"), "|", "/")
		}
	}
	return "…"
}

func literal(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok {
		return ""
	}
	text, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return text
}
