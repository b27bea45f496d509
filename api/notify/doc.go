// Package notify keeps subscriptions and delivers their webhooks.
//
// # Where subscriptions are kept
//
// Not in the journal: who watches whom is nobody else's business. A [Store] is
// a folder with a folder for each agency, and in it two small JSON files for
// each subscription, each replaced whole: what was asked for (ID.json, written
// by whoever answers the agency) and how far it was told (ID.progress, written
// by the one that delivers). So replicas may share the folder and never write
// one file both. A store that is lost loses nothing that counts: agencies
// subscribe again, from the index that they saw last.
//
// # Delivery
//
// A [Deliverer] tells each subscription of the events that meet it, one after
// the other in the order of the journal, and goes on only when the receiver
// answered 2xx: at least once, so a receiver knows repetitions by index. How far
// it went is kept after the answers, every few notices: what a crash repeats is
// these. What fails is tried again after growing pauses; after [Config.Tries]
// failures in a row, or a 410, the subscription is parked until it is resumed,
// and then goes on where it stopped.
//
// Subscriptions take turns at [Config.Workers]. One that fails or answers slowly
// has short turns and shares half of the workers with its like. An agency that
// is suspended is told nothing until it is reinstated, and then what came
// meanwhile. Only the replica that orders events delivers; when that changes, an
// event may be told twice.
//
// # Where it connects to
//
// Agencies choose the addresses, so none may reach the operator's own network:
// https only, no names of private networks, the address checked after its name
// was resolved and again when the socket connects, no redirects, no proxies, at
// most 10 seconds, and of the answer 4 KiB. [Config.Loopback] also lets in what
// names this machine, for demonstrations and tests: only what was subscribed
// under it, and over connections of its own. Webhook addresses may hold secrets:
// they are never logged, and stand in no error.
package notify
