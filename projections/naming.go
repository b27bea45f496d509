package projections

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// tell says what a body names, by kind of facet, and returns the indexes of
// the events that it refers to. One that cannot be written says nothing: views
// are total. Both what subscriptions match and what a dossier finds stand on it.
func tell(body domain.Body, say func(kind, value string)) []uint64 {
	var members any
	text, err := json.Marshal(body)
	if err != nil || json.Unmarshal(text, &members) != nil {
		return nil
	}
	return walk("", members, say)
}

// subjectsOf lists the subjects that a body tells of and the events that it refers
// to. What lists are made of comes by the thousand and is not written out for it.
func subjectsOf(body domain.Body) (names []string, refs []uint64) {
	switch b := body.(type) {
	case domain.DesignationAdopted:
		names = append([]string{b.Designation}, numbers(&b.Subject)...)
		if facetOf("basis", b.Basis) != "" {
			names = append(names, b.Basis)
		}
	case domain.DesignationTransposed:
		names = []string{b.Designation}
		if b.Entry != nil {
			names = append(names, numbers(b.Entry)...)
		}
	default:
		refs = tell(body, func(kind, value string) {
			if kind == FacetSubject && value != "" {
				names = append(names, value)
			}
		})
	}
	return names, refs
}

// walk says what members of a body name. The names of members mean the same in
// all types.
func walk(name string, value any, say func(kind, value string)) (refs []uint64) {
	switch v := value.(type) {
	case map[string]any:
		if i, ok := v["index"].(float64); ok && v["leaf"] != nil {
			return []uint64{uint64(i)}
		}
		sayObject(name, v, say)
		for _, key := range sortedKeys(v) {
			if key == "source_ref" {
				continue // the poster's own number is no subject's
			}
			refs = append(refs, walk(key, v[key], say)...)
		}
	case []any:
		for _, item := range v {
			refs = append(refs, walk(name, item, say)...)
		}
	case string:
		if kind := facetOf(name, v); kind != "" {
			say(kind, v)
		}
	}
	return refs
}

func sortedKeys(m map[string]any) []string {
	out := make([]string, 0, len(m))
	for key := range m {
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}

// sayObject says what several members name together.
func sayObject(name string, v map[string]any, say func(kind, value string)) {
	text := func(key string) string { s, _ := v[key].(string); return s }
	switch {
	case text("scheme") == "imo", text("scheme") == "wallet":
		say(FacetSubject, text("value"))
	case text("chain") != "" && text("address") != "":
		say(FacetSubject, text("address"))
	case name == "flags":
		say(FacetFlag, text("code"))
	case name == "port", name == "place":
		say(FacetPort, text("city"))
		say(FacetPort, text("text"))
	}
}

// facetOf says what a text under a name is, "" for what cannot be watched.
func facetOf(name, value string) string {
	switch name {
	case "designation", "designations", "subject", "actor_id", "imo", "a", "b":
		return FacetSubject
	case "id", "basis": // of a registered subject; a designation, where it is no word for how sure a link is
		if strings.Contains(value, ":") {
			return FacetSubject
		}
	case "flag", "flag_claimed":
		return FacetFlag
	case "port":
		return FacetPort
	case "measure", "measures":
		return FacetMeasure
	case "case":
		return FacetCase
	case "regime", "regimes":
		return FacetRegime
	}
	return ""
}
