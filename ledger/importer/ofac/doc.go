// Package ofac reads the list of Specially Designated Nationals and Blocked
// Persons (SDN list) of the United States' Office of Foreign Assets Control,
// in each of the three forms in which it is published:
//
//	list, err := ofac.ParseCSV(ofac.Set{SDN: …, Addresses: …, Aliases: …, Comments: …})
//	list, err := ofac.ParseFolder(os.DirFS("downloads"), "sdn.csv") // the same, files found by name
//	list, err := ofac.Parse(file, "sdn.xml")                        // either XML form
//
// The CSV set is four files of one day: sdn.csv, add.csv, alt.csv and
// sdn_comments.csv, which continues remarks that sdn.csv cuts at 1000
// characters. It is tried on published files. The two XML forms, sdn.xml and
// sdn_advanced.xml, were held against excerpts of the published files of 9 and 10
// September 2026: of the advanced form all code tables and some parties, places
// and entries, of sdn.xml single entries. No whole file was at hand; of
// relationships and documents with dates nothing was seen as published.
//
// A file is taken whole or refused whole, as an *[importer.Refused]: bytes that
// are not UTF-8, control characters (but for the 0x1A with which a CSV file
// ends), a record cut short, two entries under one number, an address or alias
// of an entry that is not there (the files are not of one day), a record count
// other than stated, a code without a meaning, a delta in place of a list.
//
// An entry's reference is OFAC's number for it: ent_num, uid, FixedRef, three
// names of one number. List holds the programs, divided by spaces, in one
// normal form: sorted, with a hyphen for the spaces inside a name
// ("CAATSA - RUSSIA" is CAATSA-RUSSIA); the exact text stands in Raw.
//
// ListedOn is the day on which the entry was created on the SDN list, which
// only the advanced form states. The CSV set and sdn.xml state no date of
// designation, amendment or removal anywhere: the dates of their entries are
// empty and must come from the notices.
//
// Measures is asset_freeze: the list is that of persons "whose property is
// blocked", under whatever program, and says no more of an entry. The advanced
// form says so itself ("Block"), and an entry without it, or of another list,
// has no measure here; what it has instead, such as a sectoral directive, is
// Unworded. Visa bans and the conditions that some programs add
// (secondary sanctions, the prohibition for foreign subsidiaries) stand in the
// remarks as words. OFAC's other lists, of persons whose property is not
// blocked, come in the same forms: an entry that stands under such a program
// alone has the whole file refused, but for the advanced form, which says of
// each entry what it is.
//
// Names keep OFAC's order ("ADLER, Vanta"), the primary one first, which in the
// advanced form stands anywhere. An alias is of good quality where
// OFAC calls it strong, as all of alt.csv are by their specification, and of
// low quality where weak: those stand in the remarks of sdn.csv alone, as
// a.k.a. 'X'. Remarks are divided at semicolons; each part becomes a typed
// value where it is understood, else a remark. A number that calls itself an
// IMO number is a ship's only with a ship's check digit; a company's has the
// scheme imo_company, another keeps the scheme other, with a warning. So does
// what the advanced form marks as false or fraudulent; of an address it takes the
// primary value of each part, and the others stand in Raw.
//
// Nothing is lost: each non-blank value of an entry stands in its Subject word
// for word, in a typed field or in Raw; the remarks of the CSV set always stand
// in Raw whole. Left out are, of the advanced form, numbers that only tie the
// elements of one file together, what is said to be false, and the code words
// Unknown and Gregorian: see [ParseAdvanced]. Codes stand for words one to one (strong and
// weak, a.k.a., Male and Female, the names of scripts and of name parts).
package ofac
