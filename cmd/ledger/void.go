package main

import (
	"context"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

type voidCmd struct {
	Approve  voidApproveCmd  `cmd:"" help:"Sign a member's approval with its root key; needs no network."`
	Assemble voidAssembleCmd `cmd:"" help:"Make journal.voided of the members' approvals, sign it and post it."`
}

type voidApproveCmd struct {
	Member domain.Country `required:"" placeholder:"CC" help:"Member that approves."`
	keyed
	Why    string   `name:"reason" required:"" help:"Why, in the same words for all members."`
	Leaves []string `arg:"" help:"All refused records, in order, as INDEX:HASH; - reads them from standard input."`
}

// Help shows more under --help.
func (c *voidApproveCmd) Help() string {
	return "Look at the records first: the ledger that stopped names each with its index, leaf hash and the rule it breaks. The approval is one line, for whoever assembles the event; it holds for exactly these records, this reason and this ledger."
}

// Run prints a journal.voided with one approval.
func (c *voidApproveCmd) Run(a *app) error {
	g, err := a.genesisKnown()
	if err != nil {
		return err
	}
	pending, err := c.pending(a)
	if err != nil {
		return err
	}
	if !c.Member.Valid() {
		return usage("--member %s: write a member's code, as XA", c.Member)
	}
	key, err := a.openSigner(c.keyed)
	if err != nil {
		return err
	}
	body := domain.JournalVoided{Leaves: domain.VoidLeaves(pending), Reason: c.Why}
	sig, err := key.Sign(domain.VoidText(g.hash, body.Leaves, body.Reason))
	if err != nil {
		return err
	}
	a.note("%s approves that %d records are voided, from index %d on", c.Member, len(pending), pending[0].Index)
	body.Approvals = []domain.Approval{{Member: c.Member, Signature: base64.RawURLEncoding.EncodeToString(sig)}}
	writeJSON(a.out, body)
	return nil
}

func (c *voidApproveCmd) pending(a *app) ([]domain.Ref, error) {
	words := c.Leaves
	if slices.Equal(words, []string{"-"}) {
		text, err := a.input("-")
		if err != nil {
			return nil, err
		}
		words = strings.Fields(string(text))
	}
	var out []domain.Ref
	for _, w := range words {
		index, hash, _ := strings.Cut(w, ":")
		i, err := strconv.ParseUint(index, 10, 64)
		if err != nil {
			return nil, usage("%s: write INDEX:HASH, as 42:137e72a7…: %w", w, err)
		}
		leaf, err := domain.ParseHash(hash)
		if err != nil {
			return nil, usage("%s: write INDEX:HASH: %w", w, err)
		}
		if len(out) > 0 && i != out[len(out)-1].Index+1 {
			return nil, usage("index %d follows %d: refused records stand side by side, name all of them in order", i, out[len(out)-1].Index)
		}
		out = append(out, domain.Ref{Index: i, Leaf: leaf})
	}
	if len(out) == 0 {
		return nil, usage("standard input names no record: give INDEX:HASH, one a line")
	}
	return out, nil
}

type voidAssembleCmd struct {
	sending
	Files []string `arg:"" help:"Approvals, as ledger void approve prints them."`
}

// Help shows more under --help.
func (c *voidAssembleCmd) Help() string {
	return "All approvals must be of the same records and reason. Any agency's key signs the event. Look at what it voids in its payload before you post it: -o FILE writes the envelope instead."
}

// Run posts journal.voided.
func (c *voidAssembleCmd) Run(ctx context.Context, a *app) error {
	var all domain.JournalVoided
	for i, file := range c.Files {
		text, err := a.input(file)
		if err != nil {
			return err
		}
		var one domain.JournalVoided
		if err := json.Unmarshal(text, &one, json.RejectUnknownMembers(true)); err != nil {
			return usage("%s:1: this was not written by ledger void approve: %w", file, err)
		}
		if i == 0 {
			all.Leaves, all.Reason = one.Leaves, one.Reason
		}
		if !slices.Equal(one.Leaves, all.Leaves) || one.Reason != all.Reason {
			return usage("%s approves something else than %s: the records and the reason must be the same in all", file, c.Files[0])
		}
		all.Approvals = append(all.Approvals, one.Approvals...)
	}
	from, to := all.Span()
	a.note("voiding index %d to %d, approved by %s: %s", from, to-1, strings.Join(members(all), " "), all.Reason)
	return c.send(ctx, a, "journal.voided", all)
}

func members(b domain.JournalVoided) []string {
	var out []string
	for _, a := range b.Approvals {
		out = append(out, string(a.Member))
	}
	return out
}
