package demodata

import (
	"embed"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

//go:embed stories/*.story
var stories embed.FS

// Line is one event of a story. All that stories tell is invented.
type Line struct {
	Place   string // where it stands: 3-ship.story:12
	As      domain.AgencyID
	Type    string
	Payload string // JSON, with places for days and for earlier events
	Name    string // by which later lines call it; empty for most
}

// Stories returns what the stories tell, in the order of their files. A line
// reads
//
//	XA/customs violation.reported {"occurred_on":"@-30", …} as smuggled
//
// and goes on while the next ones are indented; # begins a comment. In a
// payload "@-30" is the day 30 days ago, "@+5" one to come, and "$smuggled" the
// event of that name.
func Stories() ([]Line, error) {
	files, err := stories.ReadDir("stories")
	if err != nil {
		return nil, err
	}
	var out []Line
	for _, f := range files {
		text, err := stories.ReadFile("stories/" + f.Name())
		if err != nil {
			return nil, err
		}
		told, err := story(f.Name(), string(text))
		if err != nil {
			return nil, err
		}
		out = append(out, told...)
	}
	return out, nil
}

func story(file, text string) (out []Line, err error) {
	for i, raw := range strings.Split(text, "\n") {
		place, trimmed := fmt.Sprintf("%s:%d", file, i+1), strings.TrimSpace(raw)
		switch {
		case trimmed == "" || trimmed[0] == '#':
		case raw[0] != ' ':
			as, rest, _ := strings.Cut(trimmed, " ")
			wireName, payload, _ := strings.Cut(rest, " ")
			out = append(out, Line{Place: place, As: domain.AgencyID(as), Type: wireName, Payload: payload})
		case len(out) == 0:
			return nil, fmt.Errorf("%s: nothing to go on with", place)
		default:
			out[len(out)-1].Payload += trimmed
		}
	}
	for i := range out {
		if err := out[i].split(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// split takes the name off the end of the payload.
func (l *Line) split() error {
	end := strings.LastIndexByte(l.Payload, '}') + 1
	name, named := strings.CutPrefix(strings.TrimSpace(l.Payload[end:]), "as ")
	if !strings.HasPrefix(l.Payload, "{") || named == (name == "") || !named && l.Payload[end:] != "" {
		return fmt.Errorf("%s: want an agency, a type, a JSON object and at most \"as\" with a name", l.Place)
	}
	l.Payload, l.Name = l.Payload[:end], name
	return nil
}

// Fill returns the payload with its places filled, marked as illustrative.
func (l Line) Fill(today time.Time, told map[string]domain.Ref) ([]byte, error) {
	var unknown error
	text := regexp.MustCompile(`"\$[a-z-]+"|"@[+-][0-9]+`).ReplaceAllStringFunc(l.Payload, func(place string) string {
		if days, err := strconv.Atoi(place[2:]); err == nil {
			return `"` + string(domain.DateOf(today.AddDate(0, 0, days)))
		}
		at, ok := told[strings.Trim(place, `"$`)]
		if !ok {
			unknown = fmt.Errorf("%s: no earlier line is called %s", l.Place, place)
		}
		ref, err := json.Marshal(at)
		if err != nil {
			unknown = err
		}
		return string(ref)
	})
	return []byte(`{"illustrative":true,` + text[1:]), unknown
}
