package projections

import (
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// history is the bitemporal base that every query reads: what was recorded, by
// index, with its corrections and withdrawal. Nothing in it is ever removed;
// "n" below is the number of facts known, so events 0 to n-1.
type history struct {
	rows         []record
	genesis      domain.Hash
	revocations  map[string][]revocation
	repudiations []repudiation
	roots        map[domain.Country]string // root key in force after the last fact
	kinds        map[string][]uint64       // events by type
	quick        []quick                   // beside rows
	touched      []uint64                  // statements that were corrected, withdrawn or disputed, or are illustrative; ascending
	names        map[string]string         // types, issuers and keys, each once
	sums         *blockSums                // of rows, for the digest
}

// record is one event. It keeps nothing of the envelope alive.
type record struct {
	at        int64
	kind      string
	issuer    domain.AgencyID
	eventID   string
	key       string
	leaf      domain.Hash
	body      domain.Body
	traits    traits
	version   int32
	statement bool
	*remarks
}

// remarks are what later events said of one. Lists of indexes name events that may
// be about it: a reader checks each, because it may have been corrected or
// withdrawn. Of most events nothing is said, and they share one that is empty.
type remarks struct {
	versions  []version
	withdrawn uint64 // index of the withdrawal, 0 while it stands
	disputes  []uint64
	closings  []uint64 // of a dispute
	endorsed  []uint64
	explained []uint64
}

var unremarked = &remarks{}

// remark returns what is said of row i, to be added to.
func (h *history) remark(i uint64) *remarks {
	h.sums.change(i)
	r := &h.rows[i]
	if r.remarks == unremarked {
		r.remarks = &remarks{}
	}
	return r.remarks
}

// mark sets marks of row i.
func (h *history) mark(i uint64, q quick) {
	h.sums.change(i)
	h.quick[i] |= q
}

// quick holds the marks of an event that nothing was said about, in a byte:
// figures over large lists count them without looking at the event itself.
type quick uint8

const (
	quickIllustrative quick = 1 << iota
	quickTranscribed
	quickLook // look at the event: something was said about it, or it names its authority indirectly
)

// version is a correction: it replaces the body from its index on.
type version struct {
	from   uint64
	body   domain.Body
	traits traits
}

// traits are what figures ask of every statement, kept beside its body.
type traits struct {
	illustrative bool
	whose        domain.Country // whose act it reports, where that stands in it
}

func traitsOf(body domain.Body) traits {
	var out traits
	if st, ok := body.(domain.Statement); ok {
		out.illustrative = st.Base().Illustrative
	}
	switch b := body.(type) {
	case domain.DesignationAdopted:
		out.whose = b.Authority
	case domain.DesignationTransposed:
		out.whose = b.Member
	case domain.ImplementationDeclared:
		out.whose = b.Member
	case ofState:
		out.whose = b.Whose()
	}
	return out
}

func quickOf(f domain.Fact, t traits) quick {
	var q quick
	if t.illustrative {
		q |= quickIllustrative
	}
	if t.whose != "" && t.whose != f.Issuer.Member() {
		q |= quickTranscribed
	}
	switch f.Body.(type) {
	case domain.DesignationAmended, domain.DesignationRemoved, domain.DesignationSuspended, domain.DesignationReinstated:
		q |= quickLook
	}
	return q
}

// revocation contests what a key signed and was recorded from a day on.
type revocation struct {
	at    uint64
	since domain.Date
}

type repudiation struct {
	at uint64
	domain.EventsRepudiated
}

func newHistory() *history {
	return &history{
		revocations: map[string][]revocation{}, roots: map[domain.Country]string{}, kinds: map[string][]uint64{},
		names: map[string]string{}, sums: &blockSums{rows: blockRows},
	}
}

// Name returns the view's name in snapshots.
func (h *history) Name() string { return "history" }

// Version returns the version of the view's fold.
func (h *history) Version() int { return 2 }

// Fold takes the fact whose index is the number of rows, or the voiding of the
// records from there on: their rows are of no type.
func (h *history) Fold(f domain.Fact) {
	for h.size() < f.Index {
		h.rows, h.quick = append(h.rows, record{at: f.RecordedAt, remarks: unremarked}), append(h.quick, 0)
	}
	_, statement := f.Body.(domain.Statement)
	h.rows = append(h.rows, record{
		at: f.RecordedAt, kind: h.name(f.Type), version: int32(f.Version), issuer: domain.AgencyID(h.name(string(f.Issuer))),
		eventID: strings.Clone(f.EventID), key: h.name(f.KeyID), leaf: f.Leaf,
		body: held(f.Body), traits: traitsOf(f.Body), statement: statement, remarks: unremarked,
	})
	h.quick = append(h.quick, quickOf(f, h.rows[f.Index].traits))
	kind := h.rows[f.Index].kind
	h.kinds[kind] = append(h.kinds[kind], f.Index)
	if h.rows[f.Index].traits.illustrative {
		h.touch(f.Index)
	}
	h.foldAbout(f.Index, f.Index, f.Body)
	switch b := f.Body.(type) {
	case domain.EventCorrected:
		h.correct(f.Index, b)
	case domain.EventWithdrawn:
		if rec := h.row(b.Target.Index); rec != nil && rec.withdrawn == 0 {
			h.remark(b.Target.Index).withdrawn = f.Index
			h.touch(b.Target.Index)
		}
	default:
		h.foldKeys(f)
	}
}

// name returns the one copy of a text that recurs.
func (h *history) name(text string) string {
	if have, ok := h.names[text]; ok {
		return have
	}
	text = strings.Clone(text)
	h.names[text] = text
	return text
}

// touch notes that a summary must look at an event.
func (h *history) touch(event uint64) {
	if event < uint64(len(h.quick)) {
		h.mark(event, quickLook)
	}
	if i, found := slices.BinarySearch(h.touched, event); !found {
		h.touched = slices.Insert(h.touched, i, event)
	}
}

func (h *history) correct(at uint64, b domain.EventCorrected) {
	st, r := b.Body()
	if r != nil || h.row(b.Target.Index) == nil {
		return
	}
	rec := h.remark(b.Target.Index)
	rec.versions = append(rec.versions, version{from: at, body: held(st), traits: traitsOf(st)})
	h.touch(b.Target.Index)
	h.foldAbout(b.Target.Index, at, st)
}

// foldAbout notes under its target that a statement about an event, recorded
// or corrected at an index, exists. A target must stand before it.
func (h *history) foldAbout(statement, at uint64, body domain.Body) {
	note := func(target uint64, list func(*remarks) *[]uint64) {
		if rec := h.row(target); rec != nil && target < at && !slices.Contains(*list(rec.remarks), statement) {
			l := list(h.remark(target))
			*l = append(*l, statement)
		}
	}
	switch b := body.(type) {
	case domain.EventDisputed:
		note(b.Target.Index, func(r *remarks) *[]uint64 { return &r.disputes })
		h.touch(b.Target.Index)
	case domain.DisputeClosed:
		note(b.Dispute.Index, func(r *remarks) *[]uint64 { return &r.closings })
	case domain.EventEndorsed:
		note(b.Target.Index, func(r *remarks) *[]uint64 { return &r.endorsed })
	case domain.ExplanationGiven:
		if b.Target != nil {
			note(b.Target.Index, func(r *remarks) *[]uint64 { return &r.explained })
		}
	}
}

func (h *history) foldKeys(f domain.Fact) {
	switch b := f.Body.(type) {
	case domain.CoalitionFounded:
		h.genesis = f.Envelope
		for _, m := range b.Members {
			h.roots[m.Code] = m.Root.Thumbprint()
		}
	case domain.MemberAdmitted:
		h.roots[b.Member.Code] = b.Member.Root.Thumbprint()
	case domain.KeyRotated:
		if f.Issuer.IsRoot() {
			h.roots[f.Issuer.Member()] = b.Key.Thumbprint()
		}
	case domain.RootReplaced:
		h.revoke(h.roots[b.Member], f.Index, b.CompromisedSince)
		h.roots[b.Member] = b.Root.Thumbprint()
	case domain.KeyRevoked:
		h.revoke(b.KeyID, f.Index, b.CompromisedSince)
	case domain.EventsRepudiated:
		h.repudiations = append(h.repudiations, repudiation{at: f.Index, EventsRepudiated: b})
		for i := b.FromIndex; i <= b.ToIndex && i < f.Index; i++ {
			h.mark(i, quickLook)
		}
	}
}

func (h *history) revoke(key string, at uint64, since domain.Date) {
	if since == "" {
		return
	}
	h.revocations[key] = append(h.revocations[key], revocation{at: at, since: since})
	for i := range h.rows {
		if h.rows[i].key == key {
			h.mark(uint64(i), quickLook)
		}
	}
}

// held returns the body in the form that queries read: large ones by pointer,
// so that looking at one copies nothing.
func held(body domain.Body) domain.Body {
	switch b := body.(type) {
	case domain.DesignationAdopted:
		return &b
	case domain.DesignationAmended:
		return &b
	case domain.DesignationRemoved:
		return &b
	case domain.DesignationTransposed:
		return &b
	case domain.ImplementationDeclared:
		return &b
	case domain.EnforcementActionTaken:
		return &b
	case domain.AssetFrozen:
		return &b
	case domain.AssetUnfrozen:
		return &b
	case domain.InterdictionExecuted:
		return &b
	}
	return heldReport(body)
}

func (h *history) size() uint64 { return uint64(len(h.rows)) }

func (h *history) row(i uint64) *record {
	if i >= h.size() {
		return nil
	}
	return &h.rows[i]
}

// stands reports whether event i is among the first n and was not withdrawn
// by one of them.
func (h *history) stands(i, n uint64) bool {
	return i < n && i < h.size() && (h.rows[i].withdrawn == 0 || h.rows[i].withdrawn >= n)
}

// bodyAt returns what event i said after n facts, corrections applied.
func (h *history) bodyAt(i, n uint64) domain.Body {
	rec := &h.rows[i]
	if v := rec.versionAt(n); v != nil {
		return v.body
	}
	return rec.body
}

// versionAt returns the correction in force after n facts, nil for none.
func (r *record) versionAt(n uint64) *version {
	for k := len(r.versions) - 1; k >= 0; k-- {
		if r.versions[k].from < n {
			return &r.versions[k]
		}
	}
	return nil
}

// standing returns what event i says after n facts, nil when it was withdrawn
// or is not known yet.
func (h *history) standing(i, n uint64) domain.Body {
	if !h.stands(i, n) {
		return nil
	}
	return h.bodyAt(i, n)
}

// latest returns the last of the events that stands.
func (h *history) latest(events []uint64, n uint64) (uint64, domain.Body) {
	for k := len(events) - 1; k >= 0; k-- {
		if body := h.standing(events[k], n); body != nil {
			return events[k], body
		}
	}
	return 0, nil
}
