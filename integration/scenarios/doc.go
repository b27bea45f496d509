// Package scenarios plays stories of a coalition on the real ledger and holds
// what its API answers against figures that were worked out by hand.
//
// Each file testdata/*.scenario is one story in plain text. A line that begins
// with # is a comment, one that begins with white space goes on with the line
// before it. The others are:
//
//	members XA XB XC             found the coalition; each has a root key and a desk
//	at 2024-01-15                move the clock there
//	XA designation.adopted {…}   the desk of XA signs and posts an event
//	XA/root member.withdrew {…}  so does its root key
//	XA/key2 asset.frozen {…}     the desk of XA signs with another key: key NAME XA makes one
//	decide regime.adopted {…}    proposed, endorsed by every member, enacted
//	key key2 XA                  a second key of XA's desk, registered; $key2 is its key id
//	refuse RULE XA type {…}      must be refused by that rule
//	repeat 497 XA type {…}       so many of them, with $i running from 1
//	as NAME                      names the event posted last: $NAME# is its {"index", "leaf"},
//	                             $NAME.index its index
//	get PATH                     asks the API as an auditor
//	  MEMBER = JSON              of the answer, as a.b[0].c or a[path=x].count; JSON is a value
//	  MEMBER absent              is not in the answer
//
// Events are of the type's newest version. In payloads and paths $NAME# and
// $NAME.index are replaced.
package scenarios
