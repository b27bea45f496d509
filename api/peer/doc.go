// Package peer is HTTP between the replicas of one ledger: those that do not
// order events hand their submissions to the one that does, and get from it
// the bytes of what it has committed.
//
//	POST /peer/v1/take
//	Ledger-Peer-Time: microseconds since 1970, UTC
//	Ledger-Peer-Digest: SHA-256 of the body, hex
//	Ledger-Peer-Signature: base64
//
//	<prefix> <envelope> <prefix> <envelope> …
//
// One request carries a batch of at most [MaxItems] envelopes in a body of at
// most [MaxBody] bytes. The prefix is a varint: twice the envelope's length in
// bytes, and one more if the caller has verified the signature. (In JSON a
// batch cost five times as much.) The answer is 200 and an outcome for each
// item, in order. One that was recorded is the byte 1, or 2 if it had been
// recorded before, index and time as varints and the 32 bytes of the leaf's
// hash; any other is the byte 0, a length as a varint, and JSON. Whatever else
// comes back is an error, and then it is unknown what became of the items:
// submit them again, the ledger knows its events.
//
//	POST /peer/v1/leaves
//	(the same headers)
//
//	<from> <to>
//
// Both are varints, indexes of the journal, the second beyond the last that is
// asked for. The answer is 200 and of each leaf from the first on, as far as
// they are in memory and fit [MaxBody]: when it was recorded, in microseconds,
// and its length, both varints, then its bytes. It may be empty. The caller
// compares them with a root that the log signed before it believes them.
//
// # Who may call
//
// All replicas of a ledger hold its log key, so they need no other secret. The
// caller signs
//
//	coalition-ledger/peer/v1
//	take (or leaves)
//	<time>
//	<address of the replica that is called>
//	<digest of the body>
//
// and who is called verifies it with the log's verifier key before it reads
// the body. It refuses what was signed more than 30 seconds ago or ahead, and
// what was signed for another address. Within 30 seconds a request can be
// played back to the same replica: that records nothing twice.
//
// The answer is signed too, over
//
//	coalition-ledger/peer/v1
//	answer
//	<SHA-256 of the text that the request's signature is over, hex>
//	<SHA-256 of the answer's body, hex>
//
// so that nobody else at the address acknowledges an event: the caller takes
// only an answer of a holder of the log key, to this very request.
//
// # Why such a signature is no checkpoint
//
// The log key also signs checkpoints and refusals, as notes over a text. A
// note's signature is over its text alone, so the texts must differ. A
// checkpoint has its tree's size on the second line, in digits; here stands a
// word, so that not even a log of the name coalition-ledger/peer/v1 could have
// signed a checkpoint by it. A refusal's first line is
// coalition-ledger/refusal/v1, a cosignature's cosignature/v1. Nothing of what
// a caller chooses comes before the third line.
//
// # Limits
//
// Envelopes travel as they are and can be read on the way: keep replicas on a
// private network or put TLS between them and name an https address. The
// caller follows no redirect and uses no proxy.
package peer
