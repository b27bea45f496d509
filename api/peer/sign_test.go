package peer

import (
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// What a replica signs for another is no checkpoint and no refusal, whatever
// the log is called and whatever a caller chooses; and the other way round.
func TestPeerSignaturesAreNoOther(t *testing.T) {
	for _, origin := range []string{"ledger.example", scheme, "coalition-ledger/refusal/v1"} {
		key := newKey(t, origin)
		asked := request{path: PathTake, at: 5, target: origin + "\n5\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}
		other := asked
		other.path = PathLeaves
		for name, text := range map[string][]byte{"take": asked.text(), "leaves": other.text(), "answer": answerText(asked, nil)} {
			signed, err := note.Sign(&note.Note{Text: string(text)}, key.Signer)
			if err != nil {
				t.Fatal(err)
			}
			if c, err := translog.OpenCheckpoint(signed, origin, key.Verifier); err == nil {
				t.Errorf("%s of log %s: opens as a checkpoint of size %d", name, origin, c.Size)
			}
			if r, err := translog.OpenRefusal(signed, origin, key.Verifier); err == nil {
				t.Errorf("%s of log %s: opens as a refusal by %s", name, origin, r.Rule)
			}
			// No extension lines either, which other readers of checkpoints allow:
			if second := strings.Split(string(text), "\n")[1]; strings.ContainsAny(second, "0123456789") {
				t.Errorf("%s: the second line %q could be a size", name, second)
			}
		}
		notAPeers(t, key, origin)
	}
}

func notAPeers(t *testing.T, key Key, origin string) {
	t.Helper()
	checkpoint, err := translog.SignCheckpoint(translog.Checkpoint{Origin: origin, Size: 1}, key.Signer)
	if err != nil {
		t.Fatal(err)
	}
	refusal, err := translog.SignRefusal(translog.Refusal{Origin: origin, Rule: "x"}, key.Signer)
	if err != nil {
		t.Fatal(err)
	}
	for _, signed := range [][]byte{checkpoint, refusal} {
		n, err := note.Open(signed, note.VerifierList(key.Verifier))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(n.Text, scheme+"\ntake\n") || strings.HasPrefix(n.Text, scheme+"\nleaves\n") || strings.HasPrefix(n.Text, scheme+"\nanswer\n") {
			t.Errorf("%q has a peer's form", n.Text)
		}
	}
}
