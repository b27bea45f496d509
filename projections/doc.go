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
// # What courts do
//
// A ruling on a designation changes its status, one on a national act that
// state's cell; what falls at the EU's court falls in states that implement
// through the EU. A ruling counts until a later one names it as its AppealOf.
// On a day on which it waits (a stay, an appeal) the act is kept up. A ruling
// that reaches back changes earlier days only for who asks as of a time after
// it, and once it waits no longer: by the day asked for, or by the day on which
// the last event known was recorded. What is listed again after a removal is to
// be transposed again, unless the state takes the list as it stands.
//
// # What is permitted
//
// Exemptions of a Committee, licences of a state and exceptions of the law are
// three things. A report or act is covered by them only if for each designation
// and each measure that it names some permission names both, was valid all the
// time and binds there: an exemption under the designation's regime, a licence
// in its own state, an exception for what follows from the asset freeze. Where
// both name who acted, they must agree. What is covered is shown with the reason,
// and is not counted as a violation.
//
// # Amounts
//
// Amounts stand in bands (notified, stated, alleged, disputed) that are never
// added, nor are currencies, assets or reporters. Barrels are converted as the
// report says; what nobody converted stays in its own unit.
//
// # Reports
//
// [Views.Changes] tells what was recorded between two points, from facts up to
// the second alone, so that it can be repeated at any time.
//
// # Adding a view
//
// Write a type that implements [View] in a file of its own, keep only indexes
// of events in it (the bodies stand in the history), add it to [NewViews], and
// write its queries as methods of [Views].
package projections
