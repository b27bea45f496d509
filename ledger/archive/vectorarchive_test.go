package archive_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// archiveVector is what archive.txt says, and what is wrong with edits of it.
type archiveVector struct {
	Genesis   domain.Hash     `json:"genesis"`
	Origin    string          `json:"origin"`
	Cosigned  int             `json:"cosigned"` // checkpoints that witnesses cosigned
	Effective effectiveVector `json:"effective"`
	States    []stateVector   `json:"states"` // after each leaf
	Bad       []badArchive    `json:"bad"`
}

// effectiveVector is what the last cosigned checkpoint says.
type effectiveVector struct {
	Size      uint64   `json:"size"`
	At        int64    `json:"at"` // median of the witnesses' times, seconds since 1970
	Witnesses []string `json:"witnesses"`
}

// stateVector is the part of the state that decides who may sign.
type stateVector struct {
	Size     uint64                 `json:"size"`
	Type     string                 `json:"type,omitempty"` // of the leaf before; "" when it is no event
	Leaf     domain.Hash            `json:"leaf_hash"`
	Root     domain.Hash            `json:"root"`
	Refused  string                 `json:"refused,omitempty"` // the rule that the leaf breaks
	Open     bool                   `json:"open"`
	LogKey   string                 `json:"log_key"`
	Policy   string                 `json:"witness_policy,omitempty"`
	Pending  []uint64               `json:"pending,omitempty"`
	Members  map[string]memberState `json:"members"`
	Agencies map[string]uint64      `json:"agencies"` // index of its suspension, 0 for none
	Keys     map[string]keyState    `json:"keys"`
}

type memberState struct {
	Votes     int    `json:"votes"`
	Root      string `json:"root"`
	Accepted  bool   `json:"accepted"`
	Suspended bool   `json:"suspended"`
	Withdrew  bool   `json:"withdrew"`
}

type keyState struct {
	Agency     domain.AgencyID `json:"agency"`
	Alg        string          `json:"alg"`
	Registered uint64          `json:"registered_at"`
	Revoked    uint64          `json:"revoked_at"`
}

// badArchive replaces whole lines of archive.txt, by their number from 1; what
// is put in their place may be several lines, or none.
type badArchive struct {
	Name  string             `json:"name"`
	Lines map[string]*string `json:"lines"` // null takes the line out
	Line  int                `json:"line"`
	Index uint64             `json:"index"`
	Rule  string             `json:"rule"`
}

// scribe writes a ledger without any ledger.
type scribe struct {
	t       testing.TB
	keys    map[domain.AgencyID]*fixedKey
	log     note.Signer
	state   *domain.State
	tree    *translog.Tree
	out     bytes.Buffer
	w       *archive.Writer
	genesis domain.Hash
	at      int64
	states  []stateVector
}

func newScribe(t testing.TB) *scribe {
	t.Helper()
	tree, err := translog.NewTree(translog.MemoryHashes())
	check(t, err)
	s := &scribe{t: t, state: domain.NewState(), tree: tree, at: 1_767_225_600_000_000, keys: map[domain.AgencyID]*fixedKey{
		"XA/root": newFixedKey(t, domain.AlgEd25519, "XA/root"), "XB/root": newFixedKey(t, domain.AlgES256, "XB/root"),
		"XC/root": newFixedKey(t, domain.AlgES384, "XC/root"), "XA/mof": newFixedKey(t, domain.AlgEd25519, "XA/mof"),
		"XB/navy": newFixedKey(t, domain.AlgES256, "XB/navy"),
	}}
	s.w = archive.NewWriter(&s.out)
	var vkey string
	s.log, vkey = fixedLogKey(t, vectorOrigin, "first")
	founded := domain.CoalitionFounded{Name: "Coalition of the vectors", Origin: vectorOrigin, Nonce: strings.Repeat("5a", 16), LogKey: vkey, Rules: 1}
	for _, m := range []domain.Country{"XA", "XB", "XC"} {
		founded.Members = append(founded.Members, domain.Founding{Code: m, Votes: 1, Root: s.keys[domain.RootAgency(m)].public})
	}
	s.add("XA/root", "coalition.founded", founded)
	s.genesis = s.state.Genesis()
	return s
}

