// Package ca reads Canada's Consolidated Autonomous Sanctions List in its
// published XML form: who is listed under the Special Economic Measures Act and
// under the Justice for Victims of Corrupt Foreign Officials Act.
//
//	list, err := ca.Parse(file, "sema-lmes.xml")
//
// The list holds Canada's own sanctions. What the Security Council decides
// Canada implements by regulations that are no part of it: do not look here for
// Canada's transposition of a UN listing.
//
// ListedOn is DateOfListing: the day on which Canada listed the subject in its
// own schedule, not a day of the UN. The file bears no date of its own, so
// PublishedOn is empty, and it states no measures: those are the regulation's,
// and Measures is empty too. The list never states a removal: a record that is
// gone from the next file is a gap, not a delisting.
//
// Records have no id. A reference is made of the country or regulation, the
// schedule and the item, in the file's English words: what stands before " / ",
// with all but A-Z a-z 0-9 . ( ) made one hyphen, the three divided by colons,
// the schedule left out where there is none:
//
//	Russia:1-Part-1.1:124    Guatemala:4
//
// so that "1, Part 3" and "1,Part 3" are one schedule. A country longer than 40
// characters, a schedule than 24, an item than 16 is cut to that length, and
// ends in a hyphen and eight digits of the SHA-256 of its text. A second
// record of the same three takes the reference with "@2", a third "@3", with
// warnings on the entry and the file: the count follows the file's order, so a
// human must say which is which before such a reference is relied on. The publisher nowhere promises that an item
// keeps its number: another name under a known reference may be another subject.
//
// A record with a last or given name is a person. One with EntityOrShip is a
// vessel where it states an IMO number or a type of ship, else an entity. A
// date of a person is a date of birth; that of a ship is its year of building,
// has no typed field and stays in Raw, as do Country, Schedule and Item.
//
// Aliases are divided at semicolons alone: commas stand within names too ("MSP
// Group, LLC"), so a list divided by commas stays one name, with one warning
// for the file.
//
// Each non-blank value of a record stands in its Subject word for word: in a
// typed field, or in Raw under its element's name.
package ca
