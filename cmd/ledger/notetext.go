package main

import "bytes"

// noteText reads a receipt or a refusal, as it was before a tool on its way took
// off or doubled the last newline, or ended its lines with CR LF: a signed note
// ends with one newline and holds no CR, so that nothing signed is changed.
func (a *app) noteText(path string) ([]byte, error) {
	text, err := a.input(path)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(text, []byte{'{'}) || bytes.HasPrefix(text, []byte{'"'}) {
		return nil, usage(`%s:1: this is JSON: take the text of its member receipt (or refusal) out of it, as with jq -r .receipt`, path)
	}
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte{'\n'})
	return append(bytes.TrimRight(text, "\n"), '\n'), nil
}
