// Package projections folds the journal into views: the register of
// designations, compliance per state, the coalition's matrix and loopholes,
// assertions concerning third states, subject dossiers, timelines and the feed.
//
// A [Runner] follows a [Source] and folds every fact into [Views]; a reader
// asks inside [Runner.Read] and sees whole facts only. Views are caches:
// deleting their snapshots loses nothing, they are folded again from facts.
//
// # Time
//
// Two times are never mixed. On is a day in the world: what is in force then.
// AsOf is an index of the journal: what was known when events 0 to AsOf were
// recorded, that one included. A query answers from the full fold exactly what
// a fold of those events alone would answer; the tests hold it to that.
//
// # What a figure says
//
// A cell is in force, declared not in force, or not recorded. Silence is not
// non-compliance: what nobody recorded is never open, late or zero. Only a
// state that acts by an act of its own for each designation can have an open
// one. Duties, differences, activity and data quality are four classes of
// figures and never one score. Every figure lists the events behind it, says
// how many of them are disputed, contested, repudiated or transcribed, and
// carries the state's own explanations. Amounts of different currencies are
// never added.
//
// The 28 indicators ([Indicators]) are such figures. One that cannot be
// computed says that there is not enough data, and why; a duty that nothing sets
// off says that it is not applicable. [Views.Figure] works out one alone, and
// [Views.Obligations] what a state owes, case by case. Duties come from recorded
// obligations, never from the program, and only duties stand in the headline.
//
// # Adding a view
//
// Write a type that implements [View] in a file of its own, keep only indexes
// of events in it (the bodies stand in the history), add it to [NewViews], and
// write its queries as methods of [Views].
package projections
