// Package schema holds a JSON Schema (2020-12) of the payload of every event
// type and version, made from the types of package domain and the comments
// beside their members.
//
// A schema says which members there are, of which JSON type and form. It does
// not say what the rules of the ledger say: a payload that its schema takes may
// still be refused, one that its schema refuses always is. `ledger sign` and
// the server check the rules.
//
// After a change of the types:
//
//	go test ./api/schema -update
//
// writes the schemas and docs/EVENTS.md again. Without -update that test fails
// where either is stale.
package schema

import (
	"embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed types/*.json
var types embed.FS

// Get returns the schema of an event type's payload in a version; false when
// there is none.
func Get(wireName string, version int) ([]byte, bool) {
	if strings.ContainsAny(wireName, "/\\") {
		return nil, false
	}
	text, err := types.ReadFile("types/" + file(wireName, version))
	return text, err == nil
}

// Names returns what there is a schema of, as type.vN, sorted.
func Names() []string {
	entries, _ := types.ReadDir("types") // the folder is part of the program
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".json"))
	}
	slices.Sort(names)
	return names
}

func file(wireName string, version int) string { return fmt.Sprintf("%s.v%d.json", wireName, version) }
