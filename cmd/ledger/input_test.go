package main

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCSVPayload(t *testing.T) {
	for _, c := range []struct{ csv, want string }{
		{"kind,amount.amount,amount.currency\npenalty,5,EUR\n", `{"amount":{"amount":"5","currency":"EUR"},"kind":"penalty"}`},
		{"\xef\xbb\xbfkind,illustrative\nwarning,TRUE\n", `{"illustrative":true,"kind":"warning"}`},
		{"designations,concerning\nUN:1 | UN:2,\n", `{"designations":["UN:1","UN:2"]}`},
		{"legal_basis.instrument,legal_basis[1].instrument\nA,B\n", `{"legal_basis":[{"instrument":"A"},{"instrument":"B"}]}`},
		{"respondent.names.text,respondent.names[0].kind\n\"Ship, the\",aka\n", `{"respondent":{"names":[{"kind":"aka","text":"Ship, the"}]}}`},
		{"target.index,illustrative\n12,maybe\n", `{"illustrative":"maybe","target":{"index":12}}`},
	} {
		rows, err := csvRows("f.csv", []byte(c.csv))
		if err != nil || len(rows) != 1 || string(rows[0].payload) != c.want || rows[0].line != 2 {
			t.Errorf("%q: got %v, %v; want %s", c.csv, rows, err, c.want)
		}
	}
}

func TestCSVRefused(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  "f.csv:1: the file is empty",
		"a,a\n1,2\n":                        "two columns are named a",
		"a,\n1,2\n":                         "column 2 has no name",
		"a,b\n1\n":                          "row 1",
		"amount,amount.currency\n1,EUR\n":   "f.csv:2: row 1: amount.currency",
		"legal_basis[1].instrument\nx\n":    "number the columns from 0",
		"legal_basis[x].instrument\nx\n":    "is no path",
		"legal_basis,legal_basis.a\nx,y\n":  "legal_basis.a",
		"a,b\n1,\"2\n":                      "row 1",
		"evidence.sha256,evidence\nx,extra": "another column",
	} {
		_, err := csvRows("f.csv", []byte(text))
		var u *usageError
		if err == nil || !strings.Contains(err.Error(), want) || !errors.As(err, &u) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

func TestJSONRows(t *testing.T) {
	for _, text := range []string{"[\n{\"a\":1},\n\n{\"a\":2}]\n", "\n{\"a\":1}\n\n{\"a\":2}\n"} {
		rows, err := jsonRows("f.json", []byte(text))
		if err != nil || len(rows) != 2 || string(rows[1].payload) != `{"a":2}` || rows[0].line != 2 || rows[1].line != 4 {
			t.Errorf("%q: got %v, %v", text, rows, err)
		}
	}
	for _, text := range []string{"[{}", "{} x", "[1]", "{\"a\":}", "[{},]"} {
		if rows, err := jsonRows("f.json", []byte(text)); err == nil || !strings.Contains(err.Error(), "f.json:1") {
			t.Errorf("%q: got %v, %v", text, rows, err)
		}
	}
}

func TestBearing(t *testing.T) {
	dprk := []string{"travel_ban", "asset_freeze", "port_entry_ban", "petroleum_limit"}
	for kind, want := range map[string][]string{"person": {"asset_freeze", "travel_ban"}, "entity": {"asset_freeze"}, "vessel": {"asset_freeze"}} {
		if d := cmp.Diff(want, bearing(dprk, kind)); d != "" {
			t.Errorf("%s: %s", kind, d)
		}
	}
	if got := bearing([]string{"travel_ban"}, "entity"); got != nil {
		t.Errorf("a travel ban was put on an entity: %v", got)
	}
}

// Views keep the ledger's order, leave out empty columns, and let no control
// character through to the terminal.
func TestRender(t *testing.T) {
	var out bytes.Buffer
	err := render(&out, []byte(`{"z":1,"a":"x\u001b[2J","rows":[{"n":"one","leaf":"00","d":false,"l":[1,2]},{"n":"two","d":false,"l":[]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := "z  1\na  x [2J\nrows\n  n    l\n  one  1 2\n  two  \n"
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Error(d)
	}
}

type answers []*http.Response

func (a *answers) RoundTrip(*http.Request) (*http.Response, error) {
	r := (*a)[0]
	*a = (*a)[1:]
	return r, nil
}

// A busy ledger is asked again, once it says when.
func TestPatient(t *testing.T) {
	busy := &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"1"}}, Body: http.NoBody}
	silent := &http.Response{StatusCode: http.StatusServiceUnavailable, Header: http.Header{}, Body: http.NoBody}
	good := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody}
	for _, c := range []struct {
		in   answers
		want int
	}{{answers{busy, good}, 200}, {answers{silent, good}, 503}} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1/", strings.NewReader("x"))
		if err != nil {
			t.Fatal(err)
		}
		res, err := patient{&c.in}.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		if res.Body.Close(); res.StatusCode != c.want {
			t.Errorf("got %d, want %d", res.StatusCode, c.want)
		}
	}
}
