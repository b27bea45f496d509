package scenarios

import (
	"fmt"
	"os"
	"strings"
)

// line is a command with where it stands.
type line struct {
	place string
	word  string // the first
	rest  string
}

func read(path string) ([]line, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var out []line
	for i, raw := range strings.Split(string(text), "\n") {
		trimmed := strings.TrimSpace(raw)
		switch {
		case trimmed == "" || strings.HasPrefix(trimmed, "#"):
		case raw[0] == ' ' || raw[0] == '\t':
			if len(out) == 0 {
				return nil, fmt.Errorf("%s:%d: nothing to go on with", path, i+1)
			}
			out[len(out)-1].rest += "\n" + trimmed
		default:
			word, rest, _ := strings.Cut(trimmed, " ")
			out = append(out, line{place: fmt.Sprintf("%s:%d", path, i+1), word: word, rest: strings.TrimSpace(rest)})
		}
	}
	return out, nil
}

// find follows a path like a.b[0].c or list[path=x].count into a JSON value;
// false where it leads nowhere. Dots inside brackets are part of the text.
func find(v any, path string) (any, bool) {
	for _, step := range steps(path) {
		switch name, filter, filtered := strings.Cut(step, "="); {
		case filtered:
			v = pick(v, name, filter)
		default:
			v = enter(v, step)
		}
		if v == nil {
			return nil, false
		}
	}
	return v, true
}

// steps splits a path into names, numbers and filters.
func steps(path string) []string {
	var out []string
	for path != "" {
		if path[0] == '[' {
			inner, rest, _ := strings.Cut(path[1:], "]")
			out, path = append(out, inner), strings.TrimPrefix(rest, ".")
			continue
		}
		end := strings.IndexAny(path, ".[")
		if end < 0 {
			end = len(path)
		}
		out, path = append(out, path[:end]), strings.TrimPrefix(path[end:], ".")
	}
	return out
}

func enter(v any, step string) any {
	switch v := v.(type) {
	case map[string]any:
		return v[step]
	case []any:
		i := 0
		if _, err := fmt.Sscanf(step, "%d", &i); step == "length" {
			return float64(len(v))
		} else if err == nil && i < len(v) {
			return v[i]
		}
	}
	return nil
}

func pick(v any, name, want string) any {
	list, _ := v.([]any)
	for _, one := range list {
		if object, ok := one.(map[string]any); ok && fmt.Sprint(object[name]) == want {
			return object
		}
	}
	return nil
}
