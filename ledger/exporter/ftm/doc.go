// Package ftm writes the register as FollowTheMoney entities, one JSON object
// a line, in the form that screening and investigation tools read: id, schema,
// properties, datasets, referents, first_seen, last_change.
//
// # What becomes what
//
// A person is a Person, a vessel a Vessel, an aircraft an Airplane, a wallet a
// CryptoWallet. Lists do not say whether an entity is a company: it is an
// Organization, and a Company where a registration number or a recorded owner
// says that it is one. Each designation is a Sanction, and so is each
// transposition; unscId names the UN's entry that they rest on, where its list
// gives more than the number of a row. Documents are
// Identification or Passport, addresses Address.
//
// # One subject, several designations
//
// Designations are one entity only where a same_as link stands recorded,
// undisputed, between subjects of one kind: an agency decided it, and signed
// that. Nothing is merged because it looks alike. The entity has the id of the
// designation that was recorded first, whichever are selected, so it stays as
// further lists are linked; referents are the ids of the others. Other same_as
// links, and owns, controls, operates and member_of, become edges: Ownership,
// Membership, or UnknownLink with the relation as its role.
//
// # Topics
//
// sanction stands on subjects of a designation that is listed on the day;
// sanction.linked on others that a recorded link joins to such a one. What is
// illustrative has neither, and says so in its notes: a screening tool must
// not stop anybody for a teaching example.
//
// # What the format cannot say
//
// It has no word for how a statement came about. Transcribed and disputed
// statements say so in summary and notes. Provisions are the ledger's own
// words for measures. Countries have lower-case codes; codes that stand for
// nobody real have none, and appear by their text. An approximate date of birth
// keeps its year, a range stands in the notes alone.
//
// The first line is a Note that states the basis: genesis, index, root and the
// version of the model. recordId of each Sanction and edge is index:leaf, for
// which ledger receipt and ledger verify give the proof.
package ftm

// Model is the version of FollowTheMoney whose schema the output is held
// against.
const Model = "4.9"
