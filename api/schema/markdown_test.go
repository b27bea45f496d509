package schema

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

const intro = `# Events

Every type of event, its members, and an example in invented names. Made from the types and the comments beside them:
` + "`go test ./api/schema -update`" + ` writes this page again, and a test fails while it is stale. A running server answers each
as JSON Schema at ` + "`/v1/schemas/<type>.v<N>`" + `, ` + "`ledger template <type>`" + ` prints the example.

A payload is one JSON object, signed in an envelope that names its type and version. Members that are not listed here
are refused, and so is a name in another case. Which payload may stand where is for the rules of the ledger to say.
Wire names are *noun.past_participle*.

`

const forms = `
# Forms

- *date*: 2017, 2017-06 or 2017-06-05, as precise as its source.
- *state*: two capital letters of ISO 3166-1, EU or UN; XA to XZ and the other codes left to users stand for nobody real.
- *agency*: state, slash and name, as JP/mof.
- *hash*: SHA-256 in 64 lowercase hexadecimal digits.
`

// event is a type as the page shows it.
type event struct {
	name    string
	version int
	rules   int
	older   []int
	schema  *node
	example string
}

func markdown(events []event, base *node) string {
	var out strings.Builder
	out.WriteString(intro)
	slices.SortFunc(events, func(a, b event) int { return cmp.Compare(a.name, b.name) })
	for _, e := range events {
		fmt.Fprintf(&out, "- [%s](#%s)\n", e.name, strings.ReplaceAll(e.name, ".", ""))
	}
	shared := map[string]*node{}
	for _, e := range events {
		e.write(&out)
		maps.Copy(shared, e.schema.Defs)
	}
	shared["Common"] = base
	out.WriteString(forms)
	out.WriteString("\n# Parts\n\nWhat several types are made of.\n")
	for _, name := range slices.Sorted(maps.Keys(shared)) {
		fmt.Fprintf(&out, "\n## %s\n\n%s\n\n", name, shared[name].Description)
		table(&out, shared[name])
	}
	return out.String()
}

func (e event) write(out *strings.Builder) {
	fmt.Fprintf(out, "\n## %s\n\n%s\n\nVersion %d", e.name, e.schema.Description, e.version)
	if e.rules > 1 {
		fmt.Fprintf(out, "; since version %d of the rules", e.rules)
	}
	for _, v := range e.older {
		fmt.Fprintf(out, "; version %d is read as well", v)
	}
	out.WriteString(".\n\n")
	table(out, e.schema)
	fmt.Fprintf(out, "\n```json\n%s\n```\n", e.example)
}

func table(out *strings.Builder, n *node) {
	if n.common {
		out.WriteString("Beside the [common members](#common):\n\n")
	}
	if len(n.order) == 0 {
		out.WriteString("It has no members of its own.\n")
		return
	}
	out.WriteString("| Member | Form | |\n|---|---|---|\n")
	for _, name := range n.order {
		kid := n.Properties[name]
		must := ""
		if slices.Contains(n.Required, name) {
			must = "**"
		}
		fmt.Fprintf(out, "| %s`%s`%s | %s | %s |\n", must, name, must, form(kid), cell(kid))
	}
}

func cell(n *node) string {
	if !n.own {
		return ""
	}
	return strings.ReplaceAll(n.Description, "|", "\\|")
}

func form(n *node) string {
	switch {
	case n.Ref != "":
		name := strings.TrimPrefix(n.Ref, "#/$defs/")
		return fmt.Sprintf("[%s](#%s)", name, strings.ToLower(name))
	case n.Type == "array":
		return "list of " + form(n.Items)
	case n.Enum != nil:
		words := slices.DeleteFunc(slices.Clone(n.Enum), func(w string) bool { return w == "" })
		return strings.Join(words, " \\| ")
	case n.word != "":
		return "[" + n.word + "](#forms)"
	case n.Encoding != "":
		return n.Encoding
	case n.Type == "":
		return "any JSON"
	}
	return n.Type
}