func (s *scribe) sign(who domain.AgencyID, kind string, payload any, anchor string) *seal.Envelope {
	s.t.Helper()
	text, ok := payload.([]byte)
	if !ok {
		var err error
		text, err = json.Marshal(payload)
		check(s.t, err)
	}
	e, err := seal.Sign(domain.Header{
		Issuer: who, EventID: fmt.Sprintf("01900000-0000-7000-8000-%012d", s.state.Next()), Type: kind, Version: 1,
		Ledger: s.state.Genesis(), IssuedAt: s.at / 1_000_000, ExpiresAt: s.at/1_000_000 + 86_400, Anchor: anchor,
	}, text, s.keys[who])
	check(s.t, err)
	return e
}

func (s *scribe) add(who domain.AgencyID, kind string, payload any) domain.Ref {
	s.t.Helper()
	return s.record(s.sign(who, kind, payload, ""), "")
}

// record writes an envelope that must be admitted, or refused by a rule.
func (s *scribe) record(e *seal.Envelope, rule string) domain.Ref {
	s.t.Helper()
	s.at += 1_000_000
	leaf := s.leaf(s.at, e.Raw)
	f := domain.Fact{Event: domain.Event{Header: e.Header, Payload: e.Payload}, Index: s.state.Next(), RecordedAt: s.at, Leaf: leaf, Envelope: e.Hash()}
	got := s.verdict(e, f)
	if got != rule {
		s.t.Fatalf("leaf %d, %s: refused by %q, want %q", f.Index, e.Header.Type, got, rule)
	}
	if rule == "" {
		s.state.Apply(f)
	} else {
		s.state.Skip(f.Index, leaf)
	}
	s.note(e.Header.Type, leaf, rule)
	return domain.Ref{Index: f.Index, Leaf: leaf}
}

func (s *scribe) verdict(e *seal.Envelope, f domain.Fact) string {
	var bad *seal.Error
	if k, ok := s.state.Key(f.KeyID); ok && errors.As(e.Verify(k.Key), &bad) {
		return bad.Code
	}
	if r := domain.Admit(s.state, f); r != nil {
		return r.Rule
	}
	return ""
}

// foreign writes a record that is no envelope.
func (s *scribe) foreign(data string) {
	s.t.Helper()
	leaf := s.leaf(0, seal.Foreign([]byte(data), []byte("{}")))
	s.state.Skip(s.state.Next(), leaf)
	s.note("", leaf, seal.CodeEncoding)
}

func (s *scribe) leaf(at int64, raw []byte) domain.Hash {
	s.t.Helper()
	check(s.t, s.w.Leaf(archive.Leaf{Index: s.w.Next(), RecordedAt: at, Envelope: raw}))
	hash := translog.LeafHash(at, raw)
	grow(s.t, s.tree, hash)
	return hash
}

func (s *scribe) note(kind string, leaf domain.Hash, refused string) {
	v := stateVector{
		Size: s.state.Next(), Type: kind, Leaf: leaf, Root: s.tree.Root(), Refused: refused, Open: s.state.Open(), LogKey: s.state.LogKey(), Policy: s.state.WitnessPolicy(),
		Members: map[string]memberState{}, Agencies: map[string]uint64{}, Keys: map[string]keyState{},
	}
	for _, p := range s.state.Pending() {
		v.Pending = append(v.Pending, p.Index)
	}
	for _, m := range s.state.Members() {
		v.Members[string(m.Code)] = memberState{m.Votes, m.RootKey, m.Accepted, m.Suspended, m.Withdrew}
		for _, a := range s.state.Agencies(m.Code) {
			v.Agencies[string(a.ID)] = a.SuspendedAt
		}
		for _, k := range s.state.Keys(m.Code) {
			v.Keys[k.KeyID] = keyState{k.Agency, k.Alg, k.RegisteredAt, k.RevokedAt}
		}
	}
	s.states = append(s.states, v)
}

