package eu

import (
	"fmt"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/tree"
)

// identification adds a document that has a number. Who issued it, what is
// known of it and the name of its country stay in Raw: an identifier has no
// field for them.
func (b *builder) identification(n *tree.Node) {
	number := n.Field("@number")
	if number == "" {
		number = n.Field("@latinNumber")
	}
	if number == "" {
		return
	}
	id := domain.Identifier{Scheme: "other", Value: number}
	code := strings.ToLower(strings.TrimSpace(n.Get("@identificationTypeCode")))
	if code == "imo" {
		id = b.imo(n, number)
	} else if scheme, ok := schemes[code]; ok {
		id.Scheme = scheme
	}
	id.Label = n.Field("@identificationTypeDescription")
	if id.Label == "" {
		id.Label = n.Field("@identificationTypeCode")
	}
	id.Country = b.country(n)
	id.IssuedOn, id.ExpiresOn = b.day(n, "@issueDate"), b.day(n, "@validTo")
	id.Note = n.Field("remark")
	for _, doubt := range []string{"knownFalse", "knownExpired", "reportedLost", "revokedByIssuer"} {
		if v := n.Get("@" + doubt); v == "true" || v == "1" {
			b.warn(fmt.Sprintf("identification %s is marked %s", number, doubt))
		}
	}
	b.e.Subject.Identifiers = append(b.e.Subject.Identifiers, id)
}

var schemes = map[string]string{
	"passport": "passport", "id": "national_id", "regnumber": "registration",
	"swiftbic": "swift", "bic": "swift", "lei": "lei", "mmsi": "mmsi", "callsign": "call_sign",
}

// imo reads an IMO number; where the letters stand before it, the printed text
// stays in Raw.
func (b *builder) imo(n *tree.Node, printed string) domain.Identifier {
	id, warning := importer.IMONumber(b.e.Kind, printed)
	if warning != "" {
		b.warn(warning)
	}
	if id.Value != printed {
		for _, attribute := range []string{"@number", "@latinNumber"} {
			for _, k := range n.All(attribute) {
				k.Used = k.Used && k.Text == id.Value
			}
		}
	}
	return id
}
