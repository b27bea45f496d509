package domain

// goodsChapter is of goods, caps, arms and what they are for.
var goodsChapter = append(staffed[:len(staffed):len(staffed)],
	step{"XA/customs", "vessel.inspected", inspection}, // 67
	step{"XA/customs", "cargo.seized", ""},
	step{"XA/customs", "petroleum_transfer.reported", ""},
	step{"XC/root", "petroleum_transfer.reported", "alleged"}, // 70
	step{"XC/root", "trade_violation.reported", ""},
	step{"XC/root", "trade_violation.reported", "sealed"},
	step{"XC/root", "arms_transfer.reported", ""},
	step{"XC/root", "technology_transfer.reported", ""},
	step{"XC/root", "proliferation_activity.observed", ""}, // 75
)
