package domain

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Body is a decoded payload. Its methods are the type's case in the state
// machine: admit holds the type's own rules, apply is total.
type Body interface {
	admit(s *State, f Fact) *Refusal
	apply(s *State, f Fact)
}

// Statement is a body that says something about the world, and so can be
// corrected, withdrawn, endorsed and disputed. Governance is none.
type Statement interface {
	Body
	// Base returns the fields that all statements share.
	Base() Common
	// Key names what the statement is about; a correction must keep it.
	Key() string
	// check holds the rules that a correction must meet as well.
	check(s *State, f Fact) *Refusal
}

// retractor is a statement whose withdrawal changes the state.
type retractor interface {
	retract(s *State, key string, index uint64)
}

type kind struct {
	name    string
	version int
	rules   int // version of the rules that the type came with; 0 means the first
	zero    Body
	decode  func(payload []byte) (Body, *Refusal)
	older   []kind // versions before this one, each read into the newest shape
}

func define[T Body](name string, version int) kind {
	var zero T
	return kind{name: name, version: version, zero: zero, decode: func(payload []byte) (Body, *Refusal) {
		body, r := strictly[T](payload)
		if r != nil {
			return nil, r
		}
		return body, nil
	}}
}

func strictly[T any](payload []byte) (T, *Refusal) {
	var body T
	if err := json.Unmarshal(payload, &body, json.RejectUnknownMembers(true)); err != nil {
		return body, payloadRefusal[T](payload, err)
	}
	return body, nil
}

// from says which version of the rules this version of the type came with.
func (k kind) from(rules int) kind {
	k.rules = rules
	return k
}

// kinds is every event type that this program knows, by group.
var kinds = index(slices.Concat(governanceKinds, memberKinds, proposalKinds, decisionKinds, keyKinds,
	listKinds, designationKinds, linkKinds, enforcementKinds, aboutKinds, voidingKinds, encryptionKeyKinds, sealedKinds,
	importKinds, maritimeKinds, goodsKinds, financeKinds, licenceKinds,
	peopleKinds, caseKinds, violationKinds, courtKinds, complianceKinds, mandateKinds, integrityKinds))

func index(list []kind) map[string]kind {
	byName := make(map[string]kind, len(list))
	for _, k := range list {
		byName[k.name] = k
	}
	return byName
}

// Types returns the wire names of all event types, sorted.
func Types() []string {
	names := make([]string, 0, len(kinds))
	for name := range kinds {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// New returns a zero payload of a type and its newest version, for templates;
// false if unknown.
func New(wireName string) (Body, int, bool) {
	k, ok := kinds[wireName]
	return k.zero, k.version, ok
}

const maxDepth = 32

// Decode reads a payload strictly: valid UTF-8, no duplicate, unknown or
// case-variant member, no trailing data, at most 32 levels deep.
func Decode(h Header, payload []byte) (Event, *Refusal) {
	body, r := decodeBody(h.Type, h.Version, payload)
	if r != nil {
		return Event{}, r
	}
	return Event{Header: h, Payload: payload, Body: body}, nil
}

func decodeBody(wireName string, version int, payload []byte) (Body, *Refusal) {
	newest, ok := kinds[wireName]
	if !ok {
		return nil, refuse("type.unknown", "", fmt.Sprintf("this program knows no event type %q: check the spelling, or use a newer program", wireName))
	}
	k, ok := newest.at(version)
	if !ok {
		return nil, refuse("type.unknown_version", "", fmt.Sprintf("this program knows versions 1 to %d of %s, not %d: use a newer program", newest.version, wireName, version))
	}
	if r := first(checkDepth(payload), checkObject(payload)); r != nil {
		return nil, r
	}
	return k.decode(payload)
}

func checkDepth(payload []byte) *Refusal {
	depth, inString := 0, false
	for i := 0; i < len(payload); i++ {
		switch c := payload[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return refuse("payload.too_deep", "", fmt.Sprintf("the payload nests deeper than %d levels: flatten it", maxDepth))
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}

// checkObject refuses null, which would decode as a payload left empty.
func checkObject(payload []byte) *Refusal {
	if bytes.HasPrefix(bytes.TrimLeft(payload, " \t\r\n"), []byte("null")) {
		return refuse("payload.type", "", "the payload is null: write one JSON object")
	}
	return nil
}

func payloadRefusal[T any](payload []byte, err error) *Refusal {
	field := pointer(err)
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return refuse("payload.duplicate_name", field, "a member appears twice in one object: keep one")
	case errors.Is(err, json.ErrUnknownName):
		var body T
		again := json.Unmarshal(payload, &body, json.RejectUnknownMembers(true), json.MatchCaseInsensitiveNames(true))
		if again == nil || !errors.Is(again, json.ErrUnknownName) {
			return refuse("payload.case_variant", field, "names are case-sensitive: write this member in lowercase as in the template")
		}
		return refuse("payload.unknown_member", field, "this type has no such member: see its template, or remove it")
	case strings.Contains(err.Error(), "invalid UTF-8"):
		return refuse("payload.utf8", field, "the payload is not valid UTF-8: save it as UTF-8")
	}
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		return refuse("payload.syntax", field, fmt.Sprintf("the payload is not one JSON object: %v at byte %d", syntax.Err, syntax.ByteOffset))
	}
	return refuse("payload.type", field, "this member has the wrong JSON type or form: "+cause(err))
}

func pointer(err error) string {
	var semantic *json.SemanticError
	var syntax *jsontext.SyntacticError
	p := ""
	switch {
	case errors.As(err, &semantic):
		p = string(semantic.JSONPointer)
	case errors.As(err, &syntax):
		p = string(syntax.JSONPointer)
	}
	return strings.ReplaceAll(strings.TrimPrefix(p, "/"), "/", ".")
}

func cause(err error) string {
	var semantic *json.SemanticError
	if errors.As(err, &semantic) && semantic.Err != nil {
		return semantic.Err.Error()
	}
	if semantic != nil {
		return "found a JSON " + semantic.JSONKind.String()
	}
	return err.Error()
}