func (s *scribe) signed(signer note.Signer) []byte {
	s.t.Helper()
	text, err := translog.SignCheckpoint(translog.Checkpoint{Origin: vectorOrigin, Size: s.tree.Size(), Root: s.tree.Root()}, signer)
	check(s.t, err)
	return text
}

func (s *scribe) checkpoint() {
	s.t.Helper()
	check(s.t, s.w.Checkpoint(s.signed(s.log)))
}

// digests signs digests of views that nobody knows.
func (s *scribe) digests() {
	s.t.Helper()
	text, err := translog.SignDigests(translog.Digests{Origin: vectorOrigin, Size: s.tree.Size(), Root: s.tree.Root(), Views: vectorViews}, s.log)
	check(s.t, err)
	check(s.t, s.w.Digests(text))
}

var vectorViews = []translog.ViewDigest{{View: "tides", Version: 1, Sum: domain.Hash{1}}, {View: "weather", Version: 12, Sum: domain.Hash{2}}}

func (s *scribe) register(agency domain.AgencyID, name string) {
	s.t.Helper()
	root := domain.RootAgency(agency.Member())
	s.add(root, "agency.registered", domain.AgencyRegistered{Agency: agency, Name: name})
	k := s.keys[agency]
	s.add(root, "key.registered", domain.KeyRegistered{Agency: agency, Key: k.public, Proof: k.proof(s.genesis, agency)})
}

// decide proposes, endorses by two of three, and enacts.
func (s *scribe) decide(kind string, payload any) {
	s.t.Helper()
	text, err := json.Marshal(payload)
	check(s.t, err)
	p := s.add("XA/mof", "proposal.made", domain.ProposalMade{Title: kind, ExpiresOn: "2026-12", Drafts: []domain.Draft{{Type: kind, Version: 1, Payload: text}}})
	s.add("XA/root", "proposal.endorsed", domain.ProposalEndorsed{Proposal: p})
	s.add("XC/root", "proposal.endorsed", domain.ProposalEndorsed{Proposal: p})
	s.add("XB/navy", kind, text)
}

// life is the story that archive.txt tells.
func (s *scribe) life() {
	s.t.Helper()
	for _, m := range []domain.AgencyID{"XA/root", "XB/root", "XC/root"} {
		s.add(m, "member.accepted", domain.MemberAccepted{})
	}
	s.checkpoint()
	s.register("XA/mof", "Ministry of Finance")
	s.register("XB/navy", "Navy")
	s.checkpoint()
	s.decide("regime.adopted", domain.RegimeAdopted{Regime: domain.Regime{ID: "XU-1", Name: "Measures against Examplia", Authority: "XU", Custodian: "XA/mof", Measures: []string{"asset_freeze"}}})
	anchor := fmt.Sprintf("%d:%s", s.tree.Size(), s.tree.Root())
	s.checkpoint()
	adopted := s.record(s.sign("XA/mof", "designation.adopted", []byte(`{"designation":"XU:S.001","regime":"XU-1","authority":"XU","list_ref":"S.001",`+
		`"subject":{"kind":"vessel","names":[{"text":"FICTIONAL STAR","kind":"primary"}]},"measures":["asset_freeze"],"adopted_on":"2026-01-01","in_force_on":"2026-01-01","illustrative":true}`), anchor), "")
	s.digests()
	s.add("XB/navy", "event.disputed", domain.EventDisputed{Target: adopted, Grounds: domain.Text{Text: "Another vessel bears this name.", Language: "en"}})
	s.checkpoint()
	s.past()
	s.watched()
	s.turnover()
}

// watched is witnesses at work, of whom a and one of the others must cosign.
func (s *scribe) watched() {
	s.t.Helper()
	text := "# who must cosign\n"
	for _, name := range []string{"a", "b", "c"} {
		text += fmt.Sprintf("witness %s %s https://%s.witness.example\n", name, fixedWitness(s.t, name+".witness.example").Verifier(), name)
	}
	s.decide("witness_policy.adopted", domain.WitnessPolicyAdopted{Policy: text + "group pair any b c\ngroup q all a pair\nquorum q\n"})
	s.cosigned("a", "c")
	s.checkpoint()
	s.add("XC/root", "agency.registered", domain.AgencyRegistered{Agency: "XC/coast", Name: "Coast Guard"})
	s.checkpoint()
	s.cosigned("a", "b", "c")
}

