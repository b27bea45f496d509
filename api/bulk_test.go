package api

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
)

// sick is a ledger that takes no writes.
type sick struct{ Ledger }

func (sick) Ready() error { return fmt.Errorf("%w: the disk", ledger.ErrNotReady) }

func (sick) Submit(context.Context, []byte) (ledger.Receipt, error) {
	return ledger.Receipt{}, fmt.Errorf("%w: /secret/path", ledger.ErrNotReady)
}

// dripping sends its first bytes and then nothing.
type dripping struct {
	first []byte
	stop  chan struct{}
}

func (d *dripping) Read(p []byte) (int, error) {
	if len(d.first) == 0 {
		<-d.stop
		return 0, io.EOF
	}
	n := copy(p, d.first)
	d.first = d.first[n:]
	return n, nil
}

// bulk posts a body and returns the results.
func (f *fixture) bulk(body io.Reader) []BulkResult {
	f.t.Helper()
	r, err := http.NewRequest(http.MethodPost, f.http.URL+"/v1/events/bulk", body)
	if err != nil {
		f.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+f.token(RoleAgency))
	r.Header.Set("Content-Type", "application/x-ndjson")
	res, err := f.http.Client().Do(r)
	if err != nil {
		f.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != 200 {
		text, _ := io.ReadAll(res.Body)
		f.t.Fatalf("bulk: %d %s", res.StatusCode, text)
	}
	var out []BulkResult
	in := bufio.NewReader(res.Body)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return out
		}
		var one BulkResult
		f.decode(line, &one)
		out = append(out, one)
	}
}

func TestBulk(t *testing.T) {
	f := newFixture(t)
	size := f.ledger.Size()
	var body bytes.Buffer
	const n = 600
	var third []byte
	for i := 1; i <= n; i++ {
		e := f.c.Sign("XA", "enforcement.action_taken", testAction(i))
		switch {
		case i == 3:
			third = e
			fmt.Fprintf(&body, "{\"envelope\":%q}\r\n\n", e)
		case i%100 == 0:
			fmt.Fprintf(&body, "%s\n", swapPayload(e))
		default:
			fmt.Fprintf(&body, "%s\n", e)
		}
	}
	sent := bytes.Clone(body.Bytes())
	results := f.bulk(&body)
	if len(results) != n {
		t.Fatalf("got %d results of %d", len(results), n)
	}
	seen := map[uint64]bool{}
	for i, r := range results {
		bad := (i+1)%100 == 0
		if r.Item != i+1 || bad != (r.Problem != nil) || bad == (r.Receipt != nil) || (!bad && r.Status != 201) {
			t.Fatalf("item %d: got %+v", i+1, r)
		}
		if bad && (r.Status != 422 || r.Problem.Code != "envelope.signature" || r.Problem.Refusal == "") {
			t.Fatalf("item %d: got %+v", i+1, r.Problem)
		}
		if !bad && seen[r.Receipt.Index] {
			t.Fatalf("index %d twice", r.Receipt.Index)
		}
		if !bad {
			seen[r.Receipt.Index] = true
		}
	}
	leaf, err := f.ledger.Leaf(context.Background(), results[2].Receipt.Index)
	if err != nil || !bytes.Equal(leaf.Envelope, third) {
		t.Fatalf("the receipt of item 3 is another's: %v", err)
	}
	if want := size + n - n/100; f.ledger.Size() != want {
		t.Fatalf("journal %d, want %d", f.ledger.Size(), want)
	}
	for i, r := range f.bulk(bytes.NewReader(sent)) { // all again: nothing is added
		if (i+1)%100 != 0 && (r.Status != 200 || r.Receipt.Index != results[i].Receipt.Index) {
			t.Fatalf("again, item %d: got %+v", i+1, r)
		}
	}
	if want := size + n - n/100; f.ledger.Size() != want {
		t.Fatalf("again: journal %d, want %d", f.ledger.Size(), want)
	}
}

