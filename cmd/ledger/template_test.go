package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Every id, index and digest of the invented coalition is named as one to
// replace, whatever type is added.
func TestTemplatesNameAllThatIsInvented(t *testing.T) {
	invented := regexp.MustCompile(`^(XU[-:].*|X[A-Z]/(mof|root|desk)|case-\d+|[0-9a-f]{64})$`)
	for _, kind := range domain.Types() {
		text, ok := domain.Example(kind)
		if !ok {
			t.Fatalf("%s has no template", kind)
		}
		n, err := parseNode(text)
		if err != nil {
			t.Fatal(err)
		}
		listed := placeholders(n, "", "")
		for path, value := range leavesOf(n, "") {
			if invented.MatchString(value) && !slices.ContainsFunc(listed, func(p string) bool { return strings.HasPrefix(path, strings.Split(p, ":")[0]) }) {
				t.Errorf("%s: %s is %s, and is not named", kind, path, value)
			}
		}
	}
}

func leavesOf(n node, path string) map[string]string {
	out := map[string]string{}
	if n.kids == nil {
		out[path] = n.text
	}
	for i, kid := range n.kids {
		at := fmt.Sprintf("%s[%d]", path, i)
		if !n.list {
			at = strings.TrimPrefix(path+"."+n.names[i], ".")
		}
		for p, v := range leavesOf(kid, at) {
			out[p] = v
		}
	}
	return out
}
