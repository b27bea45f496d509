package schema

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

var update = flag.Bool("update", false, "write the schemas and docs/EVENTS.md instead of comparing them")

const folder, page = "../../domain", "../../docs/EVENTS.md"

// What is generated is what the types say now.
func TestSchemasAndCatalogueAreFresh(t *testing.T) {
	source := readSource(t, folder)
	var events []event
	want := map[string][]byte{}
	for _, name := range domain.Types() {
		body, version, _ := domain.New(name)
		example, ok := domain.Example(name)
		if !ok {
			t.Fatalf("%s has no golden file", name)
		}
		n := build(t, source, name, version, body, example)
		if n.Description == "" {
			t.Errorf("%s: its Go type has no comment", name)
		}
		text, err := json.Marshal(n, json.Deterministic(true), jsontext.WithIndent("  "))
		if err != nil {
			t.Fatal(err)
		}
		want[filepath.Join("types", file(name, version))] = append(text, '\n')
		events = append(events, event{name: name, version: version, rules: domain.RulesOf(name), schema: n, example: string(example)})
	}
	base := (&builder{t: t, source: source, defs: map[string]*node{}}).object(common)
	want[page] = []byte(markdown(events, base))
	if *update {
		write(t, want)
	}
	for path, text := range want {
		if have, err := os.ReadFile(path); err != nil || !bytes.Equal(have, text) {
			t.Errorf("%s is stale: go test ./api/schema -update", path)
		}
	}
	kept, _ := filepath.Glob("types/*.json")
	for _, path := range kept {
		if want[path] == nil {
			t.Errorf("%s is of no type: go test ./api/schema -update", path)
		}
	}
}

func write(t *testing.T, files map[string][]byte) {
	t.Helper()
	old, _ := filepath.Glob("types/*.json")
	for _, path := range old {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	for path, text := range files {
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Each golden event is one that its schema takes, and a member too many or one
// too few is not.
func TestSchemasTakeTheGoldenEvents(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(folder, "testdata", "events", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden events: %v", err)
	}
	tried := 0
	for _, path := range files {
		name := typeOf(filepath.Base(path))
		if !slices.Contains(Names(), name) {
			continue // an older version: it is read through its own type
		}
		schema := compile(t, name)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		object := value.(map[string]any)
		object["unheard_of"] = 1
		if schema.Validate(object) == nil {
			t.Errorf("%s: a member too many is taken", name)
		}
		tried++
	}
	if tried < len(domain.Types()) {
		t.Errorf("%d golden events for %d types", tried, len(domain.Types()))
	}
}

func TestWhatIsRequired(t *testing.T) {
	for name, bad := range map[string]string{
		"designation.removed.v1":      `{"reason":"x"}`,
		"designation.adopted.v1":      `{"designation":"UN:1","regime":"UN","authority":"un","list_ref":"1","subject":{"kind":"person"},"measures":[]}`,
		"enforcement.action_taken.v1": `{"kind":"penalty","occurred_on":"March"}`,
		"asset.frozen.v1":             `{"occurred_on":"2026","confidence":"perhaps"}`,
	} {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(bad))
		if err != nil {
			t.Fatal(err)
		}
		if compile(t, name).Validate(value) == nil {
			t.Errorf("%s takes %s", name, bad)
		}
	}
}

func compile(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	at := strings.LastIndex(name, ".v")
	text, ok := Get(name[:at], int(name[at+2]-'0'))
	if !ok {
		t.Fatalf("no schema of %s", name)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(name)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return schema
}

// typeOf cuts a golden file's name to type.vN.
func typeOf(base string) string {
	parts := strings.Split(strings.TrimSuffix(base, ".json"), ".")
	return strings.Join(parts[:3], ".")
}

func TestNoSchemaOfWhatIsNot(t *testing.T) {
	for _, name := range []string{"no.such", "../doc", `..\x`, ""} {
		if _, ok := Get(name, 1); ok {
			t.Errorf("there is a schema of %q", name)
		}
	}
}
