// Package csvout writes the register, the transpositions and the acts as CSV,
// one file each in one folder, with a provenance.json that states the basis.
//
//	register.csv        a row for each designation
//	transpositions.csv  a row for each national act for one designation
//	acts.csv            a row for each action, freeze, release, interdiction
//
// # Form
//
// RFC 4180: UTF-8 without a byte order mark, lines end in CR LF, a header
// first. Columns are stable: new ones come last. Several values in one cell are
// joined by "; ". Line breaks within a cell are LF. An empty cell means that
// nothing is recorded, never "no" or zero. Amounts stand in a column of their
// own beside their currency: sum no column over currencies. Goods that were
// found stand in one cell with amount, unit and currency in words.
//
// # Formulas
//
// Spreadsheets run a cell that begins with = + - or @ as a formula, and lists
// are written by many hands. So a cell that begins with one of these, or with
// a tab, a carriage return or a line feed, is written with an apostrophe before
// it, numbers below zero included: '-3. The full-width forms are treated alike.
// [Plain] takes that apostrophe away, and whoever reads the files with a
// program does the same; nothing else is changed by it.
package csvout
