package witness

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

const (
	maxPolicy  = 32 << 10 // bytes: the event that carries it takes 40 KiB
	maxMembers = 64       // of each kind
	noQuorum   = "none"
)

// Policy says which witnesses must cosign a checkpoint before it counts, as
// C2SP tlog-policy: groups of k of n, one within another, and the group that is
// the quorum.
type Policy struct {
	text      string
	logs      []Log
	witnesses []Witness
	parts     map[string]part
	quorum    string
}

// Log is a log whose checkpoints the policy is for.
type Log struct {
	Key note.Verifier
	URL string // "" when the policy gives none
}

// Witness is a witness that the policy names.
type Witness struct {
	Name string // in the policy alone
	Key  Verifier
	URL  string // where add-checkpoint is found, without a slash at its end; "" when the policy gives none
}

// part is a witness, or a group of parts.
type part struct {
	witness int // its place in witnesses, when members is nil
	need    int
	members []string
}

// ParsePolicy reads a policy. The error names the line and what is wrong with
// it. What is not written in tlog-policy is refused: an inline comment, a
// member of two groups, one key under two names, a line of another kind. Keys
// of logs and witnesses are Ed25519; other types are refused by name.
func ParsePolicy(text string) (*Policy, error) {
	if len(text) > maxPolicy {
		return nil, fmt.Errorf("read a witness policy: %w: %d bytes, the most is %d", translog.ErrMalformed, len(text), maxPolicy)
	}
	p := &policyReader{Policy: Policy{text: text, parts: make(map[string]part)}, keys: make(map[string]int), member: make(map[string]string)}
	for n, line := range strings.Split(text, "\n") {
		p.n = n + 1
		if err := p.line(line); err != nil {
			return nil, fmt.Errorf("read a witness policy, line %d: %w", p.n, err)
		}
	}
	if p.quorum == "" {
		return nil, fmt.Errorf("read a witness policy: %w: no quorum line: say who must cosign, as 'quorum q', or 'quorum none'", translog.ErrMalformed)
	}
	return &p.Policy, nil
}

// String is the policy's text as it was parsed.
func (p *Policy) String() string { return p.text }

// Logs lists the policy's logs, in its order. There may be none.
func (p *Policy) Logs() []Log { return slices.Clone(p.logs) }

// Witnesses lists the policy's witnesses, in its order.
func (p *Policy) Witnesses() []Witness { return slices.Clone(p.witnesses) }

// Satisfied reports whether the cosignatures, which were verified, are enough.
func (p *Policy) Satisfied(by []Cosignature) bool {
	return p.holds(func(w Witness) bool {
		return slices.ContainsFunc(by, func(c Cosignature) bool { return c.Key == w.Key })
	})
}

// holds decides the quorum from who is in.
func (p *Policy) holds(in func(Witness) bool) bool {
	return p.quorum == noQuorum || p.part(p.quorum, in)
}

func (p *Policy) part(name string, in func(Witness) bool) bool {
	g := p.parts[name]
	if g.members == nil {
		return in(p.witnesses[g.witness])
	}
	got := 0
	for _, m := range g.members {
		if p.part(m, in) {
			got++
		}
	}
	return got >= g.need
}

// counted reports whether a witness stands in the quorum, at any depth.
func (p *Policy) counted(w Witness) bool {
	at := p.quorum
	var reach func(name string) bool
	reach = func(name string) bool {
		g := p.parts[name]
		if g.members == nil {
			return name == w.Name
		}
		return slices.ContainsFunc(g.members, reach)
	}
	return at != noQuorum && reach(at)
}

// policyReader is a policy being read.
type policyReader struct {
	Policy
	n      int
	keys   map[string]int    // public key to the line that has it
	member map[string]string // name to the group that has it
}

func (p *policyReader) bad(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{translog.ErrMalformed}, args...)...)
}

func (p *policyReader) line(line string) error {
	if i := strings.IndexFunc(line, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }); i >= 0 {
		return p.bad("control character %#02x: only tabs and line feeds are allowed", line[i])
	}
	items := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\t' })
	if len(items) == 0 || items[0][0] == '#' {
		return nil
	}
	switch kind, rest := items[0], items[1:]; kind {
	case "log":
		return p.log(rest)
	case "witness":
		return p.witness(rest)
	case "group":
		return p.group(rest)
	case "quorum":
		return p.setQuorum(rest)
	default:
		return p.bad("%.40q begins no line of a policy: want log, witness, group or quorum", kind)
	}
}

