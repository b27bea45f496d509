package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHealthIsTheExitCode(t *testing.T) {
	answers := map[string]int{"/good": http.StatusOK, "/live": http.StatusNoContent, "/away": http.StatusServiceUnavailable, "/moved": http.StatusNotModified}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(answers[r.URL.Path]) }))
	for path, want := range map[string]int{"/good": 0, "/live": 0, "/away": 1, "/moved": 1} {
		var out, problems bytes.Buffer
		if code := run([]string{"health", s.URL + path}, &out, &problems); code != want {
			t.Errorf("%s: exit code %d, want %d: %s", path, code, want, &problems)
		} else if want != 0 && !strings.Contains(problems.String(), path) {
			t.Errorf("%s: the message %q does not say what was asked", path, &problems)
		}
	}
	s.Close()
	if code := run([]string{"health", s.URL}, new(bytes.Buffer), new(bytes.Buffer)); code != 1 {
		t.Errorf("nobody listens: exit code %d, want 1", code)
	}
}
