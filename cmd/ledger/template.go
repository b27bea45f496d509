package main

import (
	"fmt"
	"io"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

type templateCmd struct {
	Type string `arg:"" optional:"" help:"Event type, as enforcement.action_taken."`
	List bool   `help:"List the event types."`
}

// Run prints a payload, or the types.
func (c *templateCmd) Run(a *app) error {
	if c.List || c.Type == "" {
		types := domain.Types()
		return a.answer(types, func(w io.Writer) {
			for _, t := range types {
				fmt.Fprintln(w, t)
			}
		})
	}
	text, ok := domain.Example(c.Type)
	if !ok {
		return unknownType(c.Type)
	}
	if _, err := fmt.Fprintf(a.out, "%s\n", text); err != nil {
		return err
	}
	return c.explain(a, text)
}

// explain names, beside the template, all that is to be replaced in it.
func (c *templateCmd) explain(a *app, text []byte) error {
	n, err := parseNode(text)
	if err != nil {
		return err
	}
	list := placeholders(n, "", "")
	if len(list) > 0 {
		a.note("names in it are invented; before it is posted, replace")
	}
	for _, p := range list {
		a.note("  %s", p)
	}
	return nil
}
