package domain

// maritimeChapter is of ships: what they are, where they were, what was done.
var maritimeChapter = append(staffed[:len(staffed):len(staffed)],
	step{"XC/root", "vessel.identity_changed", ""}, // 67
	step{"XC/root", "vessel.observed", ""},
	step{"XC/root", "ship_to_ship_transfer.reported", ""},
	step{"XA/customs", "vessel.inspected", ""}, // 70
	step{"XA/customs", "vessel.inspected", "refused"},
	step{"XA/customs", "vessel.deregistered", ""},
	step{"XA/customs", "port_entry.denied", ""},
	step{"XC/root", "vessel_service.withdrawn", ""},
)
