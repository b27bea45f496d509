package exportertest

import "github.com/coalition-ledger/coalition-ledger/domain"

// Sample is what Sample records, by what it is there to show.
type Sample struct {
	*Journal
	Twin     string // an EU designation that a link calls one with UN:KPi.901
	Disputed string // a US designation whose link to UN:KPi.901 is disputed
}

// NewSample makes a ledger in which every kind of subject, identifier, link,
// mark and act stands once. It records on the way what no export holds.
func NewSample() Sample {
	j := New()
	person := Named("person", "FICTIONAL PERSON")
	person.Names = append(person.Names,
		domain.Name{Text: "김철", Kind: "original", Script: "Hang"}, domain.Name{Text: "Weak One", Kind: "aka", Quality: "low"},
		domain.Name{Text: "Other One", Kind: "aka"}, domain.Name{Text: "Former One", Kind: "fka"})
	person.Names[0].Parts = []domain.NamePart{{Part: "first", Text: "FICTIONAL"}, {Part: "last", Text: "PERSON"}, {Part: "fourth", Text: "X"}}
	person.Identifiers = []domain.Identifier{
		{Scheme: "passport", Value: "P-901", Country: "KP", IssuedOn: "2010", ExpiresOn: "2020-01", IssuedAt: "Pyongyang"},
		{Scheme: "national_id", Value: "N-901", Note: "as stated"},
		{Scheme: "other", Value: "77", Label: "File number"},
		{Scheme: "wallet", Value: "0xAA01", Chain: "ETH"},
	}
	person.BirthDates = []domain.FuzzyDate{{Type: "exact", Date: "1960-04"}, {Type: "approximately", Date: "1961-02-03"}, {Type: "between", From: "1958", To: "1962"}}
	person.BirthPlaces = []domain.Place{{City: "Sinuiju", Country: "KP"}}
	person.Addresses = []domain.Place{{Street: "=1 Formula Road", City: "Pyongyang", Country: "KP"}, {Note: "unknown"}}
	person.Nationalities = []domain.Text{{Text: "DPRK", Code: "KP"}, {Text: "of nobody", Code: "XX"}}
	person.Titles, person.Roles, person.Gender = []domain.Text{{Text: "General"}}, []domain.Text{{Text: "Head of a bureau"}}, "M"
	person.Remarks = []domain.Text{{Text: "@remark", Language: "en"}}
	un := Listing("UN", "KPi.901", person)
	un.Reason, un.AmendedOn, un.Instrument = &domain.Text{Text: "A reason.", Language: "en"}, []domain.Date{"2018-01-02"}, "1718 (2006)"
	un.Evidence = []domain.Evidence{{Locator: "https://list.example/un.xml"}, {Locator: "shelf 3"}}
	j.Add(Transcriber, un)

	j.Add(Transcriber, Listing("UN", "KPe.902", company()))
	j.Add(Transcriber, Listing("UN", "OMM.1", vessel()))
	owner := Named("entity", "FICTIONAL MINISTRY")
	owner.Identifiers = []domain.Identifier{{Scheme: "imo_company", Value: "5905801"}, {Scheme: "un_ref", Value: "KPe.903"}}
	j.Add(Transcriber, Listing("UN", "KPe.903", owner))

	twin := Listing("EU", "EU.1.1", Named("person", "Fictional Person"))
	twin.Basis = "UN:KPi.901"
	j.Add(Transcriber, twin)
	j.Add(Transcriber, domain.SubjectLinked{A: "EU:EU.1.1", B: "UN:KPi.901", Relation: "same_as", Reasons: []string{"it names the reference"}})
	j.Add(Transcriber, Listing("US", "123", Named("person", "Fictional Persona")))
	doubted := j.Add(Transcriber, domain.SubjectLinked{A: "US:123", B: "UN:KPi.901", Relation: "same_as", Reasons: []string{"names alike"}})
	j.Add("XB/mof", domain.EventDisputed{Target: j.Ref(doubted), Grounds: domain.Text{Text: "another person", Language: "en"}})
	j.links()
	j.others()
	j.transpositions()
	j.acts()
	return Sample{j, "EU:EU.1.1", "US:123"}
}

func company() domain.Subject {
	s := Named("entity", "FICTIONAL TRADING")
	s.Identifiers = []domain.Identifier{
		{Scheme: "registration", Value: "R-902", Country: "KP"},
		{Scheme: "lei", Value: "5493001KJTIIGC8Y1R12"},
		{Scheme: "lei", Value: "none"},
		{Scheme: "swift", Value: "FICTKPPY"},
		{Scheme: "imo", Value: "9159787", Note: "in the remarks"},
	}
	s.Addresses = []domain.Place{{Text: "Somewhere, Macao", Country: "MO"}}
	s.Roles = []domain.Text{{Text: "Trading arm"}}
	return s
}

