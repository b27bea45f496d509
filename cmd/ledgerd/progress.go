package main

import (
	"os"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"
)

// progress is a bar on a terminal's standard error; nil, as it is elsewhere, it
// does nothing.
type progress struct {
	all *mpb.Progress
	bar *mpb.Bar
}

func (e *env) progress(name string, total uint64) *progress {
	f, ok := e.err.(*os.File)
	if !ok || total == 0 || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	all := mpb.New(mpb.WithOutput(f), mpb.WithWidth(40))
	bar := all.AddBar(int64(total), mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name(name+" ")),
		mpb.AppendDecorators(decor.CountersNoUnit("%d / %d"), decor.EwmaETA(decor.ET_STYLE_GO, 60)))
	return &progress{all: all, bar: bar}
}

func (p *progress) add(n int) {
	if p != nil {
		p.bar.IncrBy(n)
	}
}

// end removes the bar, whether or not all was counted.
func (p *progress) end() {
	if p != nil {
		p.bar.Abort(true)
		p.all.Wait()
	}
}
