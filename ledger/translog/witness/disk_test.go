package witness

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// lost is a connection that breaks when the answer is written.
type lost struct{ *httptest.ResponseRecorder }

func (l lost) Write([]byte) (int, error) { panic(http.ErrAbortHandler) }

func TestACrashBetweenWritingAndAnsweringLosesNothing(t *testing.T) {
	log := newLog(t)
	log.grow(t, 9)
	w := newWitness(t, "w.example", log.key)
	w.add(t, log, 0, 4)
	func() {
		defer func() { _ = recover() }()
		body := request{old: 4, proof: log.proof(t, 4, 9), checkpoint: log.checkpoint(t, 9)}.text()
		w.Handler().ServeHTTP(lost{httptest.NewRecorder()}, httptest.NewRequest(http.MethodPost, "/add-checkpoint", strings.NewReader(string(body))))
		t.Error("the answer was not lost")
	}()
	w.stop()
	w.run(t, log.key)
	if head, _ := w.Seen(testOrigin); head.Size != 9 {
		t.Fatalf("after the crash it stands at %d", head.Size)
	}
	if status, _, text := w.post(t, request{old: 4, proof: log.proof(t, 4, 9), checkpoint: log.checkpoint(t, 9)}.text()); status != 409 || text != "9\n" {
		t.Errorf("got %d %s", status, text)
	}
	w.add(t, log, 9, 9)
}

func TestAWitnessThatCannotWriteCosignsNothing(t *testing.T) {
	log := newLog(t)
	log.grow(t, 9)
	w := newWitness(t, "w.example", log.key)
	w.add(t, log, 0, 4)
	folder := filepath.Join(w.dir, originID(testOrigin))
	if err := os.Rename(folder, folder+".away"); err != nil {
		t.Fatal(err)
	}
	body := request{old: 4, proof: log.proof(t, 4, 9), checkpoint: log.checkpoint(t, 9)}.text()
	if status, _, text := w.post(t, body); status != 500 || strings.Contains(text, "—") {
		t.Errorf("got %d %s", status, text)
	}
	if err := os.Rename(folder+".away", folder); err != nil {
		t.Fatal(err)
	}
	w.add(t, log, 4, 9)
}

