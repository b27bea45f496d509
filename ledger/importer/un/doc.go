// Package un reads the United Nations Security Council Consolidated List in
// its published XML form.
//
//	list, err := un.Parse(file, "consolidated.xml")
//
// The whole file is read, checked and held before anything is returned, so
// that a damaged file yields an *[importer.Refused] and no entry: bytes that
// are not UTF-8, control characters, XML cut short, an entry without a
// reference, two entries with one reference.
//
// ListedOn is the day on which the Committee listed the subject (LISTED_ON).
// The list never states a removal: an entry that is gone from the next file is
// a gap, not a delisting. DATAID and VERSIONNUM are kept in Raw and not relied
// on; the reference is the key. Stray white space around it, or a stray
// suffix ("KPi.055.1", "KPi.063 .1"), is normalised with a warning.
//
// Each non-blank value of an entry stands in its Subject word for word: in a
// typed field, or in Raw under its path. A code stands for its word where the
// two are one to one (Good, Low, a.k.a., f.k.a., EXACT, APPROXIMATELY,
// BETWEEN, Male, Female).
package un
