package domain

import "strings"

// AgencyID names who speaks: a member's code, a slash and the agency's own
// name, as in "JP/mof". "JP/root" stands for the member itself.
type AgencyID string

const rootName = "root"

// RootAgency returns the agency that a member's root key speaks for.
func RootAgency(c Country) AgencyID { return AgencyID(string(c) + "/" + rootName) }

// Member returns the part before the slash.
func (a AgencyID) Member() Country {
	member, _, _ := strings.Cut(string(a), "/")
	return Country(member)
}

// Name returns the part after the slash.
func (a AgencyID) Name() string {
	_, name, _ := strings.Cut(string(a), "/")
	return name
}

// IsRoot reports whether a stands for the member itself.
func (a AgencyID) IsRoot() bool { return a.Name() == rootName }

// Valid reports whether a is a valid country code, a slash, and 1 to 32 of
// a-z, 0-9 and inner hyphens.
func (a AgencyID) Valid() bool {
	name := a.Name()
	if len(name) == 0 || len(name) > 32 || name[0] == '-' || name[len(name)-1] == '-' {
		return false
	}
	for _, r := range name {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' {
			return false
		}
	}
	return a.Member().Valid()
}
