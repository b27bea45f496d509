// Package demodata holds public facts about the 1718 (DPRK) regime that the
// demonstration ledger is filled with: who the Committee has listed and since
// when, which ships it has designated under which paragraph, and the notices
// by which Japan transposed each listing.
//
//	facts, err := demodata.Load()
//
// The tables beside this file carry references, names, numbers and dates over
// from the UN's consolidated list of 27 February 2026, the 1718 Designated
// Vessels List of 4 June 2020 and the asset-freeze list of Japan's Ministry of
// Finance of 5 March 2026. Dates are as stated there, a wrong one too: the
// notice for KPi.063 bears a date 26 days before the listing. In a
// demonstration a demo transcriber signs them, never the state concerned.
//
// Beside them stand stories, a file each, of what states that stand for nobody
// might do: [Stories] reads them. All of it is invented, and marked so.
package demodata

import (
	_ "embed" // the tables
	"fmt"
	"strconv"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

var (
	//go:embed un_dprk.tsv
	listingTable string
	//go:embed vessels.tsv
	vesselTable string
	//go:embed jp_transpositions.tsv
	transpositionTable string
)

// Facts are the three tables, each in the order of its references or numbers.
type Facts struct {
	Listings       []Listing
	Vessels        []Vessel
	Transpositions []Transposition
}

// Listing is one entry of the UN's list.
type Listing struct {
	Ref      string // KPi.001
	Kind     string // person or entity
	Name     string
	ListedOn domain.Date
}

// Vessel is one entry of the 1718 Designated Vessels List.
type Vessel struct {
	Number       int      // its place on the list, from 1
	Names        []string // as numbered there, later names last
	IMO          string   // empty for the one ship that has none
	Type         string   // empty where the list states none, as all below
	Owner        string   // the listed entity whose economic resource it is
	MMSI         []string
	CallSigns    []string
	Flags        []domain.Country // as numbered there, later flags last
	Designations []Designation    // one or two
}

// Designation is what applies to a vessel since a date.
type Designation struct {
	On       domain.Date
	Measures []Measure
}

// Measure is one measure with its basis.
type Measure struct {
	Kind  string // asset_freeze, deflag or port_ban
	Basis string // resolution/paragraph, or the entity whose resource it is
}

// Transposition is the notice that gave one listing effect in Japan.
type Transposition struct {
	Ref         string // the UN's
	NoticeOn    domain.Date
	NationalRef string // 1718/person/63: sheet and number
	Name        string // in Japanese
}

// Load parses the tables; an error means that the program was built wrong.
func Load() (Facts, error) {
	var f Facts
	err := rows(listingTable, 4, func(c []string) error {
		f.Listings = append(f.Listings, Listing{Ref: c[0], Kind: c[1], Name: c[2], ListedOn: domain.Date(c[3])})
		return day(c[3])
	})
	if err != nil {
		return f, fmt.Errorf("read un_dprk.tsv: %w", err)
	}
	err = rows(vesselTable, 9, func(c []string) error {
		v, err := vessel(c)
		f.Vessels = append(f.Vessels, v)
		return err
	})
	if err != nil {
		return f, fmt.Errorf("read vessels.tsv: %w", err)
	}
	err = rows(transpositionTable, 4, func(c []string) error {
		f.Transpositions = append(f.Transpositions, Transposition{Ref: c[0], NoticeOn: domain.Date(c[1]), NationalRef: c[2], Name: c[3]})
		return day(c[1])
	})
	if err != nil {
		return f, fmt.Errorf("read jp_transpositions.tsv: %w", err)
	}
	return f, nil
}

// rows calls each for every line below the heading; lines that begin # are
// comments.
func rows(table string, columns int, each func([]string) error) error {
	heading := true
	line := 0
	for text := range strings.Lines(table) {
		line++
		text = strings.TrimRight(text, "\r\n")
		if text == "" || text[0] == '#' {
			continue
		}
		cells := strings.Split(text, "\t")
		if len(cells) != columns {
			return fmt.Errorf("line %d has %d columns, want %d", line, len(cells), columns)
		}
		if heading {
			heading = false
			continue
		}
		if err := each(cells); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
	}
	return nil
}

func vessel(c []string) (Vessel, error) {
	number, err := strconv.Atoi(c[0])
	if err != nil {
		return Vessel{}, fmt.Errorf("number %q: %w", c[0], err)
	}
	v := Vessel{Number: number, Names: list(c[1]), IMO: c[2], Type: c[3], Owner: c[4], MMSI: list(c[5]), CallSigns: list(c[6])}
	for _, name := range list(c[7]) {
		code, ok := domain.CountryByName(name)
		if !ok {
			return v, fmt.Errorf("flag %q is no country", name)
		}
		v.Flags = append(v.Flags, code)
	}
	for _, text := range list(c[8]) {
		d, err := designation(text)
		if err != nil {
			return v, err
		}
		v.Designations = append(v.Designations, d)
	}
	return v, nil
}

// designation reads "2018-03-30 deflag@2321/12(a)+port_ban@2371/6".
func designation(text string) (Designation, error) {
	on, measures, _ := strings.Cut(text, " ")
	d := Designation{On: domain.Date(on)}
	for m := range strings.SplitSeq(measures, "+") {
		kind, basis, ok := strings.Cut(m, "@")
		if !ok {
			return d, fmt.Errorf("designation %q names no measure with its basis", text)
		}
		d.Measures = append(d.Measures, Measure{Kind: kind, Basis: basis})
	}
	return d, day(on)
}

func list(cell string) []string {
	if cell == "" {
		return nil
	}
	return strings.Split(cell, "|")
}

func day(s string) error {
	if d := domain.Date(s); d.Precision() != "day" || !d.Valid() {
		return fmt.Errorf("%q is no day", s)
	}
	return nil
}
