// Package eu reads the European Union's consolidated list of financial
// sanctions in its two editions: the XML of schema 1.1 and its CSV twin.
//
//	list, err := eu.ParseXML(file, "xmlFullSanctionsList_1_1.xml")
//	list, err := eu.ParseCSV(file, "csvFullSanctionsList_1_1.csv")
//
// Both were held against excerpts of the published files: of the XML of December
// 2018, December 2024 and 5 August 2026, of the CSV its row of headings (118
// columns, ";", one row for each detail) and the first columns of rows of August
// 2026. No whole file was at hand. CSV columns are known by their headings; a
// file without any is taken in the publisher's order. Both editions give the
// same entries, with three differences of the source: the CSV has no date of
// delisting, does not say which names are strong, and puts remarks into
// brackets. Its dates are read as 2009-04-24 or 24/04/2009. Paths in Raw are
// those of the XML.
//
// A file is taken whole or refused whole, with an *[importer.Refused]: broken
// encoding, XML cut short, a row with too few cells, an entry that has no
// reference or no known kind, two entries with one reference.
//
// The reference is euReferenceNumber ("EU.4187.20"), without white space; an
// entry that has none goes by its logicalId, with a warning. List is the
// programme ("PRK"). The UN's reference, where unitedNationId gives it (for few
// of the entries that the UN lists too), is an identifier.
//
// ListedOn is designationDate, the list's own date: that on which the subject
// was first found to be one, which for a subject that the UN listed before is
// the UN's date, not the EU's. It may be blank. The act under regulation is the
// LATEST that touched the entry, not the first, so its publicationDate and
// entryIntoForceDate are neither a date of listing nor known to be one of an
// amendment: they stay in Raw, and UpdatedOn is empty. DelistedOn is
// delistingDate, the day from which the subject is not to be sanctioned under
// the act. The list states no measures.
//
// The list has names in no order and calls none primary. It is one that is not
// weak, in Latin letters, in English or in no language, with a function or a
// title, the earliest number among several. A name whose remark says "low quality
// alias" is of low quality, though marked strong.
//
// "00" and "UNKNOWN" mean no country, "-" no place: they stay in Raw. Of a date
// of birth in another calendar than the Gregorian the day that birthdate has for
// it is taken; where it has none, the date stays in Raw, with a warning.
//
// Each value of an entry stands in its Subject: in a typed field, or in Raw
// under its path. Words of code stand for one another: M and F for male and
// female, strong for the quality good, and its contrary for low, circa for
// approximately, and its contrary for exact, language codes and Latin letters
// of countries in the case that the domain uses. What several details have in
// common, such as the act they cite, stands in Raw once, with the places of
// all: "nameAlias[0,1]/regulationSummary/@numberTitle". A function, a title or a
// sex that several names repeat stands in the Subject once.
package eu
