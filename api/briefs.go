package api

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"

	"github.com/coalition-ledger/coalition-ledger/api/internal/gen"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

const (
	briefFormat = "coalition-ledger/brief/v1"
	maxBrief    = 2000 // events in one brief
)

// Brief answers what was known of a subject, and when, with its proofs.
type Brief struct {
	Format      string              `json:"format"`
	Subject     string              `json:"subject"`
	AsOf        uint64              `json:"as_of"`
	RecordedAt  int64               `json:"recorded_at"` // of the event at AsOf, microseconds since 1970, UTC
	On          domain.Date         `json:"on"`
	Genesis     domain.Hash         `json:"genesis"`
	Origin      string              `json:"origin"`
	Size        uint64              `json:"size"` // of the journal then
	Root        domain.Hash         `json:"root"`
	Consistency []string            `json:"consistency"` // base64: Checkpoint's tree begins with Size leaves of Root
	Checkpoint  string              `json:"checkpoint"`
	Known       projections.Dossier `json:"known"`
	Events      []BriefEvent        `json:"events"`
	Later       []BriefLater        `json:"later"`
}

// BriefEvent is a recorded event with its proof.
type BriefEvent struct {
	Index      uint64 `json:"index"`
	RecordedAt int64  `json:"recorded_at"`        // microseconds since 1970, UTC
	Handling   string `json:"handling,omitempty"` // TLP 2.0 label of the public part
	Envelope   string `json:"envelope"`
	Receipt    string `json:"receipt"` // C2SP tlog-proof text, under the brief's checkpoint
}

// BriefLater is an event behind AsOf that speaks of events in the answer.
type BriefLater struct {
	BriefEvent
	About []uint64 `json:"about"`
	What  string   `json:"what"`
}

// GetKnowledge answers what was known of a subject, and when.
func (h handlers) GetKnowledge(ctx context.Context, in gen.GetKnowledgeRequestObject) (gen.GetKnowledgeResponseObject, error) {
	p := in.Params
	b := &Brief{Format: briefFormat, Subject: p.Subject, Events: []BriefEvent{}, Later: []BriefLater{}}
	k, index, err := h.knowledge(ctx, p, b)
	if err != nil {
		return nil, err
	}
	if n := len(k.Events) + len(k.Later); n > maxBrief {
		return nil, problem(http.StatusUnprocessableEntity, "brief.too_large",
			fmt.Sprintf("%d events stand behind this answer, a brief holds %d: replay an archive, which holds all", n, maxBrief))
	}
	if err := h.prove(ctx, b, k); err != nil {
		return nil, fmt.Errorf("brief on %s: %w", p.Subject, err)
	}
	return indexed(callOf(ctx), index, b)
}

// knowledge asks the views, and says what the answer is of.
func (s *Server) knowledge(ctx context.Context, p gen.GetKnowledgeParams, b *Brief) (k projections.Knowledge, index uint64, err error) {
	a := asked{asOf: &p.AsOf, on: p.On, minIndex: p.MinIndex}
	if err := s.await(ctx, s.needed(a)); err != nil {
		return k, 0, err
	}
	s.cfg.Views.Read(func(v *projections.Views) {
		var q projections.Query
		if q, b.AsOf, err = s.query(v, a); err != nil {
			return
		}
		at, _ := v.RecordedAt(b.AsOf)
		if p.On == nil {
			q.On = domain.DateOf(at)
		}
		var known bool
		if k, known = v.Knowledge(p.Subject, q); !known {
			err = problem(http.StatusNotFound, "subject.unknown", "nothing was recorded of such a subject by then: give the id of a designation or of a registered subject, an IMO number or a wallet, or a later as_of").at("subject")
		}
		b.RecordedAt, b.On, b.Genesis, index = at.UnixMicro(), q.On, v.Genesis(), v.Size()-1
	})
	return k, index, err
}

// prove adds the events and the proofs, all under the newest checkpoint.
func (s *Server) prove(ctx context.Context, b *Brief, k projections.Knowledge) error {
	text := s.cfg.Ledger.Checkpoint()
	head, err := translog.PeekCheckpoint(text)
	if err != nil {
		return err
	}
	b.Known, b.Origin, b.Checkpoint, b.Size = k.Known, head.Origin, string(text), b.AsOf+1
	w := &proven{log: s.cfg.Ledger, text: text, prover: translog.NewProver(head, func(p translog.TilePath) ([]byte, error) {
		return s.cfg.Ledger.Tile(p.Level, p.N, p.Width)
	})}
	if b.Root, err = w.prover.RootAt(b.Size); err != nil {
		return err
	}
	proof, err := w.prover.Consistency(b.Size)
	if err != nil {
		return err
	}
	b.Consistency = []string{}
	for _, h := range proof {
		b.Consistency = append(b.Consistency, base64.StdEncoding.EncodeToString(h[:]))
	}
	for _, i := range k.Events {
		e, err := w.event(ctx, i)
		if err != nil {
			return err
		}
		b.Events = append(b.Events, e)
	}
	return b.add(ctx, w, k.Later)
}

// add joins what one later event says of several.
func (b *Brief) add(ctx context.Context, w *proven, later []projections.Later) error {
	at := map[string]int{}
	for _, l := range later {
		key := l.What + " " + strconv.FormatUint(l.Index, 10)
		if n, ok := at[key]; ok {
			b.Later[n].About = append(b.Later[n].About, l.About)
			continue
		}
		e, err := w.event(ctx, l.Index)
		if err != nil {
			return err
		}
		at[key] = len(b.Later)
		b.Later = append(b.Later, BriefLater{BriefEvent: e, About: []uint64{l.About}, What: l.What})
	}
	return nil
}

// proven reads events with receipts under one checkpoint.
type proven struct {
	log    Ledger
	text   []byte
	prover *translog.Prover
}

func (w *proven) event(ctx context.Context, index uint64) (BriefEvent, error) {
	leaf, err := w.log.Leaf(ctx, index)
	if err != nil {
		return BriefEvent{}, err
	}
	fact, err := ledger.FactOf(leaf)
	if err != nil {
		return BriefEvent{}, err
	}
	proof, err := w.prover.Inclusion(index)
	if err != nil {
		return BriefEvent{}, err
	}
	return BriefEvent{
		Index: index, RecordedAt: leaf.RecordedAt, Handling: domain.HandlingOf(fact.Body), Envelope: string(leaf.Envelope),
		Receipt: string(translog.NewReceipt(index, proof, w.text, nil)),
	}, nil
}
