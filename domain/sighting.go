package domain

import (
	"fmt"
	"strings"
	"time"
)

// Instant is a time of day in UTC, as in 2026-01-04T10:20:00Z.
type Instant string

// Day returns the UTC day of a valid instant.
func (i Instant) Day() Date { return Date(i[:min(len(i), 10)]) }

// checkInstant requires an instant, where one is given, of the time that the
// statement gives as occurred_on.
func checkInstant(field string, i Instant, on Date) *Refusal {
	if i == "" {
		return nil
	}
	if _, err := time.Parse("2006-01-02T15:04:05Z", string(i)); err != nil || len(i) != 20 {
		return refuse("time.invalid", field, fmt.Sprintf("%q is no time in UTC: write it as 2026-01-04T10:20:00Z", string(i)))
	}
	if d := i.Day(); d < on.Earliest() || d > on.Latest() {
		return refuse("time.other_day", field, fmt.Sprintf("%s does not lie in occurred_on (%s): one of the two is wrong", i, on))
	}
	return nil
}

// Position is a place on the globe in decimal degrees, north and east positive.
type Position struct {
	Lat      string `json:"lat"`
	Lon      string `json:"lon"`
	RadiusNM string `json:"radius_nm,omitempty"` // nautical miles; how exact it is
	Text     string `json:"text,omitempty"`
}

func checkPosition(field string, p *Position) *Refusal {
	if p == nil {
		return nil
	}
	r := first(checkDegrees(field+".lat", p.Lat, "90"), checkDegrees(field+".lon", p.Lon, "180"))
	if r == nil && p.RadiusNM != "" {
		r = checkDecimal(field+".radius_nm", p.RadiusNM)
	}
	return r
}

func checkDegrees(field, text, most string) *Refusal {
	size := strings.TrimPrefix(text, "-")
	if checkDecimal(field, size) != nil || decimal(size).Cmp(decimal(most)) > 0 {
		return refuse("position.invalid", field, fmt.Sprintf("%q is no position: decimal degrees from -%s to %s, as in 38.5021 or -12.25", text, most, most))
	}
	return nil
}

// checkFlag accepts the code of a flag, or one of the words for none.
func checkFlag(c Common, field, flag string) *Refusal {
	switch flag {
	case "", "unknown", "false", "stateless":
		return nil
	}
	return first(checkCountry(field, Country(flag)), c.notInvented(field, Country(flag)))
}

// flagState returns the state of a flag, "" for none.
func flagState(flag string) Country {
	if c := Country(flag); c.Valid() {
		return c
	}
	return ""
}

func checkVessel(field string, v Subject) *Refusal {
	if v.Kind != "vessel" {
		return refuse("vessel.kind", field+".kind", fmt.Sprintf("%q is no vessel: write vessel, and name the ship", v.Kind))
	}
	return v.check(field)
}

func checkIMO(field, imo string) *Refusal {
	return within(field, Identifier{Scheme: "imo", Value: imo}.check("number"))
}

func checkMMSI(field, mmsi string) *Refusal {
	if mmsi == "" || len(mmsi) == 9 && digits(mmsi, 9) {
		return nil
	}
	return refuse("identifier.mmsi", field, fmt.Sprintf("%q is no MMSI: nine digits", mmsi))
}
