package main

import "github.com/coalition-ledger/coalition-ledger/cmd/internal/progress"

// progress begins a bar unless the output is for a program; total 0 counts
// without an end.
func (a *app) progress(name string, total int) *progress.Bar {
	if a.JSON {
		return nil
	}
	return progress.New(a.err, name, uint64(total))
}
