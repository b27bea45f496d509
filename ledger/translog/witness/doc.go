// Package witness makes other parties vouch for a log: that it shows everybody
// one history, and only adds to it.
//
// A log signs a checkpoint; witnesses, which its members run, each check that
// it follows the last one they saw and cosign it; a policy says whose
// cosignatures are enough. The formats are C2SP's: tlog-policy, cosignature/v1
// (Ed25519, type 4) and tlog-witness. Keys of ML-DSA are refused by name.
//
// # Who checks
//
//	policy, err := witness.ParsePolicy(text)
//	c, err := policy.Open(checkpoint, origin, logKey)
//	when, ok := c.Time()
//
// Open fails with ErrQuorum unless the policy is satisfied. A member that wants
// its own witness among them writes
//
//	group others 4 b c d e f g
//	group q all own others
//	quorum q
//
// # Who witnesses
//
// A Server is the handler of one witness for one or several logs. It cosigns
// what is signed by a known key of the log and consistent with what it cosigned
// last, after that stands on its disk, whole. What does not go together it
// keeps as evidence and shows to everybody; see Server.Handler. With Admit it
// cosigns only what it could verify in full (a mirror).
//
// # Who logs
//
// A Gatherer asks all witnesses at once. The write path of a ledger calls
//
//	res, err := g.Gather(ctx, witness.Round{Policy: p, Log: keys, Checkpoint: newest, Tree: tree, Late: more})
//
// with its newest checkpoint, one round at a time. It returns when the policy
// is satisfied: res.Note is the cosigned checkpoint to store and serve, and
// Late may bring a fuller one. Nothing is ever taken for cosigned that is not.
// A *Contradiction, from Gather or to Late, means that the log's own key signed
// what this ledger does not have: stop signing. A witness cannot make one up;
// all it can do by lying is not to count. After a start, Learn what was
// cosigned last and Survey before signing.
//
// # Who accuses
//
// A Fork is two signed checkpoints that one tree cannot have, as a text that
// anyone checks with the log's key.
package witness
