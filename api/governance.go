package api

import (
	"context"
	"net/http"
	"time"

	"github.com/coalition-ledger/coalition-ledger/api/internal/gen"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// stateView answers from the state machine's state, now or as of an index.
func (s *Server) stateView(ctx context.Context, a asked, f func(*domain.State) (any, error)) (reply, error) {
	if a.minIndex != nil {
		if err := s.await(ctx, *a.minIndex); err != nil {
			return nil, err
		}
	}
	var answer any
	var index uint64
	var err error
	take := func(st *domain.State) {
		index = st.Next() - 1
		answer, err = f(st)
	}
	if a.asOf == nil {
		s.cfg.Ledger.View(take)
	} else {
		at, aerr := s.stateIndex(ctx, a)
		if aerr != nil {
			return nil, aerr
		}
		if herr := s.history.at(ctx, s.cfg.Ledger, at, take); herr != nil {
			return nil, herr
		}
	}
	if err != nil {
		return nil, err
	}
	return indexed(callOf(ctx), index, answer)
}

func (s *Server) stateIndex(ctx context.Context, a asked) (uint64, error) {
	if err := s.await(ctx, s.needed(a)); err != nil {
		return 0, err
	}
	var index uint64
	var err error
	s.cfg.Views.Read(func(v *projections.Views) { index, err = asOfIndex(*a.asOf, v.Size(), v.IndexAt) })
	return index, err
}

// Coalition is the ledger's name and its members.
type Coalition struct {
	Name    string      `json:"name"`
	Origin  string      `json:"origin"`  // of the log, as in checkpoints
	Genesis domain.Hash `json:"genesis"` // SHA-256 of the genesis envelope: led of every other
	LogKey  string      `json:"log_key"` // verifier key, note format
	Rules   int         `json:"rules"`   // version in force
	Open    bool        `json:"open"`    // a quorum of founders has accepted
	Members []Member    `json:"members"`
}

// Member is a state of the coalition with its agencies.
type Member struct {
	Code      domain.Country `json:"code"`
	Name      string         `json:"name"`
	Votes     int            `json:"votes"`
	RootKey   string         `json:"root_key"`
	Since     uint64         `json:"since"` // index
	Accepted  bool           `json:"accepted"`
	Suspended bool           `json:"suspended"`
	Withdrew  bool           `json:"withdrew"`
	Agencies  []Agency       `json:"agencies"`
}

// Agency speaks for its member.
type Agency struct {
	ID           domain.AgencyID `json:"id"`
	Name         string          `json:"name"`
	RegisteredAt uint64          `json:"registered_at"`          // index
	SuspendedAt  *uint64         `json:"suspended_at,omitempty"` // index
}

// ListMembers answers with the coalition as it stands.
func (h handlers) ListMembers(ctx context.Context, in gen.ListMembersRequestObject) (gen.ListMembersResponseObject, error) {
	return h.stateView(ctx, asked{asOf: in.Params.AsOf, minIndex: in.Params.MinIndex}, func(s *domain.State) (any, error) {
		c := Coalition{
			Name: s.Name(), Origin: s.Origin(), Genesis: s.Genesis(), LogKey: s.LogKey(), Rules: s.Rules(), Open: s.Open(),
		}
		for _, m := range s.Members() {
			c.Members = append(c.Members, Member{
				Code: m.Code, Name: m.Name, Votes: m.Votes, RootKey: m.RootKey, Since: m.Since,
				Accepted: m.Accepted, Suspended: m.Suspended, Withdrew: m.Withdrew, Agencies: agencies(s, m.Code),
			})
		}
		return c, nil
	})
}

func agencies(s *domain.State, member domain.Country) []Agency {
	var out []Agency
	for _, a := range s.Agencies(member) {
		out = append(out, Agency{ID: a.ID, Name: a.Name, RegisteredAt: a.RegisteredAt, SuspendedAt: set(a.SuspendedAt)})
	}
	return out
}

// set turns the index 0, which here means never, into nil.
func set(index uint64) *uint64 {
	if index == 0 {
		return nil
	}
	return &index
}

// Keys of a member, as the API lists them.
type memberKeys struct {
	Member domain.Country `json:"member"`
	Keys   []Key          `json:"keys"`
}

// Key is a registered key. It is valid from RegisteredAt until before
// RevokedAt, by index.
type Key struct {
	KeyID            string           `json:"key_id"`
	Agency           domain.AgencyID  `json:"agency"`
	Alg              string           `json:"alg"`
	Key              domain.PublicKey `json:"key"`
	Purpose          string           `json:"purpose"`
	RegisteredAt     uint64           `json:"registered_at"`
	RevokedAt        *uint64          `json:"revoked_at,omitempty"`
	CompromisedSince domain.Date      `json:"compromised_since,omitempty"`
	Contested        *Contested       `json:"contested,omitempty"` // when CompromisedSince is set
}

// Contested parts what a key signed by when it was recorded: before the day
// that it is said to be compromised from, and since.
type Contested struct {
	ClearedBefore uint64    `json:"cleared_before"`       // events of the key below this index were recorded before that day
	From          *uint64   `json:"from,omitempty"`       // from this index on they are contested; none when the key had ended by then
	RecordedAt    time.Time `json:"recorded_at,omitzero"` // of the event at ClearedBefore, by whatever key: the first of that day or later
	Until         uint64    `json:"until"`                // the key's end
}

// ListKeys answers with the keys of a member's agencies, oldest first.
func (h handlers) ListKeys(ctx context.Context, in gen.ListKeysRequestObject) (gen.ListKeysResponseObject, error) {
	return h.stateView(ctx, asked{asOf: in.Params.AsOf, minIndex: in.Params.MinIndex}, func(s *domain.State) (any, error) {
		out := memberKeys{Member: domain.Country(in.Cc)}
		for _, k := range s.Keys(out.Member) {
			out.Keys = append(out.Keys, Key{
				KeyID: k.KeyID, Agency: k.Agency, Alg: k.Alg, Key: k.Key, Purpose: k.Purpose,
				RegisteredAt: k.RegisteredAt, RevokedAt: set(k.RevokedAt), CompromisedSince: k.CompromisedSince, Contested: h.contested(k),
			})
		}
		if out.Keys == nil {
			return nil, problem(http.StatusNotFound, "member.unknown", "this state is no member of the coalition: see /v1/members")
		}
		return out, nil
	})
}

// contested finds the index at which the day begins that a key is said to be
// compromised from.
func (s *Server) contested(k domain.KeyRecord) *Contested {
	if k.CompromisedSince == "" {
		return nil
	}
	out := &Contested{Until: k.RevokedAt}
	s.cfg.Views.Read(func(v *projections.Views) {
		if last, ok := v.IndexAt(k.CompromisedSince.Time().Add(-time.Microsecond)); ok {
			out.ClearedBefore = last + 1
		}
		at, ok := v.RecordedAt(out.ClearedBefore)
		if ok && out.ClearedBefore <= k.RevokedAt {
			from := max(out.ClearedBefore, k.RegisteredAt+1)
			out.From, out.RecordedAt = &from, at
		}
	})
	return out
}

type regimes struct {
	Regimes []domain.Regime `json:"regimes"`
}

// ListRegimes answers with the regimes and their custodians.
func (h handlers) ListRegimes(ctx context.Context, in gen.ListRegimesRequestObject) (gen.ListRegimesResponseObject, error) {
	return h.stateView(ctx, asked{asOf: in.Params.AsOf, minIndex: in.Params.MinIndex}, func(s *domain.State) (any, error) {
		return regimes{Regimes: s.Regimes()}, nil
	})
}
