package scenarios

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/api"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// stage is a coalition with its ledger, views and server.
type stage struct {
	*testing.T
	c      *ledgertest.Coalition
	ledger *ledger.Ledger
	server *httptest.Server
	token  string
	keys   map[string]*seal.PrivateKey // further keys, "XA/key2"
	names  map[string]ledger.Receipt
	last   ledger.Receipt
}

// found starts everything and adopts the newest rules.
func (s *stage) found(members []string) {
	s.Helper()
	codes := make([]domain.Country, len(members))
	for i, m := range members {
		codes[i] = domain.Country(m)
	}
	s.c = ledgertest.Found(s, codes...)
	s.c.Time = time.Date(2024, 1, 1, 9, 0, 0, 0, time.UTC)
	s.ledger = s.c.Open(eventstore.Memory(), s.TempDir())
	s.c.Seat(s.ledger)
	runner := s.fold()
	key, err := seal.GenerateKey(domain.AlgEd25519)
	s.must(err)
	set, err := api.NewKeys(key.Public())
	s.must(err)
	server, err := api.New(api.Config{
		Ledger: s.ledger, Views: runner, Clock: time.Now, Limits: api.Limits{PerIP: -1, PerSubject: -1},
		Tokens: api.TokenPolicy{Issuer: "scenario", Audience: "scenario", Keys: set, MaxLifetime: time.Hour, Clock: time.Now},
	})
	s.must(err)
	s.server = httptest.NewServer(server.HTTP("").Handler)
	s.Cleanup(func() { s.server.Close(); server.Close() })
	now := time.Now()
	s.token, err = api.Mint(key, api.Claims{
		Issuer: "scenario", Subject: "auditor", Audience: api.Audience{"scenario"}, IssuedAt: now.Unix(), ExpiresAt: now.Add(time.Hour).Unix(), Role: api.RoleAuditor,
	})
	s.must(err)
}

func (s *stage) fold() *projections.Runner {
	runner, err := projections.New(projections.Config{Clock: time.Now})
	s.must(err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- runner.Run(ctx, s.ledger) }()
	s.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			s.Errorf("views: %v", err)
		}
	})
	return runner
}

func (s *stage) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// sign signs a payload as "XA", "XA/root" or with a key made before.
func (s *stage) sign(who, wireName, payload string) []byte {
	s.Helper()
	member, _, _ := strings.Cut(who, "/")
	c := domain.Country(member)
	switch key := s.keys[who]; {
	case who == member:
		return s.c.Sign(c, wireName, []byte(payload))
	case who == member+"/root":
		return s.c.SignRoot(c, wireName, []byte(payload))
	case key != nil:
		return s.c.SignWith(key, ledgertest.Desk(c), wireName, []byte(payload))
	}
	s.Fatalf("nobody signs as %s", who)
	return nil
}

// register gives a desk another key.
func (s *stage) register(name, member string) {
	s.Helper()
	key, err := seal.GenerateKey(domain.AlgEd25519)
	s.must(err)
	desk := ledgertest.Desk(domain.Country(member))
	body := domain.KeyRegistered{Agency: desk, Key: key.Public(), Proof: key.Possession(s.c.Ledger, desk)}
	s.c.Must(s.ledger, s.c.SignRoot(domain.Country(member), "key.registered", body))
	s.keys[member+"/"+name] = key
}

// get asks for a view that reflects everything posted so far.
func (s *stage) get(path string) any {
	s.Helper()
	joint := "?"
	if strings.Contains(path, "?") {
		joint = "&"
	}
	url := fmt.Sprintf("%s%s%smin_index=%d", s.server.URL, path, joint, s.ledger.Size()-1)
	r, err := http.NewRequestWithContext(s.Context(), http.MethodGet, url, nil)
	s.must(err)
	r.Header.Set("Authorization", "Bearer "+s.token)
	res, err := s.server.Client().Do(r)
	s.must(err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	s.must(err)
	if res.StatusCode != http.StatusOK {
		s.Fatalf("GET %s: %s %s", path, res.Status, text)
	}
	var v any
	s.must(json.Unmarshal(text, &v))
	return v
}
