// Package progress shows how far long work has come, on a terminal.
package progress

import (
	"io"
	"os"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"
)

// Bar is a bar on a terminal. Nil, as it is elsewhere, it does nothing.
type Bar struct {
	all *mpb.Progress
	bar *mpb.Bar
}

// New begins a bar if w is a terminal; total 0 counts without an end.
func New(w io.Writer, name string, total uint64) *Bar {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	all := mpb.New(mpb.WithOutput(f), mpb.WithWidth(40))
	bar := all.AddBar(int64(total), mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name(name+" ")),
		mpb.AppendDecorators(decor.CountersNoUnit("%d / %d"), decor.EwmaETA(decor.ET_STYLE_GO, 60)))
	return &Bar{all: all, bar: bar}
}

// Add counts n more.
func (b *Bar) Add(n int) {
	if b != nil {
		b.bar.IncrBy(n)
	}
}

// Set sets the count.
func (b *Bar) Set(n uint64) {
	if b != nil {
		b.bar.SetCurrent(int64(n))
	}
}

// End removes the bar, whether or not all was counted.
func (b *Bar) End() {
	if b != nil {
		b.bar.Abort(true)
		b.all.Wait()
	}
}
