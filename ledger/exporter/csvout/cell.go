package csvout

import "strings"

const formulas = "=+-@\t\r\n＝＋－＠"

// guard keeps spreadsheets from running a cell.
func guard(cell string) string {
	if runs(strings.TrimLeft(cell, "'")) {
		return "'" + cell
	}
	return cell
}

// Plain returns what a cell says: without the apostrophe that keeps
// spreadsheets from running it.
func Plain(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && runs(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return cell
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
