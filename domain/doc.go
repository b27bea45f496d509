// Package domain is what the coalition says to itself and the rules it holds
// itself to: event types, and a state machine over one journal.
//
// A [Fact] is one recorded event: its index in the journal, when it was
// recorded, and the signed [Event]. A [State] is all that was recorded before
// an index. Three functions make the state machine:
//
//	Admit(state, fact) *Refusal   // pure; every rule there is; nil admits
//	(*State).Apply(fact)          // total; a recorded fact is a fact
//	(*State).Skip(index, leaf)    // of a record that was refused
//
// Each fact was admitted against exactly the state before it, so whoever holds
// the journal re-runs Admit over it and proves that nothing inadmissible was
// ever let in. Nothing here reads a clock, a file or a network.
//
// A store may hold what no ledger let in: somebody wrote past it. The rule of
// replay is the same for whoever replays: a record that is no envelope, whose
// signature does not verify or that Admit refuses is skipped, all others are
// applied. While a skipped record is pending only [JournalVoided] is admitted,
// which a quorum signs; the log signs no checkpoint between the two. What a
// voided journal means must never change, so whatever lets in more than before
// (a new event type, a rule made milder) may do so only from a rules.adopted on:
// a type that came later names its version of the rules, define(…).from(2).
//
// # Sealed detail
//
// The payload is readable by every member, and rules use nothing else. Detail
// that only some may read is a [Sealed] item of an act, report or answer: a
// commitment, the hash of a ciphertext, and who it was encrypted to.
// detail.released adds readers, detail.opened publishes the text,
// detail.erased has the ciphertexts removed; only who sealed it may do so. The
// state keeps from which index on whom was released what.
//
// # What is said of others
//
// A state's own agencies speak of its acts; the custodian of a regime transcribes
// what others published; of states that are no members any agency reports, as an
// assertion with its confidence ([Scope]). A case is opened once under an id and
// runs across members; an [ObligationDefined] says whom a duty binds, when, and
// whether that was compared with the original; a [CourtRuled] carries every date
// that decides whether an act has effect on a day.
//
// # Adding an event type
//
// Write a struct with the payload's JSON names, its admit and apply methods,
// and a define line in the group's list at the top of the same file
// (see enforcement.go for the plain case). Add a golden file under
// testdata/events, and one more, <type>.v<N>.<variant>.json, for a member that
// comes later. Show it in the view that needs it. Three files. What reports on
// the world, or a state's own act, embeds [Matter] or [Act].
//
// A change to a type is first a member that may be left out, then a new type,
// and last a new version: keep the struct of the old one, unexported, with an
// upcast method, and name it in the define line (see links.go, links_v1.go).
// Rules and views see the newest shape alone.
//
// # Words
//
// A member is a state (or the EU) with a root key and perhaps a vote; an
// agency speaks for it and holds signing keys; a regime is a set of measures
// of one authority (UN, EU, a state) with a custodian agency that transcribes
// the authority's list; a designation puts a subject (person, entity, vessel,
// aircraft, wallet) under a regime; a transposition gives it national effect.
package domain
