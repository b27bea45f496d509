package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// check holds all rows to the rules, and asks the ledger whether it knows the
// designations and regimes that they name. It fills in events and ids.
func (c *postCmd) check(ctx context.Context, a *app, who *signer, rows []row) ([]badRow, error) {
	h, err := who.header(c.Type, "")
	if err != nil {
		return nil, err
	}
	k := &checker{cmd: c, known: make(map[string]bool), seen: make(map[string]int)}
	for i := range rows {
		r := &rows[i]
		event, refusal := domain.Decode(h, r.payload)
		if refusal == nil {
			refusal = domain.CheckShape(event, a.now())
		}
		if refusal != nil {
			k.bad = append(k.bad, r.bad(c.File, refusal))
			continue
		}
		r.event = event
		r.identify(who, c.Type)
		if first, ok := k.seen[r.id]; ok {
			k.bad = append(k.bad, r.bad(c.File, &domain.Refusal{
				Rule: "row.duplicate", Field: "source_ref", Message: fmt.Sprintf("row %d has the same reference, or the same content without one: give each record a reference of its own", first),
			}))
		}
		k.seen[r.id] = r.number
		if err := k.references(ctx, a, r); err != nil {
			return nil, err
		}
	}
	return k.bad, nil
}

// checker gathers what is wrong with a file.
type checker struct {
	cmd    *postCmd
	remote *remote
	known  map[string]bool // path of a view to whether the ledger has it
	seen   map[string]int  // event id to row
	bad    []badRow
}

// reference is a designation or regime that a payload names.
type reference struct{ field, path, what string }

func references(body domain.Body) []reference {
	var out []reference
	designation := func(field, id string) {
		if id != "" {
			out = append(out, reference{field, "/v1/designations/" + url.PathEscape(id), "designation " + id})
		}
	}
	linked := func(field, id string) {
		if !strings.HasPrefix(id, "subject:") { // the ledger itself knows those
			designation(field, id)
		}
	}
	all := func(ids []string) {
		for i, id := range ids {
			designation(fmt.Sprintf("designations[%d]", i), id)
		}
	}
	switch b := body.(type) {
	case domain.EnforcementActionTaken:
		all(b.Designations)
	case domain.AssetFrozen:
		all(b.Designations)
	case domain.InterdictionExecuted:
		all(b.Designations)
	case interface{ About() domain.Matter }: // acts and reports since the third version of the rules
		all(b.About().Designations)
	case domain.DesignationTransposed:
		designation("designation", b.Designation)
	case domain.DesignationAmended:
		designation("designation", b.Designation)
	case domain.DesignationRemoved:
		designation("designation", b.Designation)
	case domain.DesignationSuspended:
		designation("designation", b.Designation)
	case domain.DesignationReinstated:
		designation("designation", b.Designation)
	case domain.ListGapObserved:
		designation("designation", b.Designation)
	case domain.SubjectLinked:
		linked("a", b.A)
		linked("b", b.B)
	}
	return out
}

// references refuses a row that names what the ledger does not know.
func (k *checker) references(ctx context.Context, a *app, r *row) error {
	for _, ref := range references(r.event.Body) {
		known, err := k.knows(ctx, a, ref.path)
		if err != nil {
			return err
		}
		if !known {
			k.bad = append(k.bad, r.bad(k.cmd.File, &domain.Refusal{
				Rule: "designation.unknown", Field: ref.field, Message: fmt.Sprintf("the ledger has no %s: check the reference, or record the designation first", ref.what),
			}))
			return nil
		}
	}
	return nil
}

func (k *checker) knows(ctx context.Context, a *app, path string) (bool, error) {
	if known, ok := k.known[path]; ok {
		return known, nil
	}
	if k.remote == nil {
		r, err := a.connect()
		if err != nil {
			return false, err
		}
		k.remote = r
	}
	_, err := k.remote.read(ctx, path)
	var no *refused
	if errors.As(err, &no) && no.Status == http.StatusNotFound {
		k.known[path] = false
		return false, nil
	}
	k.known[path] = true
	return true, err
}
