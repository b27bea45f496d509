package history

import (
	"fmt"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// dates reports dates that contradict each other. All are kept as stated.
func (c *comparison) dates(e Entry, h *Held) {
	if h != nil && e.ListedOn != "" && h.ListedOn != "" && e.ListedOn != h.ListedOn {
		c.warn("%s: %s was listed on %s, the list now says %s: both are kept", e.Place, e.Designation, h.ListedOn, e.ListedOn)
	}
	if e.ListedOn != "" && c.PublishedOn != "" && e.ListedOn.Earliest() > c.PublishedOn {
		c.warn("%s: %s is listed on %s, after the list's own date %s", e.Place, e.Designation, e.ListedOn, c.PublishedOn)
	}
	if b, ok := c.Designations[e.Basis]; ok && h == nil && e.ListedOn != "" && e.ListedOn < b.AdoptedOn {
		c.warn("%s: %s is dated %s, before %s, on which it rests: %s", e.Place, e.Designation, e.ListedOn, e.Basis, b.AdoptedOn)
	}
}

func (c *comparison) warn(format string, args ...any) {
	c.d.Warnings = append(c.d.Warnings, fmt.Sprintf(format, args...))
}

// cut divides a designation's id into authority and reference.
func cut(id string) (authority domain.Country, ref string, ok bool) {
	a, ref, ok := strings.Cut(id, ":")
	return domain.Country(a), ref, ok
}
