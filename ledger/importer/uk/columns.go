package uk

import (
	"strings"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer/table"
)

// csvLayout places the columns of the UK Sanctions List in elements of its XML.
func csvLayout() table.Layout {
	return table.Layout{
		Comma: ',', Key: "Unique ID", Above: 3,
		Essential: []string{"Unique ID", "Name 6", "Name type", "Regime Name", "Designation Type|Individual, Entity, Ship", "Sanctions Imposed", "Date Designated"},
		Columns:   columns(csvColumns),
	}
}

// conListLayout does so for OFSI's list.
func conListLayout() table.Layout {
	return table.Layout{
		Comma: ',', Key: "Group ID", Above: 3,
		Essential: []string{"Group ID", "Name 6", "Group Type", "Alias Type", "Regime", "Listed On"},
		Columns:   columns(conListColumns),
	}
}

// columns reads lines of "heading = element", or "heading = record/element"
// where several columns give one record, or "heading = record/" for its text.
func columns(text string) []table.Column {
	var out []table.Column
	for line := range strings.Lines(text) {
		heading, at, ok := strings.Cut(strings.TrimSpace(line), " = ")
		if !ok {
			continue
		}
		record, path, ok := strings.Cut(at, "/")
		if !ok {
			record, path = "", at
		}
		out = append(out, table.Column{Name: heading, Record: record, Path: path})
	}
	return out
}

const csvColumns = `
Last Updated = LastUpdated
Unique ID = UniqueID
OFSI Group ID = OFSIGroupID
UN Reference Number = UNReferenceNumber
Name 6 = Name/Name6
Name 1 = Name/Name1
Name 2 = Name/Name2
Name 3 = Name/Name3
Name 4 = Name/Name4
Name 5 = Name/Name5
Name type = Name/NameType
Alias strength = Name/AliasStrength
Title = Title/
Name non-latin script = NonLatinName/NameNonLatinScript
Non-latin script type = NonLatinName/NonLatinScriptType
Non-latin script language = NonLatinName/NonLatinScriptLanguage
Regime Name = RegimeName
Designation Type = IndividualEntityShip
Individual, Entity, Ship = IndividualEntityShip
Designation source = DesignationSource
Sanctions Imposed = SanctionsImposed
Other Information = OtherInformation/
UK Statement of Reasons = UKStatementofReasons/
Address Line 1 = Address/AddressLine1
Address Line 2 = Address/AddressLine2
Address Line 3 = Address/AddressLine3
Address Line 4 = Address/AddressLine4
Address Line 5 = Address/AddressLine5
Address Line 6 = Address/AddressLine6
Address Postal Code = Address/AddressPostalCode
Address Country = Address/AddressCountry
Phone number = PhoneNumber/
Website = Website/
Email address = EmailAddress/
Date Designated = DateDesignated
D.O.B = DOB/
Nationality(/ies) = Nationality/
National Identifier number = NationalIdentifier/NationalIdentifierNumber
National Identifier additional information = NationalIdentifier/NationalIdentifierAdditionalInformation
Passport number = Passport/PassportNumber
Passport additional information = Passport/PassportAdditionalInformation
Position = Position/
Gender = Gender/
Town of birth = Location/TownOfBirth
Country of birth = Location/CountryOfBirth
Type of entity = TypeOfEntity/
Subsidiaries = Subsidiary/
Parent company = ParentCompany/
Business registration number (s) = BusinessRegistrationNumber/
IMO number = IMONumber/
Current owner/operator (s) = CurrentOwnerOperator/
Previous owner/operator (s) = PreviousOwnerOperator/
Current believed flag of ship = CurrentBelievedFlagOfShip/
Previous flags = PreviousFlag/
Type of ship = TypeOfShip/
Tonnage of ship = TonnageOfShip/
Length of ship = LengthOfShip/
Year Built = YearBuilt/
Hull identification number (HIN) = HullIdentificationNumber/
`

const conListColumns = `
Name 6 = Name/Name6
Name 1 = Name/Name1
Name 2 = Name/Name2
Name 3 = Name/Name3
Name 4 = Name/Name4
Name 5 = Name/Name5
Title = Title/
Name Non-Latin Script = NonLatinName/NameNonLatinScript
Non-Latin Script Type = NonLatinName/NonLatinScriptType
Non-Latin Script Language = NonLatinName/NonLatinScriptLanguage
DOB = DOB/
Town of Birth = Location/TownOfBirth
Country of Birth = Location/CountryOfBirth
Nationality = Nationality/
Passport Number = Passport/PassportNumber
Passport Details = Passport/PassportAdditionalInformation
National Identification Number = NationalIdentifier/NationalIdentifierNumber
National Identification Details = NationalIdentifier/NationalIdentifierAdditionalInformation
Position = Position/
Address 1 = Address/AddressLine1
Address 2 = Address/AddressLine2
Address 3 = Address/AddressLine3
Address 4 = Address/AddressLine4
Address 5 = Address/AddressLine5
Address 6 = Address/AddressLine6
Post/Zip Code = Address/AddressPostalCode
Country = Address/AddressCountry
Other Information = OtherInformation/
Group Type = IndividualEntityShip
Alias Type = Name/NameType
Alias Quality = Name/AliasStrength
Regime = RegimeName
Listed On = ListedOn
Last Updated = LastUpdated
Group ID = GroupID
`
