package main

import (
	"encoding/json"
	"os"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// twist BRIEF OUT HOW INDEX writes a brief with one thing wrong: an event
// dropped, late (another time), early (a later event among those known), hidden
// (dropped, and its traces in the answer too), or another root.
func twist(ts *testscript.TestScript, _ bool, args []string) {
	var b map[string]any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &b))
	index, err := strconv.ParseFloat(args[3], 64)
	ts.Check(err)
	events, later := b["events"].([]any), b["later"].([]any)
	var kept []any
	for _, e := range events {
		one := e.(map[string]any)
		if one["index"] != index {
			kept = append(kept, e)
		} else if args[2] == "late" {
			one["recorded_at"] = one["recorded_at"].(float64) - 1e6
		}
	}
	switch args[2] {
	case "drop":
		b["events"] = kept
	case "hide":
		b["events"], b["later"] = kept, []any{}
		b["known"].(map[string]any)["events"] = []any{}
	case "early":
		one := later[0].(map[string]any)
		delete(one, "about")
		delete(one, "what")
		b["events"], b["later"] = append(events, one), []any{}
	case "root":
		root := b["root"].(string)
		b["root"] = root[1:] + root[:1]
	case "label":
		events[0].(map[string]any)["handling"] = "TLP:GREEN"
	}
	text, err := json.Marshal(b)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), text, 0o644))
}
