package table

import (
	"bytes"
	"strings"
)

// scanner divides a file into rows of cells. The library's reader drops the
// carriage returns of quoted text and does not know a mark inside a bare cell
// from a broken one.
type scanner struct {
	data  []byte
	comma byte
	pos   int
	line  int // of pos, from 1
}

// next returns the next row, nil at the end of the file, or what is wrong.
func (s *scanner) next() (row []string, reason string) {
	if s.pos >= len(s.data) {
		return nil, ""
	}
	for {
		cell, reason := s.cell()
		if reason != "" {
			return nil, reason
		}
		row = append(row, cell)
		if s.pos >= len(s.data) {
			return row, ""
		}
		end := s.data[s.pos]
		s.pos++
		if end == '\n' {
			s.line++
			return row, ""
		}
	}
}

// cell reads up to the comma, the line feed or the end of the file.
func (s *scanner) cell() (text, reason string) {
	if s.pos < len(s.data) && s.data[s.pos] == '"' {
		return s.quoted()
	}
	end := bytes.IndexAny(s.data[s.pos:], string(s.comma)+"\n")
	if end < 0 {
		end = len(s.data) - s.pos
	}
	cell := s.data[s.pos : s.pos+end]
	s.pos += end
	if s.pos >= len(s.data) || s.data[s.pos] == '\n' {
		cell = bytes.TrimSuffix(cell, []byte("\r"))
	}
	return string(cell), ""
}

// quoted reads a cell that begins with a mark; two marks inside it are one.
func (s *scanner) quoted() (text, reason string) {
	var out strings.Builder
	for at := s.pos + 1; ; {
		end := bytes.IndexByte(s.data[at:], '"')
		if end < 0 {
			return "", "a quoted cell has no end: the file is cut short, or a quotation mark is stray"
		}
		out.Write(s.data[at : at+end])
		at += end + 1
		if at < len(s.data) && s.data[at] == '"' {
			out.WriteByte('"')
			at++
			continue
		}
		if rest := s.data[at:]; len(rest) > 0 && rest[0] == '\r' && (len(rest) == 1 || rest[1] == '\n') {
			at++
		}
		if at < len(s.data) && s.data[at] != s.comma && s.data[at] != '\n' {
			return "", "text follows the end of a quoted cell"
		}
		s.line += bytes.Count(s.data[s.pos:at], []byte("\n"))
		s.pos = at
		return out.String(), ""
	}
}
