package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/history"
)

func isPathError(err error) bool {
	var p *fs.PathError
	return errors.As(err, &p)
}

// wants reports whether entries of a regime are read.
func (c choosing) wants(p publication, regime string, held bool) bool {
	if len(c.Regime) > 0 {
		return slices.Contains(c.Regime, regime)
	}
	return c.AllPrograms || held || p.Format.Usual(regime)
}

// snapshot puts the entries that are read under designations and regimes.
func (im *importing) snapshot(p publication) (history.Snapshot, error) {
	s := history.Snapshot{
		Source: p.Source.ID, Title: p.List.Source, PublishedOn: p.on, BearsDate: p.List.PublishedOn, SeenOn: p.on, SHA256: p.List.SHA256, Media: p.Media, HeldBy: im.who.issuer,
		Others: map[string]bool{}, Owns: p.Owns, Parser: p.Format.Parser, Warnings: slices.Concat(p.notes, p.List.Warnings),
		Reads: func(regime string) bool { return len(im.Regime) == 0 || slices.Contains(im.Regime, regime) },
	}
	if s.SeenOn == "" {
		s.SeenOn = domain.DateOf(im.app.now())
	}
	sel := choice{importing: im, p: p, known: im.keyed(p), regimes: map[string]int{}, unknown: map[string]int{}}
	for _, e := range p.List.Entries {
		if err := sel.entry(&s, e); err != nil {
			return s, err
		}
	}
	return s, sel.end(&s)
}

// choice goes through the entries of one publication.
type choice struct {
	*importing
	p       publication
	known   map[string]string // identifier to the designation that has it
	regimes map[string]int
	unknown map[string]int // regimes that are not adopted, with their entries
}

func (x *choice) entry(s *history.Snapshot, e importer.Entry) error {
	id, regime := x.id(e), x.p.Format.Regime(e)
	h, held := x.held.state.Designations[id]
	if held {
		regime = h.Regime
	}
	if !x.wants(x.p, regime, held) {
		s.Others[id] = true
		return nil
	}
	if e = e.Under(x.held.rules); e.Unheld() {
		s.Others[id] = true
		s.Warnings = append(s.Warnings, fmt.Sprintf("%s: %s was left out: the ledger has no word for what the list imposes on it (%s)", e.Place, id, strings.Join(e.Unworded, "; ")))
		return nil
	}
	r, ok := x.held.regimes[regime]
	if !ok {
		x.unknown[regime]++
		s.Others[id] = true
		return nil
	}
	if r.Custodian != x.who.issuer && r.Authority != x.who.issuer.Member() {
		return fmt.Errorf("the custodian of %s is %s: %s may not transcribe its list", regime, r.Custodian, x.who.issuer)
	}
	for _, w := range e.Warnings {
		s.Warnings = append(s.Warnings, e.Place+": "+w)
	}
	out := history.Entry{Entry: e, Designation: id, Regime: regime, Measures: e.Measures, Stated: len(e.Measures) > 0, Basis: x.basis(e)}
	if !out.Stated {
		out.Measures = bearing(r.Measures, e.Kind)
	}
	if len(out.Measures) == 0 {
		return fmt.Errorf("%s: of the measures of %s none bears on a %s: the coalition must say in the regime which do", e.Place, regime, e.Kind)
	}
	x.regimes[regime]++
	s.Entries = append(s.Entries, out)
	return nil
}

// keyed maps the identifiers that tell subjects apart between editions to the
// designations held, for lists whose references do not.
func (im *importing) keyed(p publication) map[string]string {
	out := make(map[string]string)
	if p.Format.Key == "" {
		return out
	}
	for id, h := range im.held.state.Designations {
		if n := identifier(h.Subject, p.Format.Key); n != "" && p.Owns(id) {
			out[n] = id
		}
	}
	return out
}

func identifier(s domain.Subject, scheme string) string {
	for _, i := range s.Identifiers {
		if i.Scheme == scheme {
			return i.Value
		}
	}
	return ""
}

// id is the designation of an entry: the one held that has its identifier, or
// the one that its reference makes, unless that is another subject's.
func (x *choice) id(e importer.Entry) string {
	id := x.p.ID(e)
	n := identifier(e.Subject, x.p.Format.Key)
	if n == "" {
		return id
	}
	if known, ok := x.known[n]; ok {
		return known
	}
	if h, taken := x.held.state.Designations[id]; taken && identifier(h.Subject, x.p.Format.Key) != n {
		return id + "-" + n
	}
	return id
}

// basis is the UN's designation that an entry names, where the ledger holds it.
func (x *choice) basis(e importer.Entry) string {
	id := x.p.Format.Basis(e)
	if h, ok := x.held.state.Designations[id]; !ok || h.Removed {
		return ""
	}
	return id
}

// end says what was read, and what to do about regimes that are not adopted.
func (x *choice) end(s *history.Snapshot) error {
	for _, id := range x.Regime {
		if _, adopted := x.held.regimes[id]; !adopted && x.unknown[id] == 0 {
			known := slices.Sorted(maps.Keys(x.held.regimes))
			return usage("--regime %s: no such regime is adopted, and no entry of %s is of it; adopted are %s", id, x.p.Path, strings.Join(known, ", "))
		}
	}
	unknown := slices.Sorted(maps.Keys(x.unknown))
	if len(unknown) > 0 && !x.SkipUnknownRegimes {
		return x.unadopted(unknown)
	}
	if len(unknown) > 0 {
		s.Warnings = append(s.Warnings, "left out, regimes that are not adopted: "+strings.Join(unknown, " "))
	}
	if len(x.Regime) > 0 || len(s.Others) > 0 {
		s.Regimes = slices.Sorted(maps.Keys(x.regimes))
	}
	if len(s.Entries) == 0 && len(x.held.state.Designations) == 0 {
		return fmt.Errorf("%s: no entry is of a regime that was asked for: see --regime and --all-programs", x.p.Path)
	}
	return nil
}

func (x *choice) unadopted(regimes []string) error {
	lines := make([]string, len(regimes))
	for i, id := range regimes {
		lines[i] = fmt.Sprintf("the regime %s is not adopted (%d entries)", id, x.unknown[id])
	}
	return fmt.Errorf("%s\ndraft what is to be adopted (ledger regimes for %s %s --custodian %s --dir DIR), then propose, endorse and enact it; or import the rest with --skip-unknown-regimes", strings.Join(lines, "\n"), x.List, x.p.Path, x.who.issuer)
}

// bearing picks the measures of a regime that a listing itself puts on a
// subject of this kind: a travel ban on persons, an asset freeze on anyone.
// The rest of a regime binds states, not those listed.
func bearing(regime []string, kind string) []string {
	var out []string
	for _, m := range []string{"asset_freeze", "travel_ban"} {
		if slices.Contains(regime, m) && (m != "travel_ban" || kind == "person") {
			out = append(out, m)
		}
	}
	return out
}
