// Package vessels reads the 1718 Designated Vessels List of the United Nations
// Security Council's Committee on the Democratic People's Republic of Korea,
// in the HTML that its published PDF converts to.
//
//	list, err := vessels.Parse(file, "1718_designated_vessels_list_final.html")
//
// The list is one table of ten columns, divided by page: number, name (two
// columns, below them a heading and what stands under it: Flag, Call Sign,
// Type, Other information, Designated as economic resources of, Picture link),
// IMO number with MMSI numbers, date of designation, and five columns of
// measures, each Yes or na. The headings are held to those known; a file with
// others, with a row that does not fit the table, with text outside of it, with
// numbers that do not run from 1, or without its end is refused whole.
//
// ListedOn is the earliest date of designation of the ship. A ship designated
// again has a second date with measures of its own: it stands in UpdatedOn, and
// [Designations] gives each date with its measures and their paragraphs.
// PublishedOn is the date in the document's title.
//
// Measures are those of the five columns and nothing else, in this reading:
//
//	1718 (2006) 8 (d), 2270 (2016) 12   asset_freeze
//	2321 (2016) 12 (a)                  deflag
//	2321 (2016) 12 (d)                  asset_freeze
//	2371 (2017) 6, 2375 (2017) 6        port_entry_ban
//	economic resources of OMM           economic_resource asset_freeze
//
// The last stands for two words because 2270 (2016) 23 makes those ships
// economic resources and, for that, subject to the asset freeze. Whose resource
// a ship is, [Owner] says.
//
// A reference is "1718V." and the number, which counts ships in the order of
// their names: another edition may count anew, so that between editions the IMO
// number says which ship is meant. A number in the column of IMO numbers that
// fails a ship's check digit is a company's (imo_company) or of no known scheme
// (other), with a warning.
//
// Names, MMSI numbers, call signs and flags are numbered; the list does not say
// that the same number joins them. Names are kept in its order, the first as
// primary; flags are turned round, since a Subject has the latest first and the
// list numbers them as the names.
//
// Each non-blank cell stands in its Subject word for word: in a typed field, or
// in Raw under its heading, "designation[0]/…" for dates and measures. The
// lines that the page breaks a text into are joined by spaces in a typed field
// and by line ends in Raw.
package vessels
