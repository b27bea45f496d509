package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/coalition-ledger/coalition-ledger/api/internal/gen"
	"github.com/coalition-ledger/coalition-ledger/api/web"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

const reportFormat = "coalition-ledger/changes/v1"

// Changes is the report on what changed between two points. Its Self repeats
// it for ever, as long as the views keep their versions.
type Changes struct {
	Format  string      `json:"format"`
	Self    string      `json:"self"`
	Until   *web.Until  `json:"until,omitempty"` // it was asked to end at a time that lies ahead: by Self it ends where it does now
	Genesis domain.Hash `json:"genesis"`
	Origin  string      `json:"origin"`
	projections.Report
}

// GetChanges answers with what changed between two points, in JSON, or as a
// page to print.
func (h handlers) GetChanges(ctx context.Context, in gen.GetChangesRequestObject) (gen.GetChangesResponseObject, error) {
	p := in.Params
	if err := h.await(ctx, h.needed(asked{asOf: p.To})); err != nil {
		return nil, err
	}
	out, to, err := h.changes(p)
	if err != nil {
		return nil, err
	}
	if err := h.pin(&out); err != nil {
		return nil, err
	}
	call := callOf(ctx)
	form, err := call.accepted(typeJSON, typeHTML)
	if err != nil {
		return nil, err
	}
	answer, err := indexed(call, to, out)
	if err == nil && form == typeHTML {
		answer, err = h.reportPage(call, to, out)
	}
	if err != nil {
		return nil, err
	}
	return reply(func(w http.ResponseWriter) error {
		w.Header().Set("Vary", "Accept, Authorization")
		return answer(w)
	}), nil
}

// changes resolves the two points and asks the views.
func (s *Server) changes(p gen.GetChangesParams) (out Changes, to uint64, err error) {
	s.cfg.Views.Read(func(v *projections.Views) {
		var from uint64
		if to, err = reportEnd(v, p.To); err != nil {
			return
		}
		if from, err = reportStart(v, p.From); err != nil {
			return
		}
		if s.ahead(p.From, 0) {
			err = problem(http.StatusBadRequest, "report.future", fmt.Sprintf("%q lies ahead, and nothing of it is recorded: give an earlier point as from", printable(p.From))).at("from")
			return
		}
		if from > to+1 {
			err = problem(http.StatusBadRequest, "report.backwards", "the report ends before it begins: give the earlier point as from").at("to")
			return
		}
		out = Changes{Format: reportFormat, Genesis: v.Genesis(), Report: v.Changes(from, to)}
		start := p.From // before genesis, where no event has an index
		if from > 0 {
			start = strconv.FormatUint(from-1, 10)
		}
		if p.To != nil && s.ahead(*p.To, 24*time.Hour) {
			out.Until = &web.Until{Asked: *p.To, Reached: out.To.RecordedAt}
		}
		out.Self = "/v1/reports/changes?from=" + start + "&to=" + strconv.FormatUint(to, 10)
	})
	return out, to, err
}

// ahead reports whether a point, or the end of a day, lies ahead of now.
func (s *Server) ahead(point string, after time.Duration) bool {
	at, isTime := pointOf(point, after)
	return isTime && at.After(s.cfg.Clock())
}

// reportStart returns how many events lie before a report: those up to an
// index or time, or those recorded before a day began.
func reportStart(v *projections.Views, from string) (uint64, error) {
	at, isTime := pointOf(from, 0)
	if !isTime {
		index, err := asOfIndex(from, v.Size(), v.IndexAt)
		if err != nil {
			return 0, misplaced(err, "from")
		}
		return index + 1, nil
	}
	index, ok := v.IndexAt(at)
	if !ok {
		return 0, nil
	}
	return index + 1, nil
}

// reportEnd returns the index of the last event of a report.
func reportEnd(v *projections.Views, to *string) (uint64, error) {
	if v.Size() == 0 {
		return 0, problem(http.StatusServiceUnavailable, "views.behind", "the views are empty yet: ask again").after(1)
	}
	if to == nil {
		return v.Size() - 1, nil
	}
	at, isTime := pointOf(*to, 24*time.Hour)
	if !isTime {
		index, err := asOfIndex(*to, v.Size(), v.IndexAt)
		return index, misplaced(err, "to")
	}
	index, ok := v.IndexAt(at)
	if !ok {
		return 0, problem(http.StatusBadRequest, "as_of.before_genesis", "the ledger did not exist then: ask for a time after its genesis").at("to")
	}
	return index, nil
}

// misplaced names the parameter that an error is about.
func misplaced(err error, parameter string) error {
	var p *Problem
	if errors.As(err, &p) {
		return p.at(parameter)
	}
	return err
}

// pointOf reads a time, or the last moment before a day and some time after it
// began; false for an index.
func pointOf(text string, after time.Duration) (time.Time, bool) {
	if len(text) == 10 && domain.Date(text).Valid() {
		return domain.Date(text).Time().Add(after - time.Microsecond), true
	}
	t, err := time.Parse(time.RFC3339, text)
	return t, err == nil
}

// pin names the journal that a report is of, at both points.
func (s *Server) pin(out *Changes) error {
	head, err := translog.PeekCheckpoint(s.cfg.Ledger.Checkpoint())
	if err != nil {
		return err
	}
	out.Origin = head.Origin
	prover := translog.NewProver(head, func(p translog.TilePath) ([]byte, error) { return s.cfg.Ledger.Tile(p.Level, p.N, p.Width) })
	for _, point := range []*projections.ReportPoint{&out.From, &out.To} {
		if point.Size == 0 {
			continue
		}
		if point.Root, err = prover.RootAt(point.Size); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) reportPage(in *call, index uint64, c Changes) (reply, error) {
	page := web.Report{Notice: s.cfg.Notice, Self: c.Self, Until: c.Until, Genesis: c.Genesis, Origin: c.Origin, Report: c.Report}
	s.cfg.Ledger.View(func(st *domain.State) { page.Coalition = st.Name() })
	var text bytes.Buffer
	if err := s.report.Write(&text, page); err != nil {
		return nil, err
	}
	return tagged(in, index, typeHTML+"; charset=utf-8", text.Bytes()), nil
}
