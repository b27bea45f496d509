package archive_test

import (
	"bytes"
	"crypto"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

var update = flag.Bool("update", false, "write the vectors")

const vectorsDir = "../testdata/vectors"

var hashOf = map[string]crypto.Hash{domain.AlgES256: crypto.SHA256, domain.AlgES384: crypto.SHA384}

// The vectors are what docs/VERIFY.md promises other programs. Each says what
// this program answers; a change of an answer shows here.
func TestVectorsAreFresh(t *testing.T) {
	files := map[string][]byte{}
	add := func(name string, v any) {
		text, err := json.MarshalIndent(v, "", " ")
		check(t, err)
		files[name] = append(text, '\n')
	}
	add("envelopes.json", envelopeVectors(t))
	add("leaves.json", leafVectors(t))
	add("proofs.json", proofVectors(t))
	add("checkpoints.json", checkpointVectors(t))
	add("receipts.json", receiptVectors(t))
	add("refusals.json", refusalVectors(t))
	add("digests.json", digestVectors(t))
	add("cosignatures.json", cosignatureVectors(t))
	text, expected := archiveVectors(t)
	files["archive.txt"] = text
	add("archive.json", expected)
	for name, want := range files {
		path := filepath.Join(vectorsDir, name)
		if *update {
			check(t, os.WriteFile(path, want, 0o644))
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is stale (%v): if the change is meant, run go test ./ledger/archive -run TestVectors -update and say why in the commit", path, err)
		}
	}
	have, err := os.ReadDir(vectorsDir)
	check(t, err)
	for _, f := range have {
		if files[f.Name()] == nil {
			t.Errorf("%s is no vector", f.Name())
		}
	}
}

// A second verifier, which shares no line with this program, gives the same
// answers to all vectors.
func TestVectorsInAnotherLanguage(t *testing.T) {
	python, err := exec.LookPath("python3")
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("python3 is not installed: docs/verify.py is not run")
	}
	check(t, err)
	out, err := exec.CommandContext(t.Context(), python, "-I", "-B", "../../docs/verify.py", "vectors", vectorsDir).CombinedOutput()
	if err != nil {
		t.Fatalf("docs/verify.py: %v\n%s", err, out)
	}
	t.Logf("docs/verify.py says:\n%s", out)
	if !bytes.Contains(out, []byte("all vectors agree")) {
		t.Error("it did not say that all vectors agree")
	}
}

// It is no rubber stamp: vectors that lie are found, each by name.
func TestOtherVerifierFindsLies(t *testing.T) {
	python, err := exec.LookPath("python3")
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("python3 is not installed: docs/verify.py is not run")
	}
	check(t, err)
	dir := t.TempDir()
	check(t, os.CopyFS(dir, os.DirFS(vectorsDir)))
	for _, lie := range lies {
		path := filepath.Join(dir, lie.file)
		text, err := os.ReadFile(path)
		check(t, err)
		changed := bytes.Replace(text, []byte(lie.truth), []byte(lie.lie), 1)
		if bytes.Equal(changed, text) {
			t.Fatalf("%s does not hold %q", lie.file, lie.truth)
		}
		check(t, os.WriteFile(path, changed, 0o600))
	}
	out, err := exec.CommandContext(t.Context(), python, "-I", "-B", "../../docs/verify.py", "vectors", dir).CombinedOutput()
	if err == nil {
		t.Error("it found nothing")
	}
	for _, lie := range lies {
		if !bytes.Contains(out, []byte(lie.named)) {
			t.Errorf("the lie in %s went unnoticed:\n%s", lie.file, out)
		}
	}
}

var lies = []struct{ file, truth, lie, named string }{
	{"envelopes.json", `"rule": "envelope.signature"`, `"rule": ""`, "envelope '"},
	{"leaves.json", `"recorded_at": 17`, `"recorded_at": 18`, "leaf 'an envelope'"},
	{"proofs.json", `"ok": false`, `"ok": true`, "inclusion of"},
	{"refusals.json", `"ok": false`, `"ok": true`, "refusals '"},
	{"receipts.json", `"ok": false`, `"ok": true`, "receipts '"},
	{"checkpoints.json", `"ok": false`, `"ok": true`, "checkpoints '"},
	{"digests.json", `"ok": false`, `"ok": true`, "digests '"},
	{"cosignatures.json", `"a.witness.example": 1767225600`, `"a.witness.example": 1767225601`, "cosignatures '"},
	{"archive.json", `"rule": "archive.root"`, `"rule": "archive.index"`, "archive: "},
	{"archive.json", `"cosigned": 4`, `"cosigned": 5`, "cosigned: "},
	{"archive.json", `"registered_at": 0`, `"registered_at": 1`, "keys: "},
}

// ruleOf names what is wrong with an envelope under a key; "" for nothing.
func ruleOf(t testing.TB, text string, key domain.PublicKey) string {
	t.Helper()
	e, err := seal.Parse([]byte(text))
	if err == nil {
		err = e.Verify(key)
	}
	var bad *seal.Error
	if err != nil && !errors.As(err, &bad) {
		t.Fatal(err)
	}
	if bad != nil {
		return bad.Code
	}
	return ""
}
