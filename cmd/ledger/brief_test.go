package main

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// twist BRIEF OUT HOW INDEX writes a brief with one thing wrong: an event
// dropped, late (another time), early (a later event among those known), hidden
// (dropped, and the answer with it), another root, or another subject.
func twist(ts *testscript.TestScript, _ bool, args []string) {
	var b map[string]any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &b))
	index, err := strconv.ParseFloat(args[3], 64)
	if err != nil && args[2] != "subject" {
		ts.Fatalf("%v", err)
	}
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
		b["known"] = map[string]any{}
	case "subject":
		b["subject"] = args[3]
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

// eachLeftOut BRIEF ARCHIVE hides the events of a brief one after the other, and
// wants the archive to tell of each.
func eachLeftOut(ts *testscript.TestScript, _ bool, args []string) {
	var b struct {
		Events []struct {
			Index uint64 `json:"index"`
		} `json:"events"`
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &b))
	if len(b.Events) < 3 {
		ts.Fatalf("%s holds %d events", args[0], len(b.Events))
	}
	ts.Check(ts.Exec("ledger", "brief", "verify", "--archive", args[1], args[0]))
	for _, e := range b.Events {
		index := strconv.FormatUint(e.Index, 10)
		twist(ts, false, []string{args[0], "left-out.json", "hide", index})
		err := ts.Exec("ledger", "brief", "verify", "--archive", args[1], "left-out.json")
		if want := "not complete: event " + index + " "; err == nil || !strings.Contains(ts.ReadFile("stderr"), want) {
			ts.Fatalf("%s without event %s: %v, want %q", args[0], index, err, want)
		}
	}
}
