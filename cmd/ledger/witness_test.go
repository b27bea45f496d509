package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
)

// gather POLICY ARCHIVE OUT does what a ledger does with its newest checkpoint:
// it asks the witnesses of a policy, writes what they cosigned, and prints what
// each did.
func gather(ts *testscript.TestScript, neg bool, args []string) {
	x, err := readExhibit([]byte(ts.ReadFile(args[1])))
	ts.Check(err)
	policy, err := witness.ParsePolicy(ts.ReadFile(args[0]))
	ts.Check(err)
	raw, err := readGenesis([]byte(ts.ReadFile("c/genesis.jws")))
	ts.Check(err)
	g := witness.NewGatherer(witness.Options{Patience: 20 * time.Second, Clock: time.Now})
	defer g.Close()
	late := make(chan string, 1)
	told := func(r witness.Result, _ error) {
		var b strings.Builder
		for _, p := range r.Reports {
			fmt.Fprintf(&b, "%s %s at %d restored=%v %v\n", p.Witness, p.Outcome, p.Size, p.Restored, p.Err)
		}
		late <- b.String()
	}
	res, err := g.Gather(context.Background(), witness.Round{Policy: policy, Log: raw.logKeys, Checkpoint: x.note, Tree: x.tree, Late: told})
	ts.Logf("%s", report(ts, <-late))
	if (err != nil) != neg {
		ts.Fatalf("gather: %v", err)
	}
	if err == nil {
		ts.Check(os.WriteFile(ts.MkAbs(args[2]), res.Note, 0o644))
	}
}

// report leaves what the witnesses did in the file reports.
func report(ts *testscript.TestScript, text string) string {
	ts.Check(os.WriteFile(ts.MkAbs("reports"), []byte(text), 0o644))
	return text
}

// operator FILE serves an archive as a ledger would, at $OPERATOR. The file may
// be replaced meanwhile.
func operator(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	items := func() (leaves []archive.Leaf, newest []byte) {
		f, err := os.Open(path)
		if err != nil {
			return nil, nil
		}
		defer f.Close()
		for item, err := range archive.Read(f) {
			switch {
			case err != nil:
				return leaves, newest
			case item.Checkpoint != nil:
				newest = item.Checkpoint
			default:
				leaves = append(leaves, item.Leaf)
			}
		}
		return leaves, newest
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/checkpoint", func(w http.ResponseWriter, _ *http.Request) {
		_, newest := items()
		_, _ = w.Write(newest)
	})
	mux.HandleFunc("GET /v1/events", func(w http.ResponseWriter, r *http.Request) {
		from, _ := strconv.Atoi(r.URL.Query().Get("from"))
		leaves, _ := items()
		for _, l := range leaves[min(from, len(leaves)):] {
			fmt.Fprintf(w, "{\"index\":%d,\"recorded_at\":%d,\"envelope\":%q}\n", l.Index, l.RecordedAt, l.Envelope)
		}
	})
	web := httptest.NewServer(mux)
	ts.Defer(web.Close)
	ts.Setenv("OPERATOR", web.URL)
}

// forge ARCHIVE OUT KEEP writes an archive whose log key signed another
// history: from leaf KEEP on the events were recorded a moment later.
func forge(ts *testscript.TestScript, _ bool, args []string) {
	keep, err := strconv.Atoi(args[2])
	ts.Check(err)
	b := &rebuilt{ts: ts}
	b.w = archive.NewWriter(&b.out)
	n := 0
	for item, err := range archive.Read(strings.NewReader(ts.ReadFile(args[0]))) {
		ts.Check(err)
		if item.Checkpoint != nil {
			continue
		}
		if n++; n > keep { // the same events, recorded at another time
			item.Leaf.RecordedAt++
		}
		b.add(item.Leaf.Envelope, item.Leaf.RecordedAt)
	}
	b.sign()
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), b.out.Bytes(), 0o644))
}
