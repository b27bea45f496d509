// Package exporter chooses what leaves a ledger for other tools. The packages
// below it write it down: ftm as FollowTheMoney entities, csvout as tables of
// text, sqlite as a database. Nothing flows back: an export is a copy of what
// the views say, for people who work elsewhere, and proves nothing by itself.
// So it always carries a [Basis], with which a reader goes back to the proof.
//
// # What is exported
//
// Designations with their subjects as they read now, removals, transpositions,
// links between designations, and acts: enforcement, freezes, releases,
// interdictions. Of every record its place: index, type, issuer, time, leaf
// hash. What other types of events say is not exported; a type that this
// package does not know is left out and disturbs nothing. Corrections are
// applied and withdrawn statements left out, as in the views.
//
// # What is left out
//
// Statements whose public part is labelled stricter than the [Selection]
// allows: other tools do not know the Traffic Light Protocol, and what they
// import they show. With a designation go its transpositions and links. How
// many were left out is counted ([Source.Withheld]), never hidden. Sealed detail
// is not in the journal, and so in no export.
//
// # Marks
//
// Transcribed, illustrative, disputed, contested and repudiated statements
// are marked so wherever they are written ([Words]). What nobody recorded is
// an empty cell: no export says that a state does not comply.
package exporter
