// Package sqlite writes the register as an SQLite database for analysts.
//
//	meta            key, value: ledger, genesis, index, size, root, rows of each table …
//	events          every record of the journal that the export rests on
//	designations    the register; event is the adoption
//	names           of subjects, and of national entries for them
//	identifiers     of subjects
//	measures        in force, one a row
//	transpositions  national acts; no row means that none is recorded
//	links           recorded decisions about two designations
//	names_fts       FTS5 over names, by rowid = names.id
//
// Foreign keys hold: each statement's event is in events, where its leaf hash
// stands. A column that is NULL was not stated; the marks (transcribed,
// illustrative, disputed, contested, repudiated) are 0 or 1.
//
// # Searching names
//
// names_fts takes case and accents away (unicode61), which is enough for
// scripts that write spaces. Chinese, Japanese and Korean names have none, and
// two characters are a whole name: so each is kept as its pairs of characters
// as well, and a search for two characters finds it wherever it stands. Names
// stand in it without forms of width (NFKC): カ for half-width ｶ, A for Ａ.
//
//	SELECT d.id, n.text FROM names_fts f JOIN names n ON n.id = f.rowid
//	JOIN designations d ON d.id = n.designation WHERE names_fts MATCH '"김철"'
//
// Longer names are their pairs in order: 김철수 is '"김철 철수"' ([Match] writes
// that). Trigrams, which SQLite offers itself, would find no name of two.
package sqlite
