package api

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/coalition-ledger/coalition-ledger/api/notify"
	"github.com/coalition-ledger/coalition-ledger/ledger"
)

// metrics is what operators watch. Labels are bounded: operation ids, statuses
// and outcomes, never anything a caller chose.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	latency  *prometheus.HistogramVec
	submits  *prometheus.HistogramVec
}

func newMetrics(l Ledger, v Views, clock func() time.Time) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ledger_http_requests_total", Help: "Requests answered, by operation and status.",
		}, []string{"operation", "status"}),
		latency: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "ledger_http_request_seconds", Help: "Time to answer, streams included.", Buckets: prometheus.ExponentialBuckets(0.0005, 3, 11),
		}, []string{"operation"}),
		submits: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "ledger_submit_seconds", Help: "Time from an envelope to its receipt or refusal.", Buckets: prometheus.ExponentialBuckets(0.0005, 2, 14),
		}, []string{"outcome"}),
	}
	size := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "ledger_journal_events", Help: "Events in the journal."},
		func() float64 { return float64(l.Size()) })
	index := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "ledger_view_events", Help: "Events that the views have folded."},
		func() float64 { return float64(v.Index()) })
	ready := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "ledger_ready", Help: "1 while writes are taken."},
		func() float64 { return truth(l.Ready() == nil) })
	contact := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "ledger_store_contact_seconds", Help: "Time since the event store last answered."},
		func() float64 { return silence(clock(), l.Contact()).Seconds() })
	leading := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "ledger_leading", Help: "1 while this replica orders the events."},
		func() float64 { return truth(l.Leading()) })
	disagree := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "ledger_witnesses_disagreeing", Help: "Witnesses that hold the log's signature on another history."},
		func() float64 { return disagreeing(l.Witnesses()) })
	effective := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "ledger_effective_events", Help: "Events that the policy's witnesses cosigned."},
		func() float64 { return float64(l.EffectiveSize()) })
	m.registry.MustRegister(m.requests, m.latency, m.submits, size, index, ready, contact, leading, effective, disagree, witnessCollector{l},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// deliveries adds what webhooks do, where there are any.
func (m *metrics) deliveries(stats func() notify.Stats) {
	if stats == nil {
		return
	}
	m.registry.MustRegister(
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "ledger_webhook_deliveries_total", Help: "Notices that receivers took."},
			func() float64 { return float64(stats().Delivered) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "ledger_webhook_failures_total", Help: "Deliveries that failed; they are tried again."},
			func() float64 { return float64(stats().Failures) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "ledger_webhook_active", Help: "Subscriptions with a webhook that are not parked, where this replica delivers."},
			func() float64 { return float64(stats().Active) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "ledger_webhook_behind_events", Help: "Events that the last of the active webhooks has not been told of, nor passed over."},
			func() float64 { return float64(stats().Behind) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "ledger_webhook_oldest_seconds", Help: "Time since the first of these was recorded; 0 while there is none."},
			func() float64 { return stats().Oldest.Seconds() }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "ledger_webhook_parked", Help: "Subscriptions that wait to be resumed, where this replica delivers."},
			func() float64 { return float64(stats().Parked) }),
	)
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func (m *metrics) observe(operation string, status int, took time.Duration) {
	m.requests.WithLabelValues(operation, strconv.Itoa(status)).Inc()
	m.latency.WithLabelValues(operation).Observe(took.Seconds())
}

func (m *metrics) submitted(r ledger.Receipt, err error, took time.Duration) {
	outcome := "recorded"
	var refused *ledger.Refused
	switch {
	case errors.As(err, &refused):
		outcome = "refused"
	case err != nil:
		outcome = "failed"
	case r.Replayed:
		outcome = "replayed"
	}
	m.submits.WithLabelValues(outcome).Observe(took.Seconds())
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{DisableCompression: true})
}
