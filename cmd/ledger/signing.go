package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// signing says who signs, and for how long an envelope may wait to be recorded.
type signing struct {
	keyed
	Issuer domain.AgencyID `env:"LEDGER_ISSUER" placeholder:"CC/NAME" help:"Agency that speaks, as XA/mof; XA/root stands for the member itself."`
	Valid  time.Duration   `default:"24h" help:"After this time the envelope is refused."`
}

// signer signs events of one issuer for one ledger.
type signer struct {
	key    seal.Signer
	issuer domain.AgencyID
	ledger domain.Hash
	anchor string // "" for none
	valid  time.Duration
	now    func() time.Time
}

// signer opens the key and settles on which checkpoint its envelopes rest.
func (a *app) signer(ctx context.Context, s signing) (*signer, error) {
	g, err := a.genesisKnown()
	if err != nil {
		return nil, err
	}
	if !s.Issuer.Valid() {
		return nil, usage("name the agency that speaks: --issuer or LEDGER_ISSUER, as XA/mof (got %q)", string(s.Issuer))
	}
	key, err := a.openSigner(s.keyed)
	if err != nil {
		return nil, err
	}
	anchor, err := a.anchor(ctx, g)
	if err != nil {
		return nil, err
	}
	return &signer{key: key, issuer: s.Issuer, ledger: g.hash, anchor: anchor, valid: s.Valid, now: a.now}, nil
}

// header returns the header of a new event; an empty id is replaced by a fresh one.
func (s *signer) header(kind, id string) (domain.Header, error) {
	_, version, ok := domain.New(kind)
	if !ok {
		return domain.Header{}, unknownType(kind)
	}
	if id == "" {
		fresh, err := newEventID()
		if err != nil {
			return domain.Header{}, err
		}
		id = fresh
	}
	at, key := s.now(), s.key.Public()
	return domain.Header{
		Alg: key.Algorithm(), KeyID: key.Thumbprint(), Issuer: s.issuer, EventID: id, Type: kind, Version: version,
		Ledger: s.ledger, Anchor: s.anchor, IssuedAt: at.Unix(), ExpiresAt: at.Add(s.valid).Unix(),
	}, nil
}

// check holds a payload to every rule that needs no ledger.
func (s *signer) check(h domain.Header, payload []byte) *domain.Refusal {
	event, refusal := domain.Decode(h, payload)
	if refusal != nil {
		return refusal
	}
	return domain.CheckShape(event, s.now())
}

// sign checks a payload and makes its envelope. A refusal is a *domain.Refusal.
func (s *signer) sign(kind, id string, payload []byte) (*seal.Envelope, error) {
	h, err := s.header(kind, id)
	if err != nil {
		return nil, err
	}
	if refusal := s.check(h, payload); refusal != nil {
		return nil, fmt.Errorf("%s: %w", kind, refusal)
	}
	return seal.Sign(h, payload, s.key)
}

// placed names file and line of a refusal's field.
func placed(file string, text []byte, err error) error {
	var refusal *domain.Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	return fmt.Errorf("%s:%d: %w", file, lineOf(text, refusal.Field), err)
}
