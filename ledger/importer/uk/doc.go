// Package uk reads the lists of the United Kingdom: the UK Sanctions List in
// its CSV and XML editions, and the consolidated list of financial sanctions
// targets (ConList) that the Treasury's OFSI published beside it.
//
//	list, err := uk.ParseCSV(file, "UK-Sanctions-List.csv")
//	list, err := uk.ParseXML(file, "UK-Sanctions-List.xml")
//	list, err := uk.ParseConList(file, "ConList.csv")
//
// All three were held against excerpts of the published files: of the XML of July
// to September 2026, with a list of all its elements, of the CSV of February,
// June and October 2026, and of the ConList of 3 June 2026, each with its headings
// (58 and 36). No whole file was at hand. The ConList was retired on 28 January
// 2026 and is for older files. Columns are known by their headings below the
// lines that stand above them. The CSV editions have
// one row for each combination of names, addresses and numbers; what the rows
// of one Unique ID, or one Group ID, repeat is read once. A CSV entry takes
// the shape of the XML first: its paths in Raw are those of the XML's
// innermost elements.
//
// A file is taken whole or refused whole, with an *[importer.Refused]: broken
// encoding, XML cut short, a row with too few cells, a missing column that the
// list cannot be without, an entry that has no reference or no known kind, or
// rows that disagree on it, two entries with one reference.
//
// The reference is the Unique ID ("DPR0001"), in the ConList the Group ID,
// which two entries of the UK Sanctions List can share. List is the name of the
// regime's regulations. References to the other list and to the UN's are
// identifiers, taken in the ConList from the text of Other Information.
//
// ListedOn is the Date Designated. For a subject that the UN listed (source
// UN) that is the UN's own date of listing, not a date on which the UK did
// anything. In the ConList it is Listed On, the day on which that list took
// the subject; its "UK Sanctions List Date Designated" stays in Raw. UpdatedOn is Last
// Updated: an edit of any kind, substantive or not. Neither list states a
// removal: DelistedOn is always empty, and an entry that is gone is a gap.
//
// Measures are those that Sanctions Imposed names or SanctionsImposedIndicators
// sets, in the words of the domain; the prevention of business arrangements is
// its joint_venture_ban, a targeted arms embargo its arms_embargo,
// "Shipping sanctions: (see 'Other information')" its maritime_restriction. Words
// that are not known are Unworded, with a warning. The ConList states no measures: all that it lists is under an asset
// freeze.
//
// The list repeats names in rows without a type, dates of birth and passports once
// for each combination: what is the same stands once. A name that it files as
// non-Latin in Latin letters is an alias. In the ConList the sex stands in Other
// Information.
//
// Dates of birth may lack the day and the month: "dd/mm/1960", "00/00/1960".
//
// Each value of an entry stands in its Subject: in a typed field, or in Raw
// under its path. Words of code stand for one another: Primary Name, Alias,
// AKA and FKA for primary, aka, aka and fka, Good and Low quality for good and
// low, Male and Female for male and female, the English name of a language for
// its code. Numbers "(1) …  (2) …" in one cell become several values, and the
// cell stays in Raw. The ship's owners, type, tonnage and year, and an entity's
// type, parent and subsidiaries, are remarks under the source's heading.
package uk
