package ofac

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// endMark ends each file of the CSV set; it is the end-of-file character of
// old systems, and damage anywhere else.
const endMark = 0x1a

// null is what stands, bare, for a cell without value.
const null = "-0-"

// record is one line of a file; a null cell is "".
type record struct {
	cells []string
	line  int
	at    int // byte offset
}

// table reads the records of one file: cells divided by commas, bare or in
// quotes, where a quote stands twice; CRLF or LF after each record.
type table struct {
	file   string
	data   []byte
	at     int
	line   int
	marked bool // the file bore the end mark
}

// newTable checks the bytes of a file. What follows the last record must be
// nothing but the end mark.
func newTable(file string, data []byte) (*table, error) {
	body, marked := bytes.CutSuffix(data, []byte{endMark})
	if refused := importer.CheckText(file, body); refused != nil {
		return nil, refused
	}
	t := &table{file: file, data: body, line: 1, marked: marked}
	if len(body) > 0 && body[len(body)-1] != '\n' {
		t.at, t.line = len(body), 1+bytes.Count(body, []byte{'\n'})
		return nil, t.refuse("the file ends within a record: it was cut short")
	}
	return t, nil
}

// next reads one record of that many cells, of which the first, a number, is
// the entry's. At the end it gives io.EOF.
func (t *table) next(columns int) (record, error) {
	if t.at == len(t.data) {
		return record{}, io.EOF
	}
	r := record{line: t.line, at: t.at}
	for last := false; !last; {
		cell, err := t.cell()
		if err != nil {
			return r, err
		}
		r.cells = append(r.cells, cell)
		if last, err = t.separator(); err != nil {
			return r, err
		}
	}
	if len(r.cells) != columns {
		return r, t.refuseAt(r, fmt.Sprintf("the record has %d cells where %d are expected", len(r.cells), columns))
	}
	if !isNumber(r.cells[0]) {
		return r, t.refuseAt(r, fmt.Sprintf("the record begins with %q where a number is expected", r.cells[0]))
	}
	return r, nil
}

func (t *table) cell() (string, error) {
	if t.at < len(t.data) && t.data[t.at] == '"' {
		return t.quoted()
	}
	n := bytes.IndexAny(t.data[t.at:], ",\r\n\"")
	if n < 0 || t.data[t.at+n] == '"' {
		return "", t.refuse("a quote stands within a bare cell")
	}
	cell := string(t.data[t.at : t.at+n])
	t.at += n
	if strings.TrimSpace(cell) == null {
		return "", nil
	}
	return cell, nil
}

func (t *table) quoted() (string, error) {
	start, line := t.at, t.line
	var cell []byte
	for t.at++; ; t.at += 2 {
		n := bytes.IndexByte(t.data[t.at:], '"')
		if n < 0 {
			t.at, t.line = start, line
			return "", t.refuse("a quoted cell has no end: the file was cut short, or a quote is missing")
		}
		cell = append(cell, t.data[t.at:t.at+n]...)
		t.line += bytes.Count(t.data[t.at:t.at+n], []byte{'\n'})
		t.at += n
		if t.at+1 >= len(t.data) || t.data[t.at+1] != '"' {
			t.at++
			return string(cell), nil
		}
		cell = append(cell, '"')
	}
}

// separator steps over what follows a cell, and reports whether the record
// ends there.
func (t *table) separator() (last bool, err error) {
	rest := t.data[t.at:]
	switch {
	case bytes.HasPrefix(rest, []byte(",")):
		t.at++
		return false, nil
	case bytes.HasPrefix(rest, []byte("\r\n")):
		t.at += 2
	case bytes.HasPrefix(rest, []byte("\n")):
		t.at++
	default:
		return false, t.refuse("a comma or the end of the record is expected after a cell")
	}
	t.line++
	return true, nil
}

func (t *table) refuse(reason string) error {
	return &importer.Refused{File: t.file, Offset: int64(t.at), Line: t.line, Reason: reason}
}

func (t *table) refuseAt(r record, reason string) error {
	return &importer.Refused{File: t.file, Offset: int64(r.at), Line: r.line, Reason: reason}
}

func isNumber(s string) bool {
	return s != "" && len(s) <= 18 && strings.Trim(s, "0123456789") == ""
}