// TestBulkKeepsOrder posts events that depend on those before them.
func TestBulkKeepsOrder(t *testing.T) {
	f := newFixture(t)
	var body bytes.Buffer
	key := newKey(t, "Ed25519")
	add := func(e []byte) { body.Write(append(e, '\n')) }
	add(f.c.SignRoot("XA", "agency.registered", domain.AgencyRegistered{Agency: "XA/new", Name: "New"}))
	add(f.c.SignRoot("XA", "key.registered", domain.KeyRegistered{Agency: "XA/new", Key: key.Public(), Proof: key.Possession(f.c.Ledger, "XA/new")}))
	for i := range 50 {
		add(f.c.Sign("XA", "enforcement.action_taken", testAction(i)))
	}
	add(f.c.SignRoot("XA", "key.revoked", domain.KeyRevoked{KeyID: f.c.Desks["XA"].KeyID()}))
	add(f.c.Sign("XA", "enforcement.action_taken", testAction(51)))
	results := f.bulk(&body)
	if len(results) != 54 {
		t.Fatalf("got %d results", len(results))
	}
	for i, r := range results[:53] {
		if r.Status != 201 {
			t.Fatalf("item %d: %+v", i+1, r.Problem)
		}
	}
	if last := results[53]; last.Problem == nil || last.Problem.Code != "key.revoked" {
		t.Fatalf("the event after the revocation: %+v", last)
	}
}

func TestBulkBadLines(t *testing.T) {
	f := newFixture(t, func(c *Config) { c.Limits.BulkBytes = 256 << 10 })
	good := func() string { return string(f.c.Sign("XA", "enforcement.action_taken", testAction(1))) }
	whole := good()
	for _, row := range []struct {
		name, body string
		statuses   []int
		code       string // of the last
	}{
		{"empty", "", nil, ""},
		{"blank lines", "\n\n \n", nil, ""},
		{"whole last line without end", good(), []int{201}, ""},
		{"truncated bare", good() + "\n" + whole[:len(whole)-10], []int{201, 400}, "bulk.truncated"},
		{"truncated object", good() + "\n{\"envelope\":\"" + whole[:100], []int{201, 400}, "bulk.truncated"},
		{"truncated to one byte", good() + "\n{", []int{201, 400}, "bulk.truncated"},
		{"no envelope", "{\"envelop\":\"x\"}\n" + good() + "\n", []int{400, 201}, ""},
		{"duplicate name", "{\"envelope\":\"x\",\"envelope\":\"y\"}\n", []int{400}, "bulk.line"},
		{"other JSON", "[1]\n", []int{400}, "envelope.alphabet"},
		{"empty envelope", "{\"envelope\":\"\"}\n", []int{400}, "envelope.size"},
		{"long line", good() + "\n" + strings.Repeat("A", maxBulkLine+1) + "\n", []int{201, 413}, "bulk.line_too_long"},
		{"after a long line", strings.Repeat("A", maxBulkLine+1) + "\n" + good() + "\n", []int{413, 201}, ""},
		{"too many bytes", good() + "\n" + strings.Repeat(strings.Repeat("A", 60<<10)+"\n", 5), []int{201, 400, 400, 400, 400, 413}, "request.too_large"},
	} {
		t.Run(row.name, func(t *testing.T) {
			size, recorded := f.ledger.Size(), uint64(0)
			results := f.bulk(strings.NewReader(row.body))
			if len(results) != len(row.statuses) {
				t.Fatalf("got %+v, want %v", results, row.statuses)
			}
			for i, r := range results {
				if r.Status != row.statuses[i] {
					t.Fatalf("item %d: got %d %+v, want %d", i+1, r.Status, r.Problem, row.statuses[i])
				}
				if r.Status == 201 {
					recorded++
				}
			}
			if row.code != "" && results[len(results)-1].Problem.Code != row.code {
				t.Fatalf("got %+v, want %s", results[len(results)-1].Problem, row.code)
			}
			if f.ledger.Size() != size+recorded {
				t.Fatalf("journal %d, want %d", f.ledger.Size(), size+recorded)
			}
		})
	}
}

// TestBulkAnswersWhileReading reads the first result before it sends the second item.
func TestBulkAnswersWhileReading(t *testing.T) {
	f := newFixture(t)
	out, in := io.Pipe()
	r, err := http.NewRequest(http.MethodPost, f.http.URL+"/v1/events/bulk", out)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+f.token(RoleAgency))
	r.Header.Set("Content-Type", "application/x-ndjson")
	first, second := f.c.Sign("XA", "enforcement.action_taken", testAction(1)), f.c.Sign("XA", "enforcement.action_taken", testAction(2))
	go func() { _, _ = in.Write(append(first, '\n')) }()
	res, err := f.http.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewReader(res.Body)
	for i, next := range [][]byte{second, nil} {
		line, err := lines.ReadBytes('\n')
		if err != nil || !strings.Contains(string(line), fmt.Sprintf(`"item":%d,"status":201`, i+1)) {
			t.Fatalf("got %s, %v", line, err)
		}
		if next == nil {
			break
		}
		if _, err := in.Write(append(next, '\n')); err != nil {
			t.Fatal(err)
		}
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(lines); err != nil || len(rest) != 0 {
		t.Fatalf("got %q, %v", rest, err)
	}
}
