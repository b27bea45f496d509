package csvout

import "strings"

const formulas = "=+-@\t\r\n＝＋－＠"

// separators are what divides cells in spreadsheets that do not go by commas.
const separators = ";\t"

// guard keeps spreadsheets from running a cell, or a part of it where they take
// a semicolon or a tab for the end of a cell.
func guard(cell string) string {
	cell = eachPart(cell, func(part string) string {
		if runs(strings.TrimLeft(part, "'\"")) {
			return "'" + part
		}
		return part
	})
	if runs(strings.TrimLeft(cell, "'")) {
		return "'" + cell
	}
	return cell
}

// Plain returns what a cell says: without the apostrophes that keep
// spreadsheets from running it.
func Plain(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && runs(strings.TrimLeft(rest, "'")) {
		cell = rest
	}
	return eachPart(cell, func(part string) string {
		if rest, ok := strings.CutPrefix(part, "'"); ok && runs(strings.TrimLeft(rest, "'\"")) {
			return rest
		}
		return part
	})
}

// eachPart changes what stands behind each separator.
func eachPart(cell string, change func(string) string) string {
	var out strings.Builder
	for {
		at := strings.IndexAny(cell, separators)
		if at < 0 {
			out.WriteString(cell)
			return out.String()
		}
		out.WriteString(cell[:at+1])
		cell = cell[at+1:]
		end := strings.IndexAny(cell, separators)
		if end < 0 {
			end = len(cell)
		}
		out.WriteString(change(cell[:end]))
		cell = cell[end:]
	}
}

func runs(cell string) bool {
	for _, r := range cell {
		return strings.ContainsRune(formulas, r)
	}
	return false
}

// tidy makes every line break a line feed, which is what readers of CSV make
// of them.
func tidy(cell string) string {
	return strings.ReplaceAll(strings.ReplaceAll(cell, "\r\n", "\n"), "\r", "\n")
}

// several joins values; what is empty is left out.
func several(values ...string) string {
	kept := make([]string, 0, len(values))
	for _, v := range values {
		if v != "" {
			kept = append(kept, v)
		}
	}
	return strings.Join(kept, "; ")
}

func each[T any](list []T, word func(T) string) string {
	words := make([]string, 0, len(list))
	for _, v := range list {
		words = append(words, word(v))
	}
	return several(words...)
}