// cosigned writes the checkpoint of all leaves so far as witnesses saw it, each
// a second later than the one before it.
func (s *scribe) cosigned(by ...string) {
	s.t.Helper()
	check(s.t, s.w.AddCosigned(cosign(s.t, s.signed(s.log), s.at/1_000_000+1, by...)))
}

func cosign(t testing.TB, note []byte, at int64, by ...string) []byte {
	t.Helper()
	text, lines, err := translog.SplitNote(note)
	check(t, err)
	for i, name := range by {
		lines = append(lines, fixedWitness(t, name+".witness.example").Cosign(text, at+int64(i)))
	}
	return translog.JoinNote(text, lines...)
}

// past is a rogue writer's work, and its voiding.
func (s *scribe) past() {
	s.t.Helper()
	s.foreign("hello")
	forged := s.sign("XA/mof", "event.withdrawn", []byte(`{"target":{"index":1,"leaf":"`+s.leafText(1)+`"},"reason":"forged"}`), "")
	raw := bytes.Clone(forged.Raw)
	raw[len(raw)-20] ^= 1
	e, err := seal.Parse(raw)
	check(s.t, err)
	s.record(e, seal.CodeSignature)
	v := domain.JournalVoided{Leaves: domain.VoidLeaves(s.state.Pending()), Reason: "written past the ledger"}
	for _, m := range []domain.Country{"XA", "XB"} {
		sig, err := s.keys[domain.RootAgency(m)].Sign(domain.VoidText(s.genesis, v.Leaves, v.Reason))
		check(s.t, err)
		v.Approvals = append(v.Approvals, domain.Approval{Member: m, Signature: b64(sig)})
	}
	s.add("XB/navy", "journal.voided", v)
	s.checkpoint()
}

func (s *scribe) leafText(index uint64) string {
	leaf, err := s.tree.Leaf(index)
	check(s.t, err)
	return leaf.String()
}

// turnover changes keys: an agency's, a root key, the log's.
func (s *scribe) turnover() {
	s.t.Helper()
	for _, agency := range []domain.AgencyID{"XA/mof", "XC/root"} {
		next := newFixedKey(s.t, domain.AlgEd25519, string(agency)+" 2")
		s.add(agency, "key.rotated", domain.KeyRotated{Key: next.public, Proof: next.proof(s.genesis, agency)})
		s.keys[agency] = next
	}
	next, vkey := fixedLogKey(s.t, vectorOrigin, "second")
	s.decide("log_key.adopted", domain.LogKeyAdopted{LogKey: vkey})
	s.cosigned("a", "b")
	s.checkpoint() // by the key before, while the ledger changes over
	s.log = next
	s.add("XB/root", "agency.suspended", domain.AgencySuspended{Agency: "XB/navy", Reason: "under audit"})
	s.add("XA/root", "key.revoked", domain.KeyRevoked{KeyID: s.keys["XA/mof"].public.Thumbprint(), CompromisedSince: "2026-01-01", Reason: "lost"})
	s.checkpoint()
	s.cosigned("a", "b", "c")
	check(s.t, s.w.Flush())
}

func archiveVectors(t testing.TB) ([]byte, archiveVector) {
	t.Helper()
	s := newScribe(t)
	s.life()
	text := s.out.Bytes()
	report, err := archive.Verify(t.Context(), bytes.NewReader(text), archive.Options{Genesis: s.genesis})
	check(t, err)
	if report.Root != s.tree.Root() || len(report.Voided) != 2 {
		t.Errorf("report %+v", report)
	}
	if e := report.Effective; report.Cosigned != 4 || e.Size != s.tree.Size() {
		t.Errorf("effective %+v", e)
	}
	return text, archiveVector{s.genesis, vectorOrigin, report.Cosigned, effectiveVector(report.Effective), s.states, badArchives(t, s)}
}
