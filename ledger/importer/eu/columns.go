package eu

import (
	"strings"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer/table"
)

const generationDate = "fileGenerationDate"

// csvLayout places the columns of the CSV in the tree of the XML.
func csvLayout() table.Layout {
	l := table.Layout{
		Comma: ';', Key: "Entity_LogicalId", Headless: true,
		Essential: []string{"Entity_LogicalId", "Entity_SubjectType|Entity_SubjectType_ClassificationCode", "NameAlias_WholeName"},
	}
	for _, b := range blocks {
		for heading := range strings.FieldsSeq(b.headings) {
			l.Columns = append(l.Columns, b.column(heading))
		}
		for heading := range strings.FieldsSeq(b.act) {
			c := table.Column{Name: b.name + "_Regulation_" + heading, Record: b.record, Path: attribute(heading, actNames)}
			if b.record == "" {
				c.Record = "regulation"
			} else {
				c.Path = "regulationSummary/" + c.Path
			}
			l.Columns = append(l.Columns, c)
		}
	}
	return l
}

// block is the columns of one kind of detail: its own, then those of the act
// that it cites.
type block struct{ name, record, headings, act string }

const actColumns = "Type OrganisationType PublicationDate EntryIntoForceDate NumberTitle Programme PublicationUrl"

var blocks = []block{
	{"Entity", "", generationDate + " LogicalId EU_ReferenceNumber UnitedNationId DesignationDate DesignationDetails Remark SubjectType SubjectType_ClassificationCode", actColumns},
	{"NameAlias", "nameAlias", "LastName FirstName MiddleName WholeName NameLanguage Gender Title Function LogicalId RegulationLanguage Remark", actColumns},
	{"Address", "address", "City Street PoBox ZipCode Region Place AsAtListingTime ContactInfo CountryIso2Code CountryDescription LogicalId RegulationLanguage Remark", actColumns},
	{"BirthDate", "birthdate", "BirthDate Day Month Year YearRangeFrom YearRangeTo Circa CalendarType ZipCode Region Place City CountryIso2Code CountryDescription LogicalId RegulationLanguage Remark", actColumns},
	{"Identification", "identification", "Number Diplomatic KnownExpired KnownFalse ReportedLost RevokedByIssuer IssuedBy IssuedDate ValidFrom ValidTo LatinNumber NameOnDocument TypeCode TypeDescription Region CountryIso2Code CountryDescription LogicalId RegulationLanguage Remark", actColumns},
	{"Citizenship", "citizenship", "Region CountryIso2Code CountryDescription LogicalId RegulationLanguage Remark", actColumns},
}

// column gives a heading of the block its place in the XML. The entity's two
// columns of kind are published with their headings exchanged.
func (b block) column(heading string) table.Column {
	c := table.Column{Name: b.name + "_" + heading, Record: b.record, Path: attribute(heading, detailNames)}
	switch {
	case heading == generationDate:
		c.Name, c.Path = generationDate, generationDate
	case b.record == "" && heading == "Remark":
		c.Record, c.Path = "remark", ""
	case heading == "Remark":
		c.Path = "remark"
	case heading == "ContactInfo":
		c.Path = "contactInfo"
	case heading == "SubjectType":
		c.Record, c.Path = "subjectType", "@classificationCode"
	case heading == "SubjectType_ClassificationCode":
		c.Record, c.Path = "subjectType", "@code"
	}
	return c
}

// attribute is a heading as the XML writes it.
func attribute(heading string, names map[string]string) string {
	if n, ok := names[heading]; ok {
		return "@" + n
	}
	return "@" + strings.ToLower(heading[:1]) + heading[1:]
}

var actNames = map[string]string{"Type": "regulationType"}

var detailNames = map[string]string{
	"EU_ReferenceNumber": "euReferenceNumber",
	"BirthDate":          "birthdate",
	"Day":                "dayOfMonth",
	"Month":              "monthOfYear",
	"IssuedDate":         "issueDate",
	"TypeCode":           "identificationTypeCode",
	"TypeDescription":    "identificationTypeDescription",
}
