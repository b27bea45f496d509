package api

import (
	"net/http"
	"strconv"

	"github.com/go-json-experiment/json"
)

// Problem is an RFC 9457 problem. Code is a stable name to branch on; Detail
// is for people and says what to do next.
type Problem struct {
	Type     string `json:"type"`
	Title    string `json:"title"`
	Status   int    `json:"status"`
	Code     string `json:"code"`
	Detail   string `json:"detail"`
	Instance string `json:"instance,omitempty"`        // request id
	Rule     string `json:"rule,omitempty"`            // of the ledger, that refused an event
	Field    string `json:"field,omitempty"`           // of the payload or header, or a parameter
	Refusal  string `json:"refusal,omitempty"`         // signed by the log
	Envelope string `json:"envelope_sha256,omitempty"` // of the refused envelope

	*StoreContact `json:",inline"` // of readiness

	retryAfter int // seconds; 0 sends no header
}

// Error returns the code and the detail.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

const problemType = "urn:coalition-ledger:problem:"

func problem(status int, code, detail string) *Problem {
	return &Problem{Type: problemType + code, Title: http.StatusText(status), Status: status, Code: code, Detail: detail}
}

func (p *Problem) at(field string) *Problem {
	p.Field = field
	return p
}

func (p *Problem) told(c *StoreContact) *Problem {
	p.StoreContact = c
	return p
}

func (p *Problem) after(seconds int) *Problem {
	p.retryAfter = seconds
	return p
}

// write sends the problem.
func (p *Problem) write(w http.ResponseWriter) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "no-store")
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(p.retryAfter))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="coalition-ledger"`)
	}
	w.WriteHeader(p.Status)
	_, err = w.Write(body)
	return err
}
