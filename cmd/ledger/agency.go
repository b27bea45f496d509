package main

import (
	"context"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

type agencyCmd struct {
	Register  agencyRegisterCmd  `cmd:"" help:"Name an agency of the member; its root key signs."`
	Suspend   agencySuspendCmd   `cmd:"" help:"Stop an agency at once; any active key of the member signs."`
	Reinstate agencyReinstateCmd `cmd:"" help:"Lift a suspension; the root key signs."`
}

type agencyRegisterCmd struct {
	sending
	Agency domain.AgencyID `arg:"" placeholder:"CC/NAME" help:"Agency, as XA/mof."`
	Name   string          `required:"" help:"Its name in full."`
}

// Run registers an agency.
func (c *agencyRegisterCmd) Run(ctx context.Context, a *app) error {
	c.byRoot(c.Agency)
	return c.send(ctx, a, "agency.registered", domain.AgencyRegistered{Agency: c.Agency, Name: c.Name})
}

type agencySuspendCmd struct {
	sending
	Agency domain.AgencyID `arg:"" placeholder:"CC/NAME" help:"Agency, as XA/mof."`
	Why    string          `name:"reason" required:"" help:"Why."`
}

// Run suspends an agency.
func (c *agencySuspendCmd) Run(ctx context.Context, a *app) error {
	return c.send(ctx, a, "agency.suspended", domain.AgencySuspended{Agency: c.Agency, Reason: c.Why})
}

type agencyReinstateCmd struct {
	sending
	Agency domain.AgencyID `arg:"" placeholder:"CC/NAME" help:"Agency, as XA/mof."`
	Why    string          `name:"reason" help:"Why."`
}

// Run lifts a suspension.
func (c *agencyReinstateCmd) Run(ctx context.Context, a *app) error {
	c.byRoot(c.Agency)
	return c.send(ctx, a, "agency.reinstated", domain.AgencyReinstated{Agency: c.Agency, Reason: c.Why})
}
