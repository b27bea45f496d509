package main

import (
	"embed"
	"fmt"
	"io"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// templates are one plausible payload of each type, in fictional names.
//
//go:embed templates/*.json
var templates embed.FS

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
	text, err := templates.ReadFile("templates/" + c.Type + ".json")
	if err != nil {
		return usage("no event type %q: ledger template --list shows them all", c.Type)
	}
	_, err = a.out.Write(text)
	return err
}