func (p *policyReader) log(items []string) error {
	if len(items) < 1 || len(items) > 2 {
		return p.bad("want 'log <verifier key> [<URL>]'")
	}
	if len(p.logs) == maxMembers {
		return p.bad("more than %d logs", maxMembers)
	}
	key, err := note.NewVerifier(items[0])
	if err != nil {
		return p.bad("%.120q is no Ed25519 key of a log (type 1): %w", items[0], err)
	}
	_, _, public, err := splitKey(items[0])
	if err != nil {
		return p.bad("%.120q is no key in its one form", items[0])
	}
	if err := p.once(public); err != nil {
		return err
	}
	address, err := p.address(items[1:])
	p.logs = append(p.logs, Log{Key: key, URL: address})
	return err
}

func (p *policyReader) witness(items []string) error {
	if len(items) < 2 || len(items) > 3 {
		return p.bad("want 'witness <name> <verifier key> [<URL>]'")
	}
	if len(p.witnesses) == maxMembers {
		return p.bad("more than %d witnesses", maxMembers)
	}
	key, err := NewVerifier(items[1])
	if err != nil {
		return err
	}
	if err := p.once(append([]byte{cosignatureV1}, key.key[:]...)); err != nil {
		return err
	}
	address, err := p.address(items[2:])
	if err != nil {
		return err
	}
	p.witnesses = append(p.witnesses, Witness{Name: items[0], Key: key, URL: address})
	return p.define(items[0], part{witness: len(p.witnesses) - 1})
}

// once refuses a second line of a kind with the same key, whatever it is called.
func (p *policyReader) once(key []byte) error {
	if n := p.keys[string(key)]; n > 0 {
		return p.bad("the key stands on line %d already", n)
	}
	p.keys[string(key)] = p.n
	return nil
}

// address reads the optional URL.
func (p *policyReader) address(items []string) (string, error) {
	if len(items) == 0 {
		return "", nil
	}
	u, err := url.Parse(items[0])
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || strings.ContainsAny(items[0], "?#") {
		return "", p.bad("%.120q is no address: write it as https://witness.example/prefix, without password, query or fragment", items[0])
	}
	return strings.TrimRight(items[0], "/"), nil
}

func (p *policyReader) define(name string, what part) error {
	if _, ok := p.parts[name]; ok || name == noQuorum {
		return p.bad("the name %.40q is taken", name)
	}
	p.parts[name] = what
	return nil
}

func (p *policyReader) group(items []string) error {
	if len(items) < 3 {
		return p.bad("want 'group <name> <number, all or any> <member>…'")
	}
	if len(p.parts)-len(p.witnesses) == maxMembers {
		return p.bad("more than %d groups", maxMembers)
	}
	name, members := items[0], items[2:]
	for _, m := range members {
		if _, ok := p.parts[m]; !ok {
			return p.bad("%.40q is defined on no line before this one", m)
		}
		if g, ok := p.member[m]; ok {
			return p.bad("%.40q is a member of %.40q already: a witness counts once", m, g)
		}
		p.member[m] = name
	}
	need, err := p.threshold(items[1], len(members))
	if err != nil {
		return err
	}
	return p.define(name, part{need: need, members: members})
}

func (p *policyReader) threshold(text string, n int) (int, error) {
	switch text {
	case "any":
		return 1, nil
	case "all":
		return n, nil
	}
	k, err := strconv.Atoi(text)
	if err != nil || k < 1 || k > n || strconv.Itoa(k) != text {
		return 0, p.bad("the threshold %.40q is not all, any or a number from 1 to the %d members", text, n)
	}
	return k, nil
}

func (p *policyReader) setQuorum(items []string) error {
	if len(items) != 1 {
		return p.bad("want 'quorum <name>'")
	}
	if p.quorum != "" {
		return p.bad("a second quorum line")
	}
	if _, ok := p.parts[items[0]]; !ok && items[0] != noQuorum {
		return p.bad("%.40q is defined on no line before this one", items[0])
	}
	p.quorum = items[0]
	return nil
}
