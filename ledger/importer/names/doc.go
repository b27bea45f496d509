// Package names compares the names of persons, companies and ships as
// published lists write them.
//
//	a, b := names.Parse("KIM, Chol-su"), names.Parse("Kim Ch'ŏl Su")
//	agreed := names.Compare(a, b) // Score 0.94 of 1, Loose
//
// A name is folded before it is compared: upper case; compatibility forms,
// accents, punctuation and what stands in brackets at its end dropped;
// company forms written one way (CO, COMPANY). What is left are words. In
// descending order, two names agree as
//
//	1     the same words, in any order
//	0.97  the same letters, divided into words otherwise
//	0.96  the same once letters that look alike in two scripts are one
//	0.94  the same words once the letters that romanisations differ in are one
//
// and below that to the better of: the words shared (Dice), the letters of
// words that agree nearly, and all letters together by edit distance with
// transpositions (Damerau's, in the restricted form). Edit distance was chosen
// over Jaro and Winkler's measure because it can be said in words (two letters
// of twelve differ) and does not favour a common beginning, which in a list
// full of KIM and ABDUL says least.
//
// # Romanisation
//
// Two tables make letters one: Korean (CH and J, K and G, EO and O …) and
// Arabic (MOHAMMED and MUHAMAD, QADHAFI and KADAFI …). Cyrillic, Greek and
// Arabic are written in Latin letters by table, so that a name given in its
// original script alone can be compared with a Latin one. Arabic omits short
// vowels: such a name is compared by its consonants, and agrees to 0.90 at most.
//
// # Letters that look alike
//
// No normal form of Unicode makes the Cyrillic В a Latin B. Each name has a
// skeleton in the sense of Unicode Technical Standard 39, from a table of the
// Cyrillic and Greek capitals that look like Latin ones; lower case is raised
// first. [Agreement.Lookalike] says that two names agree by their skeletons
// only, [Name.Mixed] that one word mixes scripts: either may be a trick.
//
// # Han, Hangul and kana
//
// These are compared within their script. A name of up to four characters
// must match exactly: one character of two or three is another person.
// Longer ones agree by edit distance. Forms of one Han character (traditional,
// simplified, Japanese) are not made one.
package names
