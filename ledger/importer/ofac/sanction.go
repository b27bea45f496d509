package ofac

import (
	"fmt"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/tree"
)

// profile finds the party that an attribute names.
func (p *advanced) profile(n *tree.Node, attribute string) (*party, error) {
	id := n.Get(attribute)
	q, ok := p.profiles[id]
	if !ok {
		return nil, p.refuse(fmt.Sprintf("%s names profile %q, which is not in the file", n.Name, id), nil)
	}
	return q, nil
}

// relationship adds to the profile that it goes out from a remark which names
// the other, and to Raw the other's number.
func (p *advanced) relationship(n *tree.Node) error {
	from, err := p.profile(n, "@From-ProfileID")
	if err != nil {
		return err
	}
	to, err := p.profile(n, "@To-ProfileID")
	if err != nil {
		return err
	}
	label := p.word(n, "@RelationTypeID")
	if take(n, "@Former", "true") {
		label += " (former)"
	}
	from.remark(label, to.e.Subject.Names[0].Text)
	at := fmt.Sprintf("ProfileRelationship[%d]", from.links)
	from.links++
	from.keep(at+"/To", to.e.Ref)
	p.rest(from.builder, n, at)
	return nil
}

// entry adds what a SanctionsEntry says of a profile: its list, the events
// with their dates, the measures and the programs.
func (p *advanced) entry(n *tree.Node) error {
	q, err := p.profile(n, "@ProfileID")
	if err != nil {
		return err
	}
	p.sanctioned[n.Get("@ID")] = q
	list := p.word(n, "@ListID")
	at := fmt.Sprintf("SanctionsEntry[%d]", q.entries)
	q.entries++
	if list != "" {
		q.keep(at+"/List", list)
	}
	for i, event := range n.All("EntryEvent") {
		if err := p.event(q, event, strings.Contains(list, "SDN") && !strings.Contains(list, "Non-SDN"), fmt.Sprintf("%s/EntryEvent[%d]", at, i)); err != nil {
			return err
		}
	}
	for _, measure := range n.All("SanctionsMeasure") {
		p.measure(q, measure, at)
	}
	p.rest(q.builder, n, at)
	return nil
}

// event dates the entry. Created on the SDN list goes before Created on
// another, and the earlier before the later.
func (p *advanced) event(q *party, n *tree.Node, sdn bool, at string) error {
	word := p.word(n, "@EntryEventTypeID")
	var when domain.Date
	for _, d := range n.All("Date") {
		when = day(d)
		use(d)
	}
	if when == "" {
		return p.refuse("the event "+word+" of entry "+q.e.Ref+" has no date", nil)
	}
	q.keep(at, word+" "+string(when))
	switch word {
	case "Created":
		if q.e.ListedOn == "" || sdn && !q.onSDN || sdn == q.onSDN && when < q.e.ListedOn {
			q.e.ListedOn, q.onSDN = when, sdn
		}
	case "Amended", "Modified", "Updated":
		q.e.UpdatedOn = append(q.e.UpdatedOn, when)
	case "Deleted", "Removed", "Delisted":
		q.e.DelistedOn = when
	default:
		q.warn(fmt.Sprintf("event %q of %s is not known: it is kept and means nothing", word, when))
	}
	return nil
}

// measure reads a program, or a measure proper. Block is the blocking of
// property; another stays a word in Raw.
func (p *advanced) measure(q *party, n *tree.Node, at string) {
	word := p.word(n, "@SanctionsTypeID")
	q.keep(at+"/SanctionsMeasure", word)
	switch comment := importer.Clean(n.Get("Comment")); word {
	case "Program":
		q.programs = append(q.programs, comment)
	case "Block":
		q.e.Measures = []string{"asset_freeze"}
	default:
		if !slices.Contains(q.e.Unworded, word) {
			q.e.Unworded = append(q.e.Unworded, word)
		}
	}
}

// link keeps a link between two entries with both, each naming the other.
func (p *advanced) link(n *tree.Node) error {
	ends := []*party{p.sanctioned[n.Get("@EntryA-SanctionsEntryID")], p.sanctioned[n.Get("@EntryB-SanctionsEntryID")]}
	if ends[0] == nil || ends[1] == nil {
		return p.refuse("a link names a SanctionsEntry that is not in the file", nil)
	}
	var when domain.Date
	for _, d := range n.All("Date") {
		when = day(d)
		use(d)
	}
	for i, q := range ends {
		at := fmt.Sprintf("SanctionsEntryLink[%d]", q.links)
		q.links++
		q.keep(at, importer.Clean(ends[1-i].e.Ref+" "+string(when)))
		p.rest(q.builder, n, at)
	}
	return nil
}
