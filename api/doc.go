// Package api is the ledger's HTTP door.
//
// openapi.yaml is the contract: paths, parameters, roles, statuses. The server
// interface in internal/gen is generated from it; the handlers here implement
// that interface and know nothing of Echo. What stands in openapi.yaml is
// enforced from it: a route that it does not list is denied, its security
// requirement names the roles, a parameter that it does not list is refused.
//
// # Who may do what
//
// A bearer token ([TokenPolicy]) says who may call: its role, and for agencies
// whose envelopes it may post. Who speaks is said by the envelope's signature
// and decided by the ledger. Health, readiness, this description, the index
// page, checkpoints and hash tiles are public.
//
// # Answers
//
// A view answers with the index it reflects (Ledger-Index) and an ETag. An
// error is a [Problem]; the one table from errors to statuses is in errors.go.
// Nothing internal is told: what the table does not know is 500 with a request
// id, and the cause goes to the log.
//
// # When the store is away
//
// Readiness says so (store.silent) and when it last answered; liveness does
// not care. Views go on answering from memory, every answer to a GET with
// Ledger-Stale: the seconds for which the store has been silent. What must be
// read from the store, such as an event's envelope, is 503 store.unavailable.
//
// # Limits
//
// [Limits] bounds bodies, rates and streams; [Server.HTTP] sets the timeouts.
// Requests are never decompressed, and the caller's address is the connection's:
// forwarding headers are not believed.
package api