func TestAnOldDiskIsGoneOnFromAndADamagedOneIsNot(t *testing.T) {
	log := newLog(t)
	log.grow(t, 9)
	w := newWitness(t, "w.example", log.key)
	w.add(t, log, 0, 4)
	file := filepath.Join(w.dir, originID(testOrigin), newestFile)
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	w.add(t, log, 4, 9)
	w.stop()
	if err := os.WriteFile(file, old, 0o600); err != nil {
		t.Fatal(err)
	}
	w.run(t, log.key)
	if head, _ := w.Seen(testOrigin); head.Size != 4 {
		t.Fatalf("stands at %d", head.Size)
	}
	w.add(t, log, 4, 9)
	w.stop()
	for name, text := range map[string]string{
		"cut":     string(old[:len(old)-20]),
		"empty":   "",
		"changed": strings.Replace(string(old), "\n4\n", "\n5\n", 1),
		"unknown": sign(t, translog.Checkpoint{Origin: testOrigin, Size: 4}, testOrigin),
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := NewServer(Config{Key: w.key, Logs: []note.Verifier{log.key}, Dir: w.dir, Clock: clock}); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestAFolderHasOneWitnessAndALogWithoutAKeyNone(t *testing.T) {
	log := newLog(t)
	w := newWitness(t, "w.example", log.key)
	if _, err := NewServer(Config{Key: w.key, Logs: []note.Verifier{log.key}, Dir: w.dir, Clock: clock}); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("got %v", err)
	}
	if _, err := NewServer(Config{Key: w.key, Dir: t.TempDir(), Clock: clock}); err == nil {
		t.Error("a witness of no log started")
	}
}

// A log that changes its key signs with both for a while, then with the new one.
func TestALogMayChangeItsKeyUnderAWitness(t *testing.T) {
	log, next := newLog(t), newLog(t)
	next.tree = log.tree
	log.grow(t, 9)
	w := newWitness(t, "w.example", log.key, next.key)
	w.add(t, log, 0, 3)
	both, err := translog.SignCheckpoint(translog.Checkpoint{Origin: testOrigin, Size: 5, Root: root(t, log, 5)}, log.signer, next.signer)
	if err != nil {
		t.Fatal(err)
	}
	if status, _, text := w.post(t, request{old: 3, proof: log.proof(t, 3, 5), checkpoint: both}.text()); status != 200 {
		t.Fatalf("both keys: %d %s", status, text)
	}
	w.stop()
	w.run(t, next.key) // the old key is no longer trusted
	w.add(t, next, 5, 9)
	if status, _, _ := w.post(t, request{old: 9, checkpoint: log.checkpoint(t, 9)}.text()); status != 403 {
		t.Errorf("the old key: %d", status)
	}
}

func TestParallelRequestsNeverMoveAWitnessBack(t *testing.T) {
	log := newLog(t)
	log.grow(t, 60)
	w := newWitness(t, "w.example", log.key)
	var all sync.WaitGroup
	for size := uint64(1); size <= 20; size++ {
		all.Go(func() {
			for old, tries := uint64(0), 0; tries < 60; tries++ {
				r := request{old: old, checkpoint: log.checkpoint(t, 3*size)}
				if old > 0 && old < 3*size {
					r.proof = log.proof(t, old, 3*size)
				}
				status, kind, text := w.post(t, r.text())
				if kind != sizeType {
					if status != 200 && status != 503 {
						t.Errorf("%d %s", status, text)
					}
					return
				}
				if _, err := fmt.Sscan(text, &old); err != nil || old > 3*size {
					return
				}
			}
		})
	}
	all.Wait()
	head, text := w.Seen(testOrigin)
	if head.Size == 0 || head.Root != root(t, log, head.Size) {
		t.Errorf("stands at %d", head.Size)
	}
	if on, err := w.disk.newest(testOrigin); err != nil || string(on) != string(text) {
		t.Errorf("the disk has %s, %v, want %s", on, err, text)
	}
}

func TestAMirrorCosignsOnlyWhatItAdmits(t *testing.T) {
	log := newLog(t)
	log.grow(t, 9)
	w := newWitness(t, "w.example", log.key)
	verdict := error(&Refusal{Index: 6, Rule: "vote.twice", Message: "XA voted before"})
	w.c.Admit = func(_ context.Context, head translog.Checkpoint, signed []byte) error {
		if _, err := translog.OpenCheckpoint(signed, testOrigin, log.key); err != nil {
			return err
		}
		if head.Size > 5 {
			return verdict
		}
		return nil
	}
	w.add(t, log, 0, 5)
	body := request{old: 5, proof: log.proof(t, 5, 9), checkpoint: log.checkpoint(t, 9)}.text()
	if status, _, text := w.post(t, body); status != 422 || !strings.Contains(text, "index 6: vote.twice: XA voted before") {
		t.Errorf("got %d %s", status, text)
	}
	if names := w.evidence(t); len(names) != 1 || !strings.HasPrefix(names[0], "refused-") {
		t.Errorf("evidence %v", names)
	} else if _, text := w.get(t, "/"+originID(testOrigin)+"/evidence/"+names[0]); text != string(log.checkpoint(t, 9)) {
		t.Errorf("kept %s", text)
	}
	verdict = errors.New("the ledger does not answer")
	if status, _, text := w.post(t, body); status != 503 || !strings.Contains(text, "does not answer") {
		t.Errorf("got %d %s", status, text)
	}
}

func TestAClockThatIsSetBackDoesNotMakeOlderStatements(t *testing.T) {
	log := newLog(t)
	log.grow(t, 9)
	w := newWitness(t, "w.example", log.key)
	w.add(t, log, 0, 5)
	w.c.Clock = func() time.Time { return start.Add(-time.Hour) }
	if at, _ := w.add(t, log, 5, 9).Time(); at != start.Unix() {
		t.Errorf("cosigned at %d, want %d", at, start.Unix())
	}
}

func FuzzAddCheckpoint(f *testing.F) {
	log := newLog(f)
	log.grow(f, 9)
	f.Add(request{old: 4, proof: log.proof(f, 4, 9), checkpoint: log.checkpoint(f, 9)}.text())
	f.Add([]byte("old 0\n\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := parseRequest(body)
		if err != nil {
			if !errors.Is(err, translog.ErrMalformed) {
				t.Fatalf("got %v", err)
			}
			return
		}
		if string(r.text()) != string(body) {
			t.Fatalf("read %q, wrote %q", body, r.text())
		}
	})
}
