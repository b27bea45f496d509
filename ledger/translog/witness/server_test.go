package witness

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// post sends a body to add-checkpoint.
func (w *testWitness) post(t testing.TB, body []byte) (status int, kind, text string) {
	t.Helper()
	res, err := http.Post(w.url+"/add-checkpoint", "", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header.Get("Content-Type"), string(answer)
}

// add requires that a checkpoint is cosigned, and opens it.
func (w *testWitness) add(t testing.TB, l *testLog, old, size uint64) Cosigned {
	t.Helper()
	r := request{old: old, checkpoint: l.checkpoint(t, size)}
	if old > 0 && old < size {
		r.proof = l.proof(t, old, size)
	}
	status, _, text := w.post(t, r.text())
	if status != http.StatusOK {
		t.Fatalf("from %d to %d: %d %s", old, size, status, text)
	}
	lines, err := parseCosignatures([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	c, err := mustPolicy(t, policyText(1, w)).Merge(r.checkpoint, testOrigin, lines, l.key)
	if err != nil || !c.Satisfied {
		t.Fatalf("from %d to %d: %v, satisfied %v", old, size, err, c.Satisfied)
	}
	return c
}

func (w *testWitness) get(t testing.TB, path string) (status int, text string) {
	t.Helper()
	res, err := http.Get(w.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(answer)
}

func TestAWitnessCosignsWhatFollowsAndShowsItToMonitors(t *testing.T) {
	log := newLog(t)
	log.grow(t, 20)
	w := newWitness(t, "w.example", log.key)
	if status, _ := w.get(t, "/"+originID(testOrigin)+"/checkpoint"); status != http.StatusNotFound {
		t.Errorf("before the first: %d", status)
	}
	for _, step := range [][2]uint64{{0, 0}, {0, 3}, {3, 3}, {3, 7}, {7, 16}, {16, 20}} {
		c := w.add(t, log, step[0], step[1])
		if at, ok := c.Time(); !ok || at != start.Unix() {
			t.Errorf("cosigned at %d, %v", at, ok)
		}
		status, text := w.get(t, "/"+originID(testOrigin)+"/checkpoint")
		if status != http.StatusOK || text != string(c.Note) {
			t.Errorf("shows %d %s, want %s", status, text, c.Note)
		}
		if head, _ := w.Seen(testOrigin); head.Size != step[1] {
			t.Errorf("stands at %d, want %d", head.Size, step[1])
		}
	}
	if _, text := w.get(t, "/"); !strings.Contains(text, "log "+testOrigin+"\n") || !strings.Contains(text, "size 20\ncosigned 2026-03-01T12:00:00Z\nevidence 0\n") {
		t.Errorf("status: %s", text)
	}
}

// Each row is asked of a witness that stands at 8.
func TestAddCheckpointAnswersAsTheSpecificationSays(t *testing.T) {
	log := newLog(t)
	log.grow(t, 20)
	fork, stranger := log.other(t, 5), newLog(t)
	fork.grow(t, 20)
	stranger.grow(t, 20)
	elsewhere := sign(t, translog.Checkpoint{Origin: "elsewhere.example", Size: 9}, "elsewhere.example")
	cp := func(l *testLog, size uint64) string { return string(l.checkpoint(t, size)) }
	proof := func(l *testLog, older, newer uint64) string {
		var b strings.Builder
		writeHashes(&b, l.proof(t, older, newer))
		return b.String()
	}
	good := "old 8\n" + proof(log, 8, 20) + "\n" + cp(log, 20)
	hash := translog.HashText(domain.Hash{}) + "\n"
	for name, row := range map[string]struct {
		body   string
		status int
		says   string
	}{
		"good":                         {good, 200, "— w.example "},
		"the same again":               {"old 8\n\n" + cp(log, 8), 200, "— w.example "},
		"also signed by others":        {strings.TrimSuffix(good, "\n") + "\n" + signatureOf(t, cp(stranger, 3)), 200, "— w.example "},
		"empty":                        {"", 400, "malformed request"},
		"no checkpoint":                {"old 8\n\n", 400, "malformed"},
		"no blank line":                {"old 8\n" + cp(log, 20), 400, "malformed"},
		"no old line":                  {"\n" + cp(log, 20), 400, "malformed request"},
		"old with a leading zero":      {"old 08\n\n" + cp(log, 20), 400, "malformed number"},
		"old is negative":              {"old -8\n\n" + cp(log, 20), 400, "malformed number"},
		"old is two words":             {"old  8\n\n" + cp(log, 20), 400, "malformed number"},
		"carriage returns":             {"old 8\r\n\r\n" + cp(log, 20), 400, "malformed"},
		"a proof line that is no hash": {"old 8\nAAAA\n\n" + cp(log, 20), 400, "malformed hash"},
		"64 proof lines":               {"old 8\n" + strings.Repeat(hash, 64) + "\n" + cp(log, 20), 400, "the most is 63"},
		"63 proof lines":               {"old 8\n" + strings.Repeat(hash, 63) + "\n" + cp(log, 20), 422, "does not lead to the root"},
		"a checkpoint cut short":       {good[:len(good)-9], 400, "malformed note"},
		"old larger than new":          {"old 8\n\n" + cp(log, 7), 400, "larger than the checkpoint"},
		"an unknown log":               {"old 0\n\n" + elsewhere, 404, "does not watch"},
		"signed by a stranger":         {"old 8\n\n" + cp(stranger, 20), 403, "not signed by the log"},
		"a changed root":               {strings.Replace(good, translog.HashText(root(t, log, 20)), translog.HashText(root(t, log, 19)), 1), 403, "not signed by the log"},
		"old too small":                {"old 7\n" + proof(log, 7, 20) + "\n" + cp(log, 20), 409, "8\n"},
		"old too large":                {"old 9\n" + proof(log, 9, 20) + "\n" + cp(log, 20), 409, "8\n"},
		"as if it were new":            {"old 0\n\n" + cp(log, 20), 409, "8\n"},
		"a rollback":                   {"old 7\n\n" + cp(log, 7), 409, "8\n"},
		"the same size, another root":  {"old 8\n\n" + cp(fork, 8), 409, "two histories"},
		"a proof too many":             {"old 8\n" + hash + "\n" + cp(log, 8), 422, "does not lead to the root"},
		"no proof":                     {"old 8\n\n" + cp(log, 20), 422, "does not lead to the root"},
		"a proof of another history":   {"old 8\n" + proof(fork, 8, 20) + "\n" + cp(fork, 20), 422, "does not lead to the root"},
		"a proof of other sizes":       {"old 8\n" + proof(log, 7, 20) + "\n" + cp(log, 20), 422, "does not lead to the root"},
		"longer than a request may be": {good + strings.Repeat("x", maxRequest), 413, "at most"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWitness(t, "w.example", log.key)
			w.add(t, log, 0, 8)
			status, kind, text := w.post(t, []byte(row.body))
			if status != row.status || !strings.Contains(text, row.says) {
				t.Errorf("got %d %s, want %d %s", status, text, row.status, row.says)
			}
			if isSize := kind == sizeType; isSize != (row.says == "8\n") {
				t.Errorf("content type %s", kind)
			}
			want := uint64(8)
			if row.status == 200 && name != "the same again" {
				want = 20
			}
			if head, _ := w.Seen(testOrigin); head.Size != want || head.Root != root(t, log, want) {
				t.Errorf("stands at %d, want %d", head.Size, want)
			}
		})
	}
}

func root(t testing.TB, l *testLog, size uint64) domain.Hash {
	t.Helper()
	r, err := l.tree.RootAt(size)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// sign signs any checkpoint with a new key.
func sign(t testing.TB, c translog.Checkpoint, name string) string {
	t.Helper()
	skey, _, err := translog.GenerateLogKey(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	text, err := translog.SignCheckpoint(c, s)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func signatureOf(t testing.TB, checkpoint string) string {
	t.Helper()
	_, lines, err := translog.SplitNote([]byte(checkpoint))
	if err != nil {
		t.Fatal(err)
	}
	return lines[0].String() + "\n"
}

func TestAFirstCheckpointHasNoProofAndAnEmptyTreeOneRoot(t *testing.T) {
	log := newLog(t)
	log.grow(t, 4)
	w := newWitness(t, "w.example", log.key)
	hash := translog.HashText(domain.Hash{}) + "\n"
	if status, _, text := w.post(t, []byte("old 0\n"+hash+"\n"+string(log.checkpoint(t, 4)))); status != 422 {
		t.Errorf("with a proof: %d %s", status, text)
	}
	empty, err := translog.SignCheckpoint(translog.Checkpoint{Origin: testOrigin, Root: domain.Hash{1}}, log.signer)
	if err != nil {
		t.Fatal(err)
	}
	if status, _, text := w.post(t, []byte("old 0\n\n"+string(empty))); status != 422 {
		t.Errorf("an empty tree with another root: %d %s", status, text)
	}
	if status, _, text := w.post(t, []byte("old 4\n\n"+string(log.checkpoint(t, 4)))); status != 409 || text != "0\n" {
		t.Errorf("got %d %s", status, text)
	}
}

func TestAWitnessKeepsEvidenceThatOthersCanCheck(t *testing.T) {
	log := newLog(t)
	log.grow(t, 20)
	fork := log.other(t, 5)
	fork.grow(t, 20)
	w := newWitness(t, "w.example", log.key)
	w.add(t, log, 0, 8)
	for range 3 { // the same evidence is kept once
		w.post(t, request{old: 8, checkpoint: fork.checkpoint(t, 8)}.text())
		w.post(t, request{old: 2, checkpoint: fork.checkpoint(t, 8)}.text())
		w.post(t, request{old: 8, proof: fork.proof(t, 8, 20), checkpoint: fork.checkpoint(t, 20)}.text())
	}
	for range 2 * maxOpen { // anybody can cause open questions, so they are few
		size := 9 + uint64(len(w.evidence(t))%11)
		w.post(t, request{old: 8, checkpoint: log.checkpoint(t, size)}.text())
	}
	var forks, open int
	for _, name := range w.evidence(t) {
		status, text := w.get(t, "/"+originID(testOrigin)+"/evidence/"+name)
		f, err := ParseFork([]byte(text))
		if status != http.StatusOK || err != nil {
			t.Fatalf("%s: %d, %v", name, status, err)
		}
		switch err := f.Verify(log.key); {
		case err == nil:
			forks++
		case errors.Is(err, ErrUndecided):
			open++
		default:
			t.Errorf("%s: %v", name, err)
		}
	}
	if forks != 1 || open < 2 || open > maxOpen {
		t.Errorf("%d forks, %d open", forks, open)
	}
	for _, path := range []string{"/evidence/none.txt", "/evidence/..%2Fcheckpoint"} {
		if status, _ := w.get(t, "/"+originID(testOrigin)+path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
	if status, _ := w.get(t, "/0000/evidence"); status != http.StatusNotFound {
		t.Errorf("of another log: %d", status)
	}
}

func (w *testWitness) evidence(t testing.TB) []string {
	t.Helper()
	_, text := w.get(t, "/"+originID(testOrigin)+"/evidence")
	return strings.Fields(text)
}
