// Package importer holds what every importer of a published sanctions list
// shares: the shape of a list once read, the refusal of a file that cannot be
// trusted whole, and the proposal of links between two lists.
//
// An importer reads one published file and returns a [List]. It writes no
// event and decides nothing: a human, or a dated official notice, says what
// an entry that has gone missing means. Three promises hold for each of them:
//
//   - A file is taken whole or refused whole. [Refused] says where it breaks.
//   - Nothing is lost. What has no typed field in [domain.Subject] stands in
//     Subject.Raw in the source's own words, and so does the exact text of a
//     value whose white space or date was normalised for a typed field.
//   - Nothing is repaired. A reference with stray characters is normalised,
//     with a warning, and its text kept; a wrong date is recorded as stated.
//     Characters that no event may hold are taken out by [Entry.Legible] alone, with
//     a warning, and Raw keeps the text.
//
// Package un reads the Security Council's consolidated list, package vessels
// its list of ships designated under resolution 1718, ofac the SDN list of the
// United States in its CSV and XML forms, eu the European Union's consolidated
// list, uk the UK Sanctions List and OFSI's consolidated list, jp the
// asset-freeze workbook of Japan's Ministry of Finance, ca Canada's autonomous
// sanctions, au Australia's consolidated list. [Match] proposes which entries
// of a national list are entries of the Security Council's; package identity
// proposes which entries of any two lists are the same subject.
package importer
