package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
)

// Verdicts of verify.
const (
	verdictGood    = "good"
	verdictBad     = "bad"
	verdictUnknown = "cannot_tell"
)

// verified is what verify answers.
type verified struct {
	OK          bool          `json:"ok"`
	Verdict     string        `json:"verdict"` // good, bad, cannot_tell
	Genesis     domain.Hash   `json:"genesis"`
	Name        string        `json:"name,omitempty"`
	Origin      string        `json:"origin,omitempty"`
	Size        uint64        `json:"size"`
	Root        domain.Hash   `json:"root,omitzero"`
	From        string        `json:"from,omitempty"`
	To          string        `json:"to,omitempty"`
	Checkpoints int           `json:"checkpoints"`
	Views       int           `json:"view_digests"`                    // recomputed, and the same
	Unchecked   int           `json:"unchecked_view_digests,omitzero"` // not recomputed: --no-views
	Cosigned    int           `json:"cosigned"`                        // checkpoints that satisfy the witness policy in force
	Effective   uint64        `json:"effective_size"`
	EffectiveAt string        `json:"effective_at,omitempty"` // when witnesses saw that many: the median
	Witnesses   []string      `json:"witnesses,omitempty"`    // who cosigned that
	Unknown     []unknownView `json:"unknown_views,omitempty"`
	Voided      []voided      `json:"voided,omitempty"`
	Line        int           `json:"line,omitzero"`
	Index       uint64        `json:"index,omitzero"`
	Rule        string        `json:"rule,omitempty"`
	Message     string        `json:"message,omitempty"`
	Affected    *affected     `json:"affected,omitempty"`
}

// voided is a record without effect, and what voided it.
type voided struct {
	Index uint64      `json:"index"`
	Leaf  domain.Hash `json:"leaf_hash"`
	Rule  string      `json:"rule"` // that it broke
	By    uint64      `json:"by"`   // index of journal.voided
}

// unknownView is a digest that this program cannot compute.
type unknownView struct {
	Size    uint64 `json:"size"`
	View    string `json:"view"`
	Version int    `json:"version"`
}

// affected is what depends on the first fault.
type affected struct {
	From        uint64   `json:"from"`                  // first event that is not vouched for
	Events      *uint64  `json:"events,omitempty"`      // from there on; if partial, at least so many, or not known
	Checkpoints uint64   `json:"checkpoints"`           // that cover the fault
	Covering    uint64   `json:"first_covering"`        // size of the first of them
	Anchored    uint64   `json:"anchored"`              // events whose signers had verified one of them
	Named       []uint64 `json:"named_by,omitempty"`    // events that name the bad one
	Naming      uint64   `json:"naming"`                // how many
	Signed      []uint64 `json:"signed_with,omitempty"` // events signed with a key that it registered
	Signing     uint64   `json:"signing"`               // how many
	Partial     bool     `json:"partial"`               // the file could not be read to its end
}

func told(g genesis, r archive.Report, bad *archive.Bad) verified {
	v := verified{OK: bad == nil, Verdict: verdictGood, Genesis: g.hash, Size: r.Size, Root: r.Root, Checkpoints: r.Checkpoints, Views: r.Digests, Unchecked: r.Unchecked, Cosigned: r.Cosigned}
	v.Effective, v.Witnesses = r.Effective.Size, r.Effective.Witnesses
	if r.Effective.At > 0 {
		v.EffectiveAt = second(r.Effective.At)
	}
	for _, u := range r.Unknown {
		v.Unknown = append(v.Unknown, unknownView{Size: u.Size, View: u.View, Version: u.Version})
	}
	if bad != nil {
		v.Verdict, v.Line, v.Index, v.Rule, v.Message = verdictBad, bad.Line, bad.Index, bad.Rule, bad.Message
		if x := r.Affected; x != nil {
			v.Affected = &affected{
				From: x.From, Checkpoints: x.Checkpoints, Covering: x.Covering, Anchored: x.Anchored,
				Named: x.Named, Naming: x.Naming, Signed: x.Signed, Signing: x.Signing, Partial: x.Partial,
			}
			if x.Leaves > 0 || !x.Partial {
				v.Affected.Events = &x.Leaves
			}
		}
		return v
	}
	if len(v.Unknown) > 0 {
		v.OK, v.Verdict = false, verdictUnknown
	}
	v.Name, v.Origin = r.State.Name(), r.State.Origin()
	v.From, v.To = stamp(r.From), stamp(r.To)
	for _, x := range r.Voided {
		v.Voided = append(v.Voided, voided{Index: x.Index, Leaf: x.Leaf, Rule: x.Rule, By: x.By})
	}
	return v
}

func (v verified) print(w io.Writer) {
	fmt.Fprintf(w, "verified: %s (%s)\n%d events recorded from %s to %s, %d checkpoints\nroot %s\n",
		v.Name, v.Origin, v.Size, v.From, v.To, v.Checkpoints, v.Root)
	if v.Cosigned > 0 {
		fmt.Fprintf(w, "%d of them are effective, cosigned by %s%s; %d cosigned checkpoints say when events were recorded\n",
			v.Effective, orNobody(v.Witnesses), at(v.EffectiveAt), v.Cosigned)
	}
	if v.Views > 0 {
		fmt.Fprintf(w, "%d digests of views are what the events give\n", v.Views)
	}
	if v.Unchecked > 0 {
		fmt.Fprintf(w, "the views were not checked: %d digests of them stand as the log signed them\n", v.Unchecked)
	}
	for _, x := range v.Voided {
		fmt.Fprintf(w, "index %d is no event: it broke %s and was voided at index %d\n", x.Index, x.Rule, x.By)
	}
	for _, u := range v.Unknown {
		fmt.Fprintf(w, "cannot tell: after %d events the log digested the view %s in version %d\n", u.Size, u.View, u.Version)
	}
}

func at(time string) string {
	if time == "" {
		return ""
	}
	return " at " + time
}

func (x *affected) print(w io.Writer) {
	switch {
	case x.Events == nil:
		fmt.Fprintf(w, "affected: everything from index %d on cannot be judged, however many events it is", x.From)
	case x.Partial:
		fmt.Fprintf(w, "affected: at least %d events from index %d on", *x.Events, x.From)
	default:
		fmt.Fprintf(w, "affected: %d events from index %d on", *x.Events, x.From)
	}
	if x.Checkpoints > 0 {
		fmt.Fprintf(w, "; %d later checkpoints cover the fault, the first of %d events; %d events name one of them", x.Checkpoints, x.Covering, x.Anchored)
	}
	fmt.Fprintln(w)
	listed := func(what string, all []uint64, n uint64) {
		if n > 0 {
			fmt.Fprintf(w, "%s: %s (%d in all)\n", what, strings.Trim(fmt.Sprint(all), "[]"), n)
		}
	}
	listed("events that name the bad one", x.Named, x.Naming)
	listed("events signed with a key that it registered", x.Signed, x.Signing)
	if x.Partial {
		fmt.Fprintln(w, "the file could not be read beyond the fault: what stands there is not judged")
	}
}
