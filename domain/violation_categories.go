package domain

import (
	"fmt"
	"slices"
	"strings"
)

// ViolationCategory is what a report says was done, and what the word covers.
type ViolationCategory struct{ Name, Meaning string }

// ViolationCategories is the vocabulary of violations: the heads under which
// panels of experts and monitoring teams have reported.
func ViolationCategories() []ViolationCategory {
	var out []ViolationCategory
	for line := range strings.Lines(violationCategories) {
		name, meaning, _ := strings.Cut(strings.TrimSpace(line), ": ")
		out = append(out, ViolationCategory{name, meaning})
	}
	return out
}

const violationCategories = `arms_transfer: arms, munitions or parts of them were delivered, either way
dual_use_transfer: goods that serve weapons programmes as well were delivered
technology_transfer: knowledge was passed on: designs, data, training, joint research
military_cooperation: troops, advisers, trainers or the upkeep of arms
nuclear_activity: a test, enrichment, a reactor at work
missile_activity: a ballistic or cruise missile was launched, tested or built
petroleum_transfer: refined petroleum was supplied above its limit or without notice
crude_transfer: crude oil was supplied above its limit or without notice
coal_export: coal was bought or carried
mineral_export: iron, lead, copper, rare earths, sand or other minerals were bought or carried
seafood_export: seafood was bought or carried
textile_export: textiles were bought or carried
machinery_import: machinery, vehicles or metals were supplied
luxury_goods_import: luxury goods were supplied
vessel_transfer: a ship was sold, chartered or leased
ship_to_ship_transfer: cargo was passed between ships at sea
port_call: a ship was let into a port that was to refuse it
ais_manipulation: a ship's position signal was switched off or falsified
vessel_identity_fraud: a ship sailed under another's name, number or papers
false_flag: a ship flew a flag that it had no right to
maritime_services: a ship was insured, classed, crewed, bunkered or registered that was not to be
fishing_rights: fishing rights were sold or bought
financial_services: accounts, transfers, clearing or cash
bank_representative: somebody acted abroad for a bank
asset_freeze_evasion: frozen assets were used or moved
front_company: a company hid who was behind a business
joint_venture: a joint venture or cooperative entity was kept up
cyber_theft: funds or data were stolen through computers
asset_laundering: stolen assets were moved on or turned into money
overseas_workers: workers were let in or kept who were to go home
it_workers: remote workers in computing under false identities
travel_ban_breach: a listed person was let in or through
diplomatic_misuse: diplomats, missions or their premises earned money or carried goods
specialised_teaching: teaching in fields that serve weapons programmes
false_documents: papers of goods, ships or persons were forged
aid_diversion: aid or an exemption served another end
other: none of these; the narrative says what`

func checkViolationCategory(name string) *Refusal {
	all := ViolationCategories()
	if slices.ContainsFunc(all, func(c ViolationCategory) bool { return c.Name == name }) {
		return nil
	}
	var names []string
	for _, c := range all {
		names = append(names, c.Name)
	}
	return refuse("violation.category", "category", fmt.Sprintf("%q is no known category: use one of %s", name, strings.Join(names, " ")))
}
