// Package identity proposes which entries of one published list are entries of
// another: the same person, company or ship on two lists.
//
//	links := identity.Propose(a.Entries, b.Entries, identity.Options{})
//
// It decides nothing. Each [Proposal] says what speaks for it and against it,
// in words with the values, for a human who accepts it and an agency that signs
// the link. Confirmed marks those that a careful reader would accept at a
// glance; it is no acceptance.
//
// # Identifiers
//
// Numbers come first. They are compared in upper case without spaces, dashes
// and other signs (a wallet's address keeps its case, but where it has none),
// and with the words taken off that some lists put around a number. Two
// entries that share one are always proposed, whatever the threshold, unless
// something in the table forbids it.
//
//	scheme        score  confirms alone          two different ones
//	imo           0.99   yes                     forbid
//	lei           0.99   yes                     forbid
//	un_ref        0.99   yes                     forbid, within one regime (the first two letters)
//	imo_company   0.98   yes                     forbid
//	passport      0.97   if both state who       say nothing: passports are renewed
//	national_id   0.96   issued it; else 0.85    speak against, of one country
//	registration  0.94   yes                     speak against, of one country
//	swift         0.93   yes                     say nothing (compared without the branch)
//	wallet        0.88   no: wallets are shared  say nothing
//	mmsi          0.72   no: reassigned          say nothing
//
// A number counts when it is complete: IMO numbers and LEIs by their check
// digits, a registration number with the country of its register, a passport
// or identity number with five characters and two digits at least, all others
// by their length. Passport and national numbers of two different countries
// are two numbers. Where only one entry says which country, or neither, the
// number is on both and a human decides. The score falls by 0.10 where the
// names agree to less than 0.5 (but not a ship's, which keeps its IMO number
// under every name), and by 0.05 with each reason against. A company's IMO number is another
// scheme than a ship's: the lists confuse them, so a ship's number on an
// entity is taken for a company's too where it passes as one. Call signs and tax
// numbers are not compared.
//
// # Other details
//
//	detail                 agrees                 differs
//	kind                   -                      forbids; but an entity may be a vessel or aircraft
//	                                              that shares a number of ships or aircraft, or a
//	                                              UN reference (domain.MayBeOne): speaks against
//	birth date             same day +0.25         less than a year apart -0.04
//	                       fits +0.12             up to ten years -0.15
//	                       a slip apart +0.12     more: forbids, unless a number is shared
//	gender                 -                      forbids, unless a number is shared
//	place: city, country   +0.07, +0.03           -
//	nationality, flag      +0.05                  nationality -0.08
//	role                   +0.05                  -
//	listed within 120 days +0.06                  -
//	name in its own script +0.06                  -
//
// Dates fit when the days that they can mean overlap: a year is its days, an
// approximate year two more on each side. The best pair of the dates stated
// counts. A slip is up to two days, one year, or day and month changed places:
// lists copied by hand differ so, and strangers of one name do not. Places are
// those of birth for a person and addresses for all others.
//
// What forbids does so however alike the names are. What counts against is
// listed in Against, and nothing with a reason against is confirmed.
//
// # Names
//
// Package names says how two names agree, and 0.6 is the least that counts.
// A person's name makes 0.72 of the score at most, another's 0.82: so a name
// alone can be proposed, never confirmed. An alias counts 0.99, one of low
// quality 0.92, a person's name of one word 0.80. The score falls where words
// agree that many entries say (TRADING COMPANY) and those differ that few say.
//
// A name that tells little needs a second reason of the table: KIM CHOL with a
// birth date, a place, a nationality, a role or a date of listing. How much a
// name tells is reckoned from the two lists: the logarithm of how few of their
// entries say each of its words.
//
// A name confirms together with an exact day of birth: the same words in Latin
// letters or the same letters, no lookalikes, and a further reason where the
// name is common.
//
// Of the links that names propose for one entry, those within 0.10 of the best
// are shown, each with its rivals among the reasons against.
//
// # Scale
//
// Not all pairs are compared: those are that share a number, a rare word in
// one of its forms, two words, or half of their letters in runs of three. The
// UN's list of 2026 (1,003 entries, 4,204 names) against OFAC's of 2021 (8,976
// and 23,327) takes two seconds of processor time, which two processors did in
// 1.3 seconds.
package identity
