package un

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// reference returns the normalised form of a printed reference and what was
// wrong with the print, "" when nothing was. A reference is two letters, i or
// e, a point, three digits; what follows those after white space or a point
// is noise that the publisher has shown for days and then removed.
func reference(printed string) (ref, warning string) {
	tight := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, printed)
	ref = tight
	if m := referenceShape.FindStringSubmatch(tight); m != nil {
		ref = m[1]
	} else if tight != "" {
		return tight, fmt.Sprintf("reference %q has an unknown shape and was kept as it is", printed)
	}
	if ref != printed && tight != "" {
		warning = fmt.Sprintf("reference %q was read as %s", printed, ref)
	}
	return ref, warning
}

var referenceShape = regexp.MustCompile(`^([A-Z]{2}[ie]\.[0-9]{3})(\.[0-9]+)?$`)
