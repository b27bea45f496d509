// Package watch decides whom an event concerns. An agency watches a subject, a
// flag, a port, a measure, a member, a case, a regime or a type of event; an
// event is about several of those, as [projections.Facets] lists them. [Match]
// compares the two and says why. It is pure: the same event matches the same
// watches whenever it is asked, so a stream that is resumed, a webhook that is
// tried again and an agency that reads the journal itself agree.
//
// The package also holds what is sent, a [Notice], and the form in which the
// log signs it, so that who receives it needs no secret shared with anybody.
//
// # The bytes that are signed
//
// The signature is made with the log key over four lines, each ended by a
// newline:
//
//	coalition-ledger/webhook/v1
//	notice
//	<microseconds since 1970, UTC, as in Ledger-Webhook-Time> <id of the subscription>
//	<SHA-256 of the body, 64 lowercase hexadecimal digits>
//
// It stands in Ledger-Webhook-Signature in base64: 64 bytes, Ed25519 over the
// lines (RFC 8032, not prehashed). Ledger-Webhook-Key names the key: the log's
// origin, a plus sign and the key hash, as in its signed notes. Whatever else
// the log signs has another first or second line: checkpoints a decimal size
// in the second, refusals and digests of views the origin, replicas another
// first line. So no notice can be shown as one of those, nor one of those as a
// notice, whatever the log is called.
package watch
