package importer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Legible takes out of an entry the characters that no text of an event may hold
// ([domain.Unseen]), and line breaks out of names and numbers. Each text that
// lost something stands in Subject.Raw as it was, quoted in ASCII, with a warning.
func (e *Entry) Legible() error {
	text, err := json.Marshal(*e)
	if err == nil && domain.MaySayUnseen(text) {
		err = e.retell(text)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", e.Place, err)
	}
	return nil
}

// retell reads the entry anew from its JSON, without what is not to be seen.
func (e *Entry) retell(text []byte) error {
	var out bytes.Buffer
	var raw []domain.RawField
	d, enc := jsontext.NewDecoder(bytes.NewReader(text)), jsontext.NewEncoder(&out)
	for {
		tok, err := d.ReadToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if tok.Kind() == '"' {
			at, was := string(d.StackPointer()), tok.String()
			if now := legible(at, was); now != was {
				raw = append(raw, domain.RawField{Path: strings.ReplaceAll(at[1:], "/", "."), Value: strconv.QuoteToASCII(was)})
				tok = jsontext.String(now)
			}
		}
		if err := enc.WriteToken(tok); err != nil {
			return err
		}
	}
	if len(raw) == 0 {
		return nil
	}
	var told Entry
	if err := json.Unmarshal(out.Bytes(), &told); err != nil {
		return err
	}
	for _, r := range raw {
		told.Warnings = append(told.Warnings, "unseen characters or line breaks taken out of "+r.Path+": raw keeps the text")
	}
	told.Subject.Raw = slices.Concat(told.Subject.Raw, raw)
	*e = told
	return nil
}

func legible(pointer, s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	s = strings.Map(func(r rune) rune {
		if domain.Unseen(r) {
			return -1
		}
		return r
	}, s)
	if domain.OnOneLine(pointer) && strings.ContainsAny(s, "\n\t") {
		return Clean(s)
	}
	return s
}
