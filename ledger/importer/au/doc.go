// Package au reads the Consolidated List of Australia's Department of Foreign
// Affairs and Trade in its xlsx form.
//
//	list, err := au.Parse(file, "Australian_Sanctions_Consolidated_List.xlsx")
//
// It was held against excerpts of published workbooks of 2026, one of them of
// 3 September, which have 19 columns since November 2025; no whole file was at
// hand, and none of an entry on the DPRK. The tests make workbooks of their own.
// The sheets read are those with a row of headings that begins Reference
// within the first twenty rows; columns are known by their headings, in any
// order. What stands above the headings, and sheets without them, are reported
// in the list's warnings.
//
// The list has one row per name. Its reference is a number for the primary name
// and the same number with letters for each other one (101, 101a, 101b); rows of
// one number are one entry under that number. Rows that stand apart from the
// others of their number are joined with a warning, and a second primary row
// begins an entry "101@2" of its own, with warnings: the publisher has given one
// number to two subjects before, and a human must say which it is.
//
// ListedOn is the day with which Listing Information begins, "Listed on 25 January
// 2001 (amended on …)", "Listed by UN 1267 Committee on 6 Oct. 2001": for what the
// UN listed it is the UN's own. It is empty where that begins otherwise, as for
// most autonomous listings; the words stay in Raw. Control Date is the day of the
// last edit of the row, and stands in UpdatedOn. PublishedOn is empty. A number
// that is gone from the next file is a gap, not a delisting.
//
// List is the text of Committees, "1718 (DPRK)" for what the Security Council
// listed, "Autonomous (DPRK)" for Australia's own. Measures are those of the
// columns Targeted Financial Sanction (asset_freeze), Travel Ban, Arms Embargo and
// Maritime Restriction of the primary row. A reference of the UN's list with which
// Additional Information begins becomes an identifier (un_ref).
//
// Dates of birth and citizenships of one cell are divided, at commas and
// semicolons; dates are read the day first ("30/01/1972"), in words, about
// ("circa 1957") and as ranges. A cell of which a part is not understood stays as
// text.
//
// Each non-blank cell stands in its Subject word for word: in a typed field, or
// in Raw under its heading, "101a/…" in front for another row than the primary.
// Rows of other names repeat the details of the primary one as a rule: a cell
// that says the same as the primary's in its column is not kept again, and Raw
// names those columns under "101a/as in the primary row".
package au
