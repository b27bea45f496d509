package main

import (
	"fmt"
	"slices"
)

// inventions are the members of a template that name something of the invented
// coalition, and what stands there in an event of yours.
var inventions = map[string]string{
	"regime": "a regime that is adopted", "regimes": "regimes that are adopted", "authority": "the authority of the regime",
	"designation": "a designation of the ledger", "designations": "designations of the ledger",
	"a": "a designation, or a subject that was registered", "b": "another of them", "actor_id": "a designation, or a subject that was registered", "subject": "a designation, or a subject that was registered",
	"case": "the id of the case", "obligation": "a duty that is defined", "figure": "a figure of your state", "licence": "the number of the licence", "exemption": "the number of the exemption", "approval": "the number of the approval",
	"id": "an id of your own", "source": "the list, or where it is from",
	"agency": "an agency of the ledger", "custodian": "an agency of the ledger", "lead": "an agency of the ledger", "successor": "an agency of the ledger", "held_by": "the agency that holds it", "released_to": "agencies of the ledger",
	"member": "a member", "members": "members", "to_member": "a member", "code": "the code of a state",
	"key_id": "a key, as ledger keys show prints it", "x": "your public key", "proof": "from ledger keys proof", "recipient": "your encryption key", "signature": "signed with a root key",
	"log_key": "the log's key", "policy": "the witness policy", "witness_policy": "the witness policy", "nonce": "32 random bytes",
	"from_index": "an index of the journal", "to_index": "an index of the journal", "leaf_hash": "a leaf of the journal",
	"sha256": "the digest of your file", "snapshot": "the digest of your copy", "commitment": "from ledger seal", "ciphertext": "from ledger seal", "salt": "from ledger seal", "account_hash": "the digest of the account",
}

// placeholders lists what in a template has to be replaced before an event of
// it can be admitted, as paths like those of refusals.
func placeholders(n node, name, path string) []string {
	if slices.Contains(n.names, "index") && slices.Contains(n.names, "leaf") {
		return []string{path + ": index and leaf of a recorded event, from its receipt"}
	}
	if hint, ok := inventions[name]; ok && n.flat() {
		return []string{path + ": " + hint}
	}
	var out []string
	for i, kid := range n.kids {
		if n.list {
			out = append(out, placeholders(kid, name, fmt.Sprintf("%s[%d]", path, i))...)
			continue
		}
		at := n.names[i]
		if path != "" {
			at = path + "." + at
		}
		out = append(out, placeholders(kid, n.names[i], at)...)
	}
	return out
}
