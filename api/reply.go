package api

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
)

// reply writes one answer. It stands for every response of the contract: the
// bodies are the packages' own structures and are not described twice.
type reply func(w http.ResponseWriter) error

// body answers with bytes of a media type.
func body(status int, mediaType string, text []byte) reply {
	return func(w http.ResponseWriter) error {
		h := w.Header()
		h.Set("Content-Type", mediaType)
		h.Set("Content-Length", strconv.Itoa(len(text)))
		if h.Get("Cache-Control") == "" {
			h.Set("Cache-Control", "no-store")
		}
		w.WriteHeader(status)
		_, err := w.Write(text)
		return err
	}
}

// document answers with a value in JSON.
func document(status int, v any) (reply, error) {
	text, err := encode(v)
	if err != nil {
		return nil, err
	}
	return body(status, "application/json", text), nil
}

func encode(v any) ([]byte, error) {
	text, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("encode %T: %w", v, err)
	}
	return text, nil
}

// indexed answers with a view and the index that it reflects; 304 when the
// caller holds the same already.
func indexed(in *call, index uint64, v any) (reply, error) {
	text, err := encode(v)
	if err != nil {
		return nil, err
	}
	return tagged(in, index, "application/json", text), nil
}

// tagged answers with a text and the index that it reflects; 304 when the
// caller holds the same already.
func tagged(in *call, index uint64, mediaType string, text []byte) reply {
	sum := sha256.Sum256(text)
	tag := `"` + strconv.FormatUint(index, 10) + "-" + hex.EncodeToString(sum[:8]) + `"`
	return func(w http.ResponseWriter) error {
		h := w.Header()
		h.Set("Ledger-Index", strconv.FormatUint(index, 10))
		h.Set("ETag", tag)
		h.Set("Cache-Control", "private, no-cache")
		if matches(in.ifNoneMatch, tag) {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
		return body(http.StatusOK, mediaType, text)(w)
	}
}

func matches(ifNoneMatch, tag string) bool {
	for one := range strings.SplitSeq(ifNoneMatch, ",") {
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == tag {
			return true
		}
	}
	return false
}
