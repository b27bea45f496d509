package ftm

import (
	"cmp"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/exporter"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// schema of a subject. Lists do not say whether an entity is a company: a
// registration number says it, and a recorded owner, since only companies can
// be owned in this model.
func (k *writer) schema(canonical string, list []projections.Listed) string {
	switch list[0].Subject.Kind {
	case "person":
		return "Person"
	case "vessel":
		return "Vessel"
	case "aircraft":
		return "Airplane"
	case "wallet":
		return "CryptoWallet"
	}
	registered := slices.ContainsFunc(list, func(d projections.Listed) bool {
		return slices.ContainsFunc(d.Subject.Identifiers, func(i domain.Identifier) bool { return i.Scheme == "registration" })
	})
	if registered || k.clusters.owned[canonical] {
		return "Company"
	}
	return "Organization"
}

// describe adds what one designation says of its subject.
func (k *writer) describe(p *part, d projections.Listed) {
	e, s := p.thing, d.Subject
	e.names(s)
	e.add("program", k.source.RegimeName(d.Regime))
	e.identify("programId", d.Regime, "Regime")
	e.texts(s)
	for _, b := range s.BirthDates {
		e.born(b)
	}
	for _, b := range s.BirthPlaces {
		if e.Schema == "Person" {
			e.add("birthPlace", exporter.Address(b))
			e.country("birthCountry", b.Country)
		}
	}
	for _, a := range s.Addresses {
		k.address(e, a)
	}
	for _, id := range s.Identifiers {
		k.identifier(p, d.ID, id)
	}
	e.add("notes", exporter.Words(d.Marks, d.At.Issuer, d.Authority))
	e.seen(d.At.RecordedAt, d.LastAt)
}

// names keeps the primary name, and the others as what the source calls them.
func (e *entity) names(s *domain.Subject) {
	primary := ""
	if len(s.Names) > 0 {
		primary = exporter.NameOf(s)
	}
	for _, n := range s.Names {
		switch {
		case n.Text == primary, n.Kind == "primary", n.Kind == "original", n.Kind == "nka":
			e.add("name", n.Text)
		case n.Kind == "fka":
			e.add("previousName", n.Text)
		case n.Quality == "low":
			e.add("weakAlias", n.Text)
		default:
			e.add("alias", n.Text)
		}
		if e.Schema == "Person" && n.Text == primary {
			e.parts(n)
		}
	}
}

// parts keeps those that the model has a property for.
func (e *entity) parts(n domain.Name) {
	properties := map[string]string{"first": "firstName", "second": "secondName", "middle": "middleName", "last": "lastName"}
	for _, p := range n.Parts {
		if name, ok := properties[p.Part]; ok {
			e.add(name, p.Text)
		}
	}
}

// texts keeps nationality, titles, roles, flags and remarks.
func (e *entity) texts(s *domain.Subject) {
	person := e.Schema == "Person"
	for _, t := range s.Nationalities {
		if person {
			e.place("nationality", "Nationality", t)
		} else {
			e.place("country", "Country", t)
		}
	}
	for _, t := range s.Titles {
		e.personal("title", "Title", t)
	}
	for _, t := range s.Roles {
		e.personal("position", "Role", t)
	}
	for i, t := range s.Flags {
		switch {
		case e.Schema == "Vessel" && i == 0 && e.Properties["flag"] == nil:
			e.place("flag", "Flag", t)
		case e.Schema == "Vessel":
			e.place("pastFlags", "Flag before", t)
		default:
			e.place("country", "Flag", t)
		}
	}
	for _, t := range s.Remarks {
		e.note(t.Text)
	}
	if g, ok := genders[strings.ToLower(s.Gender)]; ok && person {
		e.add("gender", g)
	}
}

func (e *entity) personal(name, what string, t domain.Text) {
	if e.Schema == "Person" {
		e.add(name, t.Text)
	} else if t.Text != "" {
		e.note(what + ": " + t.Text)
	}
}

// born keeps a date of birth with its precision: an approximate one as its
// year. A range has no property.
func (e *entity) born(b domain.FuzzyDate) {
	exact := b.Type == "" || b.Type == "exact"
	if e.Schema == "Person" && b.Date.Valid() {
		if exact {
			e.dates("birthDate", b.Date)
		} else {
			e.dates("birthDate", b.Date[:4])
		}
	}
	if text := exporter.Born(b); text != "" && (!exact || b.Date == "" || e.Schema != "Person") {
		e.note("Born " + text)
	}
}

// address writes an Address once, and refers to it.
func (k *writer) address(e *entity, p domain.Place) {
	full := exporter.Address(p)
	if full == "" {
		if p.Note != "" {
			e.note("Address: " + p.Note)
		}
		return
	}
	id := "cl-address-" + digest(full, p.Street, p.City, p.Region, p.PostalCode, string(p.Country), p.Note)
	e.add("addressEntity", id)
	if e.Schema != "Person" {
		e.country("country", p.Country)
	}
	if k.addresses[id] {
		return
	}
	k.addresses[id] = true
	a := newEntity(id, "Address")
	a.add("full", full)
	a.add("street", p.Street)
	a.add("city", p.City)
	a.add("region", p.Region)
	if len([]rune(p.PostalCode)) <= 16 {
		a.add("postalCode", p.PostalCode)
	}
	a.country("country", p.Country)
	a.add("remarks", p.Note)
	k.put(a)
}

// identifier keeps a number under the property of its scheme, and documents
// as entities. What fits none stands in the notes with the source's word.
func (k *writer) identifier(p *part, designation string, id domain.Identifier) {
	e := p.thing
	person, vessel := e.Schema == "Person", e.Schema == "Vessel"
	legal := person || e.Schema == "Organization" || e.Schema == "Company"
	what := cmp.Or(id.Label, strings.ReplaceAll(id.Scheme, "_", " "))
	switch {
	case id.Scheme == "un_ref": // on the Sanction
	case id.Scheme == "imo" && vessel, id.Scheme == "imo_company" && legal && !person:
		e.add("imoNumber", "IMO"+strings.TrimPrefix(id.Value, "IMO"))
	case id.Scheme == "mmsi" && vessel:
		e.identify("mmsi", id.Value, what)
	case id.Scheme == "call_sign" && vessel:
		e.identify("callSign", id.Value, what)
	case id.Scheme == "passport" && person:
		e.identify("passportNumber", id.Value, what)
		p.document("Passport", id)
	case id.Scheme == "national_id" && person:
		e.identify("idNumber", id.Value, what)
		p.document("Identification", id)
	case id.Scheme == "registration" && e.Schema != "CryptoWallet" && !person:
		e.identify("registrationNumber", id.Value, what)
	case id.Scheme == "lei" && legal && code(id.Value, 20):
		e.add("leiCode", id.Value)
	case id.Scheme == "swift" && legal && code(id.Value, 8, 11):
		e.add("swiftBic", id.Value)
	case id.Scheme == "wallet" && e.Schema == "CryptoWallet":
		e.wallet(id)
	case id.Scheme == "wallet" && legal:
		w := newEntity("cl-wallet-"+digest(e.ID, id.Chain, id.Value), "CryptoWallet")
		w.add("holder", e.ID)
		w.wallet(id)
		p.own = append(p.own, w)
	default:
		e.note(strings.TrimSpace(what + ": " + id.Value + " " + id.Note))
	}
}

func (e *entity) wallet(id domain.Identifier) {
	e.identify("publicKey", id.Value, "Wallet")
	e.add("currencySymbol", id.Chain)
	e.add("notes", id.Note)
}

// document adds a passport or another identification. One whose number is
// longer than the model allows stands in the notes of its holder.
func (p *part) document(schema string, id domain.Identifier) {
	if len([]rune(id.Value)) > 64 {
		return
	}
	holder := p.thing.ID
	e := newEntity("cl-document-"+digest(holder, schema, id.Value, string(id.Country)), schema)
	e.add("holder", holder)
	e.add("number", id.Value)
	e.country("country", id.Country)
	e.add("type", cmp.Or(id.Label, strings.ReplaceAll(id.Scheme, "_", " ")))
	e.dates("startDate", id.IssuedOn)
	e.dates("endDate", id.ExpiresOn)
	e.add("summary", id.Note)
	if id.IssuedAt != "" {
		e.add("description", "Issued at "+id.IssuedAt)
	}
	p.own = append(p.own, e)
}
