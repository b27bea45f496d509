package ftm

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/exporter"
)

// model is what the public model says of the schemata that are written.
type model struct {
	Version  string `json:"model"`
	Schemata map[string]struct {
		Extends    []string          `json:"extends"`
		Properties map[string]string `json:"properties"`
	} `json:"schemata"`
	Required map[string][]string `json:"required"`
	Topics   []string            `json:"topics"`
	Genders  []string            `json:"genders"`
}

func loadModel(t testing.TB) model {
	t.Helper()
	text, err := os.ReadFile("testdata/ftm_schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var m model
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	if m.Version != Model {
		t.Fatalf("the table is of version %s, the package says %s", m.Version, Model)
	}
	return m
}

// property finds a property's type in a schema or what it extends.
func (m model) property(schema, name string) (string, bool) {
	s := m.Schemata[schema]
	if kind, ok := s.Properties[name]; ok {
		return kind, true
	}
	for _, up := range s.Extends {
		if kind, ok := m.property(up, name); ok {
			return kind, true
		}
	}
	return "", false
}

func (m model) is(schema, of string) bool {
	return schema == of || slices.ContainsFunc(m.Schemata[schema].Extends, func(up string) bool { return m.is(up, of) })
}

var (
	entityID = regexp.MustCompile(`^[0-9a-zA-Z]([0-9a-zA-Z.\-]*[0-9a-zA-Z])?$`)
	slug     = regexp.MustCompile(`^[a-z0-9_]+$`)
	moment   = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$`)
)

// check returns what of the lines is not as the model wants it.
func (m model) check(lines []entity) (bad []string) {
	complain := func(e entity, format string, args ...any) {
		bad = append(bad, e.ID+" "+e.Schema+": "+fmt.Sprintf(format, args...))
	}
	schemas := map[string]string{}
	for _, e := range lines {
		if _, known := m.Schemata[e.Schema]; !known {
			complain(e, "the schema is unknown")
		}
		if _, twice := schemas[e.ID]; twice || !entityID.MatchString(e.ID) {
			complain(e, "the id is malformed, or is there twice")
		}
		schemas[e.ID] = e.Schema
	}
	for _, e := range lines {
		if len(e.Datasets) != 1 || !slug.MatchString(e.Datasets[0]) || e.FirstSeen != "" && !moment.MatchString(e.FirstSeen) {
			complain(e, "datasets %v, first seen %q", e.Datasets, e.FirstSeen)
		}
		for _, name := range m.Required[e.Schema] {
			if len(e.Properties[name]) == 0 {
				complain(e, "%s is required", name)
			}
		}
		for name, values := range e.Properties {
			kind, known := m.property(e.Schema, name)
			if !known {
				complain(e, "the schema has no property %s", name)
			}
			for _, v := range values {
				if problem := m.value(kind, v, e, schemas); problem != "" {
					complain(e, "%s %q: %s", name, v, problem)
				}
			}
		}
	}
	return bad
}

func (m model) value(kind, v string, e entity, schemas map[string]string) string {
	kind, size, _ := strings.Cut(kind, " ")
	if limit, err := strconv.Atoi(size); err == nil && len([]rune(v)) > limit || kind == "identifier" && size == "" && len([]rune(v)) > 64 {
		return "it is too long"
	}
	kind, of, _ := strings.Cut(kind, ":")
	switch kind {
	case "date":
		if !domain.Date(v).Valid() {
			return "no date"
		}
	case "country":
		if v != strings.ToLower(v) || domain.CountryName(domain.Country(strings.ToUpper(v))) == "" {
			return "no country"
		}
	case "url":
		if u, err := url.Parse(v); err != nil || u.Host == "" {
			return "no address"
		}
	case "entity":
		if to, ok := schemas[v]; !ok || v == e.ID || !m.is(to, of) {
			return "refers to " + to + " where " + of + " is due"
		}
	case "topic":
		if !slices.Contains(m.Topics, v) {
			return "no topic"
		}
	case "gender":
		if !slices.Contains(m.Genders, v) {
			return "no gender"
		}
	}
	if v == "" || v != strings.TrimSpace(v) {
		return "empty, or not trimmed"
	}
	return ""
}

// failing is what a test and a property test have in common.
type failing interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func write(t failing, s *exporter.Source) ([]entity, Counts) {
	t.Helper()
	var out bytes.Buffer
	counts, err := Write(&out, s)
	if err != nil {
		t.Fatal(err)
	}
	var lines []entity
	for line := range bytes.Lines(out.Bytes()) {
		var e entity
		if err := json.Unmarshal(line, &e, json.RejectUnknownMembers(true)); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		lines = append(lines, e)
	}
	return lines, counts
}
