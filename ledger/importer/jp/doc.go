// Package jp reads the asset-freeze workbook of Japan's Ministry of Finance:
// the sheets on the Democratic People's Republic of Korea.
//
//	book, err := jp.Parse(file, "shisantouketsu.xlsx")
//
// The sheets are found by their titles, which name 北朝鮮, not by their place in
// the workbook; each states its legal basis: Security Council resolution 1695,
// resolution 1718 and its successors, or Japan's coordinated measures (協調).
// The table starts below the row that begins 告示日付, and its columns are known
// by their headings. A workbook without such a sheet, or with a sheet that is
// not laid out so, is refused whole.
//
// ListedOn is the date of the notice that put the subject on the sheet, the
// real date of transposition; UpdatedOn are the notices that amended it (改訂).
// A removal (削除) is stated in the same cell: see [Entry.DeletedOn].
//
// Numbers are unique on a sheet only, so a reference is basis, kind and number:
// "1718/person/78". Marks beside the number are cross references to another
// sheet, with its number where it is printed: "#78", "2(*39)".
//
// Names are stated in Japanese and in English; aliases, roles, addresses and
// passports are taken apart as far as their writing allows. Every cell stands
// in the Subject word for word: in a typed field or in Raw under its heading.
// Phonetic guides, which the workbook stores beside the text, are no part of it.
package jp
