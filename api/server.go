package api

import (
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/labstack/echo/v4"

	"github.com/coalition-ledger/coalition-ledger/api/internal/gen"
	"github.com/coalition-ledger/coalition-ledger/api/web"
)

// Server answers HTTP requests for one ledger. Close it to end its streams.
type Server struct {
	cfg       Config
	limits    Limits
	log       *slog.Logger
	contract  contract
	validate  *validator.Validate
	metrics   *metrics
	history   *history
	perIP     *limiters
	perCaller *limiters
	perMinute *limiters // of subscriptions made
	streams   *streams
	index     web.Page
	report    web.ReportPage
	echo      *echo.Echo
}

// New checks the configuration and builds the routes of openapi.yaml.
func New(cfg Config) (*Server, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	c, err := loadContract()
	if err != nil {
		return nil, err
	}
	valid, err := newValidator()
	if err != nil {
		return nil, err
	}
	index, err := web.ParseIndex()
	if err != nil {
		return nil, err
	}
	report, err := web.ParseReport()
	if err != nil {
		return nil, err
	}
	l := cfg.Limits.withDefaults()
	s := &Server{
		cfg: cfg, limits: l, log: cfg.Log, contract: c, validate: valid, history: &history{}, index: index, report: report,
		perIP:     newLimiters(l.PerIP, l.Burst, l.Callers, cfg.Clock),
		perCaller: newLimiters(l.PerSubject, l.Burst, l.Callers, cfg.Clock),
		perMinute: newLimiters(l.NewPerMinute/60, int(max(l.NewPerMinute, 1)), l.Callers, cfg.Clock),
		streams:   newStreams(l.Streams),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.metrics = newMetrics(cfg.Ledger, cfg.Views, cfg.Clock)
	s.metrics.deliveries(cfg.Deliveries)
	s.echo = s.routes()
	return s, nil
}

func (s *Server) routes() *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = echo.ExtractIPDirect()
	e.HTTPErrorHandler, e.Binder = s.answerError, binder{}
	e.Use(s.observe, s.recoverPanic, s.secureHeaders, s.markStale, s.limitAddress, s.authorize, s.limitCaller, s.checkRequest)
	strict := gen.NewStrictHandler(handlers{s}, []gen.StrictMiddlewareFunc{s.checkTags})
	gen.RegisterHandlers(e, strict)
	return e
}

// Handler returns the server as a handler, without timeouts: for tests and for
// mounting elsewhere.
func (s *Server) Handler() http.Handler { return headAsGet(s.echo) }

// HTTP returns a server for an address, with the timeouts and limits that
// keep slow and large requests from starving others. Its Shutdown ends the
// streams first.
func (s *Server) HTTP(addr string) *http.Server {
	srv := &http.Server{
		Addr: addr, Handler: s.Handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	srv.RegisterOnShutdown(s.Close)
	return srv
}

// Close ends all streams; requests under way finish.
func (s *Server) Close() { s.streams.close() }

// Routes returns method and path of every route, as the router holds them.
func (s *Server) Routes() []string {
	var out []string
	for _, r := range s.echo.Routes() {
		out = append(out, r.Method+" "+r.Path)
	}
	return out
}

func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
