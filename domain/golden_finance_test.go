package domain

// financeChapter is of money, crypto assets and what is permitted.
var financeChapter = append(staffed[:len(staffed):len(staffed)],
	step{"XA/customs", "transaction.rejected", ""}, // 67
	step{"XA/customs", "account.closed", ""},
	step{"XC/root", "cyber_theft.reported", ""},
	step{"XA/customs", "cyber_theft.recovered", ""}, // 70
	step{"XC/root", "wallet.attributed", ""},
	step{"XA/customs", "licence.granted", ""},
	step{"XA/customs", "licence.refused", ""},
	step{"XA/customs", "licence.ended", ""},
	step{"XA/customs", "exemption.granted", ""}, // 75
	step{"XA/customs", "exemption.ended", ""},
	step{"XC/root", "exception.relied_on", ""},
)
