// Package history says what a published list changes in what a ledger holds,
// and words each change as an event. It reads no file and posts nothing.
//
//	s := history.NewState()
//	for each recorded body, corrections applied: s.Fold(body)
//	d := s.Compare(snapshot)
//	// sign and post d.Changes, in order; then d.Imported
//
// The rules are those that published lists have taught:
//
//   - An entry that is not in the file is a gap (list.gap_observed), never a
//     removal. When it comes back, the gap is closed.
//   - An entry that the ledger holds as removed, and a later file lists under
//     the same reference, is reinstated: it is the same designation.
//   - Only a date of delisting that the list itself states removes.
//   - An amendment says whether it is substantive. White space, placeholders,
//     the order of a list's items, the case of labels and the publisher's own
//     bookkeeping numbers are not: see [Substantive].
//   - A date of listing that the list changes is recorded as an amendment of
//     "listed_on" and reported; what was recorded first stays.
//
// Comparing the same file twice yields nothing the second time. A file whose
// import broke off is recognised by the hash that each event carries as
// evidence: what was recorded of it before counts as what it was, so that
// list.imported accounts for the whole.
package history
