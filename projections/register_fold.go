package projections

import (
	"io"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// register finds designations and registered subjects by text: what each event,
// or its correction, says of names, identifiers and references, folded for
// comparison.
type register struct {
	Texts map[string][]said // by id
	fold  folder
}

// said is the searchable text of one version of one event.
type said struct {
	Event  uint64
	From   uint64 // index at which this version was said
	Text   string
	Joined string // names without their spaces, each after a line break: they are found from their beginning
}

func (s *said) has(word string) bool {
	return strings.Contains(s.Text, word) || strings.Contains(s.Joined, "\n"+word)
}

func newRegister() *register {
	return &register{Texts: map[string][]said{}, fold: newFolder()}
}

// Name returns the view's name in snapshots.
func (r *register) Name() string { return "register" }

// Version returns the version of the view's fold.
func (r *register) Version() int { return 3 }

// Fold takes the next fact.
func (r *register) Fold(f domain.Fact) {
	if b, ok := f.Body.(domain.EventCorrected); ok {
		if st, refusal := b.Body(); refusal == nil {
			r.take(b.Target.Index, f.Index, st)
		}
		return
	}
	r.take(f.Index, f.Index, f.Body)
}

func (r *register) take(event, from uint64, body domain.Body) {
	switch b := body.(type) {
	case domain.DesignationAdopted:
		r.add(b.Designation, said{Event: event, From: from, Text: r.fold.fold(b.Designation + " " + b.ListRef)}, &b.Subject)
	case domain.DesignationAmended:
		if b.Subject != nil {
			r.add(b.Designation, said{Event: event, From: from}, b.Subject)
		}
	case domain.DesignationTransposed:
		r.add(b.Designation, said{Event: event, From: from, Text: r.fold.fold(b.NationalRef)}, b.Entry)
	case domain.SubjectRegistered:
		r.add(b.ID, said{Event: event, From: from, Text: r.fold.fold(b.ID)}, &b.Subject)
	}
}

// add notes what is said of an id, and of the subject that it names, if any.
func (r *register) add(id string, s said, subject *domain.Subject) {
	if subject != nil {
		s.Text += r.text(subject)
		for _, n := range subject.Names {
			s.Joined += joined(r.fold.fold(n.Text))
		}
	}
	r.Texts[id] = append(r.Texts[id], s)
}

// text lists names and identifiers. An IMO number is written with the word too.
func (r *register) text(s *domain.Subject) string {
	var out strings.Builder
	for _, n := range s.Names {
		out.WriteString("\n" + r.fold.fold(n.Text))
	}
	for _, id := range s.Identifiers {
		out.WriteString("\n" + r.fold.fold(id.Value))
		if id.Scheme == "imo" {
			out.WriteString(" imo\nimo" + r.fold.fold(id.Value))
		}
	}
	return out.String()
}

// Save writes the view.
func (r *register) Save(w io.Writer) error { return save(w, r.Texts) }

// Load replaces the view by a saved one.
func (r *register) Load(in io.Reader) error {
	texts := map[string][]said{}
	if err := load(in, &texts); err != nil {
		return err
	}
	r.Texts = texts
	return nil
}

// matches reports whether every word is said of an id.
func (t at) matches(id string, words []string) bool {
	all := t.v.register.Texts[id]
	for _, word := range words {
		found := false
		for i := range all {
			if all[i].has(word) && t.says(all[i].Event, all[i].From) {
				found = true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// says reports whether an event stands and reads as said at an index.
func (t at) says(event, from uint64) bool {
	if !t.v.history.stands(event, t.n) {
		return false
	}
	if v := t.v.history.rows[event].versionAt(t.n); v != nil {
		return v.from == from
	}
	return event == from
}
