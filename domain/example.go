package domain

import (
	"bytes"
	"embed"
	"fmt"
)

// goldens are one plausible payload of each type and version, in invented names.
//
//go:embed testdata/events/*.json
var goldens embed.FS

// Example returns a plausible payload of a type in its newest version, with
// every member that the type had when it came; names in it are invented. False
// when there is no such type.
func Example(wireName string) ([]byte, bool) {
	k, ok := kinds[wireName]
	if !ok {
		return nil, false
	}
	text, err := goldens.ReadFile(fmt.Sprintf("testdata/events/%s.v%d.json", wireName, k.version))
	return bytes.TrimSuffix(text, []byte("\n")), err == nil
}

// RulesOf returns the version of the rules that a type came with, 0 for a type
// that does not exist.
func RulesOf(wireName string) int {
	k, ok := kinds[wireName]
	if !ok {
		return 0
	}
	return max(k.rules, 1)
}
