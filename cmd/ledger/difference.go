package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// difference is a published list against what the ledger holds.
type difference struct {
	New       []domain.DesignationAdopted
	Amended   []domain.DesignationAmended
	Unchanged int
	Gone      []string // held, not removed, and no longer in the list: a gap, never a delisting
	Relisted  []string // in the list, and removed in the ledger
}

// against compares the entries of a list with what is held. part says which
// held designations the list would name.
func (h *held) against(list []domain.DesignationAdopted, part func(domain.DesignationAdopted) bool) (difference, error) {
	var d difference
	listed := make(map[string]bool, len(list))
	for _, b := range list {
		listed[b.Designation] = true
		old, ok := h.designations[b.Designation]
		switch {
		case !ok:
			d.New = append(d.New, b)
		case old.removed:
			d.Relisted = append(d.Relisted, b.Designation)
		default:
			changes, err := changed(old.Subject, b.Subject)
			if err != nil {
				return d, err
			}
			if len(changes) == 0 {
				d.Unchanged++
				continue
			}
			d.Amended = append(d.Amended, amendment(b, changes))
		}
	}
	for id, old := range h.designations {
		if !listed[id] && !old.removed && part(old.DesignationAdopted) {
			d.Gone = append(d.Gone, id)
		}
	}
	slices.Sort(d.Gone)
	return d, nil
}

// amendment words the new reading of an entry.
func amendment(b domain.DesignationAdopted, changes []domain.Change) domain.DesignationAmended {
	a := domain.DesignationAmended{Common: b.Common, Designation: b.Designation, Subject: &b.Subject, Changes: changes}
	for _, day := range b.AmendedOn {
		a.AmendedOn = max(a.AmendedOn, day)
	}
	for _, c := range changes {
		name := strings.FieldsFunc(c.Path, func(r rune) bool { return r == '.' || r == '[' })[0]
		if slices.Contains([]string{"names", "identifiers", "birth_dates", "kind", "nationalities"}, name) {
			a.Substantive = true
		}
	}
	return a
}

const (
	maxChanges = 60
	maxChange  = 300 // characters of a value; the subject itself is whole
)

// changed lists the values in which two subjects differ, by their paths.
func changed(a, b domain.Subject) ([]domain.Change, error) {
	was, err := values(a)
	if err != nil {
		return nil, err
	}
	is, err := values(b)
	if err != nil {
		return nil, err
	}
	paths := maps.Clone(was)
	maps.Copy(paths, is)
	var out []domain.Change
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		if was[path] != is[path] && len(out) < maxChanges {
			out = append(out, domain.Change{Path: path, Old: short(was[path]), New: short(is[path])})
		}
	}
	return out, nil
}

func short(s string) string {
	if r := []rune(s); len(r) > maxChange {
		return string(r[:maxChange]) + "…"
	}
	return s
}

// values returns each plain value of a subject under its path, as names[0].text.
func values(s domain.Subject) (map[string]string, error) {
	text, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	out := make(map[string]string)
	return out, flatten(out, "", text)
}

func flatten(out map[string]string, path string, v jsontext.Value) error {
	n, err := parseNode(v)
	if err != nil {
		return err
	}
	n.flatten(out, path)
	return nil
}

func (n node) flatten(out map[string]string, path string) {
	if !n.object() && !n.list {
		out[path] = n.text
		return
	}
	for i, k := range n.kids {
		if n.list {
			k.flatten(out, fmt.Sprintf("%s[%d]", path, i))
			continue
		}
		k.flatten(out, strings.TrimPrefix(path+"."+n.names[i], "."))
	}
}

// signBody encodes and signs a body under an id that follows from its content,
// so that a second run of the same import makes the same event.
func (s *signer) signBody(kind, about string, body domain.Body) (*seal.Envelope, error) {
	payload, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(payload)
	e, err := s.sign(kind, eventID(s.ledger, s.issuer, kind, about, hex.EncodeToString(sum[:])), payload)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", about, err)
	}
	return e, nil
}
