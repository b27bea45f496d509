package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/coalition-ledger/coalition-ledger/api/internal/gen"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
)

// maxWait is the longest that Prefer: wait is followed.
const maxWait = 30 * time.Second

// waitOf reads wait=N out of a Prefer header (RFC 7240), 0 where there is none.
// What it does not know it ignores, as the RFC asks.
func waitOf(prefer *string) (time.Duration, error) {
	if prefer == nil {
		return 0, nil
	}
	for preference := range strings.SplitSeq(*prefer, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(preference), "=")
		if !strings.EqualFold(strings.TrimSpace(name), "wait") {
			continue
		}
		n, err := strconv.ParseUint(strings.Trim(strings.TrimSpace(value), `"`), 10, 16)
		if err != nil {
			return 0, problem(http.StatusBadRequest, "request.prefer", "Prefer: wait takes whole seconds, as wait=10").at("Prefer")
		}
		return min(time.Duration(n)*time.Second, maxWait), nil
	}
	return 0, nil
}

// best returns the effective receipt of a recorded event if there is one, or
// will be within the wait, and r otherwise: late when it was waited for.
func (s *Server) best(ctx context.Context, r ledger.Receipt, wait time.Duration) (receipt Receipt, late bool, err error) {
	if wait == 0 && r.Index >= s.cfg.Ledger.EffectiveSize() {
		return receiptOf(r, false), false, nil
	}
	limited := ctx
	if wait > 0 {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, wait)
		defer cancel()
	}
	effective, err := s.cfg.Ledger.Effective(limited, r.Index)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return receiptOf(r, false), true, nil
	}
	return receiptOf(effective, true), false, err
}

// witnesses is how the witnesses answered.
type witnesses struct {
	EffectiveSize uint64          `json:"effective_size"`
	Witnesses     []witnessReport `json:"witnesses"`
}

type witnessReport struct {
	Witness    string `json:"witness"`
	Outcome    string `json:"outcome"`
	Size       uint64 `json:"size,omitzero"`
	CosignedAt int64  `json:"cosigned_at,omitzero"` // seconds since 1970
	Restored   bool   `json:"restored,omitzero"`
	Cause      string `json:"cause,omitzero"`
}

// GetWitnesses answers with what the witnesses said in the newest round.
func (h handlers) GetWitnesses(context.Context, gen.GetWitnessesRequestObject) (gen.GetWitnessesResponseObject, error) {
	out := witnesses{EffectiveSize: h.cfg.Ledger.EffectiveSize(), Witnesses: []witnessReport{}}
	for _, r := range h.cfg.Ledger.Witnesses() {
		report := witnessReport{Witness: r.Witness, Outcome: string(r.Outcome), Size: r.Size, CosignedAt: r.Time, Restored: r.Restored}
		if r.Err != nil {
			report.Cause = r.Err.Error()
		}
		out.Witnesses = append(out.Witnesses, report)
	}
	return document(http.StatusOK, out)
}

// disagreeing counts the witnesses that are an alarm.
func disagreeing(reports []witness.Report) (n float64) {
	for _, r := range reports {
		if r.Outcome == witness.OutcomeDisagrees {
			n++
		}
	}
	return n
}

// witnessCollector exports how each witness answered.
type witnessCollector struct{ ledger Ledger }

var witnessDesc = prometheus.NewDesc("ledger_witness", "1 for the way in which a witness answered the newest checkpoint.", []string{"witness", "outcome"}, nil)

// Describe sends the one description.
func (witnessCollector) Describe(ch chan<- *prometheus.Desc) { ch <- witnessDesc }

// Collect sends a sample for each witness.
func (c witnessCollector) Collect(ch chan<- prometheus.Metric) {
	for _, r := range c.ledger.Witnesses() {
		ch <- prometheus.MustNewConstMetric(witnessDesc, prometheus.GaugeValue, 1, r.Witness, string(r.Outcome))
	}
}