func vessel() domain.Subject {
	s := Named("vessel", "FICTIONAL STAR")
	s.Identifiers = []domain.Identifier{{Scheme: "imo", Value: "9159787"}, {Scheme: "mmsi", Value: "445000001"}, {Scheme: "call_sign", Value: "HMXX"}}
	s.Flags = []domain.Text{{Text: "DPRK", Code: "KP"}, {Text: "Panama", Code: "PA"}, {Text: "unknown"}}
	s.Names = append(s.Names, domain.Name{Text: "東 海", Kind: "aka"})
	return s
}

func (j *Journal) links() {
	for _, l := range []domain.SubjectLinked{
		{A: "UN:KPe.903", B: "UN:KPe.902", Relation: "owns"},
		{A: "UN:KPe.902", B: "UN:OMM.1", Relation: "owns"},
		{A: "UN:KPe.902", B: "UN:OMM.1", Relation: "operates"},
		{A: "UN:KPi.901", B: "UN:KPe.902", Relation: "controls"},
		{A: "UN:KPi.901", B: "UN:KPe.903", Relation: "member_of"},
	} {
		l.Reasons = []string{"as the list says"}
		j.Add(Transcriber, l)
	}
}

// others are an aircraft, a wallet, an invented listing, a removed one that is
// linked, one that comes later, and one that not everyone may see.
func (j *Journal) others() {
	plane := Named("aircraft", "FICTIONAL AIR 1")
	plane.Identifiers = []domain.Identifier{{Scheme: "registration", Value: "P-000"}}
	plane.Flags = []domain.Text{{Text: "DPRK", Code: "KP"}}
	j.Add(Transcriber, Listing("US", "124", plane))
	j.Add(Transcriber, Listing("UN", "7", Named("vessel", "FICTIONAL MOON")))
	wallet := domain.Subject{Kind: "wallet", Identifiers: []domain.Identifier{{Scheme: "wallet", Value: "bc1qfictional", Chain: "XBT"}}}
	j.Add(Transcriber, Listing("US", "125", wallet))
	invented := Listing("XB", "1", Named("entity", "Invented Co"))
	invented.Illustrative = true
	j.Add("XB/mof", invented)
	gone := Listing("US", "126", Named("entity", "Gone Co"))
	j.Add(Transcriber, gone)
	j.Add(Transcriber, domain.DesignationRemoved{Designation: "US:126", RemovedOn: "2020-01-01", Reason: "delisted"})
	j.Add(Transcriber, domain.SubjectLinked{A: "UN:KPe.902", B: "US:126", Relation: "controls", Reasons: []string{"a report"}})
	later := Listing("US", "127", Named("person", "Later Person"))
	later.AdoptedOn = "2030-01-01"
	j.Add(Transcriber, later)
	amber := Listing("XB", "2", Named("entity", "Amber Co"))
	amber.Handling = "TLP:AMBER"
	j.Add("XB/mof", amber)
	j.Add("XB/mof", domain.SubjectLinked{A: "XB:2", B: "UN:KPe.902", Relation: "controls", Reasons: []string{"a report"}})
	j.Add("XB/mof", domain.ExplanationGiven{Text: domain.Text{Text: "of no table", Language: "en"}})
}

func (j *Journal) transpositions() {
	entry := Named("person", "架空太郎")
	j.Add(Transcriber, domain.DesignationTransposed{
		Designation: "UN:KPi.901", Member: "JP", NationalRef: "77", Instrument: "Notice", Notice: "12", NoticeOn: "2017-06-01", Entry: &entry, LinkReasons: []string{"same name", "same date"},
	})
	j.Add("XB/mof", domain.DesignationTransposed{Designation: "UN:KPi.901", Member: "XB", NoticeOn: "2017-07", Measures: []string{"travel_ban"}})
}

func (j *Journal) acts() {
	on := domain.Common{OccurredOn: "2026-01-04", Illustrative: true, LegalBasis: []domain.LegalBasis{{Instrument: "Act 7", Paragraph: "12"}}}
	ship := vessel()
	j.Add("XB/mof", domain.EnforcementActionTaken{Common: on, Kind: "penalty", Amount: &domain.Money{Amount: "1000.50", Currency: "EUR"}, Respondent: &ship, Summary: &domain.Text{Text: "-case"}})
	freeze := j.Add("XB/mof", domain.AssetFrozen{Common: on, AssetKind: "account", Designations: []string{"UN:KPe.902"}, Amount: &domain.Money{Amount: "5", Currency: "USD"}})
	j.Add("XB/mof", domain.AssetUnfrozen{Common: on, Freeze: j.Ref(freeze), Amount: &domain.Money{Amount: "2", Currency: "USD"}, Reason: "upkeep"})
	value := domain.Money{Amount: "7", Currency: "JPY"}
	j.Add("XB/mof", domain.InterdictionExecuted{
		Common: on, Regime: "UN-DPRK", Subject: ship, Outcome: "detained", FlagClaimed: "false", Place: domain.Place{City: "A port", Country: "XB"},
		Cargo: []domain.CargoItem{{Description: "coal", HSCode: "2701", Quantity: &domain.Quantity{Amount: "30", Unit: "t"}, Value: &value}},
	})
	red := on
	red.Handling = "TLP:RED"
	j.Add("XB/mof", domain.EnforcementActionTaken{Common: red, Kind: "warning"})
}
