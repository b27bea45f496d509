package main

import (
	"fmt"

	"github.com/coalition-ledger/coalition-ledger/cmd/ledgerd/demodata"
	"github.com/coalition-ledger/coalition-ledger/domain"
)

// generalKnowledge marks what nobody compared with the instrument itself.
const generalKnowledge = "General knowledge, not checked against the original instrument."

func vesselID(number int) string { return fmt.Sprintf("UN:1718V.%02d", number) }

// vessels are the 59 ships of the 1718 Designated Vessels List, each with the
// measures of its first designation.
func vessels(facts demodata.Facts) (out []said) {
	for _, v := range facts.Vessels {
		first := v.Designations[0]
		out = append(out, said{transcriber, "designation.adopted", domain.DesignationAdopted{
			Common:      domain.Common{SourceRef: &domain.SourceRef{System: "un-1718-vessels", ID: fmt.Sprint(v.Number)}, LegalBasis: bases(first)},
			Designation: vesselID(v.Number), Regime: vesselRegime, Authority: "UN", ListRef: fmt.Sprint(v.Number),
			AdoptedOn: first.On, Measures: measures(first), Subject: ship(v), Basis: owner(v),
		}})
	}
	return out
}

// vesselAmendments add the measures of a second designation.
func vesselAmendments(facts demodata.Facts) (out []said) {
	for _, v := range facts.Vessels {
		for _, later := range v.Designations[1:] {
			out = append(out, said{transcriber, "designation.amended", domain.DesignationAmended{
				Common:      domain.Common{LegalBasis: bases(later)},
				Designation: vesselID(v.Number), Measures: append(measures(v.Designations[0]), measures(later)...),
				Substantive: true, AmendedOn: later.On, InForceOn: later.On,
			}})
		}
	}
	return out
}

func owner(v demodata.Vessel) string {
	if v.Owner == "" {
		return ""
	}
	return unID(v.Owner)
}

func measures(d demodata.Designation) (out []string) {
	for _, m := range d.Measures {
		if m.Kind == "port_ban" {
			m.Kind = "port_entry_ban"
		}
		out = append(out, m.Kind)
	}
	return out
}

func bases(d demodata.Designation) (out []domain.LegalBasis) {
	for _, m := range d.Measures {
		out = append(out, domain.LegalBasis{Instrument: "1718 Designated Vessels List", Paragraph: m.Basis})
	}
	return out
}

func ship(v demodata.Vessel) domain.Subject {
	s := domain.Subject{Kind: "vessel"}
	for i, name := range v.Names {
		kind := "primary"
		if i > 0 {
			kind = "aka"
		}
		s.Names = append(s.Names, domain.Name{Text: name, Kind: kind, Script: "Latn"})
	}
	if v.IMO != "" {
		s.Identifiers = append(s.Identifiers, domain.Identifier{Scheme: "imo", Value: v.IMO})
	}
	for _, m := range v.MMSI {
		s.Identifiers = append(s.Identifiers, domain.Identifier{Scheme: "mmsi", Value: m})
	}
	for _, c := range v.CallSigns {
		s.Identifiers = append(s.Identifiers, domain.Identifier{Scheme: "call_sign", Value: c})
	}
	for _, f := range v.Flags {
		s.Flags = append(s.Flags, domain.Text{Text: domain.CountryName(f), Code: f})
	}
	return s
}

// implementations says how states implement the UN's list where that is
// publicly known. Nothing is said of a state whose list is not recorded here:
// it stays "not recorded", which is no statement about the state.
func implementations() []said {
	declared := func(member domain.Country, mode, instrument string, from, to domain.Date) domain.ImplementationDeclared {
		return domain.ImplementationDeclared{Member: member, Regime: unRegime, Mode: mode, Instrument: instrument, ValidFrom: from, ValidTo: to}
	}
	freezes := declared("JP", domain.ModeOwnAct, "Foreign Exchange and Foreign Trade Act (Act No. 228 of 1949), by notice", "", "")
	freezes.Measures = []string{"asset_freeze"} // of bans on entry its notices say nothing
	list := []domain.ImplementationDeclared{
		freezes,
		declared("CA", domain.ModeByReference, "Regulations Implementing the United Nations Resolutions on the Democratic People's Republic of Korea (SOR/2006-287)", "", ""),
		declared("AU", domain.ModeByReference, "Charter of the United Nations Act 1945 and its regulations on the DPRK", "", ""),
		declared("NZ", domain.ModeByReference, "United Nations Sanctions (Democratic People's Republic of Korea) Regulations", "", ""),
		declared("GB", domain.ModeThroughEU, "Acts of the European Union, until the end of the transition period", "", "2020-12-31"),
	}
	for _, c := range []domain.Country{"DE", "FR", "IT", "NL"} {
		list = append(list, declared(c, domain.ModeThroughEU, "Council Regulation (EU) 2017/1509 and the acts before it", "", ""))
	}
	ports := declared("JP", domain.ModeGeneralProhibition, "Act on Special Measures concerning Prohibition of Entry of Specified Ships into Ports (2004)", "", "")
	ports.Regime, ports.Measures, ports.Kinds = vesselRegime, []string{"port_entry_ban"}, []string{"vessel"}
	var out []said
	for _, b := range append(list, ports) {
		b.Note = english(generalKnowledge)
		out = append(out, said{transcriber, "implementation.declared", b})
	}
	return out
}
